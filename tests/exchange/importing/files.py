"""Files as an office sends them, written by openpyxl and read as uploads are; and what taking them
in would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

from openpyxl import Workbook

from exchange.importing.checking import check
from exchange.importing.plan import Line, Outcome, Plan
from exchange.reading import read
from exchange.reading.book import Book
from exchange.sheets import BY_KEY, SHEETS
from exchange.sheets.base import Chosen
from outsourcing.models import Agency
from outsourcing.scope import Scope
from tests import factories as make
from tests.exchange.books import written

CONTRACT = {
    "課室": None,
    "契約件名": "職員の健康診断",
    "委託先": None,
    "契約締結日": "2017-04-01",
    "契約期間の初日": "2017-04-01",
    "契約期間の末日（当初）": "2018-03-31",
    "業務の種類": "職員の健康診断",
    "情報の種類": "保有個人情報",
    "再委託の条項": "事前承認",
}


def workbook(sheets: Mapping[str, Iterable[Iterable]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def table(*rows: Mapping) -> list[list]:
    """Rows by their headings, with these above."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return [headings, *([row.get(name) for name in headings] for row in rows)]


def contract_row(**values) -> dict:
    return CONTRACT | {"課室": "総務課（001）", "委託先": "株式会社見本"} | values


def book_of(sheets: Mapping[str, Iterable[Iterable]]) -> Book:
    return read(workbook(sheets), name="台帳.xlsx")


def checked(sheets: Mapping, *, agency: Agency | None = None, **how) -> Plan:
    """What an officer of ``agency`` would be told; without one, an operator."""
    return plan_of(book_of(sheets), agency=agency, **how)


def plan_of(book: Book, *, agency: Agency | None = None, **how) -> Plan:
    reads = Scope.everything() if agency is None else Scope.of([agency.pk])
    how.setdefault("may_write", lambda agency, section: True)
    how.setdefault("by", make.recorder())
    return check(book, reads=reads, **how)


def exported(*agencies: Agency) -> Book:
    """The ledger as it is taken out, read again."""
    chosen = [Chosen(tuple(agency.pk for agency in agencies) or None, whole=not agencies)]
    return read(written(chosen, SHEETS), name="台帳.xlsx")


def lines(plan: Plan, key: str) -> list[Line]:
    return [line for sheet in plan if sheet.sheet is BY_KEY[key] for line in sheet.lines]


def outcomes(plan: Plan, key: str) -> list[Outcome]:
    return [line.outcome for line in lines(plan, key)]


def messages(plan: Plan) -> list[str]:
    return [mistake.message for mistake in plan.mistakes]


def cell(book: Book, title: str, row: int, heading: str, value) -> None:
    """Somebody types into a cell of a row, counted from 1 below the headings."""
    sheet = book.sheet(title)
    place = sheet.rows[0].values.index(heading)
    values = sheet.rows[row].values
    values.extend([None] * (place + 1 - len(values)))
    values[place] = value
