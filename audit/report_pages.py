"""What the pages of saved reports show: numbers of days, their changes, and the picture of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from audit import charts, counting, reports
from audit.models import ReportCount, SavedReport
from audit.reports import Condition
from outsourcing import fiscal_year, wareki

MONTH, YEAR = timedelta(days=30), timedelta(days=365)
WEEK = timedelta(days=7)
WEEKS = 53  # of the small line


class Number(NamedTuple):
    """Of a day, with the address of its list and what it differs from today's."""

    day: date
    number: int
    address: str
    change: str


class ReportRow(NamedTuple):
    """``today`` is None where it could not be counted: ``refused`` says why. ``ledger``: whose is
    counted, where several are on the page. ``ago``: a month ago, and a year."""

    report: SavedReport
    conditions: list[Condition]
    ledger: str
    today: Number | None
    ago: tuple[Number | None, ...]
    line: SafeString
    refused: list[str]


class YearEnd(NamedTuple):
    day: date
    number: int
    address: str
    change: str
    counted: str


def rows(saved: Sequence[SavedReport], refused: dict[int, list[str]]) -> list[ReportRow]:
    """What the list shows of each, in as many queries for many as for one."""
    words = reports.in_words({report.conditions for report in saved})
    agencies = {report.agency_id: report.agency for report in saved}
    today = {key: reports.today_of(agency) for key, agency in agencies.items()}
    wanted = {on - ago for on in today.values() for ago in (MONTH, YEAR)}
    wanted |= {on - n * WEEK for on in today.values() for n in range(WEEKS)}
    counts: dict[int, dict[date, int]] = {report.pk: {} for report in saved}
    found = ReportCount.objects.filter(report__in=saved, day__in=wanted).order_by("day")
    for key, day, number in found.values_list("report_id", "day", "number"):
        counts[key][day] = number
    several = len(agencies) > 1
    return [
        _row(
            report,
            counts[report.pk],
            today[report.agency_id],
            conditions=words[report.conditions],
            ledger=str(report.agency or "すべての機関") if several else "",
            refused=refused.get(report.pk, []),
        )
        for report in saved
    ]


def _row(report: SavedReport, counts: dict[date, int], on: date, **fields) -> ReportRow:
    if fields["refused"] or on not in counts:
        return ReportRow(report=report, today=None, ago=(), line=SafeString(""), **fields)
    now = counts[on]

    def of(day: date) -> Number | None:
        if day not in counts:
            return None
        address = reports.address_of(report, day)
        return Number(day, counts[day], address, signed(now - counts[day]))

    weeks = [on - n * WEEK for n in reversed(range(WEEKS))]
    points = [(day, counts[day]) for day in weeks if day in counts]
    says = f"{points[0][0]}の{points[0][1]:,}件から、{on}の{now:,}件まで"
    line = charts.spark(points, says=says) if len(points) > 1 else SafeString("")
    return ReportRow(
        report=report, today=of(on), ago=(of(on - MONTH), of(on - YEAR)), line=line, **fields
    )


def over_time(report: SavedReport, on: date, today: date) -> dict:
    """The number of a day, beside that of a month and a year before; the line since the first
    contract, and the ends of fiscal years in a table."""
    counts = report.counts.filter(day__lte=today).order_by("day")
    points = list(counts.values_list("day", "number"))
    shown = {today, *_year_ends(points)}

    def link(day: date) -> str | None:
        return reports.address_of(report, day) if day in shown else None

    picture = charts.line(
        points, title=f"「{report.name}」の件数の推移", desc=_said(points), link=link
    )
    counted = dict(counts.filter(day__in=shown).values_list("day", "counted_at"))
    table, before = [], None
    for day, number in points:
        if day in shown:
            change = "—" if before is None else signed(number - before)
            address = reports.address_of(report, day)
            table.append(YearEnd(day, number, address, change, _when(day, counted[day])))
            before = number
    known = dict(points)
    if on != today:  # as the ledger stands; today's number follows it anyway
        known[on] = counting.length(reports.list_of(report, on))
    return {"figures": _figures(report, on, known), "picture": picture, "year_ends": table}


def _figures(report: SavedReport, on: date, known: dict[date, int]) -> list[tuple[str, Number]]:
    days = (("", on), ("30日前", on - MONTH), ("1年前", on - YEAR))
    return [
        (label, Number(day, known[day], reports.address_of(report, day),
                       signed(known[on] - known[day])))
        for label, day in days
        if day in known
    ]  # fmt: skip


def signed(number: int) -> str:
    return f"{number:+,}".replace("-", "−") if number else "±0"


def _year_ends(points: Sequence[charts.Point]) -> list[date]:
    if not points:
        return []
    first, last = (fiscal_year.fiscal_year_of(day) for day in (points[0][0], points[-1][0]))
    return [fiscal_year.last_day(year) for year in range(first, last)]


def _said(points: Sequence[charts.Point]) -> str:
    if not points:
        return ""
    (first, start), (last, now) = points[0], points[-1]
    peak, most = max(points, key=lambda point: point[1])
    return (
        f"{wareki.both(first)}の{start:,}件から、{wareki.both(last)}の{now:,}件まで。"
        f"最も多かったのは{wareki.both(peak)}の{most:,}件。"
        "年度末の件数は、図の下の表にもあります。"
    )


def _when(day: date, counted: datetime) -> str:
    """On which day it was counted."""
    on = timezone.localdate(counted)
    return "その日" if on == day else f"{on}"
