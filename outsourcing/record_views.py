"""Records that hang on a contract or a link, added and taken back: one page for all kinds."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from outsourcing import history, trials
from outsourcing.abilities import Ability, needs
from outsourcing.actions.base import label
from outsourcing.chain_views import REPEATED, link_of, links_of
from outsourcing.contract_forms import VoidForm
from outsourcing.contract_places import around, clause, named, place, term
from outsourcing.form_pages import METHODS, checked, form_page, is_check, posted
from outsourcing.listed_fields import ExemptField, ItemsField
from outsourcing.record_kinds import OF_CONTRACT, OF_LINK
from outsourcing.wareki import both
from outsourcing.writing import contract_to_write


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def new(request, code, kind, number=None):
    """Record something of a contract, or of a link of its chain."""
    contract = contract_to_write(request, code)
    kind, link = _kind(contract, kind, number)
    if kind.form is None:
        raise Http404
    asked = {"subcontract": request.GET["link"]} if "link" in request.GET else None
    form = kind.form(posted(request), links=links_of(contract), initial=asked)
    anchor = f"link-{number}" if link else kind.anchor
    page = around(
        request,
        contract,
        anchor,
        term(contract),
        link and clause(contract, request.as_of()),
        link and named(link),
    ) | {"title": f"{kind.title}の記録", "submit": "記録する", "lead": kind.lead}
    if is_check(request) and kind.entry:
        trial = trials.trial_of(form, contract, trials.record(kind, link))
        return checked(request, trial, form, **page)
    if form.is_bound and form.carry_out_once(
        lambda: kind.add(kind.row(link or contract, **form.values), by=request.user),
        by=request.user,
    ):
        if form.repeated:
            messages.info(request, REPEATED)
        else:
            messages.success(request, f"{kind.title}を記録しました。")
        return redirect(place(request, contract, anchor))
    return form_page(request, form, **page, checks=bool(kind.entry))


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def void(request, code, kind, place_of, number=None):
    """Take back what was recorded in error."""
    contract = contract_to_write(request, code)
    kind, link = _kind(contract, kind, number)
    row = _nth(kind.rows(link or contract), place_of)
    anchor = f"link-{number}" if link else kind.anchor
    if row.voided_on:
        messages.info(request, f"この{kind.title}は既に無効とされています。")
        return redirect(place(request, contract, anchor))
    form = VoidForm(row, posted(request))
    page = around(request, contract, anchor, link and named(link), *said(row)) | {
        "title": f"{kind.title}を無効にする",
        "submit": "無効にする",
        "lead": "誤って記録したものを無効にします。記録は履歴に残ります。",
    }
    if is_check(request) and kind.entry:
        trial = trials.trial_of(form, contract, trials.void_record(kind, row))
        return checked(request, trial, form, **page)
    if form.is_bound and form.carry_out(
        lambda: kind.void(
            row,
            by=request.user,
            on=timezone.localdate(),
            reason=form.cleaned_data["reason"],
            version=form.seen,
        )
    ):
        messages.success(request, f"{kind.title}を無効としました。")
        return redirect(place(request, contract, anchor))
    return form_page(request, form, **page, checks=bool(kind.entry))


def said(row) -> list[tuple[str, str]]:
    """What a row says, field by field, so that it is known which it is."""
    left_out = {"recorded_at", "synthetic", "version"}
    fields = [
        f
        for f in row._meta.local_fields
        if not f.is_relation and not f.primary_key and f.name not in left_out
    ]
    told = [(label(row, f.name), _in_words(row, f)) for f in fields]
    return [fact for fact in told if fact[1]] + [("記録者", str(row.recorded_by))]


def _in_words(row, field) -> str:
    value = getattr(row, field.name)
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, list):
        return "、".join(history.WORDS.get(code, f"第{code}") for code in value)
    if isinstance(value, dict):
        listed = ExemptField() if field.name == "exempt_work" else ItemsField(amends=True)
        return listed.in_words(value)
    if isinstance(value, date):
        return both(value)
    return {True: "はい", False: "いいえ"}[value] if isinstance(value, bool) else str(value)


def _kind(contract, code: str, number: int | None):
    """The kind, and the link where it is one of a link."""
    kind = (OF_CONTRACT if number is None else OF_LINK).get(code)
    if kind is None:
        raise Http404
    return kind, None if number is None else link_of(contract, number)


def _nth(rows, number: int):
    """The row of this number, from 1."""
    found = list(rows.select_related("recorded_by")[number - 1 : number]) if number else []
    if not found:
        raise Http404
    return found[0]
