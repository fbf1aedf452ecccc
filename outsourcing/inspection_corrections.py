"""Pages of what comes after a visit was recorded: corrected, cleared, shown by evidence, voided."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from outsourcing import wareki
from outsourcing.abilities import Ability, needs
from outsourcing.actions import inspections
from outsourcing.entries import Entry, Trial
from outsourcing.form_pages import METHODS, checked, form_page, is_check, posted
from outsourcing.inspection_forms import (
    ClearForm,
    CorrectTargetForm,
    CorrectVisitForm,
    EvidenceForm,
    TakeBackForm,
)
from outsourcing.inspection_views import REPEATED, target_to_write, visit_to_write
from outsourcing.models import Inspection, InspectionTarget


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def correct(request, code):
    """What was typed wrong of a visit."""
    visit, targets = visit_to_write(request, code)
    form = CorrectVisitForm(visit, posted(request), today=timezone.localdate())
    page = _page(visit, "検査の訂正", "保存する") | {
        "lead": "検査コードは変わりません。対象ごとの結果は、検査のページから訂正します。",
        "facts": [("検査", visit.code), ("対象", f"{len(targets)}件")],
    }
    single = len({target.contract_id for target in targets}) == 1
    if is_check(request):
        trial = _trial(form, targets[0], _with_visit) if single else None
        return checked(request, trial, form, **page)
    if form.is_bound and form.carry_out(
        lambda: inspections.correct_visit(visit, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"検査「{code}」を訂正しました。")
        return redirect("inspection", code)
    return form_page(request, form, **page, checks=single)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def correct_target(request, code, target):
    """What was found at one target."""
    row = target_to_write(request, code, target)
    form = CorrectTargetForm(row, posted(request))
    page = _page(row.inspection, "検査の結果の訂正", "保存する") | {"facts": _facts(row)}
    if is_check(request):
        return checked(request, _trial(form, row, _with_target), form, **page)
    if form.is_bound and form.carry_out(
        lambda: inspections.correct_target(row, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"「{row}」の結果を訂正しました。")
        return redirect("inspection", code)
    return form_page(request, form, **page, checks=True)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def clear(request, code, target):
    """改善の確認: what was pointed out has been put right."""
    row = target_to_write(request, code, target)
    form = ClearForm(row, posted(request), today=timezone.localdate())
    if form.is_bound and form.carry_out(
        lambda: inspections.clear_points(row, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"「{row}」の改善を確認しました。")
        return redirect("inspection", code)
    raised = [
        ("指摘事項", row.points or "—"),
        ("改善の期限", wareki.both(row.due_on) if row.due_on else "—"),
    ]
    page = _page(row.inspection, "改善の確認", "確認を記録する")
    return form_page(request, form, **page, facts=[*_facts(row), *raised])


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def void_target(request, code, target):
    """Take one target back."""
    row = target_to_write(request, code, target)
    form = TakeBackForm(row, posted(request))
    if form.is_bound and form.carry_out(
        lambda: inspections.void_target(row, by=request.user, **_voiding(form))
    ):
        messages.success(request, f"検査の対象「{row}」を無効にしました。")
        return redirect("inspection", code)
    page = _page(row.inspection, "検査の対象を無効にする", "無効にする") | {
        "lead": "記録は消えず、理由とともに残ります。この対象の所見は、検査がなかったものとして"
        "改めて判定されます。"
    }
    return form_page(request, form, **page, facts=_facts(row))


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def void(request, code):
    """Take the whole visit back."""
    visit, targets = visit_to_write(request, code)
    form = TakeBackForm(visit, posted(request))
    if form.is_bound and form.carry_out(
        lambda: inspections.void_visit(visit, by=request.user, **_voiding(form))
    ):
        messages.success(request, f"検査「{code}」を無効にしました。")
        return redirect("inspections")
    page = _page(visit, "検査を無効にする", "無効にする") | {
        "lead": "すべての対象とともに無効にします。記録は消えず、理由とともに残ります。"
        "この検査で済んだ計画は、また「これから」に戻ります。",
        "facts": [
            ("検査", f"{visit.code}（{wareki.both(visit.day)}）"),
            ("対象", "、".join(map(str, targets))),
        ],
    }
    return form_page(request, form, **page)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def add_evidence(request, code):
    """Files that show what the visit found."""
    visit, _ = visit_to_write(request, code)
    form = EvidenceForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_bound and form.carry_out_once(
        lambda: inspections.add_evidence(visit, by=request.user, **form.values), by=request.user
    ):
        if form.repeated:
            messages.info(request, REPEATED)
        else:
            messages.success(request, f"証拠書類{len(form.result)}個を加えました。")
        return redirect("inspection", code)
    page = _page(visit, "証拠書類の追加", "加える") | {
        "facts": [("検査", f"{visit.code}（{wareki.both(visit.day)}）")]
    }
    return form_page(request, form, **page, multipart=True)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def void_evidence(request, code, public_id):
    """A file that was added in error."""
    visit, _ = visit_to_write(request, code)
    row = get_object_or_404(visit.evidence.valid().defer("content"), public_id=public_id)
    form = TakeBackForm(row, posted(request))
    if form.is_bound and form.carry_out(
        lambda: inspections.void_evidence(row, by=request.user, **_voiding(form))
    ):
        messages.success(request, f"証拠書類「{row.name}」を無効にしました。")
        return redirect("inspection", code)
    page = _page(visit, "証拠書類を無効にする", "無効にする")
    return form_page(request, form, **page, facts=[("検査", visit.code), ("書類", row.name)])


def _voiding(form: TakeBackForm) -> dict:
    return {
        "on": timezone.localdate(),
        "reason": form.cleaned_data["void_reason"],
        "version": form.seen,
    }


def _page(visit: Inspection, title: str, submit: str) -> dict:
    back = reverse("inspection", args=[visit.code])
    crumbs = [("検査", reverse("inspections")), (visit.code, back)]
    return {"title": title, "submit": submit, "back": back, "crumbs": crumbs}


def _facts(row: InspectionTarget) -> list[tuple[str, str]]:
    of = f"{row.contract.code}　{row.contract.title}"
    part = f"再委託{row.subcontract.number}" if row.subcontract else "委託先"
    contractor = (row.subcontract or row.contract).contractor.name
    return [
        ("検査", f"{row.inspection.code}（{wareki.both(row.inspection.day)}）"),
        ("契約", of),
        ("対象", f"{part}　{contractor}"),
    ]


def _trial(form, target: InspectionTarget, change) -> Trial | None:
    """Of the contract of a target, with what is typed of it."""
    if not form.is_valid():
        return None
    entry = Entry.of(target.contract)
    return Trial(entry, lambda entry: change(entry, target, form.values))


def _with_visit(entry: Entry, target: InspectionTarget, values: dict) -> None:
    for row in entry.targets:
        if row.inspection_id == target.inspection_id:
            for name, value in values.items():
                setattr(row.inspection, name, value)


def _with_target(entry: Entry, target: InspectionTarget, values: dict) -> None:
    covered = inspections.covering(values["scopes"])
    for row in entry.targets:
        if row.pk == target.pk:
            for name, value in covered.items():
                setattr(row, name, value)
