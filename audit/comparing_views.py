"""Comparing: what changed between two days."""

from __future__ import annotations

from datetime import timedelta

from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.forms import BetweenForm
from audit.listing import Listing
from guideline.models import Finding
from outsourcing.abilities import Ability, needs


@needs(Ability.READ_LEDGER)
@require_safe
def changes(request):
    """What differs between two days: findings that have come, and that have gone."""
    form = BetweenForm(request.GET or None, on=request.as_of())
    first, last = form.days()
    findings = Finding.objects.visible_to(request.scope)
    # What came is true on the last day and was not on the first; what went, the other way round.
    come = findings.arising(first + timedelta(days=1), last).filter(ends__gt=last)
    gone = findings.ending(first + timedelta(days=1), last).filter(since__lte=first)
    shows_gone = request.GET.get("show") == "gone"
    listing = Listing(gone if shows_gone else come, request.GET)
    context = {
        "form": form,
        "first": first,
        "last": last,
        "come": come.count(),
        "gone": gone.count(),
        "shows_gone": shows_gone,
        "listing": listing,
        "table": listing.table("所見の変化", first if shows_gone else last),
    }
    return render(request, "audit/changes.html", context)
