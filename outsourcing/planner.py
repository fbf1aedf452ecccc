"""Tells the database's planner what a bulk load has changed."""

from __future__ import annotations

from django.db import connection

FUNCTION = "ledger_learn_statistics"


def learn_statistics() -> None:
    """Gather statistics of tables that have grown, after many rows were written and within their
    transaction.

    Without them PostgreSQL takes fresh tables for small ones, and a join of two of 22,618 rows for
    minutes. Only a table's owner may do it, so the owner has left a function for the runtime role
    (migration 0013).
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT {FUNCTION}()")
        else:
            cursor.execute("ANALYZE")
