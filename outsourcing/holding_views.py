"""Pages of 出資関係: who holds how many votes of whom. The survey office writes them."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from outsourcing.abilities import Ability, needs
from outsourcing.actions import contractors
from outsourcing.contractor_fields import as_typed
from outsourcing.contractor_views import holdings_known
from outsourcing.filters import chosen
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.master_forms import (
    EndHoldingForm,
    HoldingForm,
    NewHoldingForm,
    VoidHoldingForm,
    contractors_known,
)
from outsourcing.master_lists import HoldingFilter, HoldingTable
from outsourcing.models import Shareholding
from outsourcing.views import paged, without_blanks
from outsourcing.wareki import both

LIST = "出資関係の一覧"


@needs(Ability.READ_LEDGER)
@require_safe
def holding_list(request):
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    found = HoldingFilter(request.GET, queryset=holdings_known(request), request=request)
    writes = request.access.may(Ability.WRITE_HOLDINGS)
    table = HoldingTable(found.qs, caption=LIST, exclude=() if writes else ("change",))
    context = {"filter": found, "table": paged(request, table), "conditions": chosen(found)}
    return render(request, "outsourcing/holding_list.html", context)


@needs(Ability.WRITE_HOLDINGS)
@require_http_methods(METHODS)
def new(request):
    """Record a holding; ``?holder=`` and ``?held=`` fill in what a contractor's page knows."""
    known = contractors_known(request)
    named = {name: request.GET[name][:300] for name in ("holder", "held") if name in request.GET}
    form = NewHoldingForm(posted(request), contractors=known, initial=named)
    if form.is_bound and form.carry_out_once(
        lambda: contractors.hold(by=request.user, **form.values), by=request.user
    ):
        if form.repeated:
            messages.info(request, "同じ内容は既に記録されています。")
        else:
            messages.success(request, "出資関係を記録しました。")
        return redirect("contractor", form.cleaned_data["held"].public_id)
    return form_page(
        request,
        form,
        title="出資関係の記録",
        lead="記録すると、被出資者とその下の会社が再委託先となっている契約の所見を判定し直します。",
        submit="記録する",
        back=reverse("holdings"),
        crumbs=[(LIST, reverse("holdings"))],
    )


@needs(Ability.WRITE_HOLDINGS)
@require_http_methods(METHODS)
def correct(request, public_id):
    row = _known(request, public_id)
    form = HoldingForm(row, posted(request), contractors=contractors_known(request))
    done = form.is_bound and form.carry_out(
        lambda: contractors.correct_holding(row, by=request.user, version=form.seen, **form.values)
    )
    if done:
        return _done(request, row, "出資関係の内容を改めました。")
    return _page(request, form, title="出資関係の訂正", submit="保存する")


@needs(Ability.WRITE_HOLDINGS)
@require_http_methods(METHODS)
def end(request, public_id):
    """Sold: the day until which it was held."""
    row = _known(request, public_id)
    form = EndHoldingForm(row, posted(request))
    done = form.is_bound and form.carry_out(
        lambda: contractors.correct_holding(row, by=request.user, version=form.seen, **form.values)
    )
    if done:
        return _done(request, row, "出資関係の終わりを記録しました。")
    return _page(request, form, title="出資関係の終了", submit="終了を記録する", facts=_facts(row))


@needs(Ability.WRITE_HOLDINGS)
@require_http_methods(METHODS)
def void(request, public_id):
    """Take back what was never so; what has ended is ended instead."""
    row = _known(request, public_id)
    form = VoidHoldingForm(row, posted(request))
    done = form.is_bound and form.carry_out(
        lambda: contractors.void_holding(
            row,
            by=request.user,
            on=timezone.localdate(),
            reason=form.cleaned_data["void_reason"],
            version=form.seen,
        )
    )
    if done:
        return _done(request, row, "出資関係の記録を無効にしました。")
    return _page(
        request,
        form,
        title="出資関係の取消し",
        lead="誤って記録したものを無効にします。株式が売られたときは、終了を記録してください。",
        submit="無効にする",
        facts=_facts(row),
    )


def _page(request, form, **page):
    company = form.row.held
    back = reverse("contractor", args=[company.public_id])
    crumbs = [(LIST, reverse("holdings")), (company.name, back)]
    return form_page(request, form, back=back, crumbs=crumbs, **page)


def _done(request, row: Shareholding, said: str):
    messages.success(request, said)
    return redirect("contractor", row.held.public_id)


def _facts(row: Shareholding) -> list[tuple[str, str]]:
    return [
        ("出資者", as_typed(row.holder)),
        ("被出資者", as_typed(row.held)),
        ("議決権割合", f"{row.percent}％"),
        ("保有開始日", both(row.first_day)),
    ]


def _known(request, public_id) -> Shareholding:
    return get_object_or_404(holdings_known(request), public_id=public_id)
