"""Survey tables as workbooks and CSV: 公表様式 to be read and printed, 機械可読 to compute with.

Knows sheets and cells, not contracts. Both forms can stand in one workbook: the tabs of 公表様式
have Japanese names, those of 機械可読 the tables' keys.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from outsourcing import spreadsheets
from surveys import workbook_data, workbook_layout
from surveys.sheets.base import Sheet
from surveys.workbook_data import About

PUBLISHED = "published"  # 公表様式
MACHINE = "machine"  # 機械可読
FORMS = (PUBLISHED, MACHINE)


def workbook(sheets: Iterable[Sheet], about: About, forms: Sequence[str] = FORMS) -> Workbook:
    """The tables in one workbook: all of them, one, or one agency's rows, as ``sheets`` are."""
    sheets = tuple(sheets)
    unknown = [form for form in forms if form not in FORMS]
    if unknown or not forms:
        raise ValueError(f"様式「{'、'.join(unknown)}」はありません。")
    if not sheets:
        raise ValueError("出力する表がありません。")
    book = Workbook()
    book.remove(book.active)
    book.properties.title = about.title
    book.properties.creator = ""
    if PUBLISHED in forms:
        for sheet in sheets:
            workbook_layout.add(book, sheet, about)
    if MACHINE in forms:
        workbook_data.add(book, sheets, about)
    return book


def workbook_bytes(sheets: Iterable[Sheet], about: About, forms: Sequence[str] = FORMS) -> bytes:
    out = io.BytesIO()
    workbook(sheets, about, forms).save(out)
    return out.getvalue()


def csv_bytes(sheet: Sheet, about: About, encoding: str = "utf-8") -> bytes:
    """One table in 機械可読 form. ``encoding``: utf-8 (with a byte order mark) or cp932."""
    return spreadsheets.csv_bytes(
        workbook_data.HEADER, workbook_data.rows_of(sheet, about), encoding
    )
