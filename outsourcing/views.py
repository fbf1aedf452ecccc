"""Pages of the ledger."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from outsourcing import history, plausibility
from outsourcing.abilities import Ability, needs
from outsourcing.contract_page import page_of
from outsourcing.filters import ContractFilter, DisclosureFilter, chosen
from outsourcing.forms import AsOfForm
from outsourcing.models import Contract, Disclosure, split_code
from outsourcing.models.contracts import CODE
from outsourcing.tables import ContractTable, DisclosureTable
from trail import accesses
from trail.models import Kind

PER_PAGE = 50


@needs(Ability.READ_LEDGER)
@require_safe
def contract_list(request):
    contracts = Contract.objects.visible_to(request.scope).valid()
    return render_contracts(request, ContractFilter, contracts, "outsourcing/contract_list.html")


def render_contracts(request, filter_class, contracts, template, **context):
    """A list of contracts with its filters, tags and paging, whatever it is narrowed from."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    found = filter_class(
        request.GET, queryset=contracts.select_related("agency", "contractor"), request=request
    )
    table = paged(request, ContractTable(found.qs, caption="契約の一覧"))
    context |= {"filter": found, "table": table, "conditions": chosen(found)}
    return render(request, template, context)


@needs(Ability.READ_LEDGER)
@require_safe
def disclosure_list(request):
    """The register of provisions of information to others (8-1 to 8-3)."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    rows = Disclosure.objects.visible_to(request.scope).valid().select_related("agency")
    found = DisclosureFilter(request.GET, queryset=rows, request=request)
    table = paged(request, DisclosureTable(found.qs, caption="提供の一覧"))
    context = {"filter": found, "table": table, "conditions": chosen(found)}
    return render(request, "outsourcing/disclosure_list.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def disclosure(request, code):
    """One provision of information, and what was asked of who receives it."""
    rows = Disclosure.objects.visible_to(request.scope).valid()
    found = get_object_or_404(
        rows.select_related("agency", "section", "recorded_by"),
        **contract_key(code, Disclosure.CODE),
    )
    accesses.record(Kind.READ, object=found.code, agency_id=found.agency_id)
    context = {"disclosure": found, "on": request.as_of(), "form": AsOfForm(request.GET)}
    return render(request, "outsourcing/disclosure.html", context)


def paged(request, table):
    """A table sorted and paged as the address asks."""
    RequestConfig(request, paginate=False).configure(table)
    # How many rows a page has is not the reader's to say.
    table.paginate(per_page=PER_PAGE)
    table.page = table.paginator.get_page(request.GET.get("page", 1))
    return table


def without_blanks(request) -> str | None:
    """The address without the fields that were left blank, where there are any: one to cite."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values]
    typed = [pair for pair in asked if pair[1]]
    return f"{request.path}?{urlencode(typed)}" if len(typed) < len(asked) else None


@needs(Ability.READ_LEDGER)
@require_safe
def contract(request, code):
    """One contract as of a day: what was agreed, the chain, what was approved and inspected."""
    found = get_object_or_404(
        Contract.objects.visible_to(request.scope).valid().with_chain(), **contract_key(code)
    )
    accesses.record(Kind.READ, object=found.code, agency_id=found.agency_id)
    hands_over = request.access.covers(
        Ability.HAND_OVER, agency_id=found.agency_id, section_id=found.section_id
    )
    context = page_of(found, on=request.as_of()) | {
        "form": AsOfForm(request.GET),
        "shows_history": request.access.may(Ability.READ_HISTORY),
        "hands_over": hands_over,
        "writes": request.access.covers(
            Ability.WRITE_LEDGER, agency_id=found.agency_id, section_id=found.section_id
        ),
        "day": f"?as_of={request.as_of().isoformat()}" if "as_of" in request.GET else "",
    }
    return render(request, "outsourcing/contract.html", context)


@needs(Ability.READ_HISTORY)
@require_safe
def contract_history(request, code):
    """Everything that was changed in a contract and in what hangs on it: who, when, and why."""
    contracts = Contract.objects.visible_to(request.access.scope(Ability.READ_HISTORY))
    found = get_object_or_404(contracts.select_related("agency"), **contract_key(code))
    accesses.record(Kind.READ, object=f"{found.code} 履歴", agency_id=found.agency_id)
    page = Paginator(history.changes(found), PER_PAGE).get_page(request.GET.get("page", 1))
    context = {"contract": found, "page": page, "entries": history.entries(list(page))}
    return render(request, "outsourcing/contract_history.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def implausible(request):
    """What was taken in although it can hardly be so, to be cleared up."""
    return render(
        request, "outsourcing/implausible.html", {"rows": plausibility.counts(request.scope)}
    )


def contract_key(code: str, pattern=CODE) -> dict:
    parts = split_code(code, pattern)
    if parts is None:
        raise Http404
    agency, year, serial = parts
    return {"agency__code": agency, "fiscal_year": year, "serial": serial}
