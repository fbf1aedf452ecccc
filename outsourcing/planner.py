"""Tells the database's planner what a bulk load has changed."""

from __future__ import annotations

from django.db import connection

FUNCTION = "ledger_learn_statistics"
ROUGHLY = 10  # of 100: a tenth of the rows is looked at


def learn_statistics(*, roughly: bool = False) -> None:
    """Gather statistics of tables that have grown, after many rows were written and within their
    transaction.

    Without them PostgreSQL takes fresh tables for small ones, and a join of two of 22,618 rows for
    minutes. Only a table's owner may do it, so the owner has left a function for the runtime role
    (migration 0013). ``roughly``: how many there are will do, until PostgreSQL's own housekeeping
    looks at what was committed.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            if roughly:
                cursor.execute(f"SET LOCAL default_statistics_target = {ROUGHLY}")
            cursor.execute(f"SELECT {FUNCTION}()")
            if roughly:
                cursor.execute("SET LOCAL default_statistics_target TO DEFAULT")
        else:
            cursor.execute("ANALYZE")
