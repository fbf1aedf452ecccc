"""A sheet of a file, read column by column: what each of its rows says, and what is wrong in it.

Ledgers say the same again and again, so that each text of a column is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest
from typing import Any

from exchange.columns import PLACE, Column, Day, text_of
from exchange.importing.plan import Line, Mistake, Outcome, SheetPlan
from exchange.importing.recognizing import Found
from exchange.importing.recorded import ITEMS, is_item
from exchange.reading import book as reading
from exchange.reading.book import Unreadable, letters, some
from exchange.reading.cells import Problem, is_blank, office_rows
from exchange.sheets import SHEETS
from exchange.sheets.base import EXAMPLE, LEFT_OUT, Sheet, plain
from exchange.sheets.items import Article, Quote
from outsourcing.folding import fold

NAMED = 5  # rows that a caution names
_TOTALS = frozenset(map(fold, ("計", "合計", "小計", "総計", "累計", "以上", "以下余白")))
_HEADINGS = frozenset(name for sheet in SHEETS for name in sheet.by_heading)
_NOTES = ("注", "※", "備考", "(注", "（注", "＊")


@dataclass(eq=False)
class Table:
    """``lines``: all of its rows. ``taken``: those that are taken in; whatever is listed by column
    is listed in their order. ``values``: by field, what they say; where a cell is wrong, None.

    ``targets``: what they name; ``doubtful``: by field and row, why it cannot be found. ``keys``:
    what they are compared by with what is ``recorded``. ``match``: which of the recorded rows each
    is. ``own``: what others may name, row by row. ``agencies``: whose each is. ``left_out``: what
    the rows that are not taken in are called. ``unread``: by row the fields of which it is not
    known what is meant, and which say nothing. ``cut``: there are rows that nobody has read.
    ``said_by_ledger``: but for these fields, what is recorded and no row of the file is.
    """

    found: Found
    lines: list[Line] = field(default_factory=list)
    taken: list[Line] = field(default_factory=list)
    typed: dict[str, Sequence] = field(default_factory=dict)
    values: dict[str, list] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    targets: dict[str, list] = field(default_factory=dict)
    doubtful: dict[tuple[str, int], str] = field(default_factory=dict)
    keys: dict[str, Sequence] = field(default_factory=dict)
    recorded: Any = None
    match: list[int | None] = field(default_factory=list)
    own: list = field(default_factory=list)
    agencies: list = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    unread: dict[int, set[str]] = field(default_factory=dict)
    cut: bool = False
    said_by_ledger: dict[frozenset[str], tuple] = field(default_factory=dict)
    told_once: set[Mistake] = field(default_factory=set)

    @property
    def sheet(self) -> Sheet:
        return self.found.sheet

    @property
    def name(self) -> str:
        return self.found.name

    def __len__(self) -> int:
        return len(self.taken)

    @cached_property
    def places(self) -> dict[str, tuple[int | None, str]]:
        """By field, the place of its column, if it has one, and what the file calls it."""
        found: dict[str, tuple[int | None, str]] = {
            c.field: (p if p not in self.found.every_row else None, self.found.headings[p])
            for p, c in self.found.columns.items()
        }
        for place, column in self.found.columns.items():
            if isinstance(column, Article | Quote):
                found.setdefault(column.sources[0], (place, self.found.headings[place]))
        return found

    @cached_property
    def numbered(self) -> bool:
        """Whether its rows are named by their place among others."""
        return any(column.sources == (PLACE,) for column in self.sheet.own)

    def refuse(self, row: int, name: str, message: str, *, unread: bool = False) -> None:
        """Say what is wrong with the column ``name`` of a row, or with the row. ``unread``: and it
        is not known what is meant by it, so that nothing more is said of it."""
        if self.is_unread(row, name):
            return
        if unread:
            self.not_known(row, name)
        place, heading = self.places.get(name, (None, ""))
        line = self.taken[row]
        line.outcome = Outcome.REFUSED
        typed = self.typed[name][row] if name in self.typed else None
        mistake = Mistake(self.name, line.number, place, heading, typed, message)
        if unread and place is None and heading:  # said of all rows, and told once
            mistake = mistake._replace(row=None)
            if mistake in self.told_once:
                return
            self.told_once.add(mistake)
        self.mistakes.append(mistake)

    def not_known(self, row: int, name: str) -> None:
        """Whatever the cell means."""
        names = (name, ITEMS) if name in self._items else (name,)
        self.unread.setdefault(row, set()).update(names)

    @cached_property
    def _items(self) -> set[str]:
        return {column.field for column in self.sheet.own if is_item(column)}

    def is_unread(self, row: int, *names: str) -> bool:
        return row in self.unread and not self.unread[row].isdisjoint(names)

    def refuse_all(self) -> None:
        """Of what is wrong with the whole sheet."""
        for line in self.taken:
            line.outcome = Outcome.REFUSED

    def refused(self, row: int) -> bool:
        return self.taken[row].outcome == Outcome.REFUSED

    def said(self, name: str, row: int, default: Any = None) -> Any:
        """What a row says in a column, where the file has it."""
        return self.values[name][row] if name in self.values else default

    def plan(self) -> SheetPlan:
        return SheetPlan(self.sheet, self.name, self.lines)


def table_of(found: Found, sheet: reading.Sheet, *, date1904: bool = False) -> Table:
    """What a sheet of a file says. ``found``: which sheet of ours it is."""
    table = Table(found)
    for place, heading, message in found.wrong:
        row = None if place is None else found.row
        table.mistakes.append(Mistake(found.name, row, place, heading, heading, message))
    rows = list(_parted(table, sheet, list(office_rows(sheet, below=found.row, struck=True))))
    columns = list(zip_longest(*(row.values for row in rows)))
    for place, column in found.columns.items():
        typed = columns[place] if place < len(columns) else (None,) * len(rows)
        if place in found.every_row:
            typed = (found.every_row[place],) * len(rows)
        table.typed[column.field] = typed
        if column is not LEFT_OUT:
            column = replace(column, date1904=date1904) if isinstance(column, Day) else column
            table.values[column.field] = _read(table, column, typed)
    _without_heading(table, columns)
    return table


# Which rows are taken in


def _parted(table: Table, sheet: reading.Sheet, rows: list[reading.Row]) -> Iterator[reading.Row]:
    """The rows that are taken in; the others become lines that say so, and are named."""
    heads = [row for row in rows if _heads(row)]
    rows = _first_table(table, rows, heads)
    struck, kept = set(sheet.struck_rows), []
    place = next((p for p, column in table.found.columns.items() if column is LEFT_OUT), None)
    required = [p for p, column in table.found.columns.items() if column.required]
    required = [p for p in required if p not in table.found.every_row]
    left: dict[str, list[int]] = {}
    # As in lists that are printed page by page.
    if again := [row.number for row in heads if _same(table, row)]:
        left["見出しを繰り返す行"] = again
        rows = [row for row in rows if row.number not in again]
    for row, empty in zip(rows, _empty(table, rows), strict=True):
        why = "取り消し線で消された行" if row.number in struck else ""
        if not why and place is not None and row.at(place) is not None:
            why = _ticked(table, row, place)
        if not why and empty:
            left.setdefault("番号などのほかに値のない行", []).append(row.number)
            continue
        if not why and _is_remark(required, row):
            left.setdefault("合計や注記の行", []).append(row.number)
            continue
        line = Line(row.number, Outcome.LEFT_OUT if why else Outcome.ADDED)
        table.lines.append(line)
        if table.mistakes and table.mistakes[-1].row == row.number:  # its tick is not understood
            line.outcome = Outcome.REFUSED
        if why:
            left.setdefault(why, []).append(row.number)
            table.left_out.add(_called(table, row))
        else:
            table.taken.append(line)
            kept.append(row)
    for why, numbers in left.items():
        named = some([f"{n}行" for n in numbers[:NAMED]], len(numbers), "行")
        table.cautions.append(f"シート「{table.name}」：{why}は取り込みません：{named}。")
    return iter(kept)


def _first_table(
    table: Table, rows: list[reading.Row], heads: list[reading.Row]
) -> list[reading.Row]:
    """The rows up to the headings of another table, if there is one below."""
    row = next((row for row in heads if not _same(table, row)), None)
    if row is None:
        return rows
    place, first = next((p, v) for p, v in enumerate(row.values) if v is not None)
    named = "、".join(" ".join(v.split()) for v in row.values if v is not None)
    message = (
        f"{row.number}行から、別の表の見出し（{named[:60]}）があります。一つのシートには一つの表だけを"
        "書けます。この行から下を、別のシートに移してください。"
    )
    table.mistakes.append(Mistake(table.name, row.number, place, first, first, message))
    table.cut = True
    at = rows.index(row)
    while at and sum(value is not None for value in rows[at - 1].values) == 1:
        at -= 1  # its title
    return rows[:at]


def _heads(row: reading.Row) -> bool:
    """Whether a row of headings: three of ours or more, and little else."""
    if any(value is not None and type(value) is not str for value in row.values):
        return False
    said = [value for value in row.values if value is not None]
    if len(said) < 3 or plain(said[0]) not in _HEADINGS:
        return False
    return 3 * sum(plain(value) in _HEADINGS for value in said) > 2 * len(said)


def _same(table: Table, row: reading.Row) -> bool:
    headings = {p: h for p, h in table.found.headings.items() if p not in table.found.every_row}
    same = sum(plain(str(row.at(p) or "")) == plain(said) for p, said in headings.items())
    return 2 * same > len(headings)


def _called(table: Table, row: reading.Row) -> str:
    columns = table.found.columns.items()
    place = next((place for place, column in columns if column.field == "reference"), None)
    value = None if place is None else row.at(place)
    return value.strip() if isinstance(value, str) else ""


def _ticked(table: Table, row: reading.Row, place: int) -> str:
    value = row.at(place)
    try:
        said = LEFT_OUT.read(value)
    except ValueError as error:
        heading = table.found.headings[place]
        table.mistakes.append(Mistake(table.name, row.number, place, heading, value, str(error)))
        return ""
    return {"": "", EXAMPLE: "「記入例」の行"}.get(said, "「取り込まない」とされた行")


def _empty(table: Table, rows: list[reading.Row]) -> list[bool]:
    """Of each row whether it says nothing but what it is called."""
    fields = {"place", "reference", "number"} if table.numbered else {"reference"}
    if table.sheet.key == "links":
        fields = {"reference", "number"}
    said = [
        place
        for place, column in table.found.columns.items()
        if column is not LEFT_OUT and not column.told and column.field not in fields
    ]
    columns = list(zip_longest(*(row.values for row in rows)))
    columns = [columns[place] for place in said if place < len(columns)]
    if not columns:
        return [True] * len(rows)
    found = [not any(values) for values in zip(*columns, strict=True)]
    for number, quiet in enumerate(found):
        if quiet:  # False and 0 say something
            found[number] = all(is_blank(c[number], dashes=True) for c in columns)
    return found


def _is_remark(required: list[int], row: reading.Row) -> bool:
    """計, 合計, 注 … below the rows, where a row of the ledger would say more."""
    first = next((v for v in row.values if v is not None), None)
    if not isinstance(first, str) or isinstance(first, Unreadable):
        return False
    if len(first) <= 10 and fold(first) in _TOTALS:
        return any(row.at(place) is None for place in required)
    if first.lstrip().startswith(_NOTES):
        return sum(value is not None for value in row.values) <= 2
    return False


# What a column says


def _read(table: Table, column: Column, typed: Sequence) -> list:
    known, wrong = {}, {}
    for key in dict.fromkeys(zip(map(type, typed), typed, strict=True)):
        try:
            known[key] = said_by(table.sheet, column, key[1])
        except ValueError as error:
            known[key] = None
            wrong[key] = str(error)
    if wrong:
        _refuse_all(table, column, typed, wrong)
    return list(map(known.__getitem__, zip(map(type, typed), typed, strict=True)))


def said_by(sheet: Sheet, column: Column, value: Any) -> Any:
    """What a cell says. Raises ValueError. What is told for the reader's sake is taken as text."""
    if not column.told:
        return sheet.value(column, value)
    return "" if is_blank(value) else text_of(value).strip()


