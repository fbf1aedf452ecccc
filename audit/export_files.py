"""Findings as files: Excel, whose cells stay the text they are, or CSV.

Lines are as ``exports.cells`` makes them, and are written as they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, NamedTuple

from audit.exports import COLUMNS, DAYS, NOTES, NUMBERS
from exchange.writing import DAY, MOST_ROWS, NUMBER, TEXT, Field, Workbook
from outsourcing import spreadsheets
from surveys.workbook_data import REAL, SYNTHETIC

MOST = MOST_ROWS - 1
FORMATS = {"xlsx": "Excel", "csv": "CSV"}
ENCODINGS = ("utf-8", "cp932")
FINDINGS, CONDITIONS = "所見", "条件"
FIELDS = [
    Field(name, DAY if name in DAYS else NUMBER if name in NUMBERS else TEXT, width)
    for name, width in COLUMNS.items()
]
CONDITION_FIELDS = (Field("項目", width=24), Field("内容", width=80))


class ExportError(Exception):
    """What was asked for cannot be made; the message says why, in Japanese."""


class About(NamedTuple):
    """What a file says of itself: which conditions (label, value), of which day, by whom, when."""

    title: str
    conditions: Sequence[tuple[str, str]]
    on: date
    made_by: str
    made_at: datetime


class Written(NamedTuple):
    """What a file holds after all."""

    rows: int
    synthetic: int

    @property
    def kind(self) -> str:
        if not self.synthetic:
            return REAL if self.rows else "—"
        return SYNTHETIC if self.synthetic == self.rows else f"{REAL}と{SYNTHETIC}"


def write_workbook(file: IO[bytes], lines: Iterable[tuple], about: About) -> Written:
    """所見: the header in row 1 and a row each; 条件: what was asked for."""
    count = Counted(lines)
    with Workbook(file) as book:
        book.add(FINDINGS, FIELDS, count)
        book.add(CONDITIONS, CONDITION_FIELDS, conditions_of(about, count.written))
    return count.written


def conditions_of(about: About, written: Written) -> Iterator[tuple[str, str | int | date]]:
    yield "題名", about.title
    yield from about.conditions
    yield "基準日", about.on
    yield "件数", written.rows
    yield "データの種類", written.kind
    yield "作成者", about.made_by
    yield "作成日時", f"{about.made_at:%Y-%m-%d %H:%M:%S}"
    for column, note in NOTES:
        yield f"列「{column}」", note


def write_csv(file: IO[bytes], lines: Iterable[tuple], encoding: str) -> Written:
    """UTF-8 with a byte order mark, or cp932; UnencodableText if that cannot hold it."""
    count = Counted(lines)
    spreadsheets.write_csv(file, tuple(COLUMNS), count, encoding)
    return count.written


class Counted:
    """Lines as they pass, counted."""

    def __init__(self, lines: Iterable[tuple]):
        self.lines, self.written = lines, Written(0, 0)

    def __iter__(self) -> Iterator[tuple]:
        rows = synthetic = 0
        for line in self.lines:
            rows += 1
            synthetic += line[-1] == SYNTHETIC
            yield line
        self.written = Written(rows, synthetic)
