"""Preparing a database, and what is found wrong with one at the start."""

import sqlite3

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections

from config.checks import sqlite_journal
from config.grants import TABLES, grant_runtime_role
from config.sqlite import Durability, durability

pytestmark = pytest.mark.django_db


def test_migrations_say_all_that_the_models_do():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.usefixtures("sqlite_only")
def test_a_file_with_the_right_journal_passes():
    assert sqlite_journal(databases=["default"]) == []


@pytest.mark.usefixtures("sqlite_only")
def test_a_file_with_another_journal_is_an_error_that_says_what_to_do(monkeypatch):
    right = durability(sqlite3.sqlite_version_info).journal_mode
    wrong = "wal" if right == "delete" else "delete"
    monkeypatch.setattr("config.checks.durability", lambda version: Durability(wrong, "FULL"))

    (problem,) = sqlite_journal(databases=["default"])

    assert problem.is_serious()
    assert right in problem.msg
    assert wrong in problem.msg
    assert "prepare_database" in problem.hint


def test_no_database_is_asked_when_none_is_named():
    assert sqlite_journal(databases=None) == []


@pytest.fixture
def owner(postgresql_only):
    if "owner" not in connections:
        pytest.skip("one role alone was given")
    return connections["owner"]


@pytest.mark.django_db(databases="__all__")
class TestGrants:
    def privileges(self, owner, role):
        with owner.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants"
                " WHERE grantee = %s AND table_schema = 'public'",
                [role],
            )
            return {row[0] for row in cursor.fetchall()}

    def test_exactly_what_is_asked_is_left(self, owner):
        role = connection.settings_dict["USER"]
        grant_runtime_role(owner, role, tables=(*TABLES, "TRUNCATE"))
        assert "TRUNCATE" in self.privileges(owner, role)

        grant_runtime_role(owner, role)

        assert self.privileges(owner, role) == set(TABLES)

    def test_a_role_that_is_not_there_is_named(self, owner):
        with pytest.raises(ProgrammingError, match="nobody_by_this_name"):
            grant_runtime_role(owner, "nobody_by_this_name")
