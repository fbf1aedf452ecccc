"""The cross table of contracts, what is behind one of its numbers, and the table as a file."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit import crosstab_files, crosstab_page
from audit.crosstab import AXES, OF, WORK, YEAR
from audit.crosstab_counting import tabulate
from audit.crosstab_filters import CrosstabContractFilter, CrosstabFilter
from outsourcing.abilities import Ability, needs
from outsourcing.filters import Condition, chosen
from outsourcing.models import Contract
from outsourcing.views import render_contracts, without_blanks

AXIS_NAMES = ("rows", "columns")
UNLESS_ASKED = (YEAR, WORK)


@needs(Ability.READ_LEDGER)
@require_safe
def crosstab(request):
    """Contracts by any two of ``AXES``; each number opens the contracts it counts."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    found = _filter(request, request.scope)
    context = {
        "filter": found,
        "axes": [found.form[name] for name in (*AXIS_NAMES, "of")],
        "more": [field for field in found.form if field.name not in (*AXIS_NAMES, "of")],
        "conditions": _conditions(found),
    }
    if found.is_valid():
        table = tabulate(found.asked, *found.axes)
        context |= {
            "table": table,
            "title": crosstab_page.title_of(table),
            "columns": table.columns,
            "corner": AXES[table.axes[0]],
            "body": crosstab_page.body(table),
            "notes": crosstab_page.notes(table),
            "on": found.on,
            "turned": _turned(found),
            "query": request.GET.urlencode(),
        }
    return render(request, "audit/crosstab.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def contracts(request):
    """The contracts behind a number of a cross table."""
    found = Contract.objects.visible_to(request.scope)
    on = request.as_of()
    of = OF.get(request.GET.get("of", ""), "契約")
    template = "audit/crosstab_contracts.html"
    filter_class = partial(CrosstabContractFilter, on=on, scope=request.scope)
    return render_contracts(request, filter_class, found, template, on=on, counted=of)


@needs(Ability.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])  # POST: goes on after a warning
def export(request, kind):
    """The table as an Excel or CSV file, as far as the reader may take it out."""
    if kind not in crosstab_files.KINDS:
        raise Http404
    found = _filter(request, request.access.scope(Ability.EXPORT))
    if not found.is_valid():
        return redirect(f"{reverse('crosstab')}?{request.GET.urlencode()}")
    table = tabulate(found.asked, *found.axes)
    name = f"クロス集計_{found.on.isoformat()}.{kind}"
    if (instead := request.take_out(name=name, rows=len(table.rows))) is not None:
        return instead
    if kind == "csv":
        content = crosstab_files.csv(table)
    else:
        said = [(one.label, one.value) for one in _conditions(found) if one.label != "基準日"]
        content = crosstab_files.workbook(table, said, made_on=timezone.localdate())
    response = HttpResponse(content, content_type=crosstab_files.KINDS[kind])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _filter(request, scope) -> CrosstabFilter:
    data = request.GET.copy()
    for name, axis in zip(AXIS_NAMES, UNLESS_ASKED, strict=True):
        data.setdefault(name, axis)
    rows = Contract.objects.none()  # a table lists no contracts
    return CrosstabFilter(data, queryset=rows, request=request, on=request.as_of(), scope=scope)


def _conditions(found: CrosstabFilter) -> list[Condition]:
    """What narrows the table; its axes do not."""
    axes = {found.form.fields[name].label for name in AXIS_NAMES}
    return [one for one in chosen(found) if one.label not in axes]


def _turned(found: CrosstabFilter) -> str:
    """The same table with rows for columns."""
    data = found.data.copy()
    data["rows"], data["columns"] = reversed(found.axes)
    return data.urlencode()
