"""Keeps who holds whom and who stands in which chain from changing at the same time.

A new holding bears on chains it cannot see yet if another transaction is just writing them, or a
holding further down; each would be evaluated without the other. PostgreSQL is asked to let one wait
for the other until the transaction ends. SQLite has one writer at a time anyway.

Taken before any row is locked, so that nobody waits in a circle.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import connection

from outsourcing.row_security import sees_everything

# One lock for all holdings of the database; any number that nothing else uses.
KEY = 20041025


def change_holdings() -> None:
    """Be the only one to change holdings, while no chain gets another company.

    Holdings and dissolutions are the ministry's to write: they bear on contracts of every agency,
    which are all to be evaluated anew. Raises PermissionDenied within what sees fewer.
    """
    if not sees_everything():
        raise PermissionDenied("出資関係と解散は、すべての機関の台帳を扱う調査担当が記録します。")
    _lock("pg_advisory_xact_lock")


def keep_holdings() -> None:
    """Let no holding change. Any number of writers may ask for this at once."""
    _lock("pg_advisory_xact_lock_shared")


def _lock(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [KEY])
