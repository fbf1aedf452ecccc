"""第6-5: what a user takes out in a day is counted. Above a first number the user is warned before
the file is given, above a second a reason is asked for, and those who answer for it are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.shortcuts import render
from django.utils import timezone

from accounts.access import Access
from accounts.forms import TakingForm
from accounts.models import DownloadLimit, DownloadNotice
from outsourcing.abilities import Ability
from outsourcing.scope import Scope
from trail.accesses import record
from trail.models import Access as Recorded
from trail.models import Kind

TAKEN = (Kind.EXPORT, Kind.DOWNLOAD)


class Taking(NamedTuple):
    """A file somebody is about to take out: its rows, and with them those of the whole day."""

    name: str
    rows: int
    today: int
    warn_above: int
    ask_above: int

    @property
    def warns(self) -> bool:
        return self.today > self.warn_above

    @property
    def asks(self) -> bool:
        return self.today > self.ask_above


def taken_out(user_id: int, on: date) -> int:
    """The rows a user has taken out on a day (in Tokyo) so far."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(on, time.min, tzinfo=zone)
    last = datetime.combine(on, time.max, tzinfo=zone)
    rows = Recorded.objects.filter(who_id=user_id, at__range=(first, last), kind__in=TAKEN)
    return rows.aggregate(rows=Sum("rows"))["rows"] or 0


def limits(agency_ids: Iterable[int]) -> tuple[int, int]:
    """(warn above, ask above): the lowest of what these agencies have set; else the settings'."""
    rows = list(DownloadLimit.objects.filter(agency__in=agency_ids))
    if not rows:
        return settings.DOWNLOAD_WARN_ABOVE, settings.DOWNLOAD_ASK_ABOVE
    return min(row.warn_above for row in rows), min(row.ask_above for row in rows)


def take_out(request, *, name: str, rows: int):
    """Record that a file of so many rows is taken out, and return None; or return the page that
    warns, or asks for a reason, in place of the file."""
    agencies = agencies_of(request.access)
    taking = Taking(
        name, rows, taken_out(request.user.pk, timezone.localdate()) + rows, *limits(agencies)
    )
    form = TakingForm(request.POST if request.method == "POST" else None, asks=taking.asks)
    if taking.warns and not form.is_valid():
        status = 400 if form.is_bound else 200
        context = {"taking": taking, "form": form}
        return render(request, "accounts/taking_out.html", context, status=status)
    reason = form.cleaned_data["reason"] if taking.warns else ""
    with transaction.atomic():
        of = agencies[0] if len(agencies) == 1 else None
        record(Kind.DOWNLOAD, object=name, rows=rows, note=reason, agency_id=of)
        if taking.asks:
            DownloadNotice.objects.bulk_create(
                DownloadNotice(
                    agency_id=agency,
                    who=str(request.user),
                    name=name,
                    rows=rows,
                    today=taking.today,
                    reason=reason,
                )
                for agency in agencies or [None]
            )
    return None


def notices(scope: Scope):
    """The notices that are shown to whom ``READ_NOTICES`` gives this scope: of the own agencies, or
    of the ministry's own office."""
    if scope.is_everything:
        return DownloadNotice.objects.filter(agency=None)
    return DownloadNotice.objects.filter(agency__in=scope.agency_ids)


def unseen(scope: Scope):
    """Those of them that nobody has seen yet."""
    return notices(scope).filter(seen_at=None).order_by()


def agencies_of(access: Access) -> list[int]:
    """Where who takes out belongs; nowhere, for the ministry's survey office."""
    scope = access.scope(Ability.EXPORT)
    return [] if scope.is_everything else sorted(scope.agency_ids)
