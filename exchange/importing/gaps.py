"""A ledger that is moved keeps the numbers of its records, which are counted: where one is missing
it was taken back, and a row that is void from the start takes its place."""

from __future__ import annotations

from datetime import date

from django.db import models

from exchange.columns import PLACE
from exchange.importing.plan import Line, Outcome
from exchange.importing.tables import Table
from outsourcing.bulk import new_row

REASON = "移す前の台帳で無効とされた記録（番号を保つための行）"


def keep_numbers(table: Table, *, on: date) -> None:
    """Put the new rows of a table in the order of their numbers, and what is missing between."""
    place = next(column.field for column in table.sheet.own if column.sources == (PLACE,))
    if place not in table.values:
        return
    parents = table.keys["link" if table.sheet.numbered_by == "subcontract_id" else "contract"]
    groups: dict[object, list[tuple[int, Line]]] = {}
    for row, line in enumerate(table.taken):
        number = table.values[place][row]
        if line.outcome == Outcome.ADDED and line.row is not None and number is not None:
            groups.setdefault(parents[row], []).append((number, line))
    placed = {id(line) for group in groups.values() for _, line in group}
    table.lines = [line for line in table.lines if id(line) not in placed]
    for group in groups.values():
        expected = 1
        for number, line in sorted(group, key=lambda one: one[0]):
            table.lines += (_missing(line, gap, on) for gap in range(expected, number))
            table.lines.append(line)
            expected = number + 1


def _missing(line: Line, number: int, on: date) -> Line:
    named = f"{line.named}（欠番{number}）"
    return Line(line.number, Outcome.ADDED, named, _void(line.row, on))


def _void(row: models.Model, on: date) -> models.Model:
    """Like ``row``, but no fact."""
    made = new_row(type(row), voided_on=on, void_reason=REASON)
    own = {"id", "public_id", *(name for name in made.__dict__ if name.startswith(("_", "void")))}
    made.__dict__.update((name, v) for name, v in row.__dict__.items() if name not in own)
    made._state.fields_cache = dict(row._state.fields_cache)
    return made
