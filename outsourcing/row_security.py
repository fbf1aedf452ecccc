"""Row-level security of PostgreSQL: the database itself shows an agency's rows to nobody else.

Behind ``visible_to``, not in place of it: a query that forgot to ask whose rows they are finds none
of another agency. A transaction carries the agencies it may see (``seen_by``); one that carries
nothing sees nothing where the ledger is served, and everything on the command line. SQLite has no
such thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from outsourcing.scope import Scope
from trail import context, session_variables

VARIABLE = "ledger.agencies"
EVERYTHING, NOTHING = "all", ""
POLICY = "rows_of_agency"

# Each subquery is asked once a statement, not once a row. As a CASE, since of an OR the planner
# expects a few rows in a hundred, and then joins a million one by one.
CONDITION = f"""
CASE {{common}}WHEN (SELECT current_setting('{VARIABLE}', true) = '{EVERYTHING}') THEN true
     ELSE agency_id = ANY ((
        SELECT string_to_array(NULLIF(current_setting('{VARIABLE}', true), '{EVERYTHING}'), ',')
     )::bigint[])
END"""

COMMON = "WHEN agency_id IS NULL THEN true "

# What a transaction sees that says nothing: see ``show_nothing_unasked``.
_unasked = EVERYTHING


def show_nothing_unasked() -> None:
    """For a process that serves pages: what does not say whose rows it wants gets none."""
    global _unasked
    _unasked = NOTHING


def on_connection_created(sender, connection, **kwargs) -> None:
    """A connection starts with what this process shows unasked."""
    if connection.vendor == "postgresql" and connection.alias == DEFAULT_DB_ALIAS:
        session_variables.put(connection, {VARIABLE: _unasked})


@contextmanager
def seen_by(scope: Scope) -> Iterator[Callable[[], None]]:
    """On PostgreSQL one transaction that sees and writes the rows of these agencies alone; on
    SQLite nothing special. Yields what takes back everything written in it. The database is told
    in the same query who acts."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        yield lambda: None
        return
    # Local is local to the outermost transaction: what stood before is put back where there is one
    # around this. Where this one is undone, so is the setting.
    within = connection.in_atomic_block
    with transaction.atomic():
        before = _get(connection) if within else None
        session_variables.put(connection, {VARIABLE: _written(scope)} | context.variables())
        yield lambda: transaction.set_rollback(True)
        if within:
            session_variables.put(connection, {VARIABLE: before})


def sees_everything() -> bool:
    """Whether no row of any agency is hidden from this transaction."""
    connection = connections[DEFAULT_DB_ALIAS]
    return connection.vendor != "postgresql" or _get(connection) == EVERYTHING


def protected_models() -> list[type[models.Model]]:
    """The tables whose rows belong to one agency's ledger, or record what was done there. Printed
    tables and who works where do
    not: the first are public, the second is read before it is known who asks."""
    return [m for m in apps.get_models() if getattr(m, "row_security", False)]


def protect(connection) -> None:
    """Give every table its policy; anew, where it stands already. As the owner of the tables, whom
    it does not bind: see ``config.checks``."""
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in protected_models():
            table = quote(model._meta.db_table)
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
            # What is of no agency is everybody's: somebody signing in, a company that is published.
            nullable = model._meta.get_field("agency_id").null
            condition = CONDITION.format(common=COMMON if nullable else "")
            cursor.execute(f"CREATE POLICY {POLICY} ON {table} USING ({condition})")


def _written(scope: Scope) -> str:
    if scope.is_everything:
        return EVERYTHING
    return ",".join(str(pk) for pk in sorted(scope.agency_ids))


def _get(connection) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [VARIABLE])
        return cursor.fetchone()[0] or NOTHING
