"""Comparing: what changed between two days."""

from __future__ import annotations

from datetime import timedelta

from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.forms import BetweenForm
from audit.tables import FindingTable
from guideline.models import Finding
from outsourcing.abilities import Ability, needs
from outsourcing.views import paged


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
    context = {
        "form": form,
        "first": first,
        "last": last,
        "come": come.count(),
        "gone": gone.count(),
        "shows_gone": shows_gone,
        "table": _table(request, gone if shows_gone else come, first if shows_gone else last),
    }
    return render(request, "audit/changes.html", context)


def _table(request, findings, on) -> FindingTable:
    rows = findings.select_related("agency", "contract__agency", "disclosure__agency")
    return paged(request, FindingTable(rows, caption="所見の一覧", on=on))
