"""Parts of the dashboard that look further than a day, or than one agency: each is asked for by
itself, so that nobody waits for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, F
from django.utils.safestring import SafeString

from audit import charts
from audit.dashboard import FAILING, Dashboard, counted_by
from audit.dashboard_rows import Number
from guideline.models import Severity
from guideline.shapes import counted
from outsourcing import fiscal_year
from outsourcing.contractor_fields import as_typed
from outsourcing.models import Contractor, Subcontract

MONTHS = 24  # of which each end is shown
YEARS = 5  # before that, the ends of so many fiscal years
SHOWN = 20  # contractors


class Line(NamedTuple):
    """How many findings of a severity stood on which days, drawn and as numbers."""

    severity: Severity
    picture: SafeString
    numbers: list[tuple[date, Number]]


def days_shown(on: date) -> list[date]:
    """The ends of fiscal years and of the last months, and the day itself."""
    days = [on]
    while len(days) <= MONTHS:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    year = fiscal_year.fiscal_year_of(days[-1])
    return sorted({*days, *(fiscal_year.last_day(year - n) for n in range(1, YEARS + 1))})


def lines(of: Dashboard) -> list[Line]:
    """What stood over time, by severity."""
    days = days_shown(of.on)
    standing = _standing(of, days)
    found = []
    for severity in FAILING:
        points = [(day, standing[day][severity]) for day in days]
        numbers = [
            (day, of.number(n, as_of=day.isoformat(), when="standing", severity=severity.value))
            for day, n in points
        ]
        addresses = {day: number.address for day, number in numbers}
        picture = charts.line(
            points,
            title=f"{severity.label}の推移",
            desc=f"{days[0].isoformat()}から{days[-1].isoformat()}まで。数は下の表のとおり。",
            link=addresses.get,
            name=f"trend-{severity.value}",
        )
        found.append(Line(severity, picture, numbers[::-1]))
    return found


def _standing(of: Dashboard, days: list[date]) -> dict[date, Counter]:
    """{day: {severity: findings that stand}}: of months by what came and went in them, back from
    today; of years before that one by one, since whole years of coming and going are all there is.
    """
    near = days[-MONTHS - 1 :]
    changed = defaultdict(Counter)
    between = near[0] + timedelta(days=1), of.on
    for column, by, rows in (("since", -1, of.arisen(*between)), ("ends", 1, of.ended(*between))):
        for (shape, day), number in counted([rows], column).items():
            changed[day][shape.severity] += by * number
    now = Counter({s: n for (s,), n in of.standing("severity").items()})
    found, later = {}, sorted(changed)
    for day in reversed(near):
        while later and later[-1] > day:
            for severity, number in changed[later.pop()].items():
                now[severity] += number
        found[day] = now.copy()
    for day in days:
        if day not in found:
            rows = of.standing("severity", on=day, severity__in=FAILING)
            found[day] = Counter({severity: number for (severity,), number in rows.items()})
    return found


class Shared(NamedTuple):
    """A contractor in findings of several agencies."""

    contractor: Contractor
    agencies: int
    numbers: tuple[Number, ...]


def shared_contractors(of: Dashboard) -> tuple[list[Shared], int]:
    """The contractors that stand, as whom work was given to or passed on to, in contracts of
    several agencies that something is wrong with today; and how many there are. Those of the most
    agencies first."""
    findings = of.findings.on(of.on).filter(severity__in=FAILING, contract__isnull=False)
    links = Subcontract.objects.visible_to(of.scope).valid().order_by()
    agencies, numbers = defaultdict(set), defaultdict(Counter)
    by = ("contract__contractor", "contract__agency", "severity")
    for (contractor, agency, severity), number in counted_by(findings, *by).items():
        agencies[contractor].add(agency)
        numbers[contractor][severity] += number
    below = links.filter(contract__in=findings.values("contract"))
    for contractor, agency in below.values_list("contractor", "agency").distinct():
        agencies[contractor].add(agency)
    several = {key: len(of_one) for key, of_one in agencies.items() if len(of_one) > 1}
    named = Contractor.objects.in_bulk(_most(several))
    for (contractor, severity), number in _passed_on(of, links, named).items():
        numbers[contractor][severity] += number
    order = sorted(named, key=lambda key: (-several[key], named[key].search_name, key))
    shown = [
        Shared(named[key], several[key], tuple(_numbers(of, named[key], numbers[key])))
        for key in order
    ]
    return shown, len(several)


def _most(several: dict[int, int]) -> list[int]:
    return sorted(several, key=lambda key: (-several[key], key))[:SHOWN]


def _numbers(of: Dashboard, contractor: Contractor, numbers: Counter) -> Iterator[Number]:
    asked = {"when": "standing", "contractor": as_typed(contractor)}
    for severity in FAILING:
        yield of.number(numbers[severity], **asked, severity=severity.value)


def _passed_on(of: Dashboard, links, keys: Iterable[int]) -> Counter:
    """{(contractor, severity): findings of contracts in which work is passed on to it, and of which
    it is not the prime contractor besides}. Once, however often work was passed on to it."""
    standing = {"severity__in": FAILING, "since__lte": of.on, "ends__gt": of.on}
    standing = {f"contract__findings__{name}": value for name, value in standing.items()}
    rows = links.filter(contractor__in=keys, **standing).exclude(
        contract__contractor=F("contractor")
    )
    rows = rows.values_list("contractor", "contract__findings__severity")
    found = rows.annotate(number=Count("contract__findings", distinct=True))
    return Counter({(contractor, severity): number for contractor, severity, number in found})
