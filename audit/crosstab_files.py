"""A cross table as a file: one a program reads, and beside it what was asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from audit.crosstab import AXES
from audit.crosstab_counting import Table
from audit.crosstab_page import TOTAL, notes, number_of, title_of
from outsourcing import spreadsheets

CODE = "コード"
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def header(table: Table) -> tuple[str, ...]:
    rows = AXES[table.axes[0]]
    return (f"{rows}{CODE}", rows, *(column.label for column in table.columns), TOTAL)


def lines(table: Table) -> Iterator[tuple[str | int, ...]]:
    """A line for each row, the last one the total; numbers as numbers, and 0 where there is
    none."""
    for row in [*table.rows, None]:
        named = (row.code, row.label) if row else ("total", TOTAL)
        numbers = (number_of(table, row, column) for column in [*table.columns, None])
        yield *named, *numbers


def cells(table: Table) -> Iterator[tuple[str | int, ...]]:
    """The same in long form, without totals: what may be added up where sets do not overlap."""
    for row in table.rows:
        for column in table.columns:
            yield (*row, *column, number_of(table, row, column))


def csv(table: Table) -> bytes:
    return spreadsheets.csv_bytes(header(table), lines(table))


def workbook(table: Table, conditions: list[tuple[str, str]], *, made_on: date) -> bytes:
    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = title_of(table), ""
    _sheet(book, "集計", header(table), lines(table), (14, 36))
    rows, columns = (AXES[axis] for axis in table.axes)
    names = (f"{rows}{CODE}", rows, f"{columns}{CODE}", columns, "契約数")
    _sheet(book, "縦持ち", names, cells(table), (14, 36, 14, 36, 10))
    _sheet(book, "条件", ("項目", "内容"), _about(table, conditions, made_on), (20, 100))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _about(table: Table, conditions, made_on: date) -> Iterator[tuple[str, str | int]]:
    yield "表", title_of(table)
    yield from conditions
    yield "基準日", table.asked.on.isoformat()
    yield "作成日", made_on.isoformat()
    yield "単位", "契約（件）"
    for number, note in enumerate(notes(table), 1):
        yield f"注{number}", note


def _sheet(book: Workbook, name: str, titles, rows, widths: tuple[int, ...]) -> None:
    page = book.create_sheet(name)
    page.freeze_panes = "A2"
    lines = 1
    spreadsheets.on_paper(page, plain=True)
    for place, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    for column, title in enumerate(titles, 1):
        cell = spreadsheets.put(page.cell(1, column), title)
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
        width = page.column_dimensions[get_column_letter(column)].width
        lines = max(lines, -(-spreadsheets.display_width(title) // int(width - 1)))
    page.row_dimensions[1].height = 18 * lines
    for number, line in enumerate(rows, 2):
        for column, value in enumerate(line, 1):
            spreadsheets.put(page.cell(number, column), value)
