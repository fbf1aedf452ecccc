"""The list of findings."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from audit.facets import facets
from audit.filter_panel import agency_options, panel
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
    ticks = request.access.may(Ability.WRITE_LEDGER)
    context = {
        "filter": found,
        "fields": panel(found),
        "listing": listing,
        "table": listing.table("所見の一覧", ticks=ticks),
        "ticks": ticks,
        "conditions": chosen(found),
        "query": listing.query,
        "on": on,
    }
    return render(request, "audit/finding_list.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def finding_facets(request):
    """How many findings of the list have each value; ``part=1``: without the page around it, for a
    page that asks for it while the list is looked at already."""
    on = request.as_of()
    data = request.GET.copy()
    part = data.pop("part", None)
    found = FindingFilter(data, queryset=_findings(request), request=request, on=on)
    context = {
        "filter": found,
        "facets": facets(found),
        "agencies": agency_options(request),
        "on": on,
        "query": data.urlencode(),
    }
    if not part:
        context["conditions"] = chosen(found)
    name = "_facets" if part else "finding_facets"
    return render(request, f"audit/{name}.html", context)


def _findings(request):
    return Finding.objects.visible_to(request.scope)
