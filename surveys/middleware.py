"""Gives each request the day its pages are read as of."""

from __future__ import annotations

from datetime import date
from functools import cache, partial

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from outsourcing.models import Contract
from outsourcing.prepared import Composed
from outsourcing.wareki import parse
from surveys.models import Survey

FIRST = Composed()  # asked for every page


class DayMiddleware:
    """``request.as_of()``: the day asked for (``?as_of=``), else today; with nothing but synthetic
    data the last day of the latest round, since that is what the data shows.

    ``request.shows_synthetic``: whether pages must say that they show synthetic data.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # A call, not a lazy object: those do not compare with days.
        request.as_of = cache(partial(day_asked_for, request))
        request.shows_synthetic = SimpleLazyObject(lambda: has_contracts(synthetic=True))
        return self.get_response(request)


def has_contracts(*, synthetic: bool) -> bool:
    """Whether the ledger holds any such contract; answered by an index, however large it is."""
    kinds = Contract.Information.values

    def first():
        contracts = Contract.objects.valid().filter(information__in=kinds, synthetic=synthetic)
        return contracts.order_by().values_list("pk")[:1]

    return bool(FIRST.rows(synthetic, first))


def day_asked_for(request) -> date:
    try:
        return parse(request.GET["as_of"])
    except (KeyError, ValueError):
        return default_day()


def default_day() -> date:
    if not has_contracts(synthetic=False):
        latest = Survey.objects.valid().filter(synthetic=True).order_by("-fiscal_year").first()
        if latest is not None:
            return latest.last_day
    return timezone.localdate()
