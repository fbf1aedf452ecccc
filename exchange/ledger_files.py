"""The ledger as files: workbooks of all sheets, CSV, templates; of everything that may be seen, of
an agency, of chosen contracts. Every workbook can be edited and taken in again."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import IO

from django.db.models import Count, Q

from exchange.columns import Column
from exchange.sheets import GUIDE, LISTS, SHEETS
from exchange.sheets.base import Chosen, Sheet
from exchange.sheets.companies import COMPANY
from exchange.writing import MOST_ROWS, Field, Workbook, letter
from outsourcing import spreadsheets
from outsourcing.models import Agency, Contract, Section
from outsourcing.scope import Scope

# By the field of columns, what only one ledger has to choose from.
OwnLists = Mapping[str, Sequence[str]]
TOGETHER = 10_000  # contracts whose rows are held in memory at once
GUIDE_FIELDS = [
    Field("シート", width=20, wraps=True),
    Field("列", width=30, wraps=True),
    Field("必須", width=8, wraps=True),
    Field("説明", width=60, wraps=True),
    Field("例", width=24, wraps=True),
    Field("選べるもの", width=34, wraps=True),
    Field("ほかの名称", width=24, wraps=True),
]
# What 記入要領 says of the workbook as a whole.
_OF_THE_BOOK = [
    ("このブック", None, None, text, None, None, None)
    for text in (
        "値を直し、行を加えて取り込むと、直したところと加えた行だけが台帳に反映されます。行を消しても、"
        "台帳の記録は消えません。",
        "台帳にあってこのブックにないもの：課室の移管の履歴、証拠書類のファイル、下書き、無効にした記録、"
        "変更と利用の記録。取り込んでも、これらは変わりません。",
    )
]


def sheets_for(scope: Scope) -> tuple[Sheet, ...]:
    """Those that somebody who reads these ledgers may have."""
    return tuple(sheet for sheet in SHEETS if scope.is_everything or not sheet.office)


def slices(scope: Scope, contracts=None) -> list[Chosen]:
    """The agencies of a scope in their order, as many together as memory should hold. One query."""
    held = Contract.objects.visible_to(scope).valid().order_by()
    counted = dict(held.values_list("agency").annotate(number=Count("pk")))
    keys = Agency.objects.visible_to(scope).order_by("code").values_list("pk", flat=True)
    found: list[list[int]] = [[]]
    together = 0
    for key in keys:
        together += counted.get(key, 0)
        if found[-1] and together > TOGETHER:
            found.append([])
            together = counted.get(key, 0)
        found[-1].append(key)
    whole = scope.is_everything and contracts is None
    return [Chosen(tuple(agencies), contracts, whole) for agencies in found]


def count(sheets: Iterable[Sheet], chosen: Sequence[Chosen]) -> int:
    """How many rows are taken out with these sheets."""
    return sum(sheet.count(part) for sheet in sheets for part in sheet.parts(chosen))


def rows_of(sheet: Sheet, chosen: Iterable[Chosen]) -> Iterator[tuple]:
    return chain.from_iterable(map(sheet.rows, sheet.parts(chosen)))


def write_workbook(file: IO[bytes], sheets: Iterable[Sheet], chosen: Sequence[Chosen]) -> int:
    """All rows of the sheets; how many there are is given back. Raises TooManyRows."""
    return write(file, {sheet: rows_of(sheet, chosen) for sheet in sheets}, own_lists(chosen))


def write_template(file: IO[bytes], sheets: Iterable[Sheet], agency: Agency) -> None:
    """No rows but an example in each sheet, which is marked as one."""
    write(file, {sheet: [sheet.example()] for sheet in sheets}, own_lists([Chosen((agency.pk,))]))


def write(file: IO[bytes], rows: Mapping[Sheet, Iterable[tuple]], own: OwnLists) -> int:
    """A workbook of these rows, with what may be chosen in each column."""
    *_, (_, _, written) = steps(file, rows, own)
    return written


def steps(
    file: IO[bytes], rows: Mapping[Sheet, Iterable[tuple]], own: OwnLists
) -> Iterator[tuple[int, int, int]]:
    """The same, telling after each sheet how many are done, of how many, and how many rows."""
    lists = _lists(rows, own)
    places = {choices: _range(n, choices) for n, choices in enumerate(lists, 1)}
    written = 0
    with Workbook(file) as book:
        for done, (sheet, of_sheet) in enumerate(rows.items(), 1):
            written += book.add(sheet.title, sheet.fields(_offered(sheet, own, places)), of_sheet)
            if done < len(rows):
                yield done, len(rows), written
        book.add(GUIDE, GUIDE_FIELDS, chain(_OF_THE_BOOK, *map(_guide, rows)))
        longest = max(map(len, lists), default=0)
        padded = [(*choices, *[None] * (longest - len(choices))) for choices in lists]
        headings = [Field(name) for name in lists.values()]
        book.add(LISTS, headings, zip(*padded, strict=True), hidden=True)
    yield len(rows), len(rows), written


def own_lists(chosen: Sequence[Chosen]) -> OwnLists:
    """The sections of an agency, and the companies it has named. Of many agencies together there
    is no such list: it would offer one what is another's."""
    if len(chosen) != 1 or chosen[0].agencies is None or len(chosen[0].agencies) != 1:
        return {}
    sections = Section.objects.valid().filter(agency__in=chosen[0].agencies, last_day=None)
    companies = [row[1] for row in COMPANY.rows(Chosen(chosen[0].agencies))]
    return lists_of(sections.order_by("code").values_list("name", "code"), companies)


