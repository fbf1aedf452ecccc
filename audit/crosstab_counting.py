"""How many contracts each cell of a cross table has.

One statement groups contracts by what they are and by the set of what their findings are; the sets
are taken apart here. So each contract counts once in a cell, in a row, in a column and in all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Case, Count, F, IntegerField, Min, QuerySet, Value, When

from audit.crosstab import (
    AGENCY,
    CHAINS,
    DEPTH,
    DEPTHS,
    GROUP,
    ITSELF,
    KIND,
    OF_CONTRACTS,
    RELATION,
    RELATIONS,
    RULE,
    UNPRINTED_GROUPS,
    WORK,
    YEAR,
    Asked,
    depth_of_finding,
    links_of,
)
from audit.crosstab_sql import Marks, grouped, year_of
from outsourcing import fiscal_year
from outsourcing.models import AgencyKind, Contract

OVERLAPPING = (YEAR, RULE, RELATION)


class Member(NamedTuple):
    """A row or a column: its code as it stands in an address, and its name."""

    code: str
    label: str


class Table(NamedTuple):
    """``cells`` by (row, column), and totals; what is not named in them is 0."""

    asked: Asked
    axes: tuple[str, str]
    rows: list[Member]
    columns: list[Member]
    cells: Counter
    of_rows: Counter
    of_columns: Counter
    total: int

    @property
    def overlaps(self) -> bool:
        """Whether a contract may stand in several rows or columns."""
        return any(axis in OVERLAPPING for axis in self.axes) or bool(
            self.asked.of and DEPTH in self.axes
        )

    @property
    def left_out(self) -> bool:
        """Whether there are years with contracts that the table does not show."""
        shown = {code for member in (self.rows, self.columns) for code, _ in member}
        of_years = [
            counted
            for axis, counted in zip(self.axes, (self.of_rows, self.of_columns), strict=True)
            if axis == YEAR
        ]
        return any(set(counted) - shown for counted in of_years)


def tabulate(asked: Asked, rows: str, columns: str) -> Table:
    """Contracts by two axes: one statement, whatever there is to count."""
    axes = (rows, columns)
    asked = asked.by(axes)
    cells, of_rows, of_columns, total = Counter(), Counter(), Counter(), 0
    for pairs, number in _counted(asked, axes):
        cells.update(dict.fromkeys(pairs, number))
        of_rows.update(dict.fromkeys({row for row, _ in pairs}, number))
        of_columns.update(dict.fromkeys({column for _, column in pairs}, number))
        total += number if pairs else 0
    members = [
        members_of(axis, asked, counted)
        for axis, counted in ((rows, of_rows), (columns, of_columns))
    ]
    return Table(asked, axes, *members, cells, of_rows, of_columns, total)


def members_of(axis: str, asked: Asked, counted: Iterable[str]) -> list[Member]:
    """The rows or columns of an axis in order, also those that count nothing; one alone where that
    is asked for."""
    if axis == YEAR:
        known = _years(asked, [int(code) for code in counted])
    elif axis == AGENCY:
        known = {place.code: place.name for place in asked.places}
    elif axis == GROUP:
        known = {place.group: place.group for place in asked.places}
        known |= {code: name for code, name in UNPRINTED_GROUPS.items() if code in known}
    elif axis == KIND:
        of = {place.kind for place in asked.places}
        known = {code: name for code, name in AgencyKind.choices if code in of}
    else:
        known = {
            WORK: dict(Contract.Work.choices),
            RULE: OF_CONTRACTS,
            DEPTH: DEPTHS if asked.of else CHAINS,
            RELATION: RELATIONS,
        }[axis]
    one = getattr(asked, axis)
    codes = [code for code in known if one in (None, "", code) or str(one) == code]
    if axis in (AGENCY, KIND, GROUP):
        left = {getattr(place, _OF_PLACE[axis]) for place in asked.chosen_places}
        codes = [code for code in codes if code in left]
    return [Member(code, str(known[code])) for code in codes]


_OF_PLACE = {AGENCY: "code", KIND: "kind", GROUP: "group"}


def _years(asked: Asked, counted: list[int]) -> dict[str, str]:
    """From the first to the last that has contracts, none left out in between."""
    shown = [year for year in counted if year in asked.years[1:-1]]
    if asked.year is not None:
        shown = [asked.year]
    if not shown:
        return {}
    years = range(min(shown), max(shown) + 1)
    return {str(year): f"{fiscal_year.label(year)}（{year}）" for year in years}


def _counted(asked: Asked, axes: tuple[str, str]) -> Iterator[tuple[frozenset, int]]:
    """(the cells that a contract stands in, how many contracts stand in just these)."""
    found = _by_findings(asked, axes) if asked.of else _by_contracts(asked, axes)
    places = {place.pk: place for place in asked.places}
    for agency, work, years, mark, number in found:
        fixed = {WORK: (work,)}
        if place := places.get(agency):
            fixed |= {AGENCY: (place.code,), KIND: (place.kind,), GROUP: (place.group,)}
        pairs = set()
        for marked in mark:
            of = fixed | years | dict(marked)
            pairs.update((r, c) for r in of[axes[0]] for c in of[axes[1]])
        yield frozenset(pairs), number


def _by_contracts(asked: Asked, axes: tuple[str, str]):
    """All contracts: by agency, work and term as they stand in an index."""
    names, keys, rows = ["agency_id", "work"], [], asked.contracts()
    if any(axis in _OF_PLACE for axis in axes):
        keys.append("agency_id")
    if WORK in axes:
        keys.append("work")
    if YEAR in axes:
        names += ["first_day", "last_day"]
        keys += [f"{year_of(day, asked.years)} AS {day}" for day in ("first_day", "last_day")]
    if DEPTH in axes:
        rows = rows.annotate(deepest=_deepest(asked))
        names.append("deepest")
        keys.append("deepest")
    inner = rows.order_by().values(*names).annotate(number=Count("*"))
    called = [key.rpartition(" ")[2] for key in keys]
    for row in grouped(inner, keys, "SUM(number)"):
        found = dict(zip(called, row, strict=False))
        deepest = ((DEPTH, (str(found["deepest"]),)),) if DEPTH in axes else ()
        years = {}
        if YEAR in axes:
            years = {YEAR: _span(found["first_day"], found["last_day"], asked.year)}
        yield found.get("agency_id"), found.get("work"), years, (deepest,), int(row[-1])


def _deepest(asked: Asked) -> Case:
    """How far the chain of a contract reaches, on whatever day."""
    links = links_of(asked.scope)
    return Case(
        When(pk__in=links.filter(parent__isnull=False).values("contract"), then=Value(2)),
        When(pk__in=links.values("contract"), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )


def _by_findings(asked: Asked, axes: tuple[str, str]):
    """Contracts by the set of what their findings are."""
    marks = {
        RULE: [F("rule")],
        DEPTH: [depth_of_finding()],
        RELATION: [F("relation")],
        YEAR: list(asked.shared_years()),
    }
    marked = [axis for axis in axes if axis in marks]
    inner: QuerySet = asked.findings(by_years=YEAR in axes).order_by().values("contract_id")
    keys = []
    if any(axis in _OF_PLACE for axis in axes):
        inner, keys = inner.annotate(of_agency=Min("agency_id")), [*keys, "of_agency"]
    if WORK in axes:
        inner, keys = inner.annotate(of_work=Min("contract__work")), [*keys, "of_work"]
    if marked:
        parts = [part for axis in marked for part in marks[axis]]
        inner, keys = inner.annotate(marks=Marks(*parts)), [*keys, "marks"]
    for row in grouped(inner, keys, "COUNT(*)"):
        found = dict(zip(keys, row, strict=False))
        mark = _taken_apart(found["marks"], tuple(marked), asked.year) if marked else ((),)
        yield found.get("of_agency"), found.get("of_work"), {}, mark, row[-1]


@lru_cache(maxsize=100_000)
def _taken_apart_of(one: str, marked: tuple[str, ...], year: int | None) -> tuple:
    """What one finding is, by axis: (axis, its members)."""
    parts = iter(one.split(":"))
    found = []
    for axis in marked:
        if axis == YEAR:
            members = _span(int(next(parts)), int(next(parts)), year)
        else:
            members = (next(parts) or ITSELF,)
        found.append((axis, members))
    return tuple(found)


def _taken_apart(marks: str, marked: tuple[str, ...], year: int | None) -> set[tuple]:
    return {_taken_apart_of(one, marked, year) for one in set(marks.split(","))}


def _span(first: int, last: int, only: int | None) -> tuple[str, ...]:
    """The years from first to last; of these that one alone which is asked for."""
    years = range(first, last + 1)
    if only is not None:
        return (str(only),) if only in years else ()
    return tuple(str(year) for year in years)
