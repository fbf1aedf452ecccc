"""Bring the database to what this code expects; done anew at each start, it changes nothing."""

from __future__ import annotations

import sqlite3

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, Error, connections

from config.grants import grant_runtime_role
from config.sqlite import durability


class Command(BaseCommand):
    help = (
        "データベースを今のプログラムに合わせます。表を作り（または改め）、"
        "SQLiteではジャーナルモードを、PostgreSQLでは実行用の利用者の権限を定めます。"
    )
    # The checks of the database ask for what this command does.
    requires_system_checks = []

    def handle(self, *, verbosity, **options):
        owner = connections["owner" if "owner" in connections else DEFAULT_DB_ALIAS]
        try:
            if owner.vendor == "sqlite":
                set_journal_mode(owner)
            call_command("migrate", database=owner.alias, interactive=False, verbosity=verbosity)
            if owner.alias != DEFAULT_DB_ALIAS:
                grant_runtime_role(owner, connections[DEFAULT_DB_ALIAS].settings_dict["USER"])
        except Error as error:
            raise CommandError(f"データベースを準備できません: {error}") from error


def set_journal_mode(connection) -> None:
    """Once, here: changed under connections that are at work, it makes every request fail."""
    wanted = durability(sqlite3.sqlite_version_info).journal_mode
    with connection.cursor() as cursor:
        found = cursor.execute(f"PRAGMA journal_mode={wanted}").fetchone()[0]
    if found != wanted and not connection.is_in_memory_db():
        raise CommandError(
            f"SQLiteのジャーナルモードを {wanted} にできません（{found} のままです）。"
            "サーバーを止めてから、もう一度実行してください。"
        )
