"""Pages of the survey: overview, the five tables, what is behind a number, reconciliation."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from outsourcing.abilities import Ability, needs
from outsourcing.views import render_contracts
from surveys import rounds, sentences, sheets
from surveys.classification import classified, contradictions
from surveys.exports import ExportError, export
from surveys.filters import SurveyContractFilter
from surveys.links import linked
from surveys.reconciliation import reconcile, traces
from surveys.supervision import counted_bodies


@needs(Ability.USE)
@require_safe
def home(request):
    """What stands today; one's own page where no ledger is read."""
    return redirect("dashboard" if request.access.may(Ability.READ_LEDGER) else "account")


@needs(Ability.READ_LEDGER)
@require_safe
def latest(request):
    """The latest round, or the ledger where there is none."""
    known = rounds.years()
    return redirect("survey", known[0]) if known else redirect("contracts")


@needs(Ability.READ_LEDGER)
@require_safe
def overview(request, year):
    """The survey in the report's words, with figures computed from the ledger."""
    round_ = _round(year)
    return render(
        request,
        "surveys/overview.html",
        {
            "round": round_,
            "years": rounds.years(),
            "sentences": sentences.sentences(round_, request.scope),
            "layouts": sheets.LAYOUTS.values(),
        },
    )


@needs(Ability.READ_LEDGER)
@require_safe
def table(request, year, key):
    """One of the five tables; each number opens the contracts behind it."""
    round_ = _round(year)
    if key not in sheets.LAYOUTS:
        raise Http404
    sheet = rounds.table(round_, key, request.scope)
    return render(
        request,
        "surveys/table.html",
        {
            "round": round_,
            "sheet": sheet,
            "sections": linked(sheet, round_.year),
            "width": len(sheet.columns) + 1,
            "layouts": sheets.LAYOUTS.values(),
        },
    )


@needs(Ability.READ_LEDGER)
@require_safe
def contracts(request, year, information):
    """The contracts behind a number of a survey."""
    round_ = _round(year)
    survey = _survey(round_, information)
    return render_contracts(
        request,
        partial(SurveyContractFilter, survey=survey),
        classified(survey, request.scope),
        "surveys/contracts.html",
        round=round_,
        survey=survey,
    )


@needs(Ability.READ_LEDGER)
@require_safe
def reconciliation(request, year):
    """Every printed number beside the one rebuilt, differences first; or these alone."""
    round_ = _round(year)
    result = reconcile(round_, request.scope)
    only_differing = request.GET.get("show") == "differing"
    context = {
        "round": round_,
        "layouts": sheets.LAYOUTS.values(),
        "result": result,
        "only_differing": only_differing,
        "cells": result.differing if only_differing else result.cells,
        "traces": traces(round_, request.scope) if result.differing else [],
    }
    return render(request, "surveys/reconciliation.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def contradicting(request, year):
    """Contracts whose ledger and confirmation are at odds."""
    round_ = _round(year)
    rows = [
        (survey, contradictions(survey, request.scope).select_related("agency", "contractor"))
        for survey in round_.surveys
    ]
    context = {"round": round_, "layouts": sheets.LAYOUTS.values(), "rows": rows}
    return render(request, "surveys/contradictions.html", context)


@needs(Ability.READ_SUPERVISED)
@require_safe
def supervised(request, year):
    """How many contracts of which class the supervised bodies have: numbers, and nothing else."""
    round_ = _round(year)
    rows = counted_bodies(round_, request.access.scope(Ability.READ_SUPERVISED))
    return render(request, "surveys/supervised.html", {"round": round_, "tables": rows})


@needs(Ability.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])  # POST: goes on after a warning
def download(request, year, name):
    """A workbook or CSV file of the tables, as far as the reader may see."""
    round_ = _round(year)
    try:
        scope = request.access.scope(Ability.EXPORT)
        file = export(round_, scope, name, request.GET, on=timezone.localdate())
    except ExportError as error:
        return render(
            request, "surveys/export_refused.html", {"round": round_, "error": error}, status=400
        )
    if (instead := request.take_out(name=file.name, rows=file.rows)) is not None:
        return instead
    response = HttpResponse(file.content, content_type=file.content_type)
    response.headers["Content-Disposition"] = file.disposition
    response.headers["Cache-Control"] = "no-store"
    return response


@needs(Ability.EXPORT)
@require_safe
def exports(request, year):
    """What can be taken out, in which form."""
    round_ = _round(year)
    scope = request.access.scope(Ability.EXPORT)
    agencies = {(row.agency_code, row.printed_name) for row in rounds.listed(round_, scope)}
    context = {"round": round_, "agencies": sorted(agencies)}
    return render(request, "surveys/exports.html", context | {"layouts": sheets.LAYOUTS.values()})


def _round(year: int) -> rounds.Round:
    try:
        return rounds.find(year)
    except rounds.NoSuchRound as error:
        raise Http404(str(error)) from error


def _survey(round_: rounds.Round, information: str):
    try:
        return round_.survey(information)
    except StopIteration as error:
        raise Http404 from error
