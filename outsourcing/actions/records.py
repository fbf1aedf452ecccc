"""The verbs for what happens along the way: inspections, safeguards, disposals, incidents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from outsourcing.actions.base import (
    Change,
    change_many,
    each,
    insert,
    insert_many,
    recording,
    void,
)
from outsourcing.actions.numbering import number
from outsourcing.models import Agency, Contract, Inspection, InspectionTarget
from outsourcing.models.base import LedgerRow


def inspect(*, by, agency: Agency, targets: Iterable[InspectionTarget], synthetic=False, **fields):
    """Record one visit with all it looked at. ``targets`` are unsaved, without their visit."""
    visit = Inspection(agency=agency, synthetic=synthetic, **fields)
    inspect_many([(visit, list(targets))], by=by)
    return visit


def inspect_many(visits: Iterable[tuple[Inspection, list[InspectionTarget]]], *, by) -> None:
    """Record many unsaved visits, each with its unsaved targets; all or none."""
    visits = list(visits)
    with recording():
        number([visit for visit, _ in visits], by_day="day")
        for visit, targets in visits:
            if not targets:
                raise ValidationError({"targets": "検査の対象を一つ以上選んでください。"})
            for target in targets:
                target.inspection = visit
        insert_many([visit for visit, _ in visits], by=by)
        look_at([target for _, group in visits for target in group], by=by)


def look_at(targets: Iterable[InspectionTarget], *, by) -> list[InspectionTarget]:
    """Record unsaved targets of visits that are recorded; all or none."""
    targets = list(targets)
    with recording() as touched:
        each(targets, _of_visit)
        insert_many(targets, by=by)
        touched.update(target.contract_id for target in targets)
    return targets


def record(row: LedgerRow, *, by) -> LedgerRow:
    """Record an unsaved fact about a contract or one of its links: a check of the contractor, a
    written confirmation, a decision on anonymization, a disposal, a report, an incident."""
    with recording() as touched:
        insert(_of_contract(row), by=by)
        touched.add(_contract(row).pk)
    return row


def record_many(rows: Iterable[LedgerRow], *, by) -> list[LedgerRow]:
    """The same for many rows of one kind; all or none."""
    rows = list(rows)
    with recording() as touched:
        each(rows, _of_contract)
        insert_many(rows, by=by)
        touched.update(_contract(row).pk for row in rows)
    return rows


def correct_many(changes: Iterable[Change], *, by) -> list[LedgerRow]:
    """Correct many recorded rows of one kind, each to values of its own; all or none."""
    changes = list(changes)
    with recording() as touched:
        rows = change_many(changes, by=by)
        each(rows, _of_contract)
        touched.update(_contract(row).pk for row in rows)
    return rows


def void_record(
    row: LedgerRow, *, by, on: date, reason: str, version: int | None = None
) -> LedgerRow:
    """Take back what was recorded in error."""
    with recording() as touched:
        void(row, by=by, on=on, reason=reason, version=version)
        touched.add(_contract(row).pk)
    return row


def _contract(row: LedgerRow) -> Contract:
    """The contract of a row that hangs on it, or on one of its links (8-6)."""
    return row.contract if hasattr(row, "contract_id") else row.subcontract.contract


def _of_contract(row: LedgerRow) -> LedgerRow:
    contract = _contract(row)
    row.agency_id = contract.agency_id
    row.synthetic = contract.synthetic
    link = getattr(row, "subcontract", None)
    if link is not None and link.contract_id != contract.pk:
        raise ValidationError({"subcontract": f"「{link}」は別の契約の再委託です。"})
    return row


def _of_visit(target: InspectionTarget) -> None:
    _of_contract(target)
    if target.agency_id != target.inspection.agency_id:
        raise ValidationError({"contract": f"契約「{target.contract}」は別の機関の契約です。"})
