"""What taking a file in would do: each of its rows, with all that is wrong, before anything is
written. ``checking`` makes it, ``committing`` carries it out, pages show it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import models

from exchange.reading.book import address
from exchange.sheets.base import Sheet


class Outcome(StrEnum):
    """What comes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"  # the ledger says so already
    LEFT_OUT = "left_out"  # 取り込まない, 記入例, struck out
    REFUSED = "refused"


class Mistake(NamedTuple):
    """Something in the file that keeps it from being taken in. ``row`` from 1 and ``column`` from
    0, None where it is about the whole sheet or row."""

    sheet: str  # as the file calls it
    row: int | None
    column: int | None
    heading: str
    typed: Any
    message: str

    @property
    def place(self) -> str:
        if self.row is None:
            return ""
        return f"{self.row}行" if self.column is None else address(self.row, self.column)


class Difference(NamedTuple):
    """A cell of a row that changes, as the sheet writes both."""

    heading: str
    old: Any
    new: Any


@dataclass(slots=True)
class Line:
    """A row of the file. ``row`` of the model: unsaved where it is added, which names others of the
    plan by the object; as it is recorded, whole, where it is changed, ``values`` then says what it
    becomes, and ``version`` which one was seen. ``beside``: rows that come with it, unsaved, of the
    first line that names them (a visit; a company that no sheet brings). Of a target of a recorded
    visit, added or changed, ``values`` may also say what becomes of the visit. ``named``: what a
    reader calls it."""

    number: int
    outcome: Outcome
    named: str = ""
    row: models.Model | None = None
    values: dict[str, Any] = field(default_factory=dict)
    version: int | None = None
    differences: list[Difference] = field(default_factory=list)
    beside: list[models.Model] = field(default_factory=list)


@dataclass(slots=True)
class SheetPlan:
    """A sheet of the file, ``name``, and the sheet of ours it is."""

    sheet: Sheet
    name: str
    lines: list[Line] = field(default_factory=list)

    def of(self, outcome: Outcome) -> list[Line]:
        return [line for line in self.lines if line.outcome == outcome]


@dataclass(slots=True)
class Plan:
    """Of a whole file. ``cautions``: what a person should know, and does not keep it from being
    taken in, in Japanese. ``unmapped``: sheets whose columns somebody must say first."""

    sheets: list[SheetPlan] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[SheetPlan]:
        return iter(self.sheets)

    @property
    def can_be_carried_out(self) -> bool:
        return not (self.mistakes or self.unmapped) and self.changes_something

    @property
    def changes_something(self) -> bool:
        changing = (Outcome.ADDED, Outcome.CHANGED)
        return any(line.outcome in changing for sheet in self.sheets for line in sheet.lines)
