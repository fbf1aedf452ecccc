"""Imports as real processes on a real file: killed in the middle, ended with the server, and what
others see while one is being written."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from exchange.aside import TIED
from exchange.importing import kept
from outsourcing.corporate_numbers import synthetic_number
from outsourcing.models import Contractor
from tests import factories as make
from tests.imports import csv_of
from tests.pages import client_of

NUMBER = synthetic_number(7)
ROWS = 2_000  # so many that it takes a while to write them
PATIENCE = 120  # seconds; another suite may be running beside this one
# A ledger with an import that has been released, and whose process has not been started.
FILL = """
from unittest import mock
from django.core.files.uploadedfile import SimpleUploadedFile
from accounts.models import Membership, User
from exchange import aside
from exchange.importing import imports, working
from exchange.importing.kept import Job
from outsourcing.actions import agencies, contractors
user = User.objects.create_user("officer", password="x")
agency = agencies.found(by=user, code="A01", kind="organ", name="あおぞら省")
contractors.add(by=user, name="株式会社甲", corporate_number="{number}")
job = Job(by=user.pk)
with mock.patch.object(aside, "start"):
    upload = SimpleUploadedFile("契約.csv", open({file!r}, "rb").read())
    row = imports.receive(by=user, agency=agency, upload=upload, job=job)
    working.check(row)
    assert row.state == "waiting", row.failure
    imports.release(row, by=user, job=job, version=row.version)
print(row.public_id)
"""


class Ledger:
    """In a folder of its own, with an import that is to be carried out."""

    def __init__(self, folder: Path, key: str):
        self.folder, self.key = folder, key
        without = ("DATABASE_URL", "DATABASE_OWNER_URL")
        kept = {name: value for name, value in os.environ.items() if name not in without}
        self.environment = kept | {"LEDGER_VAR": str(folder)}
        self.file = folder / "ledger.sqlite3"

    def manage(self, *arguments: str) -> str:
        call = [sys.executable, "manage.py", *arguments]
        settled = {"cwd": settings.BASE_DIR, "env": self.environment, "timeout": PATIENCE}
        done = subprocess.run(call, capture_output=True, text=True, **settled)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def carried_out(self):
        """The process that carries it out, as a server starts it."""
        call = [sys.executable, "manage.py", "carry_out_import", self.key, TIED]
        process = subprocess.Popen(
            call, cwd=settings.BASE_DIR, env=self.environment, stdin=subprocess.PIPE
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait(PATIENCE)
            process.stdin.close()

    def in_the_middle(self) -> None:
        """Wait until somebody has been writing for a while."""
        begun, locked = time.monotonic(), 0
        while locked < 6:
            assert time.monotonic() - begun < PATIENCE
            locked = locked + 1 if self._is_locked() else 0
            time.sleep(0.05)

    def _is_locked(self) -> bool:
        with closing(sqlite3.connect(self.file, timeout=0, isolation_level=None)) as ledger:
            try:
                ledger.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            ledger.execute("ROLLBACK")
            return False

    def ask(self, sql: str):
        with closing(sqlite3.connect(self.file)) as ledger:
            return ledger.execute(sql).fetchone()[0]

    @property
    def contracts(self) -> int:
        return self.ask("SELECT count(*) FROM outsourcing_contract")

    @property
    def recorded(self) -> int:
        return self.ask("SELECT count(*) FROM trail_change WHERE \"table\" LIKE 'outsourcing_con%'")

    @property
    def state(self) -> str:
        return self.ask("SELECT state FROM exchange_import")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Ledger:
    folder = tmp_path_factory.mktemp("var")
    file = folder / "contracts.csv"
    file.write_bytes(csv_of(*(f"契約{number}" for number in range(ROWS))))
    ledger = Ledger(folder, "")
    ledger.manage("prepare_database")
    said = ledger.manage("shell", "-c", FILL.format(file=str(file), number=NUMBER))
    ledger.key = said.split()[-1]
    return ledger


@pytest.fixture
def ledger(made, tmp_path) -> Ledger:
    shutil.copytree(made.folder, tmp_path / "var")
    return Ledger(tmp_path / "var", made.key)


@pytest.mark.parametrize("ends", ["killed", "with the server"])
def test_a_process_that_ends_in_the_middle_leaves_no_row(ledger, ends):
    before = ledger.recorded
    with ledger.carried_out() as process:
        ledger.in_the_middle()
        assert ledger.contracts == 0  # others read meanwhile
        if ends == "killed":
            process.send_signal(signal.SIGKILL)
        else:
            process.stdin.close()  # as the operating system does when the server is gone
        assert process.wait(PATIENCE) == (-signal.SIGKILL if ends == "killed" else 1)
    assert (ledger.contracts, ledger.recorded, ledger.state) == (0, before, "carrying")


def test_begun_again_it_is_carried_out_whole(ledger):
    with ledger.carried_out() as process:
        ledger.in_the_middle()
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    ledger.manage("carry_out_import", ledger.key)
    assert (ledger.contracts, ledger.state) == (ROWS, "done")
    assert not (ledger.folder / "imports" / ledger.key).exists()


def test_a_process_takes_no_more_memory_than_it_may():
    asks = "from exchange.importing import limits; limits.bind(); bytearray(limits.MEMORY_BYTES)"
    call = [sys.executable, "-c", asks]
    done = subprocess.run(call, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.stderr.strip().endswith("MemoryError")


# A writer as an import is one: it holds the ledger for so many seconds, and says so meanwhile.
HOLD = """
import pathlib, sqlite3, sys, time
file, sign, seconds = sys.argv[1:]
ledger = sqlite3.connect(file, isolation_level=None)
ledger.execute("BEGIN IMMEDIATE")
pathlib.Path(sign).touch()
print("holds", flush=True)
time.sleep(float(seconds))
ledger.execute("ROLLBACK")
pathlib.Path(sign).unlink()
"""


@pytest.mark.django_db(transaction=True)
class TestOthers:
    @pytest.fixture(autouse=True)
    def _aside(self, sqlite_only, settings, tmp_path):
        settings.IMPORT_DIR = tmp_path
        self.sign = kept.carrying_sign()

    @contextmanager
    def held(self, seconds: float):
        file = connection.settings_dict["NAME"]
        call = [sys.executable, "-c", HOLD, str(file), str(self.sign), str(seconds)]
        with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "holds\n"
            yield

    def test_a_save_waits_and_is_done(self):
        agency = make.agency(code="A01")
        client = client_of(make.officer(agency))
        page = client.get("/contractors/new/").content.decode()
        once = page.partition('name="once" value="')[2].partition('"')[0]
        data = {"once": once, "name": "株式会社待ち", "corporate_number": NUMBER}
        with self.held(3):
            begun = time.monotonic()
            response = client.post("/contractors/new/", data)
            waited = time.monotonic() - begun
        assert response.status_code == 302, response.content.decode()
        assert waited > 2
        assert Contractor.objects.get().name == "株式会社待ち"

    def test_pages_are_read_meanwhile_and_tell_of_it(self):
        client = client_of(make.officer(make.agency()))
        words = "ほかの人の取込みを反映しています"
        assert words not in client.get("/contracts/").content.decode()
        assert client.get("/imports/now/").content.decode().strip() == ""
        with self.held(1):
            begun = time.monotonic()
            assert words in client.get("/contracts/").content.decode()
            assert words in client.get("/imports/now/").content.decode()
            assert time.monotonic() - begun < 1 or self.sign.exists()
        assert words not in client.get("/contracts/").content.decode()
