"""Which recorded row each row of a file is: by its code, its number or its place, by what it is
about where it has none of these, or because the ledger says word for word the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from exchange.columns import PLACE, Choices
from exchange.importing.differences import same_items, settled
from exchange.importing.recorded import ITEMS, are_items, identities, is_item
from exchange.importing.references import settle_doubts
from exchange.importing.tables import Table
from exchange.sheets.items import Exempt

# By which fields a row is found again where it has neither code nor place.
NATURAL = {
    "surveyed": ("contract", "fiscal_year"),
    "holdings": ("holder", "held", "first_day"),
    "justifications": ("contract", "disclosure", "rule", "subject", "first_day"),
    "corrections": ("contract", "disclosure", "rule", "subject", "first_day"),
}
# Of which there is one for each, and not several; a ledger that is moved may hold what is odd.
ONCE = {"surveyed", "holdings"}
ONE_ROW = {"surveyed"}  # which no ledger has twice
# What may name a row of the same sheet, which may not be known yet.
LATE = {"contracts": "renews", "links": "parent"}
MOST_LOOKED_UP = 50  # sets of fields


def by_key(
    table: Table,
    keys: Sequence[Hashable | None],
    recorded: dict[Hashable, int],
    unknown: Callable[[int], None],
    name: str,
) -> None:
    """Rows whose keys the ledger has. ``unknown``: what to do with one that it has not."""
    for row, key in enumerate(keys):
        if key is None:
            continue
        if (first := _first(table, key, row)) is not None:
            why = f"{first}と同じものを指しています。どちらかの行を削ってください。"
            table.refuse(row, name, why, unread=True)
        elif (found := recorded.get(key)) is not None:
            table.match[row] = found
            table.recorded.taken.add(found)
        else:
            unknown(row)


def _first(table: Table, key: Hashable, row: int) -> str | None:
    """Which row has said so before."""
    seen = table.recorded.seen
    if key not in seen:
        seen[key] = (table.name, table.taken[row].number)
        return None
    name, number = seen[key]
    return f"{number}行" if name == table.name else f"シート「{name}」の{number}行"


def natural(table: Table, *, fresh: bool) -> None:
    """Rows that are found again by what they are about: first those that say all the same."""
    names = [name for name in NATURAL[table.sheet.key] if name in table.keys]
    by_words(table, range(len(table)))
    left = waiting(table, names)
    doubtful = {row for name, row in table.doubtful if name in names}
    for row, key in enumerate(zip(*(table.keys[name] for name in names), strict=True)):
        if row in doubtful or table.is_unread(row, *names):
            continue
        first = _first(table, key, row)
        if table.match[row] is None:
            if left.get(key):
                take(table, row, left[key].pop(0))
            elif first is not None and table.sheet.key in (ONCE if not fresh else ONE_ROW):
                said = "、".join(table.places[n][1] for n in names if n in table.places)
                why = f"{first}と{said}が同じです。一つにまとめるか、どちらかの行を削ってください。"
                table.refuse(row, names[0], why)


def waiting(table: Table, names: list[str]) -> dict[tuple, list[int]]:
    """By what these fields say, the recorded rows that no row of the file is."""
    found = defaultdict(list)
    columns = [table.recorded.keys(name) for name in names]
    for number, key in enumerate(zip(*columns, strict=True)):
        if number not in table.recorded.taken:
            found[key].append(number)
    return found


# --- Word for word ---------------------------------------------------------------------------


def words(table: Table) -> list[str]:
    """The fields by which rows are compared whole."""
    own = identities(table.sheet)
    told = {column.field for column in table.sheet.own if column.told}
    return [name for name in table.keys if name not in own and name not in told]


def plain_words(table: Table) -> list[str]:
    """Those of them that are quickly compared."""
    slow = {c.field for c in table.sheet.own if isinstance(c, Choices | Exempt)} | {ITEMS}
    return [n for n in words(table) if n not in slow and n != LATE.get(table.sheet.key)]


def by_words(table: Table, rows: Iterable[int], *, above: Callable | None = None) -> None:
    """Those of ``rows`` that the ledger says word for word already, each once."""
    rows = [row for row in rows if table.match[row] is None and not table.refused(row)]
    if not rows or not len(table.recorded):
        return
    names = plain_words(table)
    left = waiting(table, names)
    said = [table.keys[name] for name in names]
    rest = [name for name in words(table) if name not in names]
    for row in in_order(rows, above):
        found = left.get(tuple(column[row] for column in said), ())
        number = next((n for n in found if _all_same(table, rest, row, n)), None)
        if number is not None:
            found.remove(number)
            take(table, row, number)


def take(table: Table, row: int, number: int) -> None:
    """This row is that one of the ledger."""
    table.match[row] = number
    table.recorded.taken.add(number)
    if table.own and table.own[row] is not None:
        target = table.own[row]
        target.pk = table.recorded.of("pk")[number]


def _all_same(table: Table, names: list[str], row: int, number: int) -> bool:
    return all(_same(table, name, row, number) for name in names)


def _same(table: Table, name: str, row: int, number: int) -> bool:
    old = table.recorded.keys(name)[number]
    if are_items(table.sheet, name):
        return same_items(table, row, old)
    new = table.keys[name][row]
    if name == LATE.get(table.sheet.key):
        target = table.targets[name][row]
        new = target and target.key
    return settled(new) == settled(old)


def in_order(rows: Sequence[int], above: Callable[[int], int | None] | None) -> Iterable[int]:
    """Each behind the row that it names (``above``), which must lead to an end."""
    if above is None:
        return rows
    done: dict[int, None] = {}
    for row in rows:
        way = []
        at: int | None = row
        while at is not None and at not in done:
            way.append(at)
            at = above(at)
        done |= dict.fromkeys(reversed(way))
    wanted = set(rows)
    return [row for row in done if row in wanted]


def refuse_circles(table: Table, mine: dict[Any, int], above: Callable, name: str) -> None:
    """Rows that lead back to themselves, also past what is recorded. ``mine``: by what others may
    name, the rows of the table."""
    ends: set = set()
    for first in mine:
        way: dict = {}
        at = first
        while at is not None and at not in ends and at not in way:
            way[at] = None
            at = above(at)
        if at in way:
            circle = list(way)[list(way).index(at) :]
            _refuse_circle(table, [mine[one] for one in circle if one in mine], name)
        ends.update(way)


def refuse_twice(table: Table, rows: list[int]) -> None:
    """New rows that say word for word the same."""
    quick = [table.keys[name] for name in plain_words(table)]
    slow = [table.keys[name] for name in words(table) if name not in plain_words(table)]
    seen: dict[tuple, int] = {}
    doubtful = {row for _, row in table.doubtful}
    for row in (r for r in rows if r not in doubtful and not table.refused(r)):
        said = (*(column[row] for column in quick), *(_in_words(column[row]) for column in slow))
        first = seen.setdefault(said, row)
        if first != row:
            why = f"{table.taken[first].number}行と同じ内容です。どちらかの行を削ってください。"
            table.refuse(row, "", why)


def _in_words(value: Any) -> Hashable:
    if isinstance(value, dict):
        return repr(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value


def _refuse_circle(table: Table, rows: list[int], name: str) -> None:
    named = "、".join(f"{table.taken[row].number}行" for row in rows[:10])
    for row in rows:
        heading = table.places[name][1]
        table.refuse(
            row,
            name,
            f"「{heading}」をたどると、この行に戻ってしまいます（{named}）。どれかを直してください。",
            unread=True,
        )
        table.targets[name][row] = None


def may_be_said(table: Table, row: int, more: Iterable[str] = ()) -> bool:
    """Whether the ledger says the same as a row but for what is not known of it (and ``more``):
    once that is mended, the row may change nothing."""
    if not len(table.recorded):
        return False
    unknown = frozenset(table.unread.get(row, set()) | {*more})
    if unknown not in table.said_by_ledger:
        if len(table.said_by_ledger) == MOST_LOOKED_UP:
            return True
        names = [name for name in plain_words(table) if name not in unknown]
        rest = [n for n in words(table) if n not in {*names, *unknown, LATE.get(table.sheet.key)}]
        table.said_by_ledger[unknown] = names, rest, waiting(table, names)
    names, rest, found = table.said_by_ledger[unknown]
    numbers = found.get(tuple(table.keys[name][row] for name in names), ())
    return any(_all_same(table, rest, row, number) for number in numbers)


# --- Places ----------------------------------------------------------------------------------


def placed(table: Table, *, fresh: bool) -> None:
    """Rows that are counted among those of the same contract or link."""
    parent = "link" if table.sheet.numbered_by == "subcontract_id" else "contract"
    place = next(column.field for column in table.sheet.own if column.sources == (PLACE,))
    numbers = table.values.get(place, [None] * len(table))
    parents = table.keys[parent]
    keys = [
        None if number is None or of is None else (of, number)
        for of, number in zip(parents, numbers, strict=True)
    ]
    pairs = zip(table.recorded.of(table.sheet.numbered_by), table.recorded.of(PLACE), strict=True)
    known = {key: number for number, key in enumerate(pairs)} if len(table.recorded) else {}

    def unknown(row: int) -> None:
        if fresh and not isinstance(parents[row], int):
            return
        why = f"番号「{numbers[row]}」の記録は、台帳にありません。番号を確かめてください。"
        table.refuse(row, place, f"{why}新しく記録する行では空欄にします。", unread=True)

    by_key(table, keys, known, unknown, place)
    by_words(table, [row for row, number in enumerate(numbers) if number is None])


def prepare(table: Table) -> None:
    """What each field is compared by, where it names nothing else."""
    items = [c for c in table.found.columns.values() if is_item(c)]
    if items:
        table.keys[ITEMS] = gather(table, [column.field for column in items])
    for name, values in table.values.items():
        if name not in table.keys and not any(name == column.field for column in items):
            table.keys[name] = values


def gather(table: Table, names: list[str]) -> list[dict[str, Any]]:
    """What the columns of items say together, read once where they say the same."""
    known: dict[tuple, dict] = {}
    found = []
    for said in zip(*(table.values[name] for name in names), strict=True):
        if said not in known:
            known[said] = table.sheet.finish(dict(zip(names, said, strict=True)))[ITEMS]
        found.append(known[said])
    return found


def settle(table: Table) -> None:
    """What could not be found is a mistake but where the ledger says the same."""
    for (name, row), why in table.doubtful.items():
        settle_doubts(table, name, row, why)
