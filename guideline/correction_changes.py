"""Pages of what comes after a measure was recorded: corrected, closed, opened again, shown by
evidence, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from guideline import correction_actions
from guideline.correction_forms import CloseForm, CorrectForm, CorrectionEvidenceForm, ReopenForm
from guideline.correction_targets import named
from guideline.correction_trials import CorrectionTrial
from guideline.correction_views import REPEATED, action_of, address_of, findings_of, owner_of
from guideline.models import CorrectiveAction
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing import wareki
from outsourcing.abilities import Ability, needs
from outsourcing.conflicts import unreadable
from outsourcing.form_pages import METHODS, checked, form_page, is_check, posted
from outsourcing.inspection_forms import TakeBackForm
from outsourcing.writing import writes_to


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def correct(request, public_id):
    """What was typed wrong, another due day, another person in charge."""
    row = action_to_write(request, public_id)
    today = timezone.localdate()
    writers = request.access.writers(row.agency, on=today)
    form = CorrectForm(row, posted(request), writers=writers, today=today)
    page = _page(row, "是正・再発防止策の訂正", "保存する")
    if is_check(request):
        return checked(request, _trial(row, form, today), form, **page)
    if form.is_bound and form.carry_out(
        lambda: correction_actions.correct(row, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, "是正・再発防止策を訂正しました。")
        return redirect("correction", public_id)
    return form_page(request, form, **page, checks=True, trial=CorrectionTrial(on=today))


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def close(request, public_id):
    """完了: when it was done, and what came of it."""
    row = action_to_write(request, public_id)
    today = timezone.localdate()
    form = CloseForm(row, posted(request), today=today)
    page = _page(row, "是正・再発防止策の完了", "完了を記録する") | {
        "lead": "所見は、それに対する措置がすべて完了すると「是正済み」になります。"
    }
    if is_check(request):
        return checked(request, _trial(row, form, today), form, **page)
    if form.is_bound and form.carry_out(
        lambda: correction_actions.close(row, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, "完了を記録しました。")
        return redirect("correction", public_id)
    return form_page(request, form, **page, checks=True, trial=CorrectionTrial(on=today))


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def reopen(request, public_id):
    """It is not done after all."""
    row = action_to_write(request, public_id)
    form = ReopenForm(row, posted(request))
    if form.is_bound and form.carry_out(
        lambda: correction_actions.reopen(
            row, by=request.user, version=form.seen, reason=form.cleaned_data["why"]
        )
    ):
        messages.success(request, "完了を取り消しました。")
        return redirect("correction", public_id)
    page = _page(row, "完了の取消し", "完了を取り消す") | {
        "lead": "完了日と完了の内容は空に戻ります。前の内容と取消しの理由は、変更の記録に残ります。"
    }
    return form_page(request, form, **page)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def void(request, public_id):
    """It was recorded in error."""
    row = action_to_write(request, public_id)
    form = TakeBackForm(row, posted(request))
    form.fields["void_reason"].help_text = "例：別の契約の所見に記録した"
    if form.is_bound and form.carry_out(
        lambda: correction_actions.void_action(row, by=request.user, **_voiding(form))
    ):
        messages.success(request, "是正・再発防止策を無効にしました。")
        return redirect(address_of(owner_of(row)))
    page = _page(row, "是正・再発防止策を無効にする", "無効にする") | {
        "lead": "記録は消えず、理由とともに残ります。所見の是正の状態は、この措置がなかったものと"
        "して改めて決まります。"
    }
    return form_page(request, form, **page)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def add_evidence(request, public_id):
    """Files that show what was done."""
    row = action_to_write(request, public_id)
    files = request.FILES if request.method == "POST" else None
    form = CorrectionEvidenceForm(posted(request), files)
    if form.is_bound and form.carry_out_once(
        lambda: correction_actions.add_evidence(row, by=request.user, **form.values),
        by=request.user,
    ):
        if form.repeated:
            messages.info(request, REPEATED)
        else:
            messages.success(request, f"証拠書類{len(form.result)}個を加えました。")
        return redirect("correction", public_id)
    return form_page(request, form, **_page(row, "証拠書類の追加", "加える"), multipart=True)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def void_evidence(request, public_id, file_id):
    """A file that was added in error."""
    action = action_to_write(request, public_id)
    row = get_object_or_404(action.evidence.valid().defer("content"), public_id=file_id)
    form = TakeBackForm(row, posted(request))
    form.fields["void_reason"].help_text = "例：別の措置の書類を取り違えて添えた"
    if form.is_bound and form.carry_out(
        lambda: correction_actions.void_evidence(row, by=request.user, **_voiding(form))
    ):
        messages.success(request, f"証拠書類「{row.name}」を無効にしました。")
        return redirect("correction", public_id)
    page = _page(action, "証拠書類を無効にする", "無効にする")
    page["facts"].append(("書類", row.name))
    return form_page(request, form, **page)


def action_to_write(request, public_id) -> CorrectiveAction:
    """One whose contract, or provision of information, is the user's to write to."""
    row = action_of(request, public_id, Ability.WRITE_LEDGER)
    if not writes_to(request, owner_of(row)):
        raise PermissionDenied
    return row


def _voiding(form: TakeBackForm) -> dict:
    return {
        "on": timezone.localdate(),
        "reason": form.cleaned_data["void_reason"],
        "version": form.seen,
    }


def _trial(row: CorrectiveAction, form, on) -> CorrectionTrial:
    """Of the findings that the action answers, with what is typed of it."""
    if unreadable(form) or not form.is_valid():
        return CorrectionTrial(on=on)
    for name, value in form.values.items():
        setattr(row, name, value)
    return CorrectionTrial([(finding, row) for finding in findings_of(row)], on=on)


def _page(row: CorrectiveAction, title: str, submit: str) -> dict:
    of = owner_of(row)
    back = reverse("correction", args=[row.public_id])
    facts = [
        ("契約" if row.contract_id else "提供", f"{of.code}　{named(of)}"),
        ("所見", f"{subject_in_words(row.subject)}：{BY_CODE[row.rule].title}"),
        ("措置", f"{row.get_measure_display()}（{wareki.both(row.started_on)}着手）"),
    ]
    crumbs = [("是正の一覧", reverse("corrections")), (row.get_measure_display(), back)]
    return {"title": title, "submit": submit, "back": back, "crumbs": crumbs, "facts": facts}
