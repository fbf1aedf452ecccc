"""The chain of a contract, edited link by link. Each page is one form, which
``static/js/inplace.js`` shows within the card of the link."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from outsourcing import trials
from outsourcing.abilities import Ability, needs
from outsourcing.actions import subcontracts
from outsourcing.chain_forms import EndForm, LinkForm, MoveForm, NewLinkForm
from outsourcing.contract_forms import VoidForm
from outsourcing.contract_places import around, clause, named, place, term
from outsourcing.form_pages import METHODS, checked, form_page, is_check, posted
from outsourcing.models import Contract, Contractor, Subcontract
from outsourcing.writing import contract_to_write

REPEATED = "同じ内容は既に記録されています。"


def link_of(contract: Contract, number: int) -> Subcontract:
    rows = contract.subcontracts.valid().select_related("contractor", "parent")
    return get_object_or_404(rows, number=number)


def links_of(contract: Contract):
    """What a form lets one choose among."""
    return contract.subcontracts.valid().select_related("contractor").order_by("number")


def known_contractors(request):
    return Contractor.objects.visible_to(request.access.scope(Ability.WRITE_LEDGER))


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def new(request, code, number=None):
    """Pass work on: by the prime contractor, or by a link."""
    contract = contract_to_write(request, code)
    parent = None if number is None else link_of(contract, number)
    form = NewLinkForm(
        posted(request),
        contractors=known_contractors(request),
        first_day=(parent or contract).first_day,
    )
    anchor = f"link-{parent.number}" if parent else "prime"
    giver = named(parent)[1] if parent else contract.contractor.name
    page = around(
        request,
        contract,
        anchor,
        term(contract),
        clause(contract, request.as_of()),
        ("再委託元", f"再委託{parent.number}　{giver}" if parent else f"委託先　{giver}"),
    ) | {"title": "再委託の追加", "submit": "追加する"}
    if is_check(request):
        trial = trials.trial_of(form, contract, trials.pass_on(parent))
        return checked(request, trial, form, **page)
    if form.is_bound and form.carry_out_once(
        lambda: subcontracts.pass_on(
            by=request.user, contract=contract, parent=parent, **form.values
        ),
        by=request.user,
    ):
        if form.repeated:
            messages.info(request, REPEATED)
            return redirect(page["back"])
        messages.success(
            request, f"再委託{form.result.number}「{form.result.contractor.name}」を追加しました。"
        )
        return redirect(place(request, contract, f"link-{form.result.number}"))
    return form_page(request, form, **page, checks=True)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def correct(request, code, number):
    """Correct a link."""
    contract, link = _found(request, code, number)
    form = LinkForm(link, posted(request), contractors=known_contractors(request))
    return _changed(
        request,
        contract,
        form,
        plan=trials.correct_link(link),
        action=lambda: subcontracts.correct(
            link, by=request.user, version=form.seen, **form.values
        ),
        done="訂正しました。",
        title=f"再委託{number}の訂正",
        submit="保存する",
        lead="入力の誤りを直します。再委託元を変えるときは「移す」、終わるときは「終える」から入力してください。",
    )


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def end(request, code, number):
    """Say on which day a link ends."""
    contract, link = _found(request, code, number)
    form = EndForm(link, posted(request))
    return _changed(
        request,
        contract,
        form,
        plan=trials.correct_link(link),
        action=lambda: subcontracts.correct(
            link, by=request.user, version=form.seen, **form.values
        ),
        done="末日を記録しました。",
        title=f"再委託{number}の終了",
        submit="末日を記録する",
    )


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def move(request, code, number):
    """Hang a link elsewhere, with all below it."""
    contract, link = _found(request, code, number)
    form = MoveForm(link, posted(request), links=links_of(contract).exclude(pk=link.pk))
    return _changed(
        request,
        contract,
        form,
        plan=trials.move(link),
        action=lambda: subcontracts.move(link, by=request.user, version=form.seen, **form.values),
        done="移しました。",
        title=f"再委託{number}の移動",
        submit="移す",
        lead="下にある再委託も一緒に移ります。",
    )


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def void(request, code, number):
    """Take back a link that was recorded in error."""
    contract = contract_to_write(request, code)
    rows = contract.subcontracts.select_related("contractor", "parent")
    link = get_object_or_404(rows, number=number)
    if link.voided_on:
        messages.info(request, f"再委託{number}は既に無効とされています。")
        return redirect(place(request, contract, "chain"))
    form = VoidForm(link, posted(request))
    return _changed(
        request,
        contract,
        form,
        plan=trials.void_link(link),
        action=lambda: subcontracts.void_link(
            link,
            by=request.user,
            on=timezone.localdate(),
            reason=form.cleaned_data["reason"],
            version=form.seen,
        ),
        done="無効としました。",
        leads_to="chain",
        title=f"再委託{number}を無効にする",
        submit="無効にする",
        lead="誤って記録した再委託を無効にします。記録は履歴に残ります。終わった再委託は「終える」から入力してください。",
    )


def _found(request, code: str, number: int) -> tuple[Contract, Subcontract]:
    contract = contract_to_write(request, code)
    return contract, link_of(contract, number)


def _changed(request, contract, form, *, plan, action, done, leads_to="", **page):
    """The page of a form that changes the link ``form.row``."""
    link = form.row
    anchor = f"link-{link.number}"
    page |= around(
        request, contract, anchor, term(contract), clause(contract, request.as_of()), named(link)
    )
    if is_check(request):
        return checked(request, trials.trial_of(form, contract, plan), form, **page)
    if form.is_bound and form.carry_out(action):
        messages.success(request, f"再委託{link.number}を{done}")
        return redirect(place(request, contract, leads_to or anchor))
    return form_page(request, form, **page, checks=True)
