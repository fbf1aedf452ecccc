"""Named variables of a PostgreSQL session, which triggers and policies of the database can read."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import TransactionStatus

# What each connection carries for its session: it is told no value twice.
_told: WeakKeyDictionary[psycopg.Connection, dict[str, str]] = WeakKeyDictionary()


def put(connection, values: Mapping[str, str]) -> None:
    """Set variables, in one query: within a transaction until its end, else for the session.

    Who sets them puts back what was before, at the end of the same block: to the end of the
    transaction is beyond the end of a savepoint. A rollback does so by itself, so where nothing is
    left to do but to roll back, nothing is done.
    """
    if not _usable(connection):
        return
    if connection.in_atomic_block:
        _set(connection, values, local=True)
        return
    told = _told.setdefault(connection.connection, {})
    if new := {name: value for name, value in values.items() if told.get(name) != value}:
        _set(connection, new, local=False)
        told.update(new)


def _set(connection, values: Mapping[str, str], *, local: bool) -> None:
    calls = ", ".join(["set_config(%s, %s, %s)"] * len(values))
    said = [part for name, value in values.items() for part in (name, value, local)]
    # At every request some times over: by a cursor of which the server keeps the plan.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(f"SELECT {calls}", said)


def _usable(connection) -> bool:
    if connection.vendor != "postgresql" or connection.connection is None:
        return False
    status = connection.connection.info.transaction_status
    broken = status in (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)
    return not broken and not connection.needs_rollback
