"""概況: what stands today, for each role in the order of its work."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import dashboard_parts as parts
from audit.dashboard import AHEAD, CHANGES, SOON, Dashboard
from outsourcing.abilities import Ability, needs
from outsourcing.forms import AsOfForm
from outsourcing.models import Section

# In which order a page tells what it has: who works on contracts, who answers for them (or runs the
# survey), and who audits or reads.
WORKS = ("own", "corrections", "due", "changes", "works", "provisions", "places", "trend")
ANSWERS = ("places", "works", "corrections", "contractors", "due", "changes", "provisions", "trend")
AUDITS = ("corrections", "changes", "provisions", "trend", "places", "works", "due")
NARROW = ("works", "corrections", "changes")  # of what is asked for by itself
# What is asked for by itself where all agencies are counted; of few, what looks back alone.
APART = {
    True: ("trend", "contractors", "agencies", "works", "corrections", "changes"),
    False: ("trend",),
}
TITLES = {
    "trend": "所見の推移",
    "contractors": "複数の機関の所見に現れる事業者",
    "agencies": "機関ごとの所見",
    "works": "業務の種類ごとの所見",
    "corrections": "是正の状態",
    "changes": f"この{CHANGES}日の変化",
}
DAYS = {"soon": SOON, "ahead": AHEAD, "changes": CHANGES}


@needs(Ability.READ_LEDGER)
@require_safe
def dashboard(request):
    """What stands, what is to be done, where, and since when."""
    shown = _dashboard(request)
    context = {
        "dashboard": shown,
        "on": shown.on,
        "form": AsOfForm(request.GET),
        "blocks": [_block(name, shown) for name in _order(request, shown)],
        "days": DAYS,
    }
    return render(request, "audit/dashboard.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def dashboard_part(request, part):
    """One part by itself."""
    shown = _dashboard(request)
    if part not in TITLES or (part == "contractors" and not shown.scope.is_everything):
        raise Http404
    context = {
        "dashboard": shown,
        "on": shown.on,
        "title": TITLES[part],
        "template": f"audit/dashboard/{part}.html",
        "days": DAYS,
    }
    if part == "trend":
        context["lines"] = parts.lines(shown)
    elif part == "contractors":
        context["shared"], context["several"] = parts.shared_contractors(shown)
    return render(request, "audit/dashboard_part.html", context)


def _dashboard(request) -> Dashboard:
    return Dashboard(request.scope, request.as_of(), own=_own_sections(request))


def _own_sections(request) -> list[Section]:
    """Of who writes for some sections alone."""
    keys = set()
    for agency in request.access.agencies(Ability.WRITE_LEDGER):
        keys |= request.access.sections(Ability.WRITE_LEDGER, agency_id=agency.pk) or set()
    rows = Section.objects.visible_to(request.scope).valid().filter(pk__in=keys)
    return list(rows.select_related("agency").order_by("agency__code", "code")) if keys else []


def _block(name: str, shown: Dashboard) -> dict:
    """A part of the page: its template, or where it is asked for by itself the address."""
    if name == "places":
        name = "sections" if shown.is_of_one_agency else "agencies"
    if name in APART[shown.scope.is_everything]:
        apart = reverse("dashboard-part", args=[name])
        return {"title": TITLES[name], "apart": apart, "narrow": name in NARROW}
    return {"template": f"audit/dashboard/{name}.html"}


def _order(request, shown: Dashboard) -> list[str]:
    if request.access.may(Ability.WRITE_LEDGER):
        order = WORKS
    elif request.access.may(Ability.RESPOND) or shown.scope.is_everything:
        order = ANSWERS
    else:
        order = AUDITS
    left_out = set() if shown.own else {"own"}
    left_out |= set() if shown.scope.is_everything else {"contractors"}
    return [name for name in order if name not in left_out]
