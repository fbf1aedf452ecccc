"""The rows of the ledger that a sheet of a file may be about, column by column, as they compare
with what the file says: plain columns by what they mean, those that name others by their key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from functools import cache, cached_property
from typing import Any

from exchange.columns import (
    PLACE,
    Code,
    Column,
    Company,
    NameAndCode,
)
from exchange.reading.cells import Problem
from exchange.sheets.base import Chosen, Sheet
from exchange.sheets.items import Article, Quote
from exchange.sheets.shared import LinkNumber

ITEMS = "items"


def is_item(column: Column) -> bool:
    """Whether it is one of those that together say the items of 8-4."""
    return isinstance(column, Article | Quote)


@cache
def are_items(sheet: Sheet, name: str) -> bool:
    """Whether a field is what those columns say together."""
    return name == ITEMS and any(map(is_item, sheet.own))


@cache
def refers(sheet: Sheet) -> dict[str, str]:
    """By field, where a row has the key of what the column names."""
    found = {}
    for column in sheet.own:
        name = column.field
        if column.told or name in identities(sheet):
            continue
        if name == "contract":
            found[name] = f"{sheet.of or 'contract'}_id"
        elif name == "link":
            found[name] = "subcontract_id"
        elif isinstance(column, NameAndCode) and name != "section":
            found[name] = f"{name}__username"
        elif isinstance(column, Company | NameAndCode | Code | LinkNumber) or name == "renews":
            found[name] = f"{name}_id"
    return found


@cache
def identities(sheet: Sheet) -> frozenset[str]:
    """What the ledger or the file itself calls a row, and is no more than that."""
    own = {"code", "reference", "left_out"}
    own |= {column.field for column in sheet.own if column.sources == (PLACE,)}
    if sheet.key == "links":
        own.add("number")
    if sheet.key == "companies":
        own.add("contractor")
    return frozenset(own)


class Recorded:
    """``at``: by lookup, where a raw row has it. ``taken``: those that rows of the file are;
    ``seen``: by key, which row of the file it was."""

    def __init__(self, sheet: Sheet, chosen: Chosen, *, known: Collection[int] | None = None):
        self.sheet = sheet
        self.taken: set[int] = set()
        self.seen: dict[Hashable, tuple[str, int]] = {}
        beside = tuple(dict.fromkeys(("pk", *refers(sheet).values())))
        beside = tuple(name for name in beside if name not in sheet.lookups)
        names = (*sheet.lookups, *beside, PLACE)
        self.at = {name: place for place, name in enumerate(names)}
        self.rows = list(sheet.raw(chosen, *beside))
        if known is not None:  # of companies those that the importer may know of
            pk = self.at["pk"]
            self.rows = [row for row in self.rows if row[pk] in known]
        self._read: dict[str, Sequence] = {}

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def _turned(self) -> list[tuple]:
        return list(zip(*self.rows, strict=True)) or [()] * len(self.at)

    def of(self, lookup: str) -> Sequence:
        """What the rows have there."""
        return self._turned[self.at[lookup]]

    @cached_property
    def by_pk(self) -> dict[int, int]:
        return {pk: number for number, pk in enumerate(self.of("pk"))}

    def cell(self, column: Column, number: int) -> Any:
        """As the sheet writes it."""
        row = self.rows[number]
        return column.cells([[row[self.at[source]]] for source in column.sources])[0]

    def keys(self, name: str) -> Sequence:
        """What a field is compared by."""
        if name not in self._read:
            self._read[name] = self._keys(name)
        return self._read[name]

    def _keys(self, name: str) -> Sequence:
        lookup = refers(self.sheet).get(name)
        if lookup is not None:
            return self.of(lookup)
        if are_items(self.sheet, name):
            return self.of(ITEMS)
        column = next(column for column in self.sheet.own if column.field == name)
        return _means(column, [self.of(source) for source in column.sources])


def _means(column: Column, values: Sequence[Sequence]) -> Sequence:
    """What the cells of recorded rows mean, once they are read."""
    if not values[0]:
        return ()
    written = column.cells(values)
    known: dict = {}
    means: Callable = _meaning(column)
    for cell in dict.fromkeys(zip(map(type, written), written, strict=True)):
        known[cell] = means(cell[1])
    return list(map(known.__getitem__, zip(map(type, written), written, strict=True)))


def _meaning(column: Column) -> Callable[[Any], Any]:
    def means(cell: Any) -> Any:
        try:
            return column.read(cell)
        except (ValueError, Problem):
            return _Unread(cell)

    return means


class _Unread(str):
    """What is recorded and could not be typed: it equals nothing that can."""

    __slots__ = ()

    def __eq__(self, other) -> bool:
        return self is other

    __hash__ = str.__hash__
