"""What the published tables have in common: a sheet, its rows and cells, and how they are counted.

Pure: contracts are classified elsewhere (``counts``), and who is printed where is given
(``listings``). A cell knows which contracts it counts, so that a page can open them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

PERSONAL = "personal"
STATISTICS = "statistics"

ADMINISTRATIVE_ORGANS = "administrative-organs"
INDEPENDENT_AGENCIES = "independent-agencies"
STATISTICS_AGENCIES = "statistics"

# 確認中: what is neither confirmed nor denied. The published tables have no column for it.
PENDING = "pending"
TOTAL = "total"
HEADINGS = {
    "no_breach": "契約に反する再委託が行われていないことが確認されたもの",
    "breach": "契約に反する再委託が行われている実態が確認されたもの",
    "unverifiable": "委託先法人の解散等により確認できなかったもの",
}
CLASSES = tuple(HEADINGS)
STATUS_GROUP = "再委託の状況"

# (information, agency id) -> class -> number of contracts
Counts = Mapping[tuple[str, int], Mapping[str, int]]
# (information, agency id) -> number of contracts with inadequate management
Faults = Mapping[tuple[str, int], int]


class Listed(NamedTuple):
    """One printed row of one table, as ``surveys.models.Listing`` has it."""

    table: str
    order: int
    group: str
    printed_name: str
    agency_id: int
    agency_code: str
    agency_kind: str


class Column(NamedTuple):
    key: str
    heading: str
    group: str = ""


class HeadingCell(NamedTuple):
    text: str
    colspan: int
    rowspan: int


class Cell(NamedTuple):
    """A number and what it counts. None: this cell was not asked for, which is not 0."""

    column: str
    value: int | None
    information: str
    agency_code: str | None = None  # None: all agencies of the kind
    kind: str | None = None  # None: of both kinds


class Row(NamedTuple):
    """``kind``: group (a heading without numbers), agency, kind (of agencies) or total.

    ``key`` finds the same row in what was published: the agency's code, organ, independent, total.
    """

    kind: str
    key: str
    label: str
    cells: tuple[Cell, ...] = ()
    order: int | None = None
    agency_code: str | None = None
    group: str = ""
    pending: Cell | None = None  # counted in the row's total and in no other column


class Sheet(NamedTuple):
    key: str
    section: str
    number: str
    title: str
    name: str  # short enough for a workbook's tab
    information: str
    stub: str  # heading of the column of names
    columns: tuple[Column, ...]
    unit: str = "（単位：件）"
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def full_title(self) -> str:
        return f"{self.section}　{self.number}{self.title}" if self.number else self.title

    @property
    def short_title(self) -> str:
        """As pages name it where the whole title is too long."""
        return f"{self.number}{self.title}" if self.number else self.name

    @property
    def heading(self) -> tuple[tuple[HeadingCell, ...], ...]:
        """The heading as printed: one row, or two where columns stand under a group."""
        if not any(column.group for column in self.columns):
            headings = self.stub, *(column.heading for column in self.columns)
            return (tuple(HeadingCell(text, 1, 1) for text in headings),)
        upper = [HeadingCell(self.stub, 1, 2)]
        for group, columns in groupby(self.columns, key=lambda column: column.group):
            if group:
                upper.append(HeadingCell(group, len(list(columns)), 1))
            else:
                upper.extend(HeadingCell(column.heading, 1, 2) for column in columns)
        lower = (HeadingCell(column.heading, 1, 1) for column in self.columns if column.group)
        return tuple(upper), tuple(lower)

    @property
    def pending(self) -> int:
        """How many of the contracts counted here are still 確認中 or 未回答."""
        total = self.row(TOTAL)
        rows = [total] if total else self.rows
        return sum(row.pending.value for row in rows if row.pending)

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)


def detail_columns(*classes: str) -> tuple[Column, ...]:
    """総数 first, the classes under 再委託の状況, as in the tables by agency."""
    return Column(TOTAL, "総数"), *(Column(key, HEADINGS[key], STATUS_GROUP) for key in classes)


def summary_columns(*classes: str) -> tuple[Column, ...]:
    """計 last, as in the summaries."""
    return *(Column(key, HEADINGS[key]) for key in classes), Column(TOTAL, "計")


def listed_in(table: str, listings: Iterable[Listed]) -> list[Listed]:
    return sorted((row for row in listings if row.table == table), key=lambda row: row.order)


def counted(sheet: Sheet, counts: Counts, listed: Iterable[Listed]) -> dict[str, int]:
    """Contracts by class, of these agencies together."""
    tally = dict.fromkeys((*CLASSES, PENDING), 0)
    for row in listed:
        for name, number in counts.get((sheet.information, row.agency_id), {}).items():
            tally[name] += number
    return tally


def make_row(
    sheet: Sheet,
    tally: Mapping[str, int],
    *,
    kind: str,
    key: str,
    label: str,
    agencies: str | None = None,
    listed: Listed | None = None,
) -> Row:
    """A row of numbers. Its total counts every class, those without a column of their own too.

    ``agencies`` is the kind of agencies counted (None: both), ``listed`` the one agency, if one.
    """
    values = {**tally, TOTAL: sum(tally.values())}
    code = listed.agency_code if listed else None

    def cell(column: str) -> Cell:
        return Cell(column, values[column], sheet.information, code, agencies)

    return Row(
        kind=kind,
        key=key,
        label=label,
        cells=tuple(cell(column.key) for column in sheet.columns),
        order=listed.order if listed else None,
        agency_code=code,
        group=listed.group if listed else "",
        pending=cell(PENDING),
    )


def agency_rows(
    sheet: Sheet, counts: Counts, listed: Sequence[Listed], *, agencies: str | None
) -> tuple[Row, ...]:
    """A heading for each group, a row for each agency, and the total of them all."""
    rows = []
    for group, members in groupby(listed, key=lambda row: row.group):
        if group:
            rows.append(Row("group", f"group:{group}", f"({group})", group=group))
        for member in members:
            tally = counted(sheet, counts, [member])
            rows.append(
                make_row(
                    sheet,
                    tally,
                    kind="agency",
                    key=member.agency_code,
                    label=member.printed_name,
                    agencies=member.agency_kind,
                    listed=member,
                )
            )
    tally = counted(sheet, counts, listed)
    rows.append(make_row(sheet, tally, kind=TOTAL, key=TOTAL, label="計", agencies=agencies))
    return tuple(rows)
