"""Which databases the environment names, and with what options."""

import os

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections

from config.databases import databases
from config.sqlite import durability, wal_can_lose_commits

RUNTIME = "postgresql://runtime:secret@db/ledger"
OWNER = "postgresql://owner:secret@db/ledger"


def test_sqlite_unless_told_otherwise(tmp_path):
    default = databases({}, tmp_path / "a % ledger.sqlite3")["default"]

    assert default["ENGINE"] == "django.db.backends.sqlite3"
    assert default["NAME"] == str(tmp_path / "a % ledger.sqlite3")
    assert default["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert default["OPTIONS"]["timeout"] == 60


def test_the_owner_is_a_second_role_on_the_same_postgresql(tmp_path):
    made = databases({"DATABASE_URL": RUNTIME, "DATABASE_OWNER_URL": OWNER}, tmp_path)

    assert made["default"]["USER"] == "runtime"
    assert made["default"]["CONN_MAX_AGE"] == 3600
    assert made["owner"]["USER"] == "owner"
    assert made["owner"]["NAME"] == "ledger"
    assert not made["owner"].get("CONN_MAX_AGE")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"DATABASE_OWNER_URL": OWNER}, "DATABASE_OWNER_URL"),
        ({"DATABASE_URL": "mysql://db/ledger"}, "mysql"),
        ({"DATABASE_URL": "secret"}, "DATABASE_URL"),
        ({"DATABASE_URL": RUNTIME, "DATABASE_OWNER_URL": OWNER + "2"}, "DATABASE_OWNER_URL"),
        ({"DATABASE_URL": RUNTIME, "DATABASE_OWNER_URL": RUNTIME}, "runtime"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_shows_no_password(environment, named, tmp_path):
    with pytest.raises(ImproperlyConfigured, match=named) as refused:
        databases(environment, tmp_path)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("version", "loses"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_versions_of_sqlite_that_lose_commits_in_wal_mode(version, loses):
    assert wal_can_lose_commits(version) is loses
    assert durability(version) == (("delete", "EXTRA") if loses else ("wal", "FULL"))


@pytest.mark.usefixtures("sqlite_only")
def test_sqlite_runs_as_asked():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (60_000,)
    assert connection.transaction_mode == "IMMEDIATE"
    assert os.path.isfile(connection.settings_dict["NAME"])


@pytest.mark.usefixtures("postgresql_only")
def test_the_suite_runs_as_the_role_that_owns_nothing():
    if "owner" not in connections:
        pytest.skip("one role alone was given")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)
