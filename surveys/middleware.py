"""Gives each request the day its pages are read as of."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from outsourcing.models import Contract
from outsourcing.wareki import parse
from surveys.models import Survey


class DayMiddleware:
    """``request.day``: the day asked for (``?as_of=``), else today; with nothing but synthetic data
    the last day of the latest round, since that is what the data shows."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.day = SimpleLazyObject(lambda: day_asked_for(request))
        return self.get_response(request)


def day_asked_for(request) -> date:
    try:
        return parse(request.GET["as_of"])
    except (KeyError, ValueError):
        return default_day()


def default_day() -> date:
    if not Contract.objects.filter(synthetic=False).exists():
        latest = Survey.objects.valid().filter(synthetic=True).order_by("-fiscal_year").first()
        if latest is not None:
            return latest.last_day
    return timezone.localdate()
