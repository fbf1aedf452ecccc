"""Published figures: a file of tables as the ministry printed them, read and checked.

A line of the file is a row of a table (``fixtures/README.md`` explains the columns). Nothing of a
file that does not add up is taken over: every fault is told at once, each with its line.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from surveys.sheets import LAYOUTS
from surveys.sheets.base import (
    ADMINISTRATIVE_ORGANS,
    CLASSES,
    INDEPENDENT_AGENCIES,
    STATISTICS_AGENCIES,
    TOTAL,
)

NUMBERS = (TOTAL, *CLASSES)
HEADER = ("sheet", "row", "order", "agency", "group", "label", *NUMBERS, "source")
AGENCY = "agency"

# The rows that a table must have besides those of agencies.
FIXED_ROWS = {
    "summary-personal": ("organ", "independent", TOTAL),
    "summary-statistics": (TOTAL,),
    ADMINISTRATIVE_ORGANS: (TOTAL,),
    INDEPENDENT_AGENCIES: (TOTAL,),
    STATISTICS_AGENCIES: (TOTAL,),
}
# A row of a summary says the same as the total of a table by agency.
AGREEING = (
    (("summary-personal", "organ"), (ADMINISTRATIVE_ORGANS, TOTAL)),
    (("summary-personal", "independent"), (INDEPENDENT_AGENCIES, TOTAL)),
    (("summary-statistics", TOTAL), (STATISTICS_AGENCIES, TOTAL)),
)


class FiguresError(Exception):
    """All that is wrong with a file of published figures: (line, message), in order of lines."""

    def __init__(self, errors: Iterable[tuple[int, str]]):
        self.errors = sorted(errors)
        super().__init__("\n".join(f"{line}行目：{message}" for line, message in self.errors))


class PublishedCell(NamedTuple):
    sheet: str
    row: str
    column: str
    label: str
    value: int
    source: str


class PublishedRow(NamedTuple):
    """One printed row. ``numbers`` has the columns of its table and no others."""

    line: int
    sheet: str
    row: str  # the agency's code, or organ, independent, total
    order: int | None
    agency: str
    group: str
    label: str
    numbers: dict[str, int]
    source: str

    def cells(self) -> Iterator[PublishedCell]:
        for column in LAYOUTS[self.sheet].columns:
            value = self.numbers[column.key]
            yield PublishedCell(self.sheet, self.row, column.key, self.label, value, self.source)


def read(path: Path, agency_codes: Iterable[str]) -> list[PublishedRow]:
    """The rows of a file; FiguresError if it cannot be read or anything in it is wrong."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FiguresError([(0, f"「{path}」を開けません（{error.strerror}）。")]) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise FiguresError([(line, "UTF-8として読めない文字があります。")]) from error
    return parse(text, agency_codes)


def parse(text: str, agency_codes: Iterable[str]) -> list[PublishedRow]:
    """The rows of a file's text; FiguresError if anything in it is wrong."""
    return _Reading(frozenset(agency_codes)).rows_of(text)


def cells(rows: Iterable[PublishedRow]) -> list[PublishedCell]:
    return [cell for row in rows for cell in row.cells()]


