"""The synthetic contracts of fiscal 2017, such that the published tables come out of them.

The ministry published counts, not contracts. From a seed, contracts are drawn agency by agency and
written through the same actions as real ones; the rules then find the breaches, and each agency
confirms what its own ledger shows. No stored label decides a class. What comes out is compared with
what was published, and if it differs nothing is kept.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from random import Random
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import transaction

from outsourcing.actions import agencies, contractors, contracts, records, subcontracts
from outsourcing.actions.base import recording
from outsourcing.models import Agency, AgencyKind, Inspection, Section
from outsourcing.scope import Scope
from surveys import rounds
from surveys.reconciliation import reconcile
from surveys.reproduction import breaches, ordinary, vocabulary
from surveys.reproduction.companies import Companies
from surveys.reproduction.confirming import confirm_everything
from surveys.reproduction.drafts import Draft
from surveys.rounds import Round
from surveys.sheets.base import PERSONAL, STATISTICS

CHUNK = 2000
SEED = 2017
# Whose contractors kept no proper management: one contract each, both terminated.
MISMANAGED = ("A25", "B184")

Progress = Callable[[int], None]


class ReproductionError(Exception):
    """The data set was not made; the message says why, in Japanese."""


class Target(NamedTuple):
    """How many contracts of one kind an agency had, by the published table."""

    agency: Agency
    information: str
    total: int
    breach: int
    unverifiable: int


def reproduce(round_: Round, *, seed: int = SEED, progress: Progress = lambda done: None) -> int:
    """Make the contracts of a round, all or none; how many. ``progress`` is told contracts done.

    Raises ReproductionError where the tables that come out are not the published ones.
    """
    by, _ = get_user_model().objects.get_or_create(
        username="reproduction", defaults={"full_name": "合成データの作成", "is_active": False}
    )
    random = Random(seed)
    with transaction.atomic(), without_collector():
        companies = Companies(random)
        targets = published_targets(round_)
        drafts = draw(targets, companies, random, by=by)
        with recording():
            _write(drafts, companies, by=by, progress=progress)
        confirm_everything(round_, by=by)
        result = reconcile(round_, Scope.everything())
        if not result.holds:
            raise ReproductionError(
                f"組み立てた表が公表値と{len(result.differing)}か所で異なります。"
                "合成データは作られていません。"
            )
    return len(drafts)


@contextmanager
def without_collector():
    """All rows are held until they are written: the collector would walk them again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def published_targets(round_: Round) -> list[Target]:
    """What the per-agency tables print, agency by agency."""
    figures: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for sheet, row, column, value in rounds.published(round_.year).values_list(
        "sheet", "row", "column", "value"
    ):
        figures[sheet, row][column] = value
    agencies_by_key = Agency.objects.in_bulk()
    targets = []
    for listing in rounds.listed(round_, Scope.everything()):
        printed = figures[listing.table, listing.agency_code]
        information = STATISTICS if listing.table == STATISTICS else PERSONAL
        targets.append(
            Target(
                agencies_by_key[listing.agency_id],
                information,
                printed["total"],
                printed["breach"],
                printed.get("unverifiable", 0),
            )
        )
    return targets


def draw(targets: list[Target], companies: Companies, random: Random, *, by) -> list[Draft]:
    """Draw every contract of every agency, none of them written yet but for their sections."""
    personal, statistics = breaches.cases(
        random,
        sum(t.breach for t in targets if t.information == PERSONAL),
        sum(t.breach for t in targets if t.information == STATISTICS),
    )
    waiting = {PERSONAL: personal, STATISTICS: statistics}
    sections = _sections(targets, random, by=by)
    drafts: list[Draft] = []
    for target in targets:
        mine = [waiting[target.information].pop() for _ in range(target.breach)]
        drafts += _of_agency(target, mine, sections, companies, random)
    return drafts


def _sections(targets, random: Random, *, by) -> dict[int, list[Section]]:
    found: dict[int, list[Section]] = {}
    for target in targets:
        if target.total and target.agency.pk not in found:
            names = random.sample(vocabulary.SECTIONS, random.randrange(2, 5))
            found[target.agency.pk] = [
                Section(
                    agency=target.agency, code=f"S{number:02d}", name=f"架空{name}", synthetic=True
                )
                for number, name in enumerate(names, 1)
            ]
    agencies.open_sections([s for group in found.values() for s in group], by=by)
    return found


