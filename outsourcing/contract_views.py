"""A contract that exists: amended, terminated, corrected, taken back. Never overwritten."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from outsourcing import trials
from outsourcing.abilities import Ability, needs
from outsourcing.actions import contracts
from outsourcing.chain_views import REPEATED, known_contractors
from outsourcing.contract_forms import (
    AmendForm,
    CorrectForm,
    TakeBackForm,
    TerminateForm,
    VoidForm,
)
from outsourcing.contract_places import around, clause, place, term
from outsourcing.form_pages import METHODS, checked, form_page, is_check, posted
from outsourcing.wareki import both
from outsourcing.writing import contract_to_write


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def amend(request, code):
    """変更契約: what the parties changed."""
    contract = contract_to_write(request, code)
    form = AmendForm(posted(request))
    facts = term(contract), clause(contract, request.as_of())
    page = around(request, contract, "amendments", *facts) | {
        "title": "変更契約の記録",
        "submit": "変更契約を記録する",
        "lead": "当事者が変えたことを、その効力が生じる日から反映します。空欄のところは"
        "変わりません。入力の誤りを直すときは「契約の訂正」を使ってください。",
    }
    if is_check(request):
        return checked(request, trials.trial_of(form, contract, trials.amend), form, **page)
    if form.is_bound and form.carry_out_once(
        lambda: contracts.amend(contract, by=request.user, **form.values), by=request.user
    ):
        if form.repeated:
            messages.info(request, REPEATED)
        else:
            messages.success(request, "変更契約を記録しました。")
        return redirect(page["back"])
    return form_page(request, form, **page, checks=True)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def terminate(request, code):
    """解除."""
    contract = contract_to_write(request, code)
    form = TerminateForm(contract, posted(request))

    def act():
        day, reason = form.values["terminated_on"], form.values["termination_reason"]
        contracts.terminate(contract, by=request.user, on=day, reason=reason, version=form.seen)

    return _changed(
        request,
        contract,
        form,
        plan=trials.correct,
        action=act,
        done="解除を記録しました。",
        title="契約の解除",
        submit="解除を記録する",
    )


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def take_back_termination(request, code):
    """解除が誤って記録された."""
    contract = contract_to_write(request, code)
    if contract.terminated_on is None:
        messages.info(request, "解除は記録されていません。")
        return redirect(place(request, contract, "facts"))
    form = TakeBackForm(contract, posted(request))
    fact = "解除", f"{both(contract.terminated_on)}　{contract.termination_reason}"
    return _changed(
        request,
        contract,
        form,
        fact,
        plan=trials.take_back_termination,
        action=lambda: contracts.take_back_termination(
            contract, by=request.user, version=form.seen
        ),
        done="解除を取り消しました。",
        title="解除の取消し",
        submit="解除を取り消す",
        lead="誤って記録した解除を取り消し、契約期間を元に戻します。",
    )


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def correct(request, code):
    """Correct what was typed wrong."""
    contract = contract_to_write(request, code)
    form = CorrectForm(contract, posted(request), contractors=known_contractors(request))
    return _changed(
        request,
        contract,
        form,
        plan=trials.correct,
        action=lambda: contracts.correct(
            contract, by=request.user, version=form.seen, **form.values
        ),
        done="契約の内容を訂正しました。",
        title="契約の訂正",
        submit="訂正する",
        lead="入力の誤りを直します。当事者が変えたこと（期間の延長、条項の変更など）は、ここではなく"
        "「変更契約の記録」から入力してください。訂正すると、初めからその内容だったものとして判定します。",
    )


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def void(request, code):
    """Take back a contract that was recorded in error."""
    contract = contract_to_write(request, code)
    form = VoidForm(contract, posted(request))
    page = around(request, contract, "facts", term(contract)) | {
        "title": "契約を無効にする",
        "submit": "無効にする",
        "lead": "誤って登録した契約を無効にします。台帳にも調査にも現れなくなり、所見も"
        "なくなります。記録は履歴に残ります。解除した契約は「契約の解除」から入力してください。",
    }
    if form.is_bound and form.carry_out(
        lambda: contracts.void_contract(
            contract,
            by=request.user,
            on=timezone.localdate(),
            reason=form.cleaned_data["reason"],
            version=form.seen,
        )
    ):
        messages.success(request, f"契約{contract.code}を無効としました。")
        return redirect(reverse("contracts"))
    return form_page(request, form, **page)


def _changed(request, contract, form, *facts, plan, action, done, **page):
    """The page of a form that changes the contract."""
    page |= around(request, contract, "facts", term(contract), *facts)
    if is_check(request):
        return checked(request, trials.trial_of(form, contract, plan), form, **page)
    if form.is_bound and form.carry_out(action):
        messages.success(request, done)
        return redirect(page["back"])
    return form_page(request, form, **page, checks=True)
