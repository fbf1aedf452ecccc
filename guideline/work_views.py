"""The lists of one's work that the law makes: what falls due, and which links lack approval."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guideline.due import DueList, ending, overdue, standing
from guideline.models import Severity
from guideline.unapproved import lacking
from guideline.work_filters import ApprovalFilter, DueFilter
from guideline.work_tables import LackingTable
from outsourcing import fiscal_year
from outsourcing.abilities import Ability, needs
from outsourcing.filters import chosen
from outsourcing.views import PER_PAGE, paged, without_blanks
from outsourcing.writing import contracts_to_write


@needs(Ability.WRITE_LEDGER)
@require_safe
def due(request):
    """期限: what is to be done, by day; first what falls due in the coming days."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    on = request.as_of()
    found = DueFilter(request.GET, queryset=contracts_to_write(request), request=request)
    rows = DueList(found.qs, on=on, within=found.within, kind=found.asked_kind)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page", 1))
    context = {
        "filter": found,
        "conditions": chosen(found),
        "on": on,
        "within": found.within,
        "page": page,
        "rows": page.object_list,
        "ticks": any(row.by == "inspection" for row in page.object_list),
        "broken": 0 if found.within is None else _broken(found.qs, on),
        "late": 0 if found.within is None else overdue(found.qs, on).count(),
        "renewable": 0 if found.within is None else _renewable(found, on),
        "year": fiscal_year.fiscal_year_of(on),
    }
    return render(request, "guideline/work_due.html", context)


def _broken(contracts, on) -> int:
    return standing(contracts, on).filter(severity=Severity.BREACH).count()


def _renewable(found: DueFilter, on) -> int:
    """Contracts that end with this fiscal year, where that is one of the days ahead."""
    last = fiscal_year.last_day(fiscal_year.fiscal_year_of(on))
    ahead = last <= on + timedelta(days=found.within)
    return ending(found.qs).filter(last_day=last).count() if ahead else 0


@needs(Ability.WRITE_LEDGER)
@require_safe
def approvals(request):
    """承認のない再委託: links whose clause asks for an approval or a notice that there is not."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    on = request.as_of()
    found = ApprovalFilter(request.GET, queryset=contracts_to_write(request), request=request)
    links = _in_state(lacking(found.qs, on=on), found, on)
    links = links.select_related("contractor", *(f"contract__{n}" for n in SHOWN))
    table = paged(request, LackingTable(links, caption="承認のない再委託", on=on))
    context = {"filter": found, "table": table, "conditions": chosen(found), "on": on}
    return render(request, "guideline/work_approvals.html", context)


SHOWN = ("agency", "contractor", "officer")


def _in_state(links, found: ApprovalFilter, on):
    state = found.form.cleaned_data.get("state") if found.is_valid() else ""
    if state == "again":
        return links.filter(renews__isnull=False, undecided=True)
    if state == "now":
        return links.filter(since__lte=on)
    return links.filter(since__gt=on) if state else links
