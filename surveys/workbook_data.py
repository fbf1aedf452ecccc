"""機械可読: a table in long form, one sheet each, with the sheets コード表 and メタデータ.

After 「行政データにおける機械可読性に関するルール」: one sheet one table, header in row 1, data
from row 2, a cell a datum, no merged cells, no formulas, numbers as numbers, western years, the
unit named. An empty cell is no 0: what it means is said in メタデータ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from outsourcing import fiscal_year, spreadsheets
from surveys.sheets.base import HEADINGS, PENDING, PERSONAL, STATISTICS, TOTAL, Cell, Row, Sheet

HEADER = (
    "調査年度",
    "データの種類",
    "区分",
    "集計区分",
    "法人区分",
    "機関コード",
    "機関名",
    "状況コード",
    "状況",
    "件数",
)
_WIDTHS = (10, 14, 16, 10, 22, 14, 40, 16, 60, 10)

CODES = "コード表"
CODES_HEADER = ("項目", "コード", "名称", "説明")
METADATA = "メタデータ"
METADATA_HEADER = ("項目", "対象", "内容")

INFORMATION = {PERSONAL: "保有個人情報", STATISTICS: "調査票情報等"}
KINDS = {"organ": "行政機関", "independent": "独立行政法人等"}
# A row that stands for many agencies is named by what it counts, the same in every table.
TOGETHER = {
    None: ("total", "全機関計"),
    **{kind: (kind, f"{name}計") for kind, name in KINDS.items()},
}
STATUSES = {TOTAL: "総数", **HEADINGS, PENDING: "確認中又は未回答のもの"}
DETAIL, AGGREGATE = "内訳", "集計"
REAL, SYNTHETIC = "実データ", "合成データ"
MEANINGS = {
    DETAIL: "一つの機関の一つの状況の件数。足し上げてよい",
    AGGREGATE: "内訳の和。内訳と併せて足すと二重になる",
    REAL: "機関が登録した契約から集計したもの",
    SYNTHETIC: "架空の契約から集計したもの。実在の契約や事業者を示さない",
    INFORMATION[PERSONAL]: "保有個人情報の取扱いに係る業務を委託する契約",
    INFORMATION[STATISTICS]: "統計調査の調査票情報等の取扱いに関する委託契約",
}


class About(NamedTuple):
    """What a workbook says of itself. The days are given: nothing here asks for today."""

    fiscal_year: int
    title: str  # the survey's
    as_of: date
    made_on: date
    synthetic: bool
    subject: str = ""  # an agency's name when only its rows are given


def add(book: Workbook, sheets: Sequence[Sheet], about: About) -> None:
    for sheet in sheets:
        _add_table(book, sheet.key, HEADER, rows_of(sheet, about), _WIDTHS)
    _add_table(book, CODES, CODES_HEADER, _codes(sheets, about), (14, 16, 40, 60))
    _add_table(book, METADATA, METADATA_HEADER, _metadata(sheets, about), (20, 24, 100))


def rows_of(sheet: Sheet, about: About) -> Iterator[tuple[str | int | None, ...]]:
    """The table in long form: a row for each cell, and for what is pending if anything is."""
    for row in sheet.rows:
        pending = (row.pending,) if sheet.pending and row.pending else ()
        for cell in (*row.cells, *pending):
            yield _record(row, cell, about)


def _record(row: Row, cell: Cell, about: About) -> tuple[str | int | None, ...]:
    is_detail = cell.agency_code and cell.column != TOTAL
    return (
        about.fiscal_year,
        SYNTHETIC if about.synthetic else REAL,
        INFORMATION[cell.information],
        DETAIL if is_detail else AGGREGATE,
        row.group or None,
        *_agency(row, cell),
        cell.column,
        STATUSES[cell.column],
        cell.value,
    )


def _agency(row: Row, cell: Cell) -> tuple[str, str]:
    return (cell.agency_code, row.label) if cell.agency_code else TOGETHER[cell.kind]


def _codes(sheets: Sequence[Sheet], about: About) -> Iterator[tuple[str, ...]]:
    """Every value of a coded column that occurs in these tables, once."""
    records = [record for sheet in sheets for record in rows_of(sheet, about)]
    for item in ("データの種類", "区分", "集計区分", "法人区分"):
        place = HEADER.index(item)
        for name in dict.fromkeys(record[place] for record in records if record[place]):
            yield item, name, name, MEANINGS.get(name, "表②の法人区分")
    kinds = {
        row.agency_code: row.cells[0].kind
        for sheet in sheets
        for row in sheet.rows
        if row.agency_code
    }
    for code, name in dict.fromkeys(record[5:7] for record in records):
        yield "機関コード", code, name, KINDS.get(kinds.get(code), AGGREGATE)
    for code, name in dict.fromkeys(record[7:9] for record in records):
        yield "状況コード", code, name, AGGREGATE if code == TOTAL else DETAIL


def _metadata(sheets: Sequence[Sheet], about: About) -> Iterator[tuple[str, ...]]:
    everywhere = "すべての表"
    yield "調査名", everywhere, about.title
    yield "調査年度", everywhere, str(about.fiscal_year)
    first, last = fiscal_year.first_day(about.fiscal_year), fiscal_year.last_day(about.fiscal_year)
    yield "調査対象期間の初日", everywhere, first.isoformat()
    yield "調査対象期間の末日", everywhere, last.isoformat()
    yield "基準日", everywhere, about.as_of.isoformat()
    yield "作成日", everywhere, about.made_on.isoformat()
    yield "範囲", everywhere, about.subject or "調査の対象となった全機関"
    kind = SYNTHETIC if about.synthetic else REAL
    yield "データの種類", everywhere, kind
    yield "データの種類の説明", everywhere, MEANINGS[kind]
    yield "件数の単位", everywhere, "件"
    yield "件数の空欄", everywhere, "数がないこと（未回答など）を示し、0件とは異なる"
    yield "法人区分の空欄", everywhere, "その行に法人区分がないことを示す"
    yield "機関コード", everywhere, "掲載順に付けたこの製品の番号"
    for sheet in sheets:
        yield "表題", sheet.key, sheet.full_title
        for note in sheet.notes:
            yield "注記", sheet.key, note.removeprefix("※").strip()


def _add_table(book: Workbook, name: str, header, records, widths) -> None:
    page = book.create_sheet(name)
    for line, record in enumerate((header, *records), 1):
        for place, value in enumerate(record, 1):
            if value is not None:
                spreadsheets.put(page.cell(line, place), value)
    for place, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
        page.cell(1, place).font = Font(bold=True)
    page.freeze_panes = "A2"
    spreadsheets.on_paper(page, plain=True)
