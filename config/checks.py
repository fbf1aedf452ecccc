"""Checks made before the ledger is served."""

from __future__ import annotations

import sqlite3

from django.core.checks import Error, Tags, register
from django.db import connections

from config.sqlite import durability


@register(Tags.database)
def sqlite_journal(app_configs=None, databases=None, **kwargs):
    """The journal mode is kept in the file; an old file may carry one that loses commits here."""
    return [
        problem
        for alias in databases or ()
        if connections[alias].vendor == "sqlite"
        for problem in _journal_problems(connections[alias])
    ]


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
