"""Comparing: two days, two agencies or sections, two editions side by side."""

from __future__ import annotations

from datetime import date
from html import escape

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from audit import comparing
from audit.comparing import BY, ChangeFilter
from audit.forms import BetweenForm, Part, PartsForm
from audit.listing import Listing
from guideline.comparison import compare
from guideline.forms import EditionsForm
from guideline.models import Finding
from outsourcing.abilities import Ability, needs
from outsourcing.filters import chosen, own_sections, visible_agencies
from outsourcing.forms import AsOfForm
from outsourcing.models import Contract
from outsourcing.views import without_blanks

SHOWN = {
    "come": comparing.came,
    "gone": comparing.went,
    "stayed": comparing.stayed,
}


@needs(Ability.READ_LEDGER)
@require_safe
def changes(request):
    """The findings that came between two days, that went, or that stayed: as lists."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    form = BetweenForm.of(request.GET, on=request.as_of())
    first, last = form.days()
    filter_ = _filter(request)
    show = request.GET.get("show")
    show = show if show in SHOWN else "come"
    on = first if show == "gone" else last
    listing = Listing(SHOWN[show](filter_.qs, first, last), request.GET, on=on)
    context = _between(request, form, filter_) | {
        "numbers": comparing.number(filter_.qs, first, last),
        "show": show,
        "listing": listing,
        "table": listing.table("所見の変化"),
    }
    return render(request, "audit/changes.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def two_days(request):
    """By rule or provision: what stood on a day, what came, went and stayed until another."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    form = BetweenForm.of(request.GET, on=request.as_of())
    first, last = form.days()
    filter_ = _filter(request)
    by = request.GET.get("by")
    by = by if by in BY else "rule"
    asked = _conditions(filter_)
    rows = comparing.changes(filter_.qs, first, last, by=by)
    context = _between(request, form, filter_) | {
        "by": by,
        "heading": BY[by],
        "rows": [(row, _change_links(asked, first, last, **{by: row.key})) for row in rows],
        "total": comparing.total(rows),
        "total_links": _change_links(asked, first, last),
        "agencies": _agency_options(request),
    }
    return render(request, "audit/comparing.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def two_parts(request):
    """Two agencies, or sections of one's own, side by side on a day; or one on two days."""
    parts = parts_of(request)
    form = PartsForm(
        request.GET if "left" in request.GET else None,
        parts=parts,
        initial=_first_asked(parts, request.as_of()),
    )
    sides = [_side(request, part, on) for part, on in form.sides]
    selects = [
        ((name, form[name].label, form[f"{name}_on"]), _options(parts, form[name].value() or ""))
        for name in ("left", "right")
    ]
    context = {"form": form, "sides": sides, "selects": selects}
    if sides:
        by_rule, by_work = [s.by_rule for s in sides], [s.by_work for s in sides]
        contracts = [side.contracts for side in sides]
        context["rules"] = [
            (label, [_of_side(side, rule=key) for side in sides])
            for key, label in comparing.rules_of(*by_rule)
        ]
        context["works"] = [
            (label, [_of_side(side, work=key) for side in sides])
            for key, label in comparing.works_of(*by_work, *contracts)
        ]
        context["totals"] = [_of_side(side) for side in sides]
    return render(request, "audit/comparing_parts.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def two_editions(request):
    """What the guideline changed, and the findings that are there for that alone."""
    form = EditionsForm(request.GET if {"old", "new"} & request.GET.keys() else None)
    old, new = form.chosen()
    on = request.as_of() if "as_of" in request.GET else max(request.as_of(), new.first_day)
    findings = Finding.objects.visible_to(request.scope)
    rows = comparing.owed(findings, on) if comparing.concerns(old, new) else []
    at = QueryDict(f"when=standing&as_of={on}")
    context = {
        "form": form,
        "old": old,
        "new": new,
        "on": on,
        "as_of": AsOfForm(request.GET),
        "differing": [pair.code for pair in compare(old, new) if pair.differs],
        "rules": comparing.rules_changed(old, new),
        "listed": comparing.lists_changed(old, new),
        "concerns": comparing.concerns(old, new),
        "rows": [
            (row, _list(at, rule=row.key, owed="yes"), _list(at, rule=row.key)) for row in rows
        ],
        "number": sum(row.owed for row in rows),
        "all": _list(at, owed="yes"),
    }
    return render(request, "audit/comparing_editions.html", context)


def _filter(request) -> ChangeFilter:
    rows = Finding.objects.visible_to(request.scope)
    return ChangeFilter(request.GET, queryset=rows, request=request, on=request.as_of())


def _conditions(filter_: ChangeFilter) -> QueryDict:
    """Those of the address that are not days."""
    asked = QueryDict(mutable=True)
    for name in filter_.filters:
        if filter_.data.get(name):
            asked[name] = filter_.data[name]
    return asked


def _between(request, form: BetweenForm, filter_: ChangeFilter) -> dict:
    first, last = form.days()
    asked = _conditions(filter_)
    return {
        "form": form,
        "filter": filter_,
        "first": first,
        "last": last,
        "conditions": chosen(filter_),
        "asked": asked,
        "rest": asked.urlencode(),
    }


def _change_links(asked: QueryDict, first: date, last: date, **of) -> dict[str, str]:
    """The list behind each number of a row."""
    between = asked.copy()
    between["first"], between["last"] = str(first), str(last)
    lists = {show: _address("finding-changes", between, show=show, **of) for show in SHOWN}
    for name, day in (("before", first), ("after", last)):
        lists[name] = _list(asked, when="standing", as_of=day, **of)
    return lists


def _list(asked: QueryDict, **values) -> str:
    return _address("findings", asked, **values)


def _address(name: str, asked: QueryDict, **values) -> str:
    query = asked.copy()
    for key, value in values.items():
        query[key] = str(value)
    return f"{reverse(name)}?{query.urlencode()}"


def _agency_options(request) -> SafeString | None:
    """For who reads several."""
    found = [Part(agency) for agency in visible_agencies(request)]
    return _options(found, request.GET.get("agency", "")) if len(found) > 1 else None


def parts_of(request) -> list[Part]:
    """What the reader may compare: agencies, and after each own one its sections."""
    sections = {}
    for section in own_sections(request):
        sections.setdefault(section.agency_id, []).append(section)
    found = []
    for agency in visible_agencies(request):
        found.append(Part(agency))
        found += [Part(agency, section) for section in sections.get(agency.pk, ())]
    return found


def _first_asked(parts: list[Part], on: date) -> dict:
    """What the form holds at first: who reads one ledger is likely to ask how it was a year ago."""
    initial = {"left_on": on.isoformat()}
    if parts and all(part.agency == parts[0].agency for part in parts):
        a_year_ago = on.replace(year=on.year - 1, day=min(on.day, 28) if on.month == 2 else on.day)
        code = parts[0].code
        initial |= {"left": code, "right": code, "right_on": a_year_ago.isoformat()}
    return initial


def _options(parts: list[Part], chosen_code: str) -> SafeString:
    """For 238 agencies the widget's own template would take longer than all the rest."""
    return mark_safe(
        "".join(
            f'<option value="{escape(part.code)}"{" selected" * (part.code == chosen_code)}>'
            f"{'　' if part.section else ''}{escape(part.label)}</option>"
            for part in parts
        )
    )


def _side(request, part: Part, on: date) -> comparing.Side:
    asked = QueryDict(mutable=True)
    asked["agency"] = part.agency.code
    contracts = Contract.objects.visible_to(request.scope).valid().filter(agency=part.agency)
    if part.section is not None:
        asked["section"] = part.code
        contracts = contracts.filter(section=part.section)
    asked["when"], asked["as_of"] = "standing", str(on)
    return comparing.side(part.label, asked, contracts, on=on, request=request)


def _of_side(side: comparing.Side, **of) -> dict:
    """A number of findings and of contracts in force, each with the list behind it."""
    if "rule" in of:
        findings = side.by_rule[of["rule"]]
    else:
        findings = side.by_work[of["work"]] if of else side.findings
    work = {name: value for name, value in of.items() if name == "work"}
    in_force = side.conditions.copy()
    in_force["on"] = in_force.pop("as_of")[0]
    del in_force["when"]
    return {
        "findings": findings,
        "list": _list(side.conditions, **of),
        "contracts": side.contracts[work["work"]] if work else side.in_force,
        "contract_list": _address("contracts", in_force, **work),
    }
