"""What happens along the way of a contract: inspections, reports, return and erasure."""

from __future__ import annotations

from datetime import date

from guideline.law import law
from outsourcing.bulk import new_row
from outsourcing.models import (
    ContractorReport,
    Disposal,
    DisposalMethod,
    InspectionMethod,
    InspectionResult,
    InspectionTarget,
    ReportKind,
    Subcontract,
)
from surveys.reproduction import safeguards, vocabulary
from surveys.reproduction.drafts import DAY, FIRST, Draft, Workshop

METHODS = (
    (InspectionMethod.ON_SITE, 55),
    (InspectionMethod.DOCUMENTS, 38),
    (InspectionMethod.REMOTE, 7),
)
# Since 8-5 asks to go there in principle, and to look at more.
METHODS_SINCE = ((InspectionMethod.ON_SITE, 92), (InspectionMethod.DOCUMENTS, 8))
DISPOSALS = tuple(DisposalMethod)


def keep(draft: Draft, shop: Workshop) -> None:
    """Inspections, reports, safeguards and disposal in believable numbers."""
    until = draft.last_day + DAY
    for window in law().windows(draft.contract.first_day.toordinal(), until.toordinal()):
        if shop.chance(0.93):
            inspect(draft, shop, date.fromordinal(window.since), date.fromordinal(window.last))
    if shop.chance(0.05):
        _report(draft, shop)
    safeguards.keep(draft, shop)
    if shop.chance(0.985):
        for subject in (None, *(link for link in draft.links if link.handles_information)):
            if subject is None or shop.chance(0.98):
                _dispose(draft, shop, subject)


def _dispose(draft: Draft, shop: Workshop, link: Subcontract | None) -> None:
    """Return or erasure at the end; now and then late, or without its proof."""
    end = min(link.last_day or draft.last_day, draft.last_day) if link else draft.last_day
    day = end + shop.random.randrange(0, 32) * DAY
    draft.disposals.append(
        new_row(
            Disposal,
            contract=draft.contract,
            subcontract=link,
            method=shop.random.choice(DISPOSALS),
            done_on=day,
            certificate_received_on=day if shop.chance(0.97) else None,
        )
    )


def inspect(draft: Draft, shop: Workshop, first: date, last: date) -> None:
    """A visit in a year of the term, of the contract and mostly of its links."""
    random = shop.random
    # Visits fall on few days, so that one visit sees several contracts of an agency.
    day = min(last, first + (last - first).days // 7 * random.randrange(1, 7) * DAY)
    tightened = day >= safeguards.TIGHTENED
    method = shop.weighted(METHODS_SINCE if tightened else METHODS)
    wide = shop.chance(0.98 if tightened else 0.6)
    covers = {"covers_handling": True, "covers_management": wide, "covers_work": wide}
    for link in (None, *draft.links):
        if link and (not _at_work(link, day) or not shop.chance(0.9)):
            continue
        target = new_row(InspectionTarget, contract=draft.contract, subcontract=link, **covers)
        if shop.chance(0.03):
            _point_out(target, day, shop)
        draft.visits.append((day, method, target))


def _at_work(link: Subcontract, day: date) -> bool:
    """Whether a link has begun by a day and not ended before it."""
    return link.first_day <= day and (link.last_day is None or day <= link.last_day)


def _point_out(target: InspectionTarget, day: date, shop: Workshop) -> None:
    target.result = InspectionResult.BAD if shop.chance(0.1) else InspectionResult.POINTS
    target.points = shop.random.choice(vocabulary.POINTS)
    target.due_on = day + 30 * DAY
    if shop.chance(0.8):
        target.cleared_on = day + shop.random.randrange(7, 60) * DAY


def _report(draft: Draft, shop: Workshop) -> None:
    """体制報告: a periodic one, or of a change of staffing; some are late, some never came."""
    due = min(max(draft.contract.first_day, FIRST) + 30 * DAY, draft.last_day)
    late = shop.weighted(((-5, 80), (10, 15), (None, 5)))
    draft.reports.append(
        ContractorReport(
            contract=draft.contract,
            kind=shop.pick(ReportKind.PERIODIC, ReportKind.STAFFING_CHANGE),
            due_on=due,
            received_on=None if late is None else due + late * DAY,
            content="" if late is None else "管理体制図（架空）",
        )
    )
