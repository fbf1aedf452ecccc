"""Named variables of a PostgreSQL session, which triggers and policies of the database can read."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg.pq import TransactionStatus


def put(connection, values: Mapping[str, str]) -> None:
    """Set variables, in one query: within a transaction until its end, else for the session.

    Who sets them puts back what was before, at the end of the same block: to the end of the
    transaction is beyond the end of a savepoint. A rollback does so by itself, so where nothing is
    left to do but to roll back, nothing is done.
    """
    if not _usable(connection):
        return
    local = connection.in_atomic_block
    calls = ", ".join(["set_config(%s, %s, %s)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {calls}",
            [part for name, value in values.items() for part in (name, value, local)],
        )


def _usable(connection) -> bool:
    if connection.vendor != "postgresql" or connection.connection is None:
        return False
    status = connection.connection.info.transaction_status
    broken = status in (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)
    return not broken and not connection.needs_rollback
