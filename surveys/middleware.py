"""Gives each request the day its pages are read as of."""

from __future__ import annotations

from datetime import date
from functools import cache, partial

from django.db.models import F
from django.utils import timezone

from outsourcing.models import Contract
from outsourcing.prepared import Composed
from outsourcing.scope import Scope
from outsourcing.wareki import parse
from surveys.models import Survey

FIRST = Composed(planned_once=True)


class DayMiddleware:
    """``request.as_of()``: the day asked for (``?as_of=``), else today; with nothing but synthetic
    data the last day of the latest round, since that is what the data shows."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # A call, not a lazy object: those do not compare with days.
        request.as_of = cache(partial(day_asked_for, request))
        return self.get_response(request)


def has_real_contracts(scope: Scope) -> bool:
    """Whether a reader sees any contract that is not synthetic."""
    return FIRST.rows(scope, partial(first_contract, scope, synthetic=False)) == [(False,)]


def first_contract(scope: Scope, *, synthetic: bool):
    """Whether the first contract a reader sees is synthetic, where those that are, or are not,
    stand first: an order that an index has, however large the ledger. (Where all are of one kind,
    no index tells them apart.)"""
    contracts = Contract.objects.visible_to(scope).valid().filter(last_day__gte=F("first_day"))
    order = "-synthetic" if synthetic else "synthetic"
    return contracts.order_by(order).values_list("synthetic")[:1]


def day_asked_for(request) -> date:
    try:
        return parse(request.GET["as_of"])
    except (KeyError, ValueError):
        return default_day(request.scope)


def default_day(scope: Scope) -> date:
    if not has_real_contracts(scope):
        latest = Survey.objects.valid().filter(synthetic=True).order_by("-fiscal_year").first()
        if latest is not None:
            return latest.last_day
    return timezone.localdate()