def _refuse_all(table: Table, column: Column, typed: Sequence, wrong: dict) -> None:
    for row, value in enumerate(typed):
        message = wrong.get((type(value), value))
        if message is None or column.told:
            continue
        if isinstance(value, Unreadable):  # which names its own cell
            message = _why(table.sheet, column, value)
        table.refuse(row, column.field, message, unread=True)


def _why(sheet: Sheet, column: Column, value: Any) -> str:
    try:
        said_by(sheet, column, value)
    except (ValueError, Problem) as error:
        return str(error)
    return ""


def _without_heading(table: Table, columns: list[tuple]) -> None:
    """Values below no heading would be passed over in silence."""
    tell: Callable[[int, Any, int], None] = _caution if table.found.mapped else _refuse_column
    for place, values in enumerate(columns):
        if place in table.found.headings:
            continue
        at = next((n for n, value in enumerate(values) if not is_blank(value)), None)
        if at is not None:
            tell(table, place, values[at], table.taken[at].number)


def _caution(table: Table, place: int, value: Any, row: int) -> None:
    table.cautions.append(
        f"シート「{table.name}」：見出しのない{letters(place)}列の値は取り込みません（{row}行など）。"
    )


def _refuse_column(table: Table, place: int, value: Any, row: int) -> None:
    message = (
        f"見出しのない{letters(place)}列に値「{str(value)[:40]}」があります。何の列か分かりません。"
        "見出しを書くか、この列を空にしてください。"
    )
    table.mistakes.append(Mistake(table.name, row, place, "", value, message))
