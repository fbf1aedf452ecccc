"""The lists of one's work that need no law: the contracts one may write to, and open drafts. What
falls due, and what lacks approval, are ``guideline``'s."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from outsourcing.abilities import Ability, needs
from outsourcing.filters import chosen
from outsourcing.views import paged, without_blanks
from outsourcing.work_filters import DraftFilter, OwnContractFilter
from outsourcing.work_tables import DraftTable, OwnContractTable
from outsourcing.writing import contracts_to_write, drafts_to_write


@needs(Ability.WRITE_LEDGER)
@require_safe
def contracts(request):
    """課室の契約: what the user may write to."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    rows = contracts_to_write(request).select_related("agency", "section", "contractor", "officer")
    found = OwnContractFilter(request.GET, queryset=rows, request=request)
    table = paged(request, OwnContractTable(found.qs, caption="課室の契約"))
    context = {"filter": found, "table": table, "conditions": chosen(found)}
    return render(request, "outsourcing/work_contracts.html", context)


@needs(Ability.WRITE_LEDGER)
@require_safe
def drafts(request):
    """下書き: what has been typed and not registered, by whom and when."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    rows = drafts_to_write(request).select_related(
        "agency", "section", "officer", "recorded_by", "renews__agency"
    )
    found = DraftFilter(request.GET, queryset=rows, request=request)
    table = paged(request, DraftTable(found.qs, caption="下書き"))
    context = {"filter": found, "table": table, "conditions": chosen(found)}
    return render(request, "outsourcing/work_drafts.html", context)
