"""The list of findings."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from audit.filter_panel import panel
from audit.filters import FindingFilter
from audit.listing import Listing
from guideline.models import Finding
from outsourcing.abilities import Ability, needs
from outsourcing.filters import chosen
from outsourcing.views import without_blanks


@needs(Ability.READ_LEDGER)
@require_safe
def finding_list(request):
    """Findings that are open, stand on a day or in a period, or are about to begin."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    on = request.as_of()
    found = FindingFilter(request.GET, queryset=_findings(request), request=request, on=on)
    listing = Listing.of(found)
    context = {
        "filter": found,
        "groups": panel(found),
        "listing": listing,
        "table": listing.table("所見の一覧", on),
        "conditions": chosen(found),
        "on": on,
    }
    return render(request, "audit/finding_list.html", context)


def _findings(request):
    return Finding.objects.visible_to(request.scope)
