"""The workbook that somebody sent, with its mistakes marked: all values as they were read, the
wrong cells coloured with what is wrong as a comment, and before them a list that leads to each.

Values alone, and every text is text: nothing that was sent becomes a formula here. openpyxl writes
it, since this needs comments, and few rows of a file are wrong as a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

from exchange.importing.plan import Mistake
from exchange.reading.book import Book, Sheet, letters
from exchange.sheets import MISTAKES
from exchange.writing import LINE, PAGE_WIDTH
from outsourcing.spreadsheets import display_width, is_formula_like, on_paper

MOST_MARKS = 5_000  # comments that Excel opens without toil; the list has all of them
MOST_LISTED = 1_000_000
LONGEST_COMMENT = 1_000
LONGEST_NAME = 31  # of a sheet, in Excel
WIDEST = 60

_ILLEGAL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]]")
WRONG = PatternFill("solid", fgColor="FFF4CCCC")
HEAD = PatternFill("solid", fgColor="FFE6E6E6")
LINK = Font(color="FF00118F", underline="single")
HEADINGS = ("シート", "セル", "列の見出し", "入力された値", "誤り")
WIDTHS = (18, 10, 22, 34, 80)


def write(place: Path, book: Book, mistakes: list[Mistake]) -> None:
    """Write it, whole or not at all."""
    workbook = Workbook(write_only=True)
    names = _names(book)
    _list(workbook, mistakes, names)
    marks: dict[tuple[str, int], list[Mistake]] = {}
    for mistake in mistakes[:MOST_MARKS]:
        if mistake.row is not None:
            marks.setdefault((mistake.sheet, mistake.row), []).append(mistake)
    for sheet in book:
        _sheet(workbook, sheet, names[sheet.name], marks)
    beside = place.with_suffix(".new")
    workbook.save(beside)
    beside.replace(place)


def _list(workbook: Workbook, mistakes: list[Mistake], names: dict[str, str]) -> None:
    made = workbook.create_sheet(MISTAKES)
    made.freeze_panes = "A2"
    on_paper(made)
    made.print_options.gridLines = True
    for column, width in enumerate(WIDTHS):
        made.column_dimensions[letters(column)].width = width
    made.append([_cell(made, heading, head=True) for heading in HEADINGS])
    for row, mistake in enumerate(mistakes[:MOST_LISTED], 2):
        cells = [
            _cell(made, said, wraps=True)
            for said in (
                mistake.sheet, mistake.place, mistake.heading, mistake.typed, mistake.message
            )
        ]  # fmt: skip
        if row <= MOST_MARKS:  # not every program finds by itself how many lines a text takes
            lines = -(-display_width(mistake.message) // (WIDTHS[-1] - 4))
            made.row_dimensions[row].height = LINE * lines
        if mistake.sheet in names and row <= MOST_MARKS:
            place = mistake.place if mistake.column is not None else f"A{mistake.row or 1}"
            title = names[mistake.sheet].replace("'", "''")
            made._hyperlinks.append(Hyperlink(ref=f"B{row}", location=f"'{title}'!{place}"))
            cells[1] = _cell(made, mistake.place or "シート", wraps=True, link=True)
        made.append(cells)


def _sheet(workbook: Workbook, sheet: Sheet, name: str, marks: dict) -> None:
    made = workbook.create_sheet(name)
    widths = _widths(sheet)
    for column, width in widths.items():
        made.column_dimensions[letters(column)].width = width
    across = -(-int(sum(widths.values())) // PAGE_WIDTH) or 1
    on_paper(made, repeated="", plain=True, across=across)
    last = 0
    for row in sheet.rows:
        for _ in range(last + 1, row.number):
            made.append([])
        last = row.number
        made.append(_row(made, row.values, marks.get((sheet.name, row.number), ())))


def _row(made, values: list, wrong: Iterable[Mistake]) -> list:
    cells = [None if value is None else _cell(made, value) for value in values]
    for mistake in wrong:
        column = mistake.column or 0
        cells.extend([None] * (column + 1 - len(cells)))
        cell = cells[column] = cells[column] or _cell(made, "")
        cell.fill = WRONG
        said = f"{cell.comment.text}\n" if cell.comment else ""
        about = f"{mistake.heading}：" if mistake.column is None and mistake.heading else ""
        cell.comment = _comment(f"{said}{about}{mistake.message}")
    return cells


def _comment(text: str) -> Comment:
    lines = 2 + sum(1 + len(line) // 22 for line in text.split("\n"))
    shown = _held(text[:LONGEST_COMMENT])
    return Comment(shown, "取込み", width=320, height=min(24 * lines, 400))


def _cell(made, value: Any, *, head=False, wraps=False, link=False) -> WriteOnlyCell:
    if isinstance(value, str):
        cell = WriteOnlyCell(made, "")
        cell._value, cell.data_type = _held(str(value)), "s"  # never a formula
        if is_formula_like(str(value)):
            cell.quotePrefix = True
    else:
        cell = WriteOnlyCell(made, value)
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
    if head:
        cell.fill, cell.font = HEAD, Font(bold=True)
    if wraps:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if link:
        cell.font = LINK
    return cell


def _held(text: str) -> str:
    """Text as a cell holds it: control characters by their numbers, as Excel writes them."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _ILLEGAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def _names(book: Book) -> dict[str, str]:
    """By the name of a sheet one that Excel takes: a file of text may be called anything."""
    found: dict[str, str] = {}
    taken = {MISTAKES}
    for number, sheet in enumerate(book, 1):
        name = _NOT_IN_NAMES.sub("_", _ILLEGAL.sub("", sheet.name)).strip("'")[:LONGEST_NAME]
        if not name or name.casefold() in taken:
            name = f"{name[: LONGEST_NAME - 4]}({number})"
        taken.add(name.casefold())
        found[sheet.name] = name
    return found


def _widths(sheet: Sheet) -> dict[int, float]:
    """About as wide as what stands in the first rows."""
    widths: dict[int, float] = {}
    for row in sheet.rows[:100]:
        for column, value in enumerate(row.values):
            if value is not None:
                wide = display_width(str(value)[:WIDEST])
                widths[column] = min(max(widths.get(column, 10), wide + 2), WIDEST)
    return widths
