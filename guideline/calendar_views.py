"""Pages of the year of an officer's inspections."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from guideline.calendar_files import calendar_of
from guideline.inspection_calendar import Year, year_of
from outsourcing import fiscal_year
from outsourcing.abilities import Ability, needs
from outsourcing.form_pages import METHODS
from outsourcing.forms import CodeField, YearField
from outsourcing.models import Contract, PlannedInspection
from outsourcing.scope import Scope


class CalendarForm(forms.Form):
    """Whose year, and which."""

    year = YearField(label="年度", required=False, help_text="西暦（例：2026）")
    officer = CodeField(label="担当者", code="username", required=False, empty_label="自分")

    def __init__(self, data=None, *, officers):
        super().__init__(data)
        self.fields["officer"].queryset = officers


def officers(scope: Scope):
    """Who has anything in charge that a reader may see."""
    in_charge = Q()
    for model in (Contract, PlannedInspection):
        rows = model.objects.visible_to(scope).valid().exclude(officer=None)
        in_charge |= Q(pk__in=rows.order_by().values("officer"))
    return get_user_model().objects.filter(in_charge).order_by("full_name", "username")


@needs(Ability.READ_LEDGER)
@require_safe
def calendar(request):
    """Month by month: planned, done, due."""
    form, year, officer = _asked(request)
    context = {
        "form": form,
        "year": year,
        "officer": officer,
        "own": officer == request.user,
        "months": list(year.months()),
        "next": next(iter(year.due), None),
        "may_write": request.access.may(Ability.WRITE_LEDGER),
        "may_export": request.access.may(Ability.EXPORT),
        "address": urlencode({"year": year.year, "officer": officer.username}),
    }
    return render(request, "guideline/inspection_calendar.html", context)


@needs(Ability.EXPORT)
@require_http_methods(METHODS)
def calendar_file(request):
    """The same as iCalendar; counted as taken out (第6-5)."""
    form, year, _ = _asked(request)
    if form.errors:
        return redirect(f"{reverse('inspection-calendar')}?{request.GET.urlencode()}")
    made = calendar_of(year, at=timezone.now())
    name = f"inspections-{year.year}.ics"
    if (instead := request.take_out(name=name, rows=len(made.events))) is not None:
        return instead
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _asked(request) -> tuple[CalendarForm, Year, object]:
    """What cannot be understood is said, and the own year of the day shown."""
    on = request.as_of()
    form = CalendarForm(request.GET, officers=officers(request.scope))
    form.full_clean()
    officer = form.cleaned_data.get("officer") or request.user
    number = form.cleaned_data.get("year") or fiscal_year.fiscal_year_of(on)
    return form, year_of(officer, number, request.scope, on=on), officer
