"""列の対応: what the columns of a sheet that is not ours mean. Said once, kept for the agency, and
found again by the headings, whatever the sheet and the file are called."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError

from exchange.columns import Column
from exchange.importing.preview import shown
from exchange.importing.recognizing import (
    EVERY_ROW,
    IGNORED,
    SheetMapping,
    heading_line,
    is_beside,
)
from exchange.importing.recorded import identities, is_item
from exchange.models import ColumnMapping
from exchange.reading import book as reading
from exchange.sheets import BY_KEY
from exchange.sheets.base import Sheet, plain
from outsourcing.actions.base import insert, recording
from outsourcing.models import Agency

EXAMPLES = 3  # values of a column that are shown


class TheirColumn(NamedTuple):
    """A column of a sheet that somebody sent, with its first values."""

    heading: str
    values: list[str]


class TheirSheet(NamedTuple):
    """A sheet that somebody sent, as far as it takes to say what it is."""

    name: str
    signature: str
    columns: list[TheirColumn]

    @classmethod
    def of(cls, said: dict) -> TheirSheet:
        """As it was kept."""
        return cls(**said | {"columns": [TheirColumn(*column) for column in said["columns"]]})


def look_at(sheet: reading.Sheet) -> TheirSheet:
    line = heading_line(sheet)
    columns = []
    if line is not None:
        below = [row for row in sheet.rows if row.number > line.row][: 10 * EXAMPLES]
        for place, said in line.said.items():
            values = [shown(row.at(place)) for row in below if row.at(place) is not None]
            columns.append(TheirColumn(said[0], values[:EXAMPLES]))
    return TheirSheet(sheet.name, _signature(columns), columns)


def _signature(columns: list[TheirColumn]) -> str:
    """The same for the same headings, in whatever order they stand."""
    headings = sorted(plain(column.heading) for column in columns)
    return hashlib.sha256("\n".join(headings).encode()).hexdigest()


def known(book: reading.Book, agency: Agency | None) -> dict[str, ColumnMapping]:
    """By the name of a sheet what was said of its headings last."""
    if agency is None:
        return {}
    signatures = {one.name: one.signature for one in map(look_at, _sheets(book)) if one.columns}
    rows = ColumnMapping.objects.valid().filter(
        agency=agency, signature__in=signatures.values(), sheet__in=BY_KEY
    )
    newest = {row.signature: row for row in rows.select_related("recorded_by").order_by("pk")}
    return {name: newest[one] for name, one in signatures.items() if one in newest}


def newest(agency: Agency, theirs: TheirSheet) -> ColumnMapping | None:
    rows = ColumnMapping.objects.valid().filter(agency=agency, signature=theirs.signature)
    return rows.filter(sheet__in=BY_KEY).order_by("pk").last()


def as_said(rows: Mapping[str, ColumnMapping]) -> dict[str, SheetMapping]:
    return {name: SheetMapping(row.sheet, row.columns, row.every_row) for name, row in rows.items()}


def cautions(rows: Mapping[str, ColumnMapping]) -> list[str]:
    return [
        f"シート「{name}」は、{row.recorded_by}さんが{row.recorded_at:%Y-%m-%d}に決めた列の対応により、"
        f"「{BY_KEY[row.sheet].title}」として読みました。{_left_out(row)}{_every_row(row)}"
        for name, row in rows.items()
    ]


def _left_out(row: ColumnMapping) -> str:
    names = [heading for heading, field in row.columns.items() if field == IGNORED]
    return f"取り込まない列：{'、'.join(names)}。" if names else ""


def _every_row(row: ColumnMapping) -> str:
    columns = (c for c in BY_KEY[row.sheet].columns if c.field in row.every_row)
    said = [f"{column.heading}「{row.every_row[column.field]}」" for column in columns]
    return f"{EVERY_ROW}とした項目：{'、'.join(said)}。" if said else ""


def say(
    *,
    by,
    agency: Agency,
    theirs: TheirSheet,
    sheet: Sheet,
    columns: Mapping[str, str],
    every_row: Mapping[str, str] = {},
):
    """Keep what each column of theirs is: a field of ``sheet``, or ``IGNORED``; and of fields that
    they have no column for, what is meant ``every_row``. Raises ValidationError, by the heading of
    theirs, by the ``Column`` of ours as ``of_ours`` names it, or of the whole."""
    problems = dict(_problems(theirs, sheet, columns, every_row))
    if problems:
        raise ValidationError(problems)
    row = ColumnMapping(
        agency=agency,
        signature=theirs.signature,
        sheet=sheet.key,
        columns=dict(columns),
        every_row=dict(every_row),
    )
    with recording():
        return insert(row, by=by)


def _problems(
    theirs: TheirSheet, sheet: Sheet, columns: Mapping[str, str], every_row: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    fields = {column.field: column for column in sheet.columns}
    seen: dict[str, str] = {}
    for column in theirs.columns:
        field = columns.get(column.heading)
        if field is None:
            yield column.heading, f"列「{column.heading}」を何として取り込むかを選んでください。"
        elif field == IGNORED:
            continue
        elif field not in fields:
            yield column.heading, f"「{sheet.title}」にない列です。選び直してください。"
        elif field in seen:
            yield (
                column.heading,
                (
                    f"「{fields[field].heading}」は、列「{seen[field]}」にも選ばれています。"
                    "どちらかを「取り込まない」にしてください。"
                ),
            )
        else:
            seen[field] = column.heading
    for field, typed in every_row.items():
        if (why := _wrong_in_every_row(sheet, fields.get(field), typed, seen)) is not None:
            yield of_ours(field), why
    for column in sheet.columns:
        if column.required and column.field not in seen and column.field not in every_row:
            yield (
                of_ours(column.field),
                f"どの列も選ばれていませんが、「{sheet.title}」に必要な項目（{column.heading}）です。"
                f"列を選ぶか、{EVERY_ROW}をここに入力してください（例：{column.shown_example}）。",
            )


def of_ours(field: str) -> str:
    """Names a field of ours among headings of theirs."""
    return f"{EVERY_ROW}：{field}"


def may_be_in_every_row(sheet: Sheet) -> list[Column]:
    """What can be the same in all rows: not what names a row, nor the words of a contract."""
    own = identities(sheet) | {"inspection", "parent", "renews"}
    return [c for c in sheet.own if not (c.told or c.field in own or is_item(c))]


def _wrong_in_every_row(
    sheet: Sheet, column: Column | None, typed: str, seen: Mapping[str, str]
) -> str | None:
    """What is wrong with it, read as a cell would be."""
    if column is None or column not in may_be_in_every_row(sheet):
        return "この項目は、すべての行に同じ値にできません。"
    if column.field in seen:
        return (
            f"「{column.heading}」には列「{seen[column.field]}」が選ばれています。"
            "どちらか一方にしてください（ここを空欄にするか、列を「取り込まない」に）。"
        )
    try:
        sheet.value(column, typed)
    except ValueError as error:
        return str(error)
    return None


def _sheets(book: reading.Book) -> list[reading.Sheet]:
    return [sheet for sheet in book if not is_beside(sheet)]
