"""年度更新: the contracts that end with a fiscal year, and drafts of those that follow."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.db.models import Prefetch
from django.forms import BoundField
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from outsourcing import fiscal_year
from outsourcing.abilities import Ability, needs
from outsourcing.actions.renewals import (
    renew_many,
    with_all_that_is_copied,
    with_whether_renewed,
)
from outsourcing.filters import chosen
from outsourcing.form_pages import METHODS, posted
from outsourcing.models import Contract, Draft
from outsourcing.once import OnceForm
from outsourcing.renewal_forms import RenewalForm
from outsourcing.renewing import Remark, Term, advanced, going_on, next_term, remarks
from outsourcing.targets import found as targets_of
from outsourcing.views import without_blanks
from outsourcing.work_filters import RenewalFilter
from outsourcing.writing import contract_to_write, contracts_to_write

MOST = 300  # rows of one page: a server takes no endless form


class Row(NamedTuple):
    """A contract that ends, and what would follow."""

    contract: Contract
    term: Term
    title: str
    number: BoundField | None
    links: int
    remarks: list[Remark]


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def renewals(request):
    """All that ends on 31 March, on one page; a draft of each that is ticked."""
    if request.method != "POST" and (address := without_blanks(request)) is not None:
        return redirect(address)
    found = RenewalFilter(request.GET, queryset=contracts_to_write(request), request=request)
    asked = found.form.cleaned_data if found.is_valid() else {}
    year = asked.get("year") or fiscal_year.fiscal_year_of(request.as_of())
    ending = found.qs.filter(last_day=fiscal_year.last_day(year))
    waiting = with_whether_renewed(ending).filter(is_renewed=False)
    contracts = list(with_all_that_is_copied(waiting)[:MOST])
    form = RenewalForm(posted(request), offered=_offered([*contracts, *_renewed(request, ending)]))
    if form.is_bound and form.carry_out_once(
        lambda: renew_many(form.chosen, by=request.user), by=request.user
    ):
        if form.repeated:
            messages.info(request, "同じ内容は既に記録されています。")
        else:
            messages.success(
                request,
                f"下書きを{len(form.result)}件作りました。再委託は、改めて承認を受けるまで"
                "再承認待ちです。承認、届出、検査、書面による確認は写していません。",
            )
        return redirect(f"{reverse('work-drafts')}?renewal=yes")
    context = {
        "filter": found,
        "conditions": chosen(found),
        "year": year,
        "last_day": fiscal_year.last_day(year),
        "form": form,
        "rows": [_row(contract, form) for contract in contracts],
        "beyond": waiting.count() - len(contracts),
        "done": _done(ending),
        "ticked": form.data.getlist("contracts") if form.is_bound else [],
    }
    return render(request, "outsourcing/renewals.html", context, status=form.status)


@needs(Ability.WRITE_LEDGER)
@require_POST
def renew(request, code):
    """The same for one contract, whenever it ends: a draft, which opens."""
    contract = contract_to_write(request, code)
    form = OnceForm(request.POST)
    old = Term(contract.first_day, contract.last_day)
    number = advanced(contract.number, old, next_term(*old))
    if form.carry_out_once(
        lambda: renew_many({contract: number}, by=request.user), by=request.user
    ):
        drafts = Draft.objects.valid().filter(renews=contract).order_by("-pk")
        draft = drafts.first() if form.repeated else form.result[0]
        if draft is not None:
            return redirect("draft", draft.public_id)
    for error in form.non_field_errors():
        messages.error(request, error)
    return redirect("contract", code)


def _renewed(request, ending) -> list[Contract]:
    """What was ticked when it was not renewed yet: sent a second time, or after somebody else."""
    targets, _ = targets_of(request.POST.getlist("contracts")[:MOST], ending)
    keys = [target.contract.pk for target in targets if target.link is None]
    rows = with_whether_renewed(ending.filter(pk__in=keys)).filter(is_renewed=True)
    return list(with_all_that_is_copied(rows)) if keys else []


def _links(contract: Contract):
    return going_on(contract, contract.chain)


def _offered(contracts: list[Contract]) -> list[Contract]:
    return [c for c in contracts if not any(r.bars for r in remarks(c, _links(c)))]


def _row(contract: Contract, form: RenewalForm) -> Row:
    old = Term(contract.first_day, contract.last_day)
    new = next_term(*old)
    links = _links(contract)
    name = form.name_of(contract)
    return Row(
        contract,
        new,
        advanced(contract.title, old, new),
        form[name] if name in form.fields else None,
        len(links),
        remarks(contract, links),
    )


def _done(ending) -> list[tuple[Contract, Contract | None, Draft | None]]:
    """Contracts that have been renewed, each with what goes on from it."""
    rows = (
        with_whether_renewed(ending)
        .filter(is_renewed=True)
        .select_related("agency", "contractor")
        .prefetch_related(
            Prefetch(
                "renewals", Contract.objects.valid().select_related("agency"), to_attr="following"
            ),
            Prefetch(
                "renewing_drafts",
                Draft.objects.valid().filter(contract__isnull=True),
                to_attr="drafts",
            ),
        )
        .order_by("agency__code", "fiscal_year", "serial")
    )
    return [
        (row, next(iter(row.following), None), next(iter(row.drafts), None)) for row in rows[:MOST]
    ]
