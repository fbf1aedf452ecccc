"""As of which days a finding is on a list: an interval again.

Every condition that asks for a day asks whether it lies in an interval that columns of the finding
bound. So a list of any day is one range condition, and how many findings it had on every day
follows from reading them once. Pure.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

NEVER = date.max


class Bound(NamedTuple):
    """A column and a number of days: the day that many days after the column's."""

    column: str
    days: int = 0


class Timing(NamedTuple):
    """On the list as of a day that is no earlier than all of ``lower``, and before all of
    ``upper``."""

    lower: tuple[Bound, ...] = ()
    upper: tuple[Bound, ...] = ()

    def __add__(self, other: Timing) -> Timing:
        return Timing(self.lower + other.lower, self.upper + other.upper)

    def as_of(self, day: date, *, plain: bool = False) -> Q:
        """The condition that a finding is on the list as of ``day``; ``plain``: of which no index
        is wanted."""
        plain_ = "__plain" if plain else ""
        found = Q()
        for column, days in self.lower:
            found &= Q(**{f"{column}{plain_}__lte": _before(day, days)})
            if column == "acted_on":  # as its index says, in which nothing else is
                found &= Q(**{f"{column}{plain_}__lt": NEVER})
        for column, days in self.upper:
            found &= Q(**{f"{column}{plain_}__gt": _before(day, days)})
        return found

    @property
    def columns(self) -> list[str]:
        return sorted({bound.column for bound in (*self.lower, *self.upper)})

    def days_of(self, row: dict) -> tuple[date, date] | None:
        """[since, until) of a finding, by its ``columns``; None where there is no such day."""
        since = max((_after(row[c], n) for c, n in self.lower), default=date.min)
        until = min((_after(row[c], n) for c, n in self.upper), default=NEVER)
        return (since, until) if since < until else None


STANDING = Timing((Bound("since"),), (Bound("ends"),))
# Arose in the fiscal year of the day, or is not settled yet.
OPEN = Timing((Bound("since"),), (Bound("leaves_on"),))


def falling_due(days: int) -> Timing:
    """Begins on one of so many days after the day, unless something is done."""
    return Timing((Bound("since", -days),), (Bound("since"),))


def lasting(days: int) -> Timing:
    """Has gone on for so many days, the day itself included."""
    return Timing((Bound("since", days - 1),))


# By state of correction. What needs none was never begun. 期限超過 is part of what is going on, on
# days that are no interval: see ``Conditions.overdue``.
STATES = {
    "none": Timing((), (Bound("acted_on"), Bound("settled_on"))),
    "open": Timing((Bound("acted_on"),), (Bound("settled_on"),)),
    "overdue": Timing((Bound("acted_on"),), (Bound("settled_on"),)),
    "settled": Timing((Bound("acted_on"), Bound("settled_on"))),
}


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _after(day: date, days: int) -> date:
    """NEVER stays so."""
    if day == NEVER or not days:
        return day
    return day + timedelta(days=days)
