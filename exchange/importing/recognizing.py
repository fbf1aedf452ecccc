"""Which sheet of a file is which of ours, and where its headings stand: also below titles, on two
lines, in merged cells, in any order and under other names."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from exchange.columns import Column, text_of
from exchange.reading import book as reading
from exchange.reading.cells import Problem
from exchange.sheets import BY_KEY, GUIDE, LISTS, MISTAKES, SHEETS
from exchange.sheets.base import Sheet, plain

IGNORED = ""
EVERY_ROW = "すべての行に同じ値"
MOST_COLUMNS = 1 << 14  # that Excel has
WITHIN = 20  # rows among which the headings are looked for
NEAR = 20  # unknown headings for which one that is like them is looked for
MOST_HEADINGS = 300  # of a row; no sheet of ours has a fifth of that


@dataclass(frozen=True)
class SheetMapping:
    """What somebody said of a sheet that is not ours. ``sheet``: the key of the sheet of ours that
    it is. ``columns``: by heading, as it stands in the file, the field of the column of ours that
    it is (``Column.field``), or ``IGNORED``. ``every_row``: by field what is meant in all rows, of
    columns that the file has not."""

    sheet: str
    columns: Mapping[str, str] = field(default_factory=dict)
    every_row: Mapping[str, str] = field(default_factory=dict)


class Wrong(NamedTuple):
    """A heading that is wrong, or (``place`` None) one that is not there."""

    place: int | None
    heading: str
    message: str


@dataclass(frozen=True)
class Found:
    """``row``: the last of those that hold the headings. ``columns``: by place in a row.
    ``every_row``: by a place behind all that a sheet has, what is meant there in all rows."""

    sheet: Sheet
    name: str
    row: int
    columns: dict[int, Column]
    headings: dict[int, str]
    wrong: list[Wrong]
    mapped: bool = False
    every_row: dict[int, str] = field(default_factory=dict)

    def at(self, place: int, row: reading.Row) -> Any:
        """What a row says at a place."""
        return self.every_row[place] if place in self.every_row else row.at(place)

    @property
    def is_whole(self) -> bool:
        """Whether every column that must be there is."""
        there = {id(column) for column in self.columns.values()}
        return all(id(column) in there for column in self.sheet.columns if column.required)


class Headings(NamedTuple):
    """Where headings may stand. ``said``: by place what each may be called, the likeliest first."""

    row: int
    said: dict[int, list[str]]


_plain = lru_cache(maxsize=4096)(plain)
BY_NAME = {plain(name): sheet for sheet in SHEETS for name in (sheet.key, sheet.title)}
# Sheets that are no rows.
OURS_BESIDE = frozenset((plain(GUIDE), plain(LISTS), plain(MISTAKES)))


def recognize(sheet: reading.Sheet, mapping: SheetMapping | None = None) -> Found | None:
    """The sheet of ours that a sheet of a file is; None where nobody can say."""
    lines = list(_lines(sheet))
    if mapping is not None:
        ours = BY_KEY[mapping.sheet]
        fields = {column.field: column for column in ours.columns}
        known = {plain(h): fields.get(name) for h, name in mapping.columns.items()}
        return _found(ours, sheet, lines, known, said=mapping)
    ours = BY_NAME.get(plain(sheet.name))
    if ours is not None:
        found = _found(ours, sheet, lines, ours.by_heading)
        known = len(found.columns) if found else 0
        if found and (found.is_whole or 2 * known >= len(found.headings) or known > 3):
            return found
        return None
    return _by_headings(sheet, lines)


def heading_line(sheet: reading.Sheet) -> Headings | None:
    """Where the headings of a sheet that is not ours are likely to stand: in the first of its rows,
    or pairs of rows, that says most different things."""
    lines = [line for line in _lines(sheet) if line.said]
    return max(lines, key=lambda line: len({said[0] for said in line.said.values()}), default=None)


def is_beside(sheet: reading.Sheet) -> bool:
    """Whether it is one of those of our workbooks that explain the others."""
    return plain(sheet.name) in OURS_BESIDE


def _by_headings(sheet: reading.Sheet, lines: list[Headings]) -> Found | None:
    """Of a sheet with a name of its own: the one sheet whose columns these are."""
    ranks = {ours: rank for ours in SHEETS if (rank := _rank(ours, lines))}
    best = max(ranks.values(), default=None)
    found = [ours for ours, rank in ranks.items() if rank == best]
    return _found(found[0], sheet, lines, found[0].by_heading) if len(found) == 1 else None


def _rank(ours: Sheet, lines: list[Headings]) -> tuple[int, int] | None:
    """How well a sheet of ours suits; None where it cannot be that one."""
    line = _best(lines, ours.by_heading)
    if line is None:
        return None
    known = {ours.by_heading[name].field for name in _named(line, ours.by_heading).values()}
    whole = all(column.field in known for column in ours.columns if column.required)
    if not whole or 2 * len(known) <= len(line.said):
        return None
    return len(known) - len(line.said), len(known)


def _found(
    ours, sheet, lines, known: Mapping[str, Column | None], *, said: SheetMapping | None = None
) -> Found | None:
    line = _best(lines, known)
    return _taken(ours, sheet, line, known, said) if line else None


def _best(lines: list[Headings], known: Mapping) -> Headings | None:
    """The line that knows most headings; of those alike the first."""
    best, most = None, 0
    for line in lines:
        names = _named(line, known)
        number = len(set(names.values()))
        if number > most:
            best, most = line, number
    return best


def _named(line: Headings, known: Mapping) -> dict[int, str]:
    """By place the heading that is known, as it is looked up."""
    found = {}
    for place, names in line.said.items():
        name = next((p for p in map(_plain, names) if p in known), None)
        if name is not None:
            found[place] = name
    return found


def _taken(ours: Sheet, sheet: reading.Sheet, line: Headings, known, mapping) -> Found:
    names, mapped = _named(line, known), mapping is not None
    columns, wrong = {}, []
    for place, said in line.said.items():
        if place not in names:
            near = len(wrong) < NEAR and not mapped
            wrong.append(Wrong(place, said[0], _unknown(ours, said, mapped, near)))
            continue
        column = known[names[place]]
        if column is None:
            continue  # left out on purpose
        if column in columns.values():
            wrong.append(Wrong(place, said[0], _twice(column, said[0])))
        else:
            columns[place] = column
    headings = {place: said[0] for place, said in line.said.items()}
    every_row = {}
    for place, column in enumerate(ours.columns, MOST_COLUMNS):
        if mapped and column.field in mapping.every_row and column not in columns.values():
            every_row[place] = mapping.every_row[column.field]
            columns[place], headings[place] = column, f"{column.heading}（{EVERY_ROW}）"
        elif column.required and column not in columns.values():
            wrong.append(Wrong(None, column.heading, _missing(ours, column)))
    return Found(ours, sheet.name, line.row, columns, headings, wrong, mapped, every_row)


def _unknown(ours: Sheet, said: Sequence[str], mapped: bool, suggest: bool) -> str:
    if mapped:
        return (
            f"列「{said[0]}」を何として取り込むかが決まっていません。列の対応を決め直すか、"
            "この列を削ってください。"
        )
    name, known = _plain(said[0])[:100], ours.by_heading
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5) if suggest else []
    like = f"「{ours.by_heading[near[0]].heading}」のことなら、そう書いてください。" if near else ""
    return (
        f"列「{said[0]}」は「{ours.title}」シートにありません。{like}"
        "要らない列は削ってください（見出しの一覧は、様式の「記入要領」にあります）。"
    )


def _twice(column: Column, said: str) -> str:
    called = f"（「{column.heading}」のことです）" if said != column.heading else ""
    return f"列「{said}」{called}が二つあります。どちらか一つを残してください。"


def _missing(ours: Sheet, column: Column) -> str:
    return (
        f"「{ours.title}」シートに、必須の列「{column.heading}」がありません。"
        f"見出しを「{column.heading}」とする列を加えてください（値の例：{column.shown_example}）。"
    )


# Lines of headings


def _lines(sheet: reading.Sheet) -> Iterator[Headings]:
    """Each of the first rows, and each two that follow each other taken together."""
    rows = sheet.rows[:WITHIN]
    grids = [_grid(row, sheet.merges) for row in rows]
    singles = [Headings(row.number, _single(grid)) for row, grid in zip(rows, grids, strict=True)]
    yield from singles
    for number in range(len(rows) - 1):
        if rows[number + 1].number == rows[number].number + 1:
            said = _double(grids[number], grids[number + 1])
            yield Headings(rows[number + 1].number, said)


def _single(grid: dict[int, str]) -> dict[int, list[str]]:
    return {place: [text] for place, text in grid.items()}


def _double(upper: dict[int, str], lower: dict[int, str]) -> dict[int, list[str]]:
    """契約期間 over 始期: 契約期間（始期）, 契約期間始期, 始期."""
    said = {}
    for place in sorted(upper.keys() | lower.keys()):
        above, below = upper.get(place, ""), lower.get(place, "")
        if not (above and below) or above == below:
            said[place] = [above or below]
        else:
            said[place] = [f"{above}（{below}）", f"{above}{below}", below]
    return said


def _grid(row: reading.Row, merges: Sequence[reading.Merge]) -> dict[int, str]:
    """The texts of a row of headings, each in all cells it is merged over."""
    grid = {}
    for place, value in enumerate(row.values[:MOST_HEADINGS]):
        if text := _text(value):
            grid[place] = text
    for merge in merges:
        if merge.first_row == row.number and merge.first_column in grid:
            for place in range(merge.first_column, min(merge.last_column, MOST_HEADINGS) + 1):
                grid.setdefault(place, grid[merge.first_column])
    return grid


def _text(value) -> str:
    try:
        return " ".join(text_of(value).split())
    except Problem:
        return str(value)
