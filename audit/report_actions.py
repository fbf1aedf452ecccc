"""The verbs of a saved report, and how its counts are kept.

A count is the length of the list as of a day, as the ledger stood when it was counted. What was
counted stays, also where the ledger is corrected later, until somebody asks to count anew; only the
number of today follows the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from audit import counting, reports
from audit.models import ReportCount, SavedReport
from outsourcing.actions.base import change, insert, recording, void
from outsourcing.models import Agency

ONE_DAY = timedelta(days=1)


def save(*, by, agency: Agency | None, name: str, conditions: str, shared: bool) -> SavedReport:
    """Keep conditions under a name; the past is counted at once."""
    with recording():
        row = SavedReport(
            agency=agency, owner=by, name=name.strip(), conditions=conditions, shared=shared
        )
        insert(row, by=by)
        _fill(row)
    return row


def rename(report: SavedReport, *, by, version: int, name: str, shared: bool) -> SavedReport:
    with recording():
        return change(report, by=by, version=version, name=name.strip(), shared=shared)


def ask_anew(report: SavedReport, *, by, version: int, conditions: str) -> SavedReport:
    """Other conditions under the same name: nothing that was counted holds any more."""
    with recording():
        change(report, by=by, version=version, conditions=conditions)
        recount(report)
    return report


def take_back(report: SavedReport, *, by, on: date, version: int) -> SavedReport:
    with recording():
        return void(report, by=by, on=on, reason="作った人による取消し", version=version)


def recount(report: SavedReport) -> list[str]:
    """Count every day anew, as the ledger stands now. Returns why it cannot be counted: then what
    was counted stays."""
    with transaction.atomic():
        refused = reports.problems(reports.list_of(report, reports.today_of(report.agency)))
        if not refused:
            report.counts.all().delete()
            _fill(report)
    return refused


def bring_up(saved: Iterable[SavedReport]) -> dict[int, list[str]]:
    """Count what has not been counted up to today, or was before the ledger changed last. Returns
    why some cannot be counted, by their keys."""
    saved = sorted(saved, key=lambda report: report.pk)  # in one order, so that none waits in ring
    agencies = {report.agency_id: report.agency for report in saved}
    today = {key: reports.today_of(agency) for key, agency in agencies.items()}
    changed = {key: reports.changed_at(agency) for key, agency in agencies.items()}
    counts = ReportCount.objects.filter(report__in=saved, day__in=set(today.values()))
    at = {(key, day): at for key, day, at in counts.values_list("report_id", "day", "counted_at")}
    refused = {}
    for report in saved:
        counted = at.get((report.pk, today[report.agency_id]))
        if counted is not None and not _is_older(counted, changed[report.agency_id]):
            continue
        if why := _count(report, today[report.agency_id]):
            refused[report.pk] = why
    return refused


def _is_older(counted: datetime, changed: datetime | None) -> bool:
    return changed is not None and counted < changed


def _count(report: SavedReport, today: date) -> list[str]:
    """Today's number, and those of the days before on which nobody counted."""
    now, found = timezone.now(), reports.list_of(report, today)
    if refused := reports.problems(found):
        return refused
    latest = report.counts.order_by("-day").first()
    if latest is None:
        _fill(report)
        return []
    with transaction.atomic():
        first, last = latest.day + ONE_DAY, today - ONE_DAY
        if first <= last:
            _store(report, first, counting.numbers(found, first, last), now)
        _store(report, today, [counting.length(found)], now, follows=True)
    return []


def _fill(report: SavedReport) -> None:
    """All days from the first contract on; not where the conditions are not understood."""
    now, today = timezone.now(), reports.today_of(report.agency)
    found = reports.list_of(report, today)
    if not reports.problems(found):
        first = reports.first_day(report.agency, today)
        _store(report, first, counting.numbers(found, first, today), now)


def _store(
    report: SavedReport, first: date, numbers: list[int], now: datetime, *, follows: bool = False
) -> None:
    """Keep what was counted ``now`` of the days from ``first`` on. Where somebody else has counted
    in the meantime that stays, unless the number ``follows`` the ledger."""
    rows = [
        ReportCount(
            report=report,
            agency_id=report.agency_id,
            day=first + timedelta(days=place),
            number=number,
            counted_at=now,
        )
        for place, number in enumerate(numbers)
    ]
    if follows:
        ReportCount.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["report", "day"],
            update_fields=["number", "counted_at"],
        )
    else:
        ReportCount.objects.bulk_create(rows, ignore_conflicts=True)
