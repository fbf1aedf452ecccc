"""Workbooks as tests read them: with other programs than the one that wrote them."""

from __future__ import annotations

import zipfile
from io import BytesIO

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from exchange import ledger_files
from exchange.sheets import SHEETS
from exchange.sheets.base import Chosen


def content(response) -> bytes:
    """What is downloaded."""
    return b"".join(response.streaming_content)


def written(chosen: list[Chosen], sheets=SHEETS) -> bytes:
    out = BytesIO()
    ledger_files.write_workbook(out, sheets, chosen)
    return out.getvalue()


def rows(book: bytes, sheet: str) -> list[list]:
    """All rows of a sheet, the heading among them, as calamine reads them."""
    return CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name(sheet).to_python()


def table(book: bytes, sheet: str) -> list[dict]:
    heading, *others = rows(book, sheet)
    return [dict(zip(heading, row, strict=True)) for row in others]


def formatted(book: bytes):
    return load_workbook(BytesIO(book))


def xml(book: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