class _Reading:
    """One pass over a file, gathering what is wrong instead of stopping at the first."""

    def __init__(self, agency_codes: frozenset[str]):
        self.agency_codes = agency_codes
        self.errors: list[tuple[int, str]] = []
        self.last_line = 1
        # Tables in which something could not be read: their sums would only repeat that.
        self.unreadable: set[str] = set()

    def rows_of(self, text: str) -> list[PublishedRow]:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = []
        try:
            if self._header_is_right(next(reader, [])):
                for fields in reader:
                    self.last_line = reader.line_num
                    if fields and (row := self._row(reader.line_num, fields)):
                        rows.append(row)
                self._check(rows)
        except csv.Error as error:
            self._wrong(reader.line_num, f"CSVとして読めません（{error}）。")
        if self.errors:
            raise FiguresError(self.errors)
        return rows

    def _wrong(self, line: int, message: str) -> None:
        self.errors.append((line, message))

    def _header_is_right(self, header: list[str]) -> bool:
        missing = [name for name in HEADER if name not in header]
        unknown = [name for name in header if name not in HEADER]
        if missing:
            self._wrong(1, f"列がありません：{'、'.join(missing)}。")
        if unknown:
            self._wrong(1, f"知らない列があります：{'、'.join(unknown)}。")
        if not missing and not unknown and tuple(header) != HEADER:
            self._wrong(1, f"列の並びが違います。{'、'.join(HEADER)}の順にしてください。")
        return tuple(header) == HEADER

    def _row(self, line: int, fields: list[str]) -> PublishedRow | None:
        if len(fields) != len(HEADER):
            self._wrong(line, f"欄の数が{len(fields)}です。{len(HEADER)}欄が必要です。")
            self.unreadable.update(fields[:1])
            return None
        named = dict(zip(HEADER, fields, strict=True))
        sheet = named["sheet"]
        if sheet not in LAYOUTS:
            self._wrong(line, f"表「{sheet}」はありません（{'、'.join(LAYOUTS)}のいずれか）。")
            return None
        key, order = self._identity(line, named), self._order(line, named)
        numbers = self._numbers(line, named)
        if not named["label"]:
            self._wrong(line, "行の名称（label）が空です。")
        if key is None or numbers is None:
            self.unreadable.add(sheet)
            return None
        return PublishedRow(
            line=line,
            sheet=sheet,
            row=key,
            order=order,
            agency=named["agency"],
            group=named["group"],
            label=named["label"],
            numbers=numbers,
            source=named["source"],
        )

    def _identity(self, line: int, named: dict[str, str]) -> str | None:
        sheet, row, agency = named["sheet"], named["row"], named["agency"]
        has_agencies = sheet not in ("summary-personal", "summary-statistics")
        known = FIXED_ROWS[sheet] + ((AGENCY,) if has_agencies else ())
        if row not in known:
            self._wrong(line, f"表「{sheet}」に行「{row}」はありません（{'、'.join(known)}）。")
            return None
        if row != AGENCY:
            if agency:
                self._wrong(line, f"機関の行ではないのに機関コード「{agency}」があります。")
            return row
        if agency not in self.agency_codes:
            self._wrong(line, f"機関コード「{agency}」の機関はありません（{named['label']}）。")
            return None
        return agency

    def _order(self, line: int, named: dict[str, str]) -> int | None:
        order = _whole_number(named["order"])
        if named["row"] == AGENCY and not order:
            self._wrong(line, f"掲載順「{named['order']}」は1以上の整数ではありません。")
        if named["row"] != AGENCY and named["order"]:
            self._wrong(line, f"機関の行ではないのに掲載順「{named['order']}」があります。")
        return order

    def _numbers(self, line: int, named: dict[str, str]) -> dict[str, int] | None:
        printed = [column.key for column in LAYOUTS[named["sheet"]].columns]
        numbers = {}
        for name in NUMBERS:
            text = named[name]
            if name not in printed:
                if text:
                    self._wrong(line, f"この表に{name}の欄はないのに「{text}」とあります。")
                continue
            number = _whole_number(text)
            if number is None:
                self._wrong(line, f"{name}の「{text}」は0以上の整数ではありません。")
            else:
                numbers[name] = number
        return numbers if len(numbers) == len(printed) else None

    def _check(self, rows: list[PublishedRow]) -> None:
        by_sheet: dict[str, list[PublishedRow]] = defaultdict(list)
        found: dict[tuple[str, str], PublishedRow] = {}
        for row in rows:
            self._check_sum(row)
            earlier = found.setdefault((row.sheet, row.row), row)
            if earlier is row:
                by_sheet[row.sheet].append(row)
            else:
                self._wrong(
                    row.line,
                    f"表「{row.sheet}」の行「{row.row}」（{row.label}）は"
                    f"{earlier.line}行目にもあります。",
                )
        for sheet in LAYOUTS:
            self._check_structure(sheet, by_sheet[sheet])
            self._check_columns(sheet, by_sheet[sheet])
        for summary, total in AGREEING:
            if summary in found and total in found:
                self._check_agreement(found[summary], found[total])

    def _check_sum(self, row: PublishedRow) -> None:
        classes = [number for name, number in row.numbers.items() if name != TOTAL]
        if sum(classes) != row.numbers[TOTAL]:
            terms = "＋".join(f"{number:,}" for number in classes)
            self._wrong(
                row.line,
                f"「{row.label}」の合計{row.numbers[TOTAL]:,}が、内訳の和{sum(classes):,}"
                f"（{terms}）と合いません。",
            )

    def _check_structure(self, sheet: str, rows: list[PublishedRow]) -> None:
        last = rows[-1].line if rows else self.last_line
        present = {row.row for row in rows}
        if sheet not in self.unreadable:
            for missing in FIXED_ROWS[sheet]:
                if missing not in present:
                    self._wrong(last, f"表「{sheet}」に行「{missing}」がありません。")
        expected = 1
        for row in rows:
            if row.order and sheet not in self.unreadable:
                if row.order != expected:
                    self._wrong(
                        row.line,
                        f"表「{sheet}」の掲載順が「{row.order}」です。{expected}が来るはずです。",
                    )
                expected = row.order + 1

    def _check_columns(self, sheet: str, rows: list[PublishedRow]) -> None:
        total = next((row for row in rows if row.row == TOTAL), None)
        parts = [row for row in rows if row.row != TOTAL]
        if total is None or sheet in self.unreadable or sheet == "summary-statistics":
            return
        for name, printed in total.numbers.items():
            found = sum(row.numbers[name] for row in parts)
            if found != printed:
                self._wrong(
                    total.line,
                    f"表「{sheet}」の{name}の計{printed:,}が、各行の和{found:,}と合いません。",
                )

    def _check_agreement(self, summary: PublishedRow, total: PublishedRow) -> None:
        for name, number in summary.numbers.items():
            if number != total.numbers[name]:
                self._wrong(
                    summary.line,
                    f"「{summary.label}」の{name}の{number:,}が、{total.line}行目の計"
                    f"{total.numbers[name]:,}と合いません。",
                )


def _whole_number(text: str) -> int | None:
    # Nine digits are more contracts than there can be, and fit every database.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
