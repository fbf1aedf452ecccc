"""Checks made before the ledger is served; it is not served where one of them fails."""

from __future__ import annotations

import sqlite3

from django.core.checks import Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections

from config.sqlite import durability
from outsourcing.row_security import protected_models


@register(Tags.database)
def sqlite_journal(app_configs=None, databases=None, **kwargs):
    """The journal mode is kept in the file; an old file may carry one that loses commits here."""
    return [
        problem
        for alias in databases or ()
        if connections[alias].vendor == "sqlite"
        for problem in _journal_problems(connections[alias])
    ]


@register(Tags.database)
def row_security_binds(app_configs=None, databases=None, **kwargs):
    """Row-level security binds no superuser, nobody who may bypass it, and no owner of tables."""
    return [
        problem
        for alias in databases or ()
        if alias == DEFAULT_DB_ALIAS and connections[alias].vendor == "postgresql"
        for problem in _role_problems(connections[alias])
    ]


ROLE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
# A member of the owning role can do what the owner can.
TABLES = """
SELECT bool_or(pg_has_role(current_user, relowner, 'USAGE')), bool_and(relrowsecurity)
  FROM pg_class WHERE oid = ANY (%s::regclass[])
"""


def _role_problems(connection):
    tables = [model._meta.db_table for model in protected_models()]
    with connection.cursor() as cursor:
        bypasses = cursor.execute(ROLE).fetchone()[0]
        owns, protected = cursor.execute(TABLES, [tables]).fetchone()
    if bypasses or owns:
        yield Error(
            "DATABASE_URL の利用者には行レベルセキュリティが効きません"
            f"（{'スーパーユーザーか BYPASSRLS です' if bypasses else '表の所有者です'}）。"
            "ほかの機関の契約が見えるおそれがあるため、起動しません。",
            hint="表を持つ利用者を DATABASE_OWNER_URL に、ほかの利用者を DATABASE_URL に指定し、"
            "python manage.py prepare_database を実行してください。",
            id="config.E002",
        )
    if not protected:
        yield Error(
            "行レベルセキュリティが効いていない表があります。",
            hint="python manage.py prepare_database を実行してください。",
            id="config.E003",
        )


def _journal_problems(connection):
    wanted = durability(sqlite3.sqlite_version_info).journal_mode
    with connection.cursor() as cursor:
        found = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    if found in (wanted, "memory"):
        return []
    return [
        Error(
            f"SQLiteのジャーナルモードが {found} です（このSQLite {sqlite3.sqlite_version} では"
            f" {wanted} でなければ記録を失うおそれがあります）。",
            hint="python manage.py prepare_database を実行してください。",
            id="config.E001",
        )
    ]
