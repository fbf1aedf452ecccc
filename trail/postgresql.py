# ruff: noqa: S608  (names of tables and columns; nothing that was typed)
"""The triggers on PostgreSQL.

One function records for every table, once a statement, from the rows before and after it. It runs
as the owner of the trail, who alone may write there. A row whose key was changed is recorded as one
that was deleted and one that was inserted.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from trail.context import VARIABLE
from trail.models import Access, Change, Seal
from trail.recorded import Table

# Writers share it to the end of their transactions, so that who seals knows of none in flight.
LOCK = 7_312_018
TRAIL = [model._meta.db_table for model in (Change, Access, Seal)]
RECORD, REFUSE = "trail_record", "trail_refuse"

INTO = (
    f'INSERT INTO {Change._meta.db_table} (at, "table", key, action, before, after, '
    "agency_id, who, who_id, request, address, reason)"
)
REST = """clock_timestamp(), TG_TABLE_NAME, {row}->>key_column, {action}, {before}, {after},
    ({row}->>agency_column)::bigint, COALESCE(acting->>'user', ''), (acting->>'user_id')::bigint,
    COALESCE(acting->>'request', ''), COALESCE(acting->>'address', ''),
    COALESCE(acting->>'reason', '')"""
# OFFSET 0: each row is turned into JSON once, not once for each column that is read off it.
OLD = "(SELECT to_jsonb(r) - excepted AS row FROM old_rows r OFFSET 0) AS o"
NEW = "(SELECT to_jsonb(r) - excepted AS row FROM new_rows r OFFSET 0) AS n"
BOTH = f"""{OLD} FULL JOIN {NEW} ON o.row->>key_column = n.row->>key_column
    WHERE o.row IS DISTINCT FROM n.row"""
UPDATED = "CASE WHEN o.row IS NULL THEN 'insert' WHEN n.row IS NULL THEN 'delete' ELSE 'update' END"


def _write(source: str, **values: str) -> str:
    return f"{INTO}\n    SELECT {REST.format(**values)}\n    FROM {source};"


BODY = f"""
DECLARE
    acting jsonb := NULLIF(current_setting('{VARIABLE}', true), '')::jsonb;
    key_column text := TG_ARGV[0];
    agency_column text := TG_ARGV[1];
    excepted text[] := TG_ARGV[2]::text[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOCK});
    IF TG_OP = 'INSERT' THEN
    {_write(NEW, row="n.row", action="'insert'", before="NULL", after="n.row")}
    ELSIF TG_OP = 'DELETE' THEN
    {_write(OLD, row="o.row", action="'delete'", before="o.row", after="NULL")}
    ELSE
    {_write(BOTH, row="COALESCE(n.row, o.row)", action=UPDATED, before="o.row", after="n.row")}
    END IF;
    RETURN NULL;
END
"""
REFUSAL = """
BEGIN
    RAISE EXCEPTION '% の記録は、書き換えることも消すこともできません。', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
"""
# The time zone decides how points of time are written.
AS_OWNER = "SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC'"
FUNCTIONS = {RECORD: (BODY, AS_OWNER), REFUSE: (REFUSAL, "")}

ROWS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
STANDING = r"""
SELECT relname, tgname, tgenabled = 'O' FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
 WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace AND tgname LIKE 'trail\_%'
"""


class Trigger(NamedTuple):
    """Its name ends in a digest of what it does, so that an older one is known by its name."""

    table: str
    name: str
    sql: str


class Standing(NamedTuple):
    table: str
    name: str
    enabled: bool = True


def wanted(tables: list[Table]) -> list[Trigger]:
    recording = [_recording(table, event) for table in tables for event in ROWS]
    return [*recording, *(_refusing(table) for table in TRAIL)]


def missing(connection, tables: list[Table]) -> list[str]:
    """The tables that lack a trigger, or have another than is wanted; "" for a function."""
    found, functions = set(standing(connection)), _functions(connection)
    lacking = {t.table for t in wanted(tables) if Standing(t.table, t.name) not in found}
    if any(functions.get(name) != body for name, (body, _) in FUNCTIONS.items()):
        lacking.add("")
    return sorted(lacking)


def install(connection, tables: list[Table]) -> None:
    """As the owner of all tables: put every trigger where it belongs, and take others away."""
    remove(connection)
    with connection.cursor() as cursor:
        for name, (body, rights) in FUNCTIONS.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {rights} "
                f"AS $body${body}$body$"
            )
        for trigger in wanted(tables):
            cursor.execute(trigger.sql)


def remove(connection) -> None:
    with connection.cursor() as cursor:
        for trigger in standing(connection):
            cursor.execute(f'DROP TRIGGER "{trigger.name}" ON "{trigger.table}"')


def standing(connection) -> list[Standing]:
    """The triggers there are."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        return [Standing(*row) for row in cursor.fetchall()]


def _functions(connection) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND proname = ANY (%s)",
            [list(FUNCTIONS)],
        )
        return dict(cursor.fetchall())


def _recording(table: Table, event: str) -> Trigger:
    excepted = "{" + ",".join(table.excepted) + "}"
    return _trigger(
        table.name,
        event,
        f'AFTER {event.upper()} ON "{table.name}" REFERENCING {ROWS[event]} '
        f"FOR EACH STATEMENT EXECUTE FUNCTION "
        f"{RECORD}('{table.key}', '{table.agency}', '{excepted}')",
    )


def _refusing(table: str) -> Trigger:
    return _trigger(
        table,
        "refuse",
        f'BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {REFUSE}()",
    )


def _trigger(table: str, event: str, sql: str) -> Trigger:
    name = f"trail_{event}_{hashlib.sha256(sql.encode()).hexdigest()[:8]}"
    return Trigger(table, name, f"CREATE TRIGGER {name} {sql}")
