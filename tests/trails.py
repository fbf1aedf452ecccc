"""The trail as its tests need it: without what refuses, and emptied after a test that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connections
from django.db.backends.base.base import NO_DB_ALIAS

from trail import triggers
from trail.models import Access, Change, Seal

TABLES = [model._meta.db_table for model in (Change, Access, Seal)]


def owner_alias() -> str:
    """Who owns the tables, and so can do what the application cannot."""
    return "owner" if "owner" in connections else "default"


@contextmanager
def unguarded(connection) -> Iterator[None]:
    """The trail can be changed; on SQLite nothing is recorded either."""
    if connection.vendor == "sqlite":
        triggers.remove(connection)
        yield
        triggers.install(connection)
        return
    _turn(connection, "DISABLE")
    yield
    _turn(connection, "ENABLE")


def flush() -> None:
    """Empty all tables, the trail too, as their owner: the application may not."""
    if connections["default"].vendor == "sqlite":
        connection = connections["default"]
        with unguarded(connection):
            connection.ops.execute_sql_flush(_statements(connection))
        return
    # On a connection of its own, since a test may not use one that it did not ask for.
    connection = connections[owner_alias()].copy(alias=NO_DB_ALIAS)
    try:
        with unguarded(connection), connection.cursor() as cursor:
            for statement in _statements(connection):
                cursor.execute(statement)
    finally:
        connection.close()


def _statements(connection) -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return connection.ops.sql_flush(no_style(), tables)


def _turn(connection, how: str) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER USER")
