"""Where a number leads: the contracts behind it, as an address."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from surveys.sheets import Sheet
from surveys.sheets.base import TOTAL, Row


class LinkedSection(NamedTuple):
    """A group of a table, or what stands in none (``label`` empty). ``rows`` is the markup of its
    rows: for 192 of them a template takes longer than the counting itself."""

    label: str
    rows: SafeString


def linked(sheet: Sheet, year: int) -> list[LinkedSection]:
    """The sections of a sheet, each number with the address of the contracts behind it."""
    behind = reverse("survey-contracts", args=[year, sheet.information])
    sections = []
    for _, members in groupby(sheet.rows, key=lambda row: row.group):
        rows = list(members)
        label = rows.pop(0).label if rows[0].kind == "group" else ""
        sections.append(LinkedSection(label, mark_safe("".join(_tr(row, behind) for row in rows))))
    return sections


def _tr(row: Row, behind: str) -> str:
    of_total = ' class="total"' if row.kind == TOTAL else ""
    cells = "".join(_td(cell, behind) for cell in row.cells)
    return f'<tr{of_total}><th scope="row">{escape(row.label)}</th>{cells}</tr>'


def _td(cell, behind: str) -> str:
    """Nothing here was typed by anybody but numbers and codes, and these are escaped."""
    zero = "" if cell.value else " zero"
    query = _escaped(cell.agency_code, cell.kind, cell.column)
    return f'<td class="num{zero}"><a href="{behind}{query}">{cell.value:,}</a></td>'


def conditions(cell) -> str:
    """The query string that narrows a round's contracts to what a cell counts."""
    return _query(cell.agency_code, cell.kind, cell.column)


def _query(agency_code: str | None, kind: str | None, column: str) -> str:
    chosen = []
    if agency_code:
        chosen.append(f"agency={quote(agency_code)}")
    elif kind:
        chosen.append(f"kind={kind}")
    if column != TOTAL:
        chosen.append(f"status={column}")
    return "?" + "&".join(chosen) if chosen else ""


@lru_cache(maxsize=4096)  # all cells of the tables, which are the same for every reader
def _escaped(agency_code: str | None, kind: str | None, column: str) -> str:
    return escape(_query(agency_code, kind, column))
