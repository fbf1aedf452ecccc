"""The tables of a round as files: which, in which form, under which name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from outsourcing.scope import Scope
from outsourcing.spreadsheets import UnencodableText
from surveys import rounds, sheets, workbooks
from surveys.rounds import Round
from surveys.sheets.base import PERSONAL
from surveys.workbook_data import About

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset={}"
FORMS = {"both": workbooks.FORMS, **{form: (form,) for form in workbooks.FORMS}}
ENCODINGS = ("utf-8", "cp932")
EVERYTHING = "tables"


class ExportError(Exception):
    """What was asked for cannot be made; the message says why, in Japanese."""


class File(NamedTuple):
    """``rows``: how many rows of data are taken out with it."""

    name: str
    content: bytes
    content_type: str
    rows: int

    @property
    def disposition(self) -> str:
        """As a download, under a name that may be Japanese (RFC 6266)."""
        return f"attachment; filename*=UTF-8''{quote(self.name)}"


def export(round_: Round, scope: Scope, name: str, options: Mapping[str, str], *, on: date) -> File:
    """The file ``name``: "tables.xlsx" has all five, "<table>.xlsx" and "<table>.csv" one.

    Options: ``agency`` (code) for one agency's rows, ``form`` (both, published, machine) of a
    workbook, ``encoding`` (utf-8, cp932) of a CSV file. ``on`` is the day it is made.
    """
    key, _, kind = name.rpartition(".")
    if kind not in ("xlsx", "csv") or (key != EVERYTHING and key not in sheets.LAYOUTS):
        raise ExportError(f"「{name}」という出力はありません。")
    about = about_round(round_, on=on)
    agency = options.get("agency", "")
    if agency:
        found = tables_of_agency(round_, scope, agency)
        about = about._replace(subject=_printed_name(found, agency))
    else:
        found = rounds.tables(round_, scope)
    if key != EVERYTHING:
        found = tuple(sheet for sheet in found if sheet.key == key)
    if not found:
        raise ExportError(f"機関「{agency}」は表「{key}」に掲載されていません。")
    stem = f"{round_.year}-{key}" + (f"-{agency}" if agency else "")
    if kind == "xlsx":
        return _workbook(found, about, stem, options.get("form", "both"))
    return _csv(found, about, stem, options.get("encoding", "utf-8"))


def about_round(round_: Round, *, on: date) -> About:
    """What the files of a round say of themselves."""
    title = round_.survey(PERSONAL).title.partition("（")[0]
    return About(
        fiscal_year=round_.year,
        title=title,
        as_of=round_.last_day,
        made_on=on,
        synthetic=round_.synthetic,
    )


def tables_of_agency(round_: Round, scope: Scope, agency: str) -> tuple[sheets.Sheet, ...]:
    """One agency's rows, of the tables that print it."""
    listed = rounds.listed(round_, scope)
    if not any(row.agency_code == agency for row in listed):
        raise ExportError(f"機関「{agency}」はこの調査に掲載されていません。")
    counted = rounds.counts(round_.surveys, scope)
    return sheets.build_for_agency(counted, listed, rounds.faults(round_.surveys, scope), agency)


def _printed_name(found: tuple[sheets.Sheet, ...], agency: str) -> str:
    return found[0].row(agency).label if found else ""


def _workbook(found, about: About, stem: str, form: str) -> File:
    if form not in FORMS:
        raise ExportError(f"様式「{form}」はありません（{'、'.join(FORMS)}）。")
    content = workbooks.workbook_bytes(found, about, FORMS[form])
    return File(f"{stem}.xlsx", content, XLSX, rows_of(found))


def _csv(found, about: About, stem: str, encoding: str) -> File:
    if encoding not in ENCODINGS:
        raise ExportError(f"文字コード「{encoding}」はありません（{'、'.join(ENCODINGS)}）。")
    if len(found) != 1:
        raise ExportError("CSVは一つの表を選んで出力してください。")
    try:
        content = workbooks.csv_bytes(found[0], about, encoding)
    except UnencodableText as error:
        raise ExportError(str(error)) from error
    charset = "Shift_JIS" if encoding == "cp932" else encoding
    return File(f"{stem}.csv", content, CSV.format(charset), rows_of(found))


def rows_of(found: tuple[sheets.Sheet, ...]) -> int:
    """Agencies' rows; headings and sums are none."""
    return sum(row.kind == "agency" for sheet in found for row in sheet.rows)
