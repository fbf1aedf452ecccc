"""Pages of a list too long to be counted: from a key on, never past what was skipped.

A list is in order of one column or two, the second always ``since``, and within that of its rows'
keys, which no address shows: a place in the list is the values of the last row seen, and how many
rows of the same values came up to it. Both databases find such a place in an index at once, however
far in it lies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

PER_PAGE = 25
COUNTED = 10_000  # beyond that a list is not counted, unless somebody asks
SKIP = re.compile(r"-?[0-9]{1,9}")
FEW = 500  # so many are sorted once read, and not looked for in order


class Order(NamedTuple):
    """``first``: a column in front of ``since``; "": none. Both run the same way. ``values``: all
    that it can have, where there are few: then rows are looked for value by value. ``plain``: by
    sorting, since so few rows are left that no index in this order helps. ``loose``: rather by an
    index in which no key stands behind the days."""

    first: str
    descending: bool
    values: tuple = ()
    plain: bool = False
    loose: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.first, "since") if self.first else ("since",)

    def reversed(self) -> Order:
        return self._replace(descending=not self.descending)

    def of(self, rows: QuerySet) -> QuerySet:
        sign = "-" if self.descending else ""
        columns = [f"{n}__plain" if n == "since" and self.plain else n for n in self.columns]
        key = "id__plain" if self.loose else "pk"
        return rows.order_by(*(sign + name for name in (*columns, key)))

    def all(self) -> list[Q]:
        """Everything, as conditions that an index answers one after the other."""
        values = reversed(self.values) if self.descending else self.values
        return [Q(**{self.first: value}) for value in values] or [Q()]

    def beyond(self, values: Sequence) -> list[Q]:
        """What comes after all rows of these values, likewise."""
        beyond = "lt" if self.descending else "gt"
        after_day = Q(**{f"since__{beyond}": values[-1]})
        if not self.first:
            return [after_day]
        first = values[0]
        same = Q(**{self.first: first}) & after_day
        if not self.values:
            return [same, Q(**{f"{self.first}__{beyond}": first})]
        others = [v for v in self.values if (v < first if self.descending else v > first)]
        return [same, *self._replace(values=tuple(others)).all()] if others else [same]


class Place(NamedTuple):
    """After so many (``skip``) of the rows of these ``values``; below zero: before so many of the
    last of them, which is how a place is told that is reached from behind."""

    values: tuple
    skip: int


class Page(NamedTuple):
    """Rows of a list, and the places before the first and after the last of them, where there are
    others."""

    rows: list
    before: Place | None
    after: Place | None


def page_after(rows, order: Order, place: Place | None) -> Page:
    """The page after a place; None: the first. ``rows.read(order, start, stop)`` gives rows as
    mappings that have the columns of the order, ``rows.filter`` narrows them."""
    found = list(_after(rows, order, place))
    if not found and place is not None:  # what was there is gone
        return last_page(rows, order)
    found, beyond = found[:PER_PAGE], found[PER_PAGE:]
    return Page(found, place, _place_after(found, order, place, *beyond) if beyond else None)


def page_numbered(rows, order: Order, start: int) -> list:
    """The rows from the number ``start`` on; ``rows.of_keys`` reads them by their keys."""
    if not order.values:
        return rows.read(order, start, start + PER_PAGE)
    keys = list(_take(rows, order, order.all(), start + PER_PAGE, keys=True))
    return rows.of_keys(keys[start:])


def page_before(rows, order: Order, place: Place) -> Page:
    """The page that ends at a place."""
    above = list(_before(rows, order, place))
    if len(above) <= PER_PAGE:
        return page_after(rows, order, None)
    found = above[:PER_PAGE][::-1]
    return Page(found, _place_before(found, order, place), place)


def last_page(rows, order: Order) -> Page:
    back = order.reversed()
    found = list(_take(rows, back, back.all(), PER_PAGE))[::-1]
    whole = len(found) < PER_PAGE
    return Page(found, None if whole else _place_before(found, order, None), None)


def _before(rows, order: Order, place: Place) -> Iterator[dict]:
    """What comes before a place, the nearest first: one more than a page."""
    same, back, most = rows.filter(_same(order, place.values)), order.reversed(), PER_PAGE + 1
    if place.skip < 0:
        found = same.read(back, -place.skip, most - place.skip)
    else:
        found = same.read(order, max(0, place.skip - most), place.skip)[::-1]
    yield from found
    yield from _take(rows, back, back.beyond(place.values), most - len(found))


def _after(rows, order: Order, place: Place | None) -> Iterator[dict]:
    """What comes after a place, likewise."""
    most = PER_PAGE + 1
    if place is None:
        yield from _take(rows, order, order.all(), most)
        return
    same = rows.filter(_same(order, place.values))
    if place.skip < 0:
        found = same.read(order.reversed(), max(0, -place.skip - most), -place.skip)[::-1]
    else:
        found = same.read(order, place.skip, place.skip + most)
    yield from found
    yield from _take(rows, order, order.beyond(place.values), most - len(found))


def _take(rows, order: Order, conditions: list[Q], wanted: int, *, keys: bool = False) -> Iterator:
    """So many rows, or their keys, from one condition after the other."""
    for condition in conditions:
        if wanted <= 0:
            return
        some = rows.filter(condition)
        found = some.keys(order, 0, wanted) if keys else some.read(order, 0, wanted)
        yield from found
        wanted -= len(found)


def _same(order: Order, values: tuple) -> Q:
    return Q(**dict(zip(order.columns, values, strict=True)))


def _values(row: dict, order: Order) -> tuple:
    return tuple(row[name] for name in order.columns)


def _place_before(found: list, order: Order, place: Place | None) -> Place:
    """The place before rows that end at a place; None: at the end of the list. Nothing of their
    values comes in between, so that nothing has to be counted."""
    values = _values(found[0], order)
    same = sum(_values(row, order) == values for row in found)
    skipped = place.skip if place is not None and place.values == values else 0
    return Place(values, skipped - same)


def _place_after(found: list, order: Order, place: Place | None, beyond: dict) -> Place:
    """The place after rows that begin at a place; ``beyond``: the row that follows."""
    values = _values(found[-1], order)
    same = sum(_values(row, order) == values for row in found)
    skipped = place.skip if place is not None and place.values == values else 0
    if skipped < 0 and skipped + same == 0:  # all of these values
        return Place(_values(beyond, order), 0)
    return Place(values, skipped + same)


def counted(parts: Sequence[QuerySet]) -> int:
    """How many rows all parts have, as far as one counts: COUNTED + 1 says that there are more."""
    return to_count(parts).count()


def to_count(parts: Sequence[QuerySet]) -> QuerySet:
    """The rows of all parts, as far as one counts."""
    first, *others = (rows.order_by().values_list("pk") for rows in parts)
    rows = first.union(*others, all=True) if others else first
    return rows[: COUNTED + 1]


def exactly(parts: Sequence[QuerySet]) -> int:
    """How many rows all parts have."""
    return sum(rows.order_by().count() for rows in parts)


def written(place: Place, show: Callable[[Any], str] = str) -> str:
    """As it stands in an address."""
    return "~".join((*map(show, place.values), str(place.skip)))


def read(text: str, order: Order) -> Place | None:
    """None where ``text`` is no place of a list in this order."""
    *values, skip = text.split("~")
    if len(values) != len(order.columns) or not SKIP.fullmatch(skip):
        return None
    try:
        since = date.fromisoformat(values[-1])
        first = [date.fromisoformat(v) if order.first == "ends" else v for v in values[:-1]]
    except ValueError:
        return None
    return Place((*first, since), int(skip))
