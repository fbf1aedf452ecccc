"""Keeps the stored findings what evaluation says: facts → findings → the difference written.

Runs inside the transaction that changed the ledger, for one contract as for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import date
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from django.db import connections, models, router, transaction
from django.dispatch import receiver

from guideline import law as text
from guideline.corrections import actions_of, correction_of
from guideline.evaluation import FindingValue, evaluate
from guideline.facts import ContractFact, DisclosureFact
from guideline.intervals import FOREVER
from guideline.models import Finding, Law
from guideline.proofs import provisions_of
from guideline.reading import disclosure_facts_for, facts_for
from guideline.shapes import Numbers, shape_of
from guideline.standing import node_of
from outsourcing.bulk import ahead, insert_values
from outsourcing.models import Contract, Disclosure, Relation
from outsourcing.prepared import Composed, Prepared
from outsourcing.signals import ledger_changed

# Contracts read at a time: what bounds memory, and on SQLite how long a writer must wait.
SLICE = 2000
PART = 250  # of these, judged at a time
MANY = 1000  # findings that are worth sorting before they are written
# That are held until they are: PostgreSQL writes them while further ones are made.
MOST = {"sqlite": 200_000, "postgresql": 500}

Evaluate = Callable[[Iterable[ContractFact | DisclosureFact]], Iterable[FindingValue]]


class Difference(NamedTuple):
    """How many findings were added, changed in place, removed and left alone."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0

    def __add__(self, other):
        return Difference(*(a + b for a, b in zip(self, other, strict=True)))


class Judged(NamedTuple):
    """What findings are of: model, column of a finding that names it, and how facts are read."""

    model: type[models.Model]
    column: str
    facts: Callable


CONTRACTS = Judged(Contract, "contract_id", facts_for)
DISCLOSURES = Judged(Disclosure, "disclosure_id", disclosure_facts_for)


@receiver(ledger_changed)
def on_ledger_changed(sender, contract_ids, disclosure_ids=(), **kwargs):
    """Re-evaluate what an action touched, in its transaction."""
    refresh(contract_ids)
    if disclosure_ids:
        refresh(disclosure_ids, of=DISCLOSURES)


def refresh(
    ids: Iterable[int], *, of: Judged = CONTRACTS, evaluate: Evaluate = evaluate
) -> Difference:
    """Re-evaluate the given contracts, or what else; the caller's transaction holds."""
    law = current_law()
    ids = iter(sorted(set(ids)))
    total, rows = Difference(), []
    while chunk := list(islice(ids, SLICE)):
        total += _refresh_slice(of, chunk, law, evaluate, rows)
    _write(rows)
    return total


def refresh_everything(
    *, progress: Callable[[int], None] = lambda done: None, evaluate: Evaluate = evaluate
) -> Difference:
    """Re-evaluate everything, slice by slice, each in a transaction of its own.

    ``progress`` is told how many are done. When the last slice is done the ledger counts as judged
    under the present law.
    """
    law = current_law()
    total = Difference()
    done = 0
    for of in (CONTRACTS, DISCLOSURES):
        last = 0
        after = of.model.objects.order_by("pk").values_list("pk", flat=True)
        while chunk := list(after.filter(pk__gt=last)[:SLICE]):
            with transaction.atomic():
                rows: list[tuple] = []
                total += _refresh_slice(of, chunk, law, evaluate, rows)
                _write(rows)
            last = chunk[-1]
            done += len(chunk)
            progress(done)
    Law.objects.filter(pk=law.pk).update(complete=True)
    return total


def number_judged() -> int:
    """How many contracts and provisions of information ``refresh_everything`` goes through."""
    return Contract.objects.count() + Disclosure.objects.count()


def current_law() -> Law:
    """The law of this code. Where no law was ever used, nothing was judged before it."""
    digest = text.digest()
    law = _known_law(digest)
    if law is None:
        law = Law.objects.create(digest=digest, complete=not Law.objects.exists())
    if not law.complete:
        # What is written from here on is this law's: no other stands behind all findings any more,
        # also if the code goes back to it.
        Law.objects.filter(complete=True).update(complete=False)
    return law


