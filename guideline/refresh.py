"""Keeps the stored findings what evaluation says: facts → findings → the difference written.

Runs inside the transaction that changed the ledger, for one contract as for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.dispatch import receiver

from guideline import provisions
from guideline.evaluation import FindingValue, evaluate
from guideline.facts import ContractFact, facts_for
from guideline.intervals import FOREVER
from guideline.models import Finding, Law
from outsourcing.models import Contract
from outsourcing.querysets import among
from outsourcing.signals import ledger_changed

# Contracts read at a time: what bounds memory, and on SQLite how long a writer must wait.
SLICE = 2000

Evaluate = Callable[[ContractFact], Iterable[FindingValue]]


class Difference(NamedTuple):
    """How many findings were added, changed in place, removed and left alone."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0

    def __add__(self, other):
        return Difference(*(a + b for a, b in zip(self, other, strict=True)))


@receiver(ledger_changed)
def on_ledger_changed(sender, contract_ids, **kwargs):
    """Re-evaluate what an action touched, in its transaction."""
    refresh(contract_ids)


def refresh(contract_ids: Iterable[int], *, evaluate: Evaluate = evaluate) -> Difference:
    """Re-evaluate the given contracts; the caller's transaction holds."""
    law = current_law()
    ids = iter(sorted(set(contract_ids)))
    total = Difference()
    while chunk := list(islice(ids, SLICE)):
        total += _refresh_slice(chunk, law, evaluate)
    return total


def refresh_everything(
    *, progress: Callable[[int], None] = lambda done: None, evaluate: Evaluate = evaluate
) -> Difference:
    """Re-evaluate all contracts, slice by slice, each in a transaction of its own.

    ``progress`` is told how many contracts are done. When the last slice is done the ledger counts
    as judged under the present law.
    """
    law = current_law()
    total = Difference()
    last = done = 0
    while chunk := list(
        Contract.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:SLICE]
    ):
        with transaction.atomic():
            total += _refresh_slice(chunk, law, evaluate)
        last = chunk[-1]
        done += len(chunk)
        progress(done)
    Law.objects.filter(pk=law.pk).update(complete=True)
    return total


def current_law() -> Law:
    """The law of this code. Where no law was ever used, nothing was judged before it."""
    digest = provisions.digest()
    law = Law.objects.filter(digest=digest).first()
    law = law or Law.objects.create(digest=digest, complete=not Law.objects.exists())
    if not law.complete:
        # What is written from here on is this law's: no other stands behind all findings any more,
        # also if the code goes back to it.
        Law.objects.filter(complete=True).update(complete=False)
    return law


def is_stale() -> bool:
    """Whether stored findings were made under another law than that of this code."""
    judged = Law.objects.filter(digest=provisions.digest(), complete=True)
    return Law.objects.exists() and not judged.exists()


Key = tuple[int, str, str, date]


def _refresh_slice(ids: list[int], law: Law, evaluate: Evaluate) -> Difference:
    """Write the difference for ``ids`` (sorted): rows that say the same are not rewritten."""
    # Locked before facts are read: of two writers the second sees what the first has written.
    contracts = Contract.objects.select_for_update(no_key=True).filter(among("pk", ids))
    wanted = {
        (value.contract, value.rule, value.subject, date.fromordinal(value.since)): value
        for fact in facts_for(contracts)
        for value in evaluate(fact)
    }
    added, changed, kept = _compare(wanted, stored := _stored(ids), law)
    gone = [pk for key, (pk, *_) in stored.items() if key not in wanted]
    if added:
        Finding.objects.bulk_create(added, batch_size=500)
    if changed:
        fields = ["until", "severity", "relations", "law"]
        Finding.objects.bulk_update(changed, fields, batch_size=200)
    for start in range(0, len(gone), 500):
        Finding.objects.filter(pk__in=gone[start : start + 500]).delete()
    # Under a new law the same finding only changes its digest: one statement for all.
    old = [pk for pk, law_id in kept if law_id != law.pk]
    for start in range(0, len(old), 500):
        Finding.objects.filter(pk__in=old[start : start + 500]).update(law=law)
    return Difference(len(added), len(changed), len(gone), len(kept))


STORED = Finding.objects.values_list(
    *("contract_id", "rule", "subject", "since"),
    *("pk", "until", "severity", "relations", "law_id"),
)


def _stored(ids) -> dict[Key, tuple]:
    return {row[:4]: row[4:] for row in STORED.filter(among("contract_id", ids))}


def _compare(wanted: dict[Key, FindingValue], stored: dict[Key, tuple], law: Law):
    added, changed, kept = [], [], []
    for key, value in wanted.items():
        contract, rule, subject, since = key
        pk, *says, law_id = stored.get(key, (None, None))
        fields = [_day(value.until), value.severity, _relations(value)]
        if says == fields:
            kept.append((pk, law_id))
            continue
        until, severity, relations = fields
        finding = Finding(
            pk=pk,
            contract_id=contract,
            agency_id=value.agency,
            rule=rule,
            subject=subject,
            since=since,
            until=until,
            severity=severity,
            relations=relations,
            law=law,
        )
        (added if pk is None else changed).append(finding)
    return added, changed, kept


def _day(number: int) -> date | None:
    return None if number >= FOREVER else date.fromordinal(number)


def _relations(value: FindingValue) -> list[dict]:
    return [
        {
            "since": _day(part.since).isoformat(),
            "until": day.isoformat() if (day := _day(part.until)) else None,
            "relation": part.relation,
            "basis": part.basis,
        }
        for part in value.relations
    ]
