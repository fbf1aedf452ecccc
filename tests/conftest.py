"""What all tests share: the size of the properties, the settings, and the test database."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import OperationalError, connections
from django.test import TransactionTestCase
from django.test.utils import override_settings, setup_databases, teardown_databases
from hypothesis import HealthCheck, settings

from config.grants import grant_runtime_role
from config.management.commands.prepare_database import set_journal_mode
from tests import processes, trails

# A test does not set `max_examples` itself (it would stay small in `prove`); one whose examples are
# dear asks for a part of it with `tests.properties.fewer`.
slow_machines = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("test", max_examples=200, derandomize=True, **slow_machines)
settings.register_profile("prove", max_examples=10_000, **slow_machines)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))

MIGRATED = "migrated.sqlite3"
TEST_SETTINGS = {
    # A manifest would need collectstatic before each run.
    "STORAGES": {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    },
    "WHITENOISE_AUTOREFRESH": True,
    "BUNDLE_DIR": Path(tempfile.gettempdir()) / f"bundles-of-tests-{os.getpid()}",
    "IMPORT_DIR": Path(tempfile.gettempdir()) / f"imports-of-tests-{os.getpid()}",
    # Passwords are slow to check on purpose; here that would only be slow.
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
}


# What pytest-django gives a database for. To all other tests it refuses one.
OF_THE_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
# What is left out beside PostgreSQL all the same: processes with a ledger of their own, which is
# SQLite's; and what Chromium makes of a page: axe, widths, keys, paper.
BESIDE_IT = (
    "tests/browser/test_combobox.py",
    "tests/browser/test_in_chromium.py",
    "tests/browser/test_killed.py",
    "tests/browser/test_paper.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return processes.ByModule(config, log)


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what the database can matter to: the rest has been said on SQLite."""
    items.sort(key=lambda item: processes.turn(item.nodeid))
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    left_out = [item for item in items if not _concerns_the_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _concerns_the_database(item)]


def _concerns_the_database(item) -> bool:
    asks = item.get_closest_marker("django_db") or OF_THE_DATABASE & set(item.fixturenames)
    return bool(asks) and not item.nodeid.startswith(BESIDE_IT)


def pytest_collection_finish():
    """What stands by now is searched for garbage no more, and the rest seldom: that took a fifth
    of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests():
    # Thousands of answers are refusals, each of which would be told with its traceback.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with override_settings(**TEST_SETTINGS):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _the_owner_cleans_up():
    """Tests that commit are cleaned up after by the owner of the tables, as the application can
    neither truncate them nor empty the trail."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda case: trails.flush())
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, tmp_path_factory):
    """A database made as in earnest: migrated by its owner, used by the lesser role."""
    with django_db_blocker.unblock():
        if "owner" in connections:
            yield from _owned_postgresql()
        else:
            yield from _plain(tmp_path_factory)


def _plain(tmp_path_factory):
    """SQLite in a file, whose locks and journal are those of a real ledger; or a single role."""
    default = connections["default"]
    if default.vendor == "sqlite":
        file = tmp_path_factory.mktemp("ledger") / "ledger.sqlite3"
        default.settings_dict["TEST"]["NAME"] = str(file)
        # The power does not fail during tests. All else is as in config/databases.py.
        default.settings_dict["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
    made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
    if default.vendor == "sqlite":
        shutil.copy(file, file.with_name(MIGRATED))
        set_journal_mode(default)
    yield
    teardown_databases(made, verbosity=0)


def _owned_postgresql():
    owner, default = connections["owner"], connections["default"]
    name, worker = owner.settings_dict["NAME"], os.environ.get("PYTEST_XDIST_WORKER", "main")
    owner.settings_dict["TEST"]["NAME"] = f"test_{name}_{worker}"
    owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    grant_runtime_role(owner, default.settings_dict["USER"])
    owner.close()
    default.creation.set_as_test_mirror(owner.settings_dict)
    yield
    for connection in (default, owner):
        _end_other_sessions(connection)
    # The cluster is thrown away with all that is in it; a database still in use fails no test.
    with suppress(OperationalError):
        owner.creation.destroy_test_db(name, verbosity=0)


def _end_other_sessions(connection) -> None:
    """What the thread of a test left open would keep the database from being dropped. A role may
    end its own sessions, and no others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()


@pytest.fixture(scope="session")
def migrated(django_db_setup) -> Path:
    """A file of SQLite with all tables and no rows, for processes with a ledger of their own."""
    return Path(connections["default"].settings_dict["NAME"]).with_name(MIGRATED)


@pytest.fixture
def sqlite_only(db):
    if connections["default"].vendor != "sqlite":
        pytest.skip(f"about SQLite {sqlite3.sqlite_version}")


@pytest.fixture
def postgresql_only(db):
    if connections["default"].vendor != "postgresql":
        pytest.skip("about PostgreSQL")


@pytest.fixture
def contract_rules(monkeypatch):
    """Only the two rules of the contract are evaluated: enough where a test is about how findings
    are written, and not about what is found."""
    from guideline import evaluation
    from guideline.rules import RULES

    monkeypatch.setattr(evaluation, "RULES", RULES[:2])
