"""Keeps who holds whom and who stands in which chain from changing at the same time.

A new holding bears on chains it cannot see yet if another transaction is just writing them, or a
holding further down; each would be evaluated without the other. PostgreSQL is asked to let one wait
for the other until the transaction ends: those who change holdings for each other, and for a
company below a changed holding those who put it into a chain. SQLite has one writer at a time
anyway.

Taken before any row is locked, and once for all companies, so that nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import connection

from outsourcing.row_security import sees_everything

# One lock for all holdings of the database, and as many for its companies, each of which stands
# for those whose key leaves the same rest; any number that nothing else uses.
KEY = 20041025
SHARES = 1024

# What the companies hold, and what these hold: all that can become or cease to be a subsidiary.
BELOW = """
WITH RECURSIVE below(company) AS (
    SELECT id FROM outsourcing_contractor WHERE id {among}
    UNION
    SELECT h.held_id FROM outsourcing_shareholding h JOIN below ON below.company = h.holder_id
     WHERE h.voided_on IS NULL
)
SELECT company FROM below
"""
AMONG = {
    "sqlite": ("IN (SELECT value FROM json_each(%s))", "[{}]"),
    "postgresql": ("= ANY(%s::bigint[])", "{{{}}}"),
}


def change_holdings(companies: Iterable[int]) -> None:
    """Be the only one to change holdings, while no chain gets a company that is below these.

    Holdings and dissolutions are the ministry's to write: they bear on contracts of every agency,
    which are all to be evaluated anew. Raises PermissionDenied within what sees fewer.
    """
    if not sees_everything():
        raise PermissionDenied("出資関係と解散は、すべての機関の台帳を扱う調査担当が記録します。")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
        companies = set(companies)  # also those that are not written yet
        _lock("pg_advisory_xact_lock", companies | companies_below(companies))


def keep_holdings(companies: Iterable[int]) -> None:
    """Let no holding change that bears on these companies, which a chain is about to get. Any
    number of writers may ask for this at once."""
    if connection.vendor == "postgresql":
        _lock("pg_advisory_xact_lock_shared", companies)


def companies_below(companies: Iterable[int]) -> set[int]:
    """These, and what they hold to any depth: one query."""
    among, listed = AMONG[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(BELOW.format(among=among), [listed.format(",".join(map(str, companies)))])
        return {company for (company,) in cursor.fetchall()}


def _lock(function: str, companies: Iterable[int]) -> None:
    """In an order common to all writers."""
    shares = sorted({company % SHARES for company in companies})
    sql = f"SELECT {function}(%s, share) FROM unnest(%s::int[]) AS share"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [KEY, shares])
