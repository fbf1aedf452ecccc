"""Where a number leads: the contracts behind it, as an address."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from surveys.sheets import Sheet
from surveys.sheets.base import TOTAL


class LinkedRow(NamedTuple):
    """``cells`` is the markup of a row's numbers: for 192 rows of them a template takes as long
    as the counting itself."""

    kind: str
    label: str
    cells: SafeString


def linked(sheet: Sheet, year: int) -> list[LinkedRow]:
    """The rows of a sheet, each number with the address of the contracts behind it."""
    behind = reverse("survey-contracts", args=[year, sheet.information])
    return [
        LinkedRow(row.kind, row.label, mark_safe("".join(_td(cell, behind) for cell in row.cells)))
        for row in sheet.rows
    ]


def _td(cell, behind: str) -> str:
    """Nothing here was typed by anybody but numbers and codes, and these are escaped once."""
    zero = "" if cell.value else " zero"
    href = escape(behind + conditions(cell))
    return f'<td class="num{zero}"><a href="{href}">{cell.value:,}</a></td>'


def conditions(cell) -> str:
    """The query string that narrows a round's contracts to what a cell counts."""
    chosen = []
    if cell.agency_code:
        chosen.append(f"agency={quote(cell.agency_code)}")
    elif cell.kind:
        chosen.append(f"kind={cell.kind}")
    if cell.column != TOTAL:
        chosen.append(f"status={cell.column}")
    return "?" + "&".join(chosen) if chosen else ""
