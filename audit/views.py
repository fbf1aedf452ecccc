"""The list of findings."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from audit.filters import FindingFilter
from audit.tables import FindingTable
from guideline.models import Finding
from outsourcing.abilities import Ability, needs
from outsourcing.filters import chosen
from outsourcing.views import paged, without_blanks


@needs(Ability.READ_LEDGER)
@require_safe
def finding_list(request):
    """Findings that are open, stand on a day or in a period, or are about to begin."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    on = request.as_of()
    found = FindingFilter(request.GET, queryset=_findings(request), request=request, on=on)
    context = {
        "filter": found,
        "table": _table(request, found.qs, on),
        "conditions": chosen(found),
        "on": on,
    }
    return render(request, "audit/finding_list.html", context)


def _findings(request):
    return Finding.objects.visible_to(request.scope)


def _table(request, findings, on) -> FindingTable:
    rows = findings.select_related("agency", "contract__agency", "disclosure__agency")
    return paged(request, FindingTable(rows, caption="所見の一覧", on=on))
