"""Where a number leads: the contracts behind it, as an address."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from surveys.sheets import Sheet
from surveys.sheets.base import TOTAL


class LinkedCell(NamedTuple):
    text: str
    href: str


class LinkedRow(NamedTuple):
    kind: str
    label: str
    cells: tuple[LinkedCell, ...]


def linked(sheet: Sheet, year: int) -> list[LinkedRow]:
    """The rows of a sheet, each number in words with its address."""
    behind = reverse("survey-contracts", args=[year, sheet.information])
    return [
        LinkedRow(
            row.kind,
            row.label,
            tuple(LinkedCell(f"{cell.value:,}", behind + conditions(cell)) for cell in row.cells),
        )
        for row in sheet.rows
    ]


def conditions(cell) -> str:
    """The query string that narrows a round's contracts to what a cell counts."""
    chosen = {}
    if cell.agency_code:
        chosen["agency"] = cell.agency_code
    elif cell.kind:
        chosen["kind"] = cell.kind
    if cell.column != TOTAL:
        chosen["status"] = cell.column
    return f"?{urlencode(chosen)}" if chosen else ""
