"""The triggers on SQLite, one row at a time.

A row whose key was changed is recorded as one that was deleted and one that was inserted. They call
a function that only connections of the application have: another program that would write to the
ledger is refused.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import models

from trail.context import FUNCTION
from trail.models import Access, Change, Seal
from trail.recorded import Table

TRAIL = [model._meta.db_table for model in (Change, Access, Seal)]
REFUSAL = "の記録は、書き換えることも消すこともできません。"

COLUMNS = (
    'at, "table", key, action, before, after, agency_id, who, who_id, request, address, reason'
)
ACTING = ", ".join(
    f"{FUNCTION}('{name}')" for name in ("user", "user_id", "request", "address", "reason")
)
NOW = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"  # to six digits, as Django writes it


class Trigger(NamedTuple):
    table: str
    name: str
    sql: str


def wanted(tables: list[Table]) -> list[Trigger]:
    recording = [_recording(table, event) for table in tables for event in WRITTEN]
    refusing = [_refusing(table, event) for table in TRAIL for event in ("update", "delete")]
    return recording + refusing


def missing(connection, tables: list[Table]) -> list[str]:
    """The tables that lack a trigger, or have another than is wanted."""
    found = set(standing(connection))
    return sorted({trigger.table for trigger in wanted(tables) if trigger not in found})


def install(connection, tables: list[Table]) -> None:
    """Put every trigger where it belongs, and take others away."""
    remove(connection)
    with connection.cursor() as cursor:
        for trigger in wanted(tables):
            cursor.execute(trigger.sql)


def remove(connection) -> None:
    with connection.cursor() as cursor:
        for trigger in standing(connection):
            cursor.execute(f'DROP TRIGGER "{trigger.name}"')


def standing(connection) -> list[Trigger]:
    """The triggers there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tbl_name, name, sql FROM sqlite_master"
            r" WHERE type = 'trigger' AND name LIKE 'trail\_%' ESCAPE '\'"
        )
        return [Trigger(*row) for row in cursor.fetchall()]


def _recording(table: Table, event: str) -> Trigger:
    name = f"trail_{event}_{table.name}"
    rows = "\nUNION ALL\n".join(WRITTEN[event](table))
    return Trigger(
        table.name,
        name,
        f'CREATE TRIGGER "{name}" AFTER {event.upper()} ON "{table.name}" BEGIN\n'
        f"INSERT INTO {Change._meta.db_table} ({COLUMNS})\n"
        f"SELECT {NOW}, '{table.name}', key, action, before, after, agency, {ACTING}\n"
        f"FROM (\n{rows}\n);\nEND",
    )


def _inserted(table: Table):
    yield _row(table, "insert", "NULL", _json(table, "NEW"), "NEW")


def _deleted(table: Table):
    yield _row(table, "delete", _json(table, "OLD"), "NULL", "OLD")


def _updated(table: Table):
    same = f'OLD."{table.key}" = NEW."{table.key}"'
    row = _row(table, "update", _json(table, "OLD"), _json(table, "NEW"), "NEW")
    yield f"{row} WHERE {same} AND before IS NOT after"
    for rows in (_deleted, _inserted):
        yield from (f"{row} WHERE NOT {same}" for row in rows(table))


WRITTEN = {"insert": _inserted, "update": _updated, "delete": _deleted}


def _row(table: Table, action: str, before: str, after: str, whose: str) -> str:
    agency = f'{whose}."{table.agency}"' if table.agency else "NULL"
    return (
        f"SELECT '{action}' AS action, {whose}.\"{table.key}\" AS key,\n"
        f" {before} AS before,\n {after} AS after,\n {agency} AS agency"
    )


def _json(table: Table, whose: str) -> str:
    return f"json_object({', '.join(_pair(field, whose) for field in table.columns)})"


def _pair(field: models.Field, whose: str) -> str:
    value = f'{whose}."{field.column}"'
    if isinstance(field, models.JSONField):
        value = f"json({value})"
    return f"'{field.column}', {value}"


def _refusing(table: str, event: str) -> Trigger:
    name = f"trail_refuse_{event}_{table}"
    return Trigger(
        table,
        name,
        f'CREATE TRIGGER "{name}" BEFORE {event.upper()} ON "{table}" BEGIN\n'
        f"SELECT RAISE(ABORT, '{table} {REFUSAL}');\nEND",
    )