LAWS = Composed()


def _known_law(digest: str) -> Law | None:
    rows = LAWS.rows(digest, lambda: Law.objects.filter(digest=digest).values_list())
    return Law(*rows[0]) if rows else None


def is_stale() -> bool:
    """Whether stored findings were made under another law than that of this code."""
    judged = Law.objects.filter(digest=text.digest(), complete=True)
    return Law.objects.exists() and not judged.exists()


Key = tuple[int, str, str, date]
# What is compared beside the key, as ``says_of`` and ``Carried.of`` give it.
FIELDS = (
    *("until", "severity", "excused", "relations", "edition", "owed_to", "node"),
    *("provision", "work", "depth", "relation", "acted_on", "settled_on", "leaves_on"),
)
WRITTEN = (
    *("id", "contract", "disclosure", "agency", "rule", "subject", "since", "ends", "law"),
    *(*FIELDS, "shape"),
)
# What says a finding's shape, beside its rule.
SHAPED = ("severity", "provision", "work", "depth", "relation", "excused", "owed_to")
SHAPING = itemgetter(*map(FIELDS.index, SHAPED))
# By rule and first day: most indexes then grow where they have just grown.
BESIDE = itemgetter(WRITTEN.index("rule"), WRITTEN.index("since"))


def _refresh_slice(
    of: Judged, ids: list[int], law: Law, evaluate: Evaluate, rows: list[tuple]
) -> Difference:
    """Write the difference for ``ids`` (sorted): rows that say the same are not rewritten, and what
    is to be inserted is added to ``rows``."""
    # Locked before facts are read: of two writers the second sees what the first has written.
    # Those of others, which lie between, are neither held nor judged.
    asked, total = set(ids), Difference()
    facts = [fact for fact in of.facts(ids, locked=True) if fact.id in asked]
    carried = Carried(facts, actions_of(of.column, ids))
    known = defaultdict(dict)
    for key, row in stored(of, ids).items():
        known[key[0]][key] = row
    connection = connections[router.db_for_write(Finding)]
    with ahead(connection) if len(ids) > PART else nullcontext():
        for start in range(0, len(ids), PART):
            part = ids[start : start + PART]
            wanted = by_key(evaluate([carried.facts[pk] for pk in part if pk in carried.facts]))
            of_part = {key: row for pk in part for key, row in known[pk].items()}
            total += _refresh_part(wanted, of_part, law, carried, rows)
            if len(rows) > MOST[connection.vendor]:
                _write(rows)
    return total


def _refresh_part(wanted: dict, known: dict, law: Law, carried: Carried, rows: list) -> Difference:
    added, changed, kept = _compare(wanted, known, law, carried)
    gone = [pk for key, (pk, *_) in known.items() if key not in wanted]
    # What changed is written anew under its own key: thousands of updates would take ten times as
    # long as that, and nothing refers to a finding.
    _delete([*gone, *(pk for pk, *_ in changed)])
    rows += [*added, *changed]
    # Under a new law the same finding only changes its digest: one statement for all.
    old = [pk for pk, law_id in kept if law_id != law.pk]
    for start in range(0, len(old), 500):
        Finding.objects.filter(pk__in=old[start : start + 500]).update(law=law)
    return Difference(len(added), len(changed), len(gone), len(kept))


def _write(rows: list[tuple]) -> None:
    """Insert them, and forget them."""
    if len(rows) > MANY:
        rows.sort(key=BESIDE)
    insert_values(Finding, WRITTEN, rows)
    rows.clear()


def by_key(values: Iterable[FindingValue]) -> dict[Key, FindingValue]:
    return {
        (value.contract or value.disclosure, value.rule, value.subject, day_of(value.since)): value
        for value in values
    }


