"""The verbs of 取扱状況の検査: plan it, record it, correct it, clear its points, take it back; and
its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from outsourcing.actions import evidence
from outsourcing.actions.base import (
    Change,
    Refused,
    batches,
    change,
    change_many,
    insert_many,
    recording,
    void,
)
from outsourcing.actions.records import inspect_many, void_record
from outsourcing.evidence_files import File
from outsourcing.models import (
    Evidence,
    Inspection,
    InspectionScope,
    InspectionTarget,
    PlannedInspection,
)
from outsourcing.targets import Target
from trail.context import acting


def record_visit(
    visit: Inspection,
    targets: Iterable[InspectionTarget],
    *,
    by,
    plans: Iterable[PlannedInspection] = (),
    files: Iterable[File] = (),
) -> Inspection:
    """Record one unsaved visit with all it looked at, the plans it has fulfilled, and what shows
    it."""
    with recording():
        inspect_many([(visit, list(targets))], by=by)
        fulfil(plans, by=by, visit=visit)
        add_evidence(visit, by=by, files=files)
    return visit


def correct_visit(visit: Inspection, *, by, version: int | None = None, **values) -> Inspection:
    """Correct what was typed wrong of a visit: all its contracts are judged anew. Its code stays,
    also where the day was of another fiscal year."""
    with recording() as touched:
        change(visit, by=by, version=version, **values)
        touched.update(visit.targets.valid().values_list("contract_id", flat=True))
    return visit


def correct_target(
    target: InspectionTarget, *, by, version: int | None = None, scopes: list[str], **values
) -> InspectionTarget:
    """Correct what was found at one target, or say that its points are cleared."""
    with recording() as touched:
        change(target, by=by, version=version, **covering(scopes), **values)
        touched.add(target.contract_id)
    return target


def correct_many(*, by, visits: Iterable[Change] = (), targets: Iterable[Change] = ()) -> None:
    """Correct many visits, and many of their targets, each to values of its own; all or none."""
    with recording() as touched:
        for keys in batches(row.pk for row in change_many(list(visits), by=by)):
            seen = InspectionTarget.objects.valid().filter(inspection__in=keys)
            touched.update(seen.values_list("contract_id", flat=True))
        touched.update(row.contract_id for row in change_many(list(targets), by=by))


def clear_points(
    target: InspectionTarget, *, by, cleared_on: date, version: int | None = None
) -> InspectionTarget:
    """改善の確認: that what was pointed out has been put right. Changes no finding."""
    if cleared_on < target.inspection.day:
        raise ValidationError(
            {
                "cleared_on": f"改善を確認した日「{cleared_on}」が検査日「{target.inspection.day}」"
                "より前です。"
            }
        )
    with recording():
        return change(target, by=by, version=version, cleared_on=cleared_on)


def void_visit(visit: Inspection, *, by, on: date, reason: str, version: int | None = None):
    """Take back a visit that never was, with all its targets. What it fulfilled is open again."""
    with recording() as touched, acting(reason=reason):
        void(visit, by=by, on=on, reason=reason, version=version)
        targets = list(visit.targets.valid())
        for target in targets:
            void(target, by=by, on=on, reason=reason)
        touched.update(target.contract_id for target in targets)
        _reopen(visit.plans.valid(), by)
    return visit


def void_target(
    target: InspectionTarget, *, by, on: date, reason: str, version: int | None = None
) -> InspectionTarget:
    """Take back one target of a visit; the last one only with the visit."""
    visit = target.inspection
    with recording(), acting(reason=reason):
        if not visit.targets.valid().exclude(pk=target.pk).exists():
            raise ValidationError(
                f"「{target}」はこの検査のただ一つの対象です。検査そのものを無効にしてください。"
            )
        void_record(target, by=by, on=on, reason=reason, version=version)
        plans = visit.plans.valid().filter(contract=target.contract_id)
        _reopen(plans.filter(subcontract=target.subcontract_id), by)
    return target


def add_evidence(visit: Inspection, *, by, files: Iterable[File]) -> list[Evidence]:
    """Keep files with a visit. What it has already is refused, by what the files hold."""
    return evidence.add(Evidence, by=by, files=files, called="検査", inspection=visit)


def void_evidence(row: Evidence, *, by, on: date, reason: str, version: int | None = None):
    """Take back a file that was added in error. It stays, and is given to nobody."""
    return evidence.take_back(row, by=by, on=on, reason=reason, version=version)


def plan_many(targets: Iterable[Target], *, by, officer=None, **fields) -> list[PlannedInspection]:
    """検査計画: that these targets shall be inspected on a day; all or none. Without an ``officer``
    that of each contract is in charge, and of a contract without one who plans."""
    with recording():
        return insert_many(
            [
                PlannedInspection(
                    agency_id=contract.agency_id,
                    synthetic=contract.synthetic,
                    contract=contract,
                    subcontract=link,
                    officer=officer or contract.officer or by,
                    **fields,
                )
                for contract, link in targets
            ],
            by=by,
        )


def plan_rows(*, by, new: Iterable[PlannedInspection] = (), changes: Iterable[Change] = ()) -> None:
    """Record unsaved plans, and change others that are not done; all or none. What a plan names as
    its visit has looked at its target."""
    new, changes = list(new), list(changes)
    for row, _, _ in changes:
        _not_done(row)
    with recording():
        for row in new:
            row.agency_id, row.synthetic = row.contract.agency_id, row.contract.synthetic
        insert_many(new, by=by)
        _seen([*new, *change_many(changes, by=by)])


def _seen(plans: list[PlannedInspection]) -> None:
    done = [plan for plan in plans if plan.inspection_id is not None]
    targets = set()
    for keys in batches({plan.inspection_id for plan in done}):
        rows = InspectionTarget.objects.valid().filter(inspection__in=keys)
        targets.update(rows.values_list("inspection_id", "contract_id", "subcontract_id"))
    for plan in done:
        if (plan.inspection_id, plan.contract_id, plan.subcontract_id) not in targets:
            raise Refused(_not_of_the_visit(plan), row=plan)


def change_plan(plan: PlannedInspection, *, by, version: int | None = None, **values):
    """Plan it otherwise, as long as it is not done."""
    _not_done(plan)
    with recording():
        return change(plan, by=by, version=version, **values)


def _not_done(plan: PlannedInspection) -> None:
    if plan.inspection_id is not None:
        raise Refused(f"この計画は検査「{plan.inspection.code}」として実施済みです。", row=plan)


def void_plan(plan: PlannedInspection, *, by, on: date, reason: str, version: int | None = None):
    """Give a plan up."""
    with recording(), acting(reason=reason):
        return void(plan, by=by, on=on, reason=reason, version=version)


def fulfil(plans: Iterable[PlannedInspection], *, by, visit: Inspection) -> None:
    """Plans that a visit has done. One whose target it did not look at is refused."""
    seen = set(visit.targets.valid().values_list("contract_id", "subcontract_id"))
    for plan in plans:
        if (plan.contract_id, plan.subcontract_id) not in seen:
            raise ValidationError(_not_of_the_visit(plan))
        change_plan(plan, by=by, inspection=visit)


def _not_of_the_visit(plan: PlannedInspection) -> dict[str, str]:
    return {"plans": f"計画「{plan}」は、この検査の対象のものではありません。"}


def covering(scopes: Iterable[str]) -> dict[str, bool]:
    """検査した事項 as columns of a target."""
    scopes = set(scopes)
    if not scopes:
        raise ValidationError({"scopes": "検査した事項を一つ以上選んでください。"})
    return {f"covers_{scope}": scope in scopes for scope in InspectionScope.values}


def open_plans(targets: Iterable[Target]) -> list[PlannedInspection]:
    """What is planned for these targets and not done, the earliest first."""
    keys = {target.key for target in targets}
    rows = PlannedInspection.objects.valid().filter(
        contract__in={contract for contract, _ in keys}, inspection=None
    )
    rows = rows.select_related("contract__agency", "subcontract").order_by("planned_on", "pk")
    return [plan for plan in rows if (plan.contract_id, plan.subcontract_id) in keys]


def _reopen(plans, by) -> None:
    for plan in plans:
        change(plan, by=by, inspection=None)
