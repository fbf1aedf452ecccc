"""A workbook as plain values with their addresses: what ``read`` gives, whatever the file was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Refused(Exception):
    """A file that is not read: what is wrong with it, and what to do about it, in Japanese."""

    peak_kilobytes: int | None = None  # memory the child took until then, where it could say so


class Unreadable(str):
    """What stands in a cell whose value cannot be taken: its text as far as there is one, and why
    not. It is a ``str`` so that it can be shown; ``cells`` refuses it with its reason."""

    __slots__ = ("why",)

    def __new__(cls, text: str, why: str) -> Unreadable:
        made = super().__new__(cls, text)
        made.why = why
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # so that it can be kept
        return str(self), self.why


class Caution(NamedTuple):
    """Something a person should know about a file that was read: mostly what was dropped of it."""

    code: str  # macros, formulas, hidden-rows, ragged …: for programs
    text: str  # in Japanese, names the sheet and the places
    sheet: str = ""
    places: tuple[str, ...] = ()  # cells, rows or columns, the first of them
    count: int = 0  # how many there are


class Merge(NamedTuple):
    """A merged range; rows from 1, columns from 0, the last included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        first = address(self.first_row, self.first_column)
        return f"{first}:{address(self.last_row, self.last_column)}"


class Row(NamedTuple):
    """The values of one row from column A on: str, int, float, date, bool, None or Unreadable.
    ``number`` is the row as Excel counts it; of a CSV file, the record."""

    number: int
    values: list

    def at(self, column: int) -> object:
        """The value in a column counted from 0, None beyond the last."""
        return self.values[column] if column < len(self.values) else None

    def address(self, column: int) -> str:
        return address(self.number, column)


@dataclass(slots=True)
class Sheet:
    """Rows without any value are left out; so are blanks at the end of a row."""

    name: str
    hidden: bool = False
    rows: list[Row] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)  # those with values
    hidden_columns: list[str] = field(default_factory=list)  # by letter, up to the last with values
    struck_rows: list[int] = field(default_factory=list)  # each value in them is struck through

    @property
    def width(self) -> int:
        return max((len(row.values) for row in self.rows), default=0)


@dataclass(slots=True)
class Book:
    """``kind`` is "xlsx", "xlsm" or "csv"; ``encoding`` of a CSV file, as Python names it."""

    name: str
    kind: str = "xlsx"
    encoding: str = ""
    date1904: bool = False  # days are counted from 1904: `cells.day` asks, for bare numbers
    sheets: list[Sheet] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    peak_kilobytes: int = 0  # memory the child took
    seconds: float = 0.0  # of the processor, in the child

    @property
    def warnings(self) -> list[str]:
        """The cautions as a person reads them."""
        return [caution.text for caution in self.cautions]

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)


def letters(column: int) -> str:
    """The letters of a column counted from 0: 0 → A, 26 → AA, 16383 → XFD."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_of(name: str) -> int:
    """The column of these letters, counted from 0: the other way round than ``letters``."""
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - 64
    return column - 1


def address(row: int, column: int) -> str:
    """B3, of a row from 1 and a column from 0."""
    return f"{letters(column)}{row}"


def some(places: list[str] | tuple[str, ...], count: int, unit: str = "か所") -> str:
    """「B3、C4 ほか8か所」"""
    named = "、".join(places)
    return named if count <= len(places) else f"{named} ほか{count - len(places):,}{unit}"
