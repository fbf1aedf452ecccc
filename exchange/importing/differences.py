"""What a row of a file changes of the recorded row that it is: by the columns that the file has,
each cell as the sheet writes it before and after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from exchange.columns import Column
from exchange.importing.ledger import Target
from exchange.importing.plan import Difference
from exchange.importing.recorded import ITEMS, are_items, is_item
from exchange.importing.tables import Table
from exchange.sheets.items import OUT, SAID
from outsourcing.contractor_fields import as_typed
from outsourcing.models import Contractor, Section


def settled(value: Any) -> Any:
    """As it is compared: the order of what is ticked says nothing."""
    return set(value) if isinstance(value, list | tuple) else value


def changed(table: Table, names: list[str]) -> dict[int, list[str]]:
    """By row, the fields in which it differs from what is recorded."""
    found: dict[int, list[str]] = {}
    pairs = [(row, number) for row, number in enumerate(table.match) if number is not None]
    for name in names:
        new, old = table.keys[name], table.recorded.keys(name)
        same: Callable = _same_items if are_items(table.sheet, name) else _same
        for row, number in pairs:
            if new[row] != old[number] and not same(table, row, new[row], old[number]):
                found.setdefault(row, []).append(name)
    return found


def _same(_table: Table, _row: int, new: Any, old: Any) -> bool:
    return settled(new) == settled(old)


def _same_items(table: Table, row: int, _new: Any, old: Any) -> bool:
    return same_items(table, row, old)


# --- Items -----------------------------------------------------------------------------------


def same_items(table: Table, row: int, old: dict) -> bool:
    return items_of(table, row, old) == plain_items(old)


def items_of(table: Table, row: int, old: dict) -> dict:
    """The items as they become: of those that the file has no column for, what is recorded."""
    new = table.keys[ITEMS][row]
    there = {(c.code, type(c)) for c in table.found.columns.values() if is_item(c)}
    known = {c.code for c in table.sheet.own if is_item(c)}
    kept = {code: said for code, said in plain_items(old).items() if code not in known}
    if len(there) == sum(map(is_item, table.sheet.own)):
        return kept | new
    absent = [c for c in table.sheet.own if is_item(c) and (c.code, type(c)) not in there]
    names = {c.field: c for c in table.found.columns.values() if is_item(c)}
    values = {name: table.values[name][row] for name in names}
    values |= {c.field: c.read(c.cells([[plain_items(old)]])[0]) for c in absent}
    return kept | table.sheet.finish(values)[ITEMS]


def plain_items(items: dict) -> dict:
    """As they are read back: without spaces around a text, and without what says nothing."""
    found = {}
    for code, said in items.items():
        texts = {part: text.strip() for part, text in (said or {}).items() if text.strip()}
        if texts.get("article") == SAID:
            del texts["article"]
        found[code] = None if said is None or texts.get("article") == OUT else texts
    return found


# --- In words --------------------------------------------------------------------------------


def differences(table: Table, row: int, names: list[str]) -> list[Difference]:
    """The cells that change, in the order of the sheet's columns."""
    number = table.match[row]
    found = []
    for place, column in sorted(table.found.columns.items()):
        if is_item(column):
            if ITEMS in names:
                found += _item(table, row, column, place)
        elif column.field in names:
            old = table.recorded.cell(column, number)
            heading = table.found.headings[place]
            found.append(Difference(heading, old, _new_cell(table, row, column)))
    return found


def _item(table: Table, row: int, column: Column, place: int) -> list[Difference]:
    old = table.recorded.keys(ITEMS)[table.match[row]]
    cells = [column.cells([[items]])[0] for items in (old, items_of(table, row, old))]
    if (cells[0] or "") == (cells[1] or ""):
        return []
    return [Difference(table.found.headings[place], *cells)]


def _new_cell(table: Table, row: int, column: Column) -> Any:
    name = column.field
    if name in table.targets:
        return named(table.targets[name][row], table.typed[name][row])
    return column.cells([[table.values[name][row]]])[0]


def named(target: Any, typed: Any) -> Any:
    """As a sheet names it."""
    if target is None:
        return None
    if not isinstance(target, Target):
        if isinstance(target, Section):
            return f"{target.name}（{target.code}）"
        return _of_model(target, typed)
    if isinstance(target.row, Contractor):
        return as_typed(target.row)
    return target.number or target.code or typed


def _of_model(row: models.Model, typed: Any) -> Any:
    if hasattr(row, "username"):
        return f"{row.full_name}（{row.username}）" if row.full_name else row.username
    return typed