def _delete(keys: list[int]) -> None:
    for start in range(0, len(keys), 500):
        rows = Finding.objects.filter(pk__in=keys[start : start + 500])
        rows._raw_delete(rows.db)


def _stored_of(of: Judged) -> Prepared:
    rows = Finding.objects.values_list(
        of.column, "rule", "subject", "since", "pk", *FIELDS, "law_id"
    )
    return Prepared(lambda among: rows.filter(among(of.column)))


STORED = {of.column: _stored_of(of) for of in (CONTRACTS, DISCLOSURES)}


def stored(of: Judged, ids) -> dict[Key, tuple]:
    """The findings on record, by key: their own keys, and FIELDS. Where ``ids`` lie close also
    those of others between."""
    return {row[:4]: row[4:] for row in STORED[of.column](ids)}


class Carried:
    """What findings carry of their contracts, links and corrections."""

    def __init__(self, facts: list, actions: dict):
        self.actions, self.shapes = actions, Numbers()
        self.facts = {fact.id: fact for fact in facts}
        self.depths = {
            (fact.id, link.subject): link.depth
            for fact in facts
            for link in getattr(fact, "links", ())
        }

    def of(self, key: Key, value: FindingValue) -> list:
        pk, rule, subject, since = key
        provision = provision_of(rule, subject, value.edition)
        work = getattr(self.facts[pk], "work", "")
        depth = self.depths.get((pk, subject), 0)
        relation = closest(value.relations) if value.relations else ""
        return [
            node_of(since, day_of(value.until) or date.max),
            provision,
            work,
            depth,
            relation,
            *correction_of(
                rule,
                excused=value.excused,
                since=since,
                until=day_of(value.until),
                actions=self.actions.get(key[:3], ()),
            ),
        ]


@lru_cache(maxsize=4096)
def provision_of(rule: str, subject: str, edition: int) -> str:
    """The provision a finding rests on first: its item's, else the rule's; of a link that of 8-6
    where the rule rests on two."""
    codes = [p.code for p in provisions_of(rule, subject, text.law().first(edition))]
    if subject.startswith("link:") and OF_LINKS in codes:
        return OF_LINKS
    return codes[0] if codes else ""


def closest(relations) -> str:
    """Of the parts of a relation, 100% subsidiary before subsidiary before none."""
    return min((part.relation for part in relations), key=RELATIONS.index)


RELATIONS = Relation.values
OF_LINKS = "8-6"


def _compare(wanted: dict[Key, FindingValue], known: dict[Key, tuple], law: Law, carried: Carried):
    added, changed, kept = [], [], []
    for key, value in wanted.items():
        pk, *says, law_id = known.get(key, (None, None))
        fields = says_of(value) + carried.of(key, value)
        if says == fields:
            kept.append((pk, law_id))
            continue
        # Not an instance: a first import writes a hundred thousand of them.
        of = value.contract, value.disclosure, value.agency
        shape = shape_of(value.rule, *SHAPING(fields))
        finding = (pk, *of, *key[1:], fields[0] or date.max, law.pk, *fields, shape)
        (added if pk is None else changed).append(finding)
    numbers = carried.shapes.of({shape for rows in (added, changed) for *_, shape in rows})
    for rows in (added, changed):
        rows[:] = [(*row[:-1], numbers[row[-1]]) for row in rows]
    return added, changed, kept


def says_of(value: FindingValue) -> list:
    return [
        day_of(value.until),
        value.severity,
        value.excused,
        _relations(value) if value.relations else [],
        day_of(value.edition),
        value.owed_to and day_of(value.owed_to),
    ]


@lru_cache(maxsize=16384)  # few days are asked again and again
def day_of(number: int) -> date | None:
    return None if number >= FOREVER else date.fromordinal(number)


def _relations(value: FindingValue) -> list[dict]:
    return [
        {
            "since": day_of(part.since).isoformat(),
            "until": day.isoformat() if (day := day_of(part.until)) else None,
            "relation": part.relation,
            "basis": part.basis,
        }
        for part in value.relations
    ]
