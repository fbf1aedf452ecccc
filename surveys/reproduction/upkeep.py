"""What happens along the way of a contract: inspections, reports, return and erasure."""

from __future__ import annotations

from datetime import date

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
from surveys.reproduction.drafts import DAY, FIRST, LAST, Draft, Workshop

METHODS = (
    (InspectionMethod.ON_SITE, 55),
    (InspectionMethod.DOCUMENTS, 38),
    (InspectionMethod.REMOTE, 7),
)
DISPOSALS = tuple(DisposalMethod)


def keep(draft: Draft, shop: Workshop) -> None:
    """Inspections, reports, safeguards and disposal in believable numbers."""
    if shop.chance(0.88):
        inspect(draft, shop)
    if shop.chance(0.05):
        _report(draft, shop)
    safeguards.keep(draft, shop)
    if draft.last_day <= LAST and shop.chance(0.94):
        for subject in (None, *(link for link in draft.links if link.handles_information)):
            if subject is None or shop.chance(0.96):
                _dispose(draft, shop, subject)


def _dispose(draft: Draft, shop: Workshop, link: Subcontract | None) -> None:
    """Return or erasure at the end; now and then late, or without its proof."""
    end = min(link.last_day or draft.last_day, draft.last_day) if link else draft.last_day
    day = end + shop.random.randrange(0, 32) * DAY
    draft.disposals.append(
        Disposal(
            contract=draft.contract,
            subcontract=link,
            method=shop.random.choice(DISPOSALS),
            done_on=day,
            certificate_received_on=day if shop.chance(0.97) else None,
        )
    )


def inspect(draft: Draft, shop: Workshop) -> None:
    """A visit within fiscal 2017, of the contract and now and then of its links."""
    random = shop.random
    first, last = max(draft.contract.first_day, FIRST), min(draft.last_day, LAST)
    # Visits fall on few days, so that one visit sees several contracts of an agency.
    day = min(last, first + (last - first).days // 14 * random.randrange(1, 14) * DAY)
    method = shop.weighted(METHODS)
    wide = shop.chance(0.6)
    covers = {"covers_handling": True, "covers_management": wide, "covers_work": wide}
    seen = [None, *(link for link in draft.links if shop.chance(0.85))]
    for link in seen:
        target = InspectionTarget(contract=draft.contract, subcontract=link, **covers)
        if shop.chance(0.03):
            _point_out(target, day, shop)
        draft.visits.append((day, method, target))


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