def _of_agency(target: Target, cases, sections, companies, random) -> list[Draft]:
    drafts = []
    for number in range(target.total):
        case = cases[number] if number < len(cases) else None
        unverifiable = len(cases) <= number < len(cases) + target.unverifiable
        draft = _draft(target, case, unverifiable, sections, companies, random)
        drafts.append(draft)
    if target.agency.code in MISMANAGED and target.information == PERSONAL:
        _mismanage_one(drafts[len(cases) + target.unverifiable :], random)
    random.shuffle(drafts)  # so that no serial tells what a contract is
    return drafts


def _draft(target: Target, case, unverifiable, sections, companies, random) -> Draft:
    work = case.work if case else ordinary.weighted(random, _works(target))
    days = _breach_term(random) if case else ordinary.term(random)
    contractor = (
        companies.dissolved(work, min(days[1], ordinary.LAST))
        if unverifiable
        else companies.prime(work)
    )
    section = random.choice(sections[target.agency.pk])
    draft = Draft(
        ordinary.contract(
            random, target.agency, section, work, contractor, target.information, days
        )
    )
    if case:
        breaches.lay(draft, case, companies, random)
    elif not unverifiable:
        ordinary.lay(draft, companies, random)
        ordinary.close(draft, random)
    if not unverifiable:
        ordinary.inspect(draft, random)
    return draft


def _works(target: Target):
    if target.information == STATISTICS:
        return vocabulary.WORK_ON_STATISTICS
    if target.agency.kind == AgencyKind.ORGAN:
        return vocabulary.WORK_OF_ORGANS
    return vocabulary.WORK_OF_INDEPENDENT


def _breach_term(random: Random):
    begin = random.choice((2017, 2017, 2017, 2016))
    years = 1 if begin == 2017 else random.choice((2, 3))
    first = ordinary.FIRST.replace(year=begin)
    return first, ordinary.LAST.replace(year=begin + years)


def _mismanage_one(drafts: list[Draft], random: Random) -> None:
    plain = [d for d in drafts if not (d.links or d.amendments or d.contract.terminated_on)]
    chosen = random.choice(plain)
    chosen.visits.clear()
    chosen.disposals.clear()
    ordinary.mismanage(chosen)


def _write(drafts: list[Draft], companies: Companies, *, by, progress: Progress) -> None:
    contractors.add_many(companies.contractors, by=by)
    for holding in companies.holdings:
        holding.holder, holding.held = holding.holder, holding.held  # the keys they have by now
    contractors.hold_many(companies.holdings, by=by)
    for start in range(0, len(drafts), CHUNK):
        _write_chunk(drafts[start : start + CHUNK], by=by)
        progress(min(start + CHUNK, len(drafts)))


def _write_chunk(drafts: list[Draft], *, by) -> None:
    contracts.register_many([draft.contract for draft in drafts], by=by)

    def rows(kind: str) -> list:
        found = [row for draft in drafts for row in getattr(draft, kind)]
        for row in found:
            if hasattr(row, "contract_id"):
                row.contract = row.contract  # the key it has by now
        return found

    subcontracts.pass_on_many(rows("links"), by=by)
    for kind in ("approvals", "notices"):
        found = rows(kind)
        for row in found:
            row.subcontract = row.subcontract
        subcontracts.record_many(found, by=by)
    contracts.amend_many(rows("amendments"), by=by)
    for kind in ("disposals", "reports", "faults"):
        records.record_many(rows(kind), by=by)
    records.inspect_many(_visits(drafts), by=by)


def _visits(drafts: list[Draft]):
    """Targets of one agency, day and method were seen in one visit, up to eight of them."""
    groups = defaultdict(list)
    for draft in drafts:
        for day, method, target in draft.visits:
            target.contract = target.contract
            target.subcontract = target.subcontract
            groups[draft.contract.agency_id, day, method].append((draft.contract.agency, target))
    for (_, day, method), members in groups.items():
        for start in range(0, len(members), 8):
            group = members[start : start + 8]
            visit = Inspection(
                agency=group[0][0],
                day=day,
                method=method,
                place="委託先の事業所（架空）",
                inspectors="保護担当者（架空）",
                synthetic=True,
            )
            yield visit, [target for _, target in group]
