"""Random contracts of up to three years and their inspections, for the rules that look at years.

Their first days lie on leap days, around the days on which the law changes, and years before
these. Inspections lie near the ends of years, where it matters. Only the days on which something
may change are asked about: those next to any date of the ledger, to any anniversary of a first
day, and to any April 1st.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.guideline import oracle
from tests.strategies.duties import NOBODY, information, mostly

STARTS = [
    *(date(2016, 2, 29), date(2016, 3, 1), date(2017, 2, 28), date(2017, 3, 1)),
    *(date(2015, 10, 22), date(2016, 10, 22), date(2017, 10, 22), date(2018, 10, 22)),
    *(date(2003, 9, 14), date(2004, 2, 29), date(2004, 9, 14)),
    *(date(2016, 4, 1), date(2018, 1, 20), date(2018, 7, 24), date(2019, 3, 1), date(2020, 2, 29)),
]
YEARS = range(4)
DAY = timedelta(days=1)

nudge = st.integers(-2, 2)
# Around a window's last day, and around the end of ten days of grace.
steps = st.sampled_from([-1, 0, 1, 1, 2, 9, 10, 10, 11, 20, 30, 40, -40, -100])
lengths = st.sampled_from([89, 89, 90, 88, 91, 0, 30, 200, 364])
scopes = st.sampled_from(
    [
        *(frozenset({"handling"}), frozenset({"management"}), frozenset({"work"})) * 2,
        *(frozenset({"handling", "management"}), frozenset({"handling", "work"})),
        frozenset({"handling", "management", "work"}),
        frozenset({"management", "work"}),
    ]
)


@st.composite
def inspected(draw, least_links: int = 0):
    """(days to ask about, contract, who holds whom)"""
    first = draw(st.sampled_from(STARTS)) + draw(nudge) * DAY
    last = _end(draw, first)
    links = [
        _link(draw, first, last, number)
        for number in range(1, draw(st.integers(least_links, 2)) + 1)
    ]
    amendments = ()
    if not draw(st.integers(0, 4)):
        new = _end(draw, first)
        effect = draw(st.sampled_from([first, min(last, new) + DAY]))
        amendments = (oracle.Amended(effect, last=new),)
    ends = sorted({last, *(amended.last for amended in amendments)})
    contract = oracle.Contract(
        company=1,
        first=first,
        last=last,
        clause="prior_approval",
        information=information(draw),
        terminated=draw(st.sampled_from(ends)) + draw(steps) * DAY
        if not draw(st.integers(0, 4))
        else None,
        amendments=amendments,
        links=tuple(links),
        inspections=_visits(draw, first, ends),
    )
    return walk(contract), contract, NOBODY


def _link(draw, first: date, last: date, number: int) -> oracle.Link:
    begins = draw(st.sampled_from([first, first, anniversary(first, 1), last]))
    begins += draw(st.sampled_from([-30, -1, 0, 1, 20, 45, 91])) * DAY
    ends = draw(st.none() | st.just(_end(draw, begins)))
    above = st.integers(1, number - 1) if number > 1 else st.none()
    return oracle.Link(
        number=number,
        company=number + 1,
        first=begins,
        last=ends,
        parent=draw(above | st.none()),
        handles=draw(mostly),
        inspections=_visits(draw, max(begins, first), [min(ends or last, last)]),
    )


def _end(draw, first: date) -> date:
    """Some years after the first day, and some days before, at or after that."""
    whole = anniversary(first, draw(st.sampled_from([0, 0, 0, 1, 1, 2, 3])))
    return max(first, whole + draw(nudge | lengths) * DAY)


def _visits(draw, first: date, lasts: list[date]) -> tuple[oracle.Inspected, ...]:
    ends = [anniversary(first, years) - DAY for years in YEARS[1:]] + [date(first.year + 1, 3, 31)]
    near = [*lasts, *(day for day in ends if first < day < lasts[-1])]
    return tuple(
        oracle.Inspected(
            day=draw(st.sampled_from(near)) + draw(steps) * DAY,
            on_site=not draw(mostly),
            reason=not draw(mostly),
            scopes=draw(scopes),
        )
        for _ in range(draw(st.sampled_from([0, 1, 1, 2, 3, 4])))
    )


def anniversary(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    year = day.year + years
    common = year % 4 != 0  # no century is near
    return date(year, 3, 1) if leap_day and common else date(year, day.month, day.day)


def walk(contract: oracle.Contract) -> list[date]:
    """The days next to all on which a window may begin or end, or something happens."""
    subjects = [contract, *contract.links]
    begins = {contract.first, *(max(contract.first, link.first) for link in contract.links)}
    return next_to(
        [
            *begins,
            *(anniversary(day, years) for day in begins for years in YEARS),
            *(date(contract.first.year + years, 4, 1) for years in range(5)),
            *(subject.last for subject in subjects if subject.last),
            *(amended.last for amended in contract.amendments),
            *([contract.terminated] if contract.terminated else []),
            *(visit.day for subject in subjects for visit in subject.inspections),
            *(edition.first for edition in oracle.LAW),
        ]
    )


def next_to(days: Iterable[date]) -> list[date]:
    return sorted({day + number * DAY for day in days for number in (-1, 0, 1)})