def lists_of(sections: Iterable[tuple[str, str]], companies: list[str]) -> OwnLists:
    return {
        "section": [f"{name}（{code}）" for name, code in sections],
        "contractor": companies,
    }


def _lists(sheets: Iterable[Sheet], own: OwnLists) -> dict[tuple[str, ...], str]:
    """Each list that a column of the sheets offers, once, under the heading of the first."""
    found: dict[tuple[str, ...], str] = {}
    for sheet in sheets:
        for column in sheet.columns:
            if choices := _choices(column, own):
                found.setdefault(choices, column.heading)
    return found


def _choices(column: Column, own: OwnLists) -> tuple[str, ...]:
    return column.choices if column.only_choices else tuple(own.get(column.field, ()))


def _offered(sheet: Sheet, own, places: dict[tuple[str, ...], str]) -> dict[str, str]:
    found = {column.field: _choices(column, own) for column in sheet.columns}
    return {field: places[choices] for field, choices in found.items() if choices}


def _range(column: int, choices: tuple[str, ...]) -> str:
    place = letter(column)
    return f"{LISTS}!${place}$2:${place}${min(len(choices) + 1, MOST_ROWS)}"


@cache
def _guide(sheet: Sheet) -> list[tuple]:
    """記入要領: what each column means."""
    return [(sheet.title, None, None, sheet.note, None, None, None)] + [
        (
            sheet.title,
            column.heading,
            "必須" if column.required else None,
            column.note or None,
            column.shown_example or None,
            "、".join(column.choices) or None,
            "、".join(column.aliases) or None,
        )
        for column in sheet.columns
    ]


def write_csv(file: IO[bytes], sheet: Sheet, chosen: Sequence[Chosen], encoding: str) -> None:
    """Raises spreadsheets.UnencodableText."""
    header = [column.heading for column in sheet.columns]
    spreadsheets.write_csv(file, header, rows_of(sheet, chosen), encoding)


def write_csv_files(
    file: IO[bytes], sheets: Iterable[Sheet], chosen: Sequence[Chosen], encoding: str
) -> None:
    """A CSV file for each sheet, in one zip file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for sheet in sheets:
            with archive.open(f"{sheet.key}.csv", "w") as out:
                write_csv(out, sheet, chosen, encoding)


def workbooks_by_agency(
    sheets: Sequence[Sheet], chosen: Iterable[Chosen]
) -> Iterator[tuple[Agency, dict[Sheet, Iterable[tuple]], OwnLists]]:
    """For each agency what ``write`` takes: read together, as asking for each alone would take
    longer than writing."""
    for part in chosen:
        raw = {sheet: sheet.by_agency(part) for sheet in sheets}
        sections: dict[int, list[tuple[str, str]]] = {}
        open_ = Section.objects.valid().filter(Q(agency__in=part.agencies), last_day=None)
        for agency, name, code in open_.order_by("code").values_list("agency", "name", "code"):
            sections.setdefault(agency, []).append((name, code))
        for agency in Agency.objects.filter(pk__in=part.agencies).order_by("code"):
            rows = {sheet: list(sheet.cells(raw[sheet].pop(agency.pk, []))) for sheet in sheets}
            companies = [
                row[1] for sheet in sheets if sheet.key == "companies" for row in rows[sheet]
            ]
            yield agency, rows, lists_of(sections.get(agency.pk, ()), companies)
