"""The server as `make run` starts it: a process of its own, a ledger of its own."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

MANAGE = [sys.executable, "-W", "error", "manage.py"]
PATIENCE = 120  # seconds; another suite may be running beside this one
SAVES = 20


@pytest.fixture
def environment(tmp_path):
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "PORT", "DEBUG")
    } | {"LEDGER_VAR": str(tmp_path), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def manage(environment):
    def run(*arguments):
        return subprocess.run(
            [*MANAGE, *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    return run


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, method, path):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as line:
        line.request(method, path)
        answer = line.getresponse()
        return answer.status, answer.headers


def get(port, path):
    """The first answer of a server that may still be starting."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ask(port, "GET", path)
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_says_what_is_missing_then_serves_and_stops_cleanly(manage, environment):
    port = str(free_port())

    refused = manage("serve", "--port", port)
    assert refused.returncode == 1
    assert "prepare_database" in refused.stderr

    assert manage("prepare_database").returncode == 0
    refused = manage("serve", "--port", port)
    assert refused.returncode == 1
    assert "collectstatic" in refused.stderr

    assert manage("collectstatic", "--noinput").returncode == 0
    server = subprocess.Popen(
        [*MANAGE, "serve", "--port", port],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        status, headers = get(int(port), settings.STATIC_URL + "no-such-file")
        assert status == 404
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "nonce" not in policy
        assert headers["X-Frame-Options"] == "DENY"

        others_read_while_many_wait_to_write(int(port), environment["LEDGER_VAR"])

        refused = manage("serve", "--port", port)
        assert refused.returncode == 1
        assert f"ポート {port} は、ほかのプログラムが使っています" in refused.stderr
    finally:
        server.send_signal(signal.SIGINT)
        output, _ = server.communicate(timeout=PATIENCE)
    assert server.returncode == 0
    assert f"http://127.0.0.1:{port}/" in output


def others_read_while_many_wait_to_write(port, place):
    """As on SQLite for an import. What is sent without a token is refused, and that recorded.

    Of requests that come in the same instant the server may leave one lying until the next comes
    (it makes a thread when a request comes); so readers keep coming, as they do."""
    page = reverse(settings.LOGIN_URL)
    with (
        ThreadPoolExecutor(2 * SAVES) as others,
        closing(sqlite3.connect(Path(place) / "ledger.sqlite3", isolation_level=None)) as ledger,
    ):
        ledger.execute("BEGIN IMMEDIATE")
        saves = [others.submit(ask, port, "POST", page) for _ in range(SAVES)]
        time.sleep(1)
        reads = [others.submit(ask, port, "GET", page) for _ in range(4)]  # to either process
        while wait(reads, timeout=1).not_done:
            others.submit(ask, port, "GET", page)
            assert not any(save.done() for save in saves)
        assert {read.result()[0] for read in reads} == {200}
        assert not any(save.done() for save in saves)
        ledger.execute("ROLLBACK")
        assert {save.result()[0] for save in saves} == {403}


IMPATIENT = """
import sys
import django
django.setup()
from django.core.management import call_command
from config.management.commands import serve
serve.THREADS_KEPT_FOR = 5
call_command("serve", port=sys.argv[1])
"""


def test_threads_that_are_let_go_take_no_process_along(manage, environment):
    """What a thread leaves behind is put away without it."""
    assert manage("prepare_database").returncode == 0
    assert manage("collectstatic", "--noinput").returncode == 0
    port, page = free_port(), reverse(settings.LOGIN_URL)
    server = subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, str(port)],
        cwd=settings.BASE_DIR,
        env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        get(port, page)
        with ThreadPoolExecutor(SAVES) as others:  # refused, which opens the ledger to record it
            asked = others.map(lambda _: ask(port, "POST", page)[0], range(4 * SAVES))
            assert set(asked) == {403}
        time.sleep(15)
        assert get(port, page)[0] == 200
    finally:
        server.send_signal(signal.SIGINT)
        output, _ = server.communicate(timeout=PATIENCE)
    assert "Unexpected exit" not in output


CLOSED = """
import django
django.setup()
from django.db import connection
from django.urls import reverse
from config.management.commands.serve import leave_databases
connection.ensure_connection()
inherited = connection.connection
leave_databases()
assert inherited.closed
"""


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's says not whether it is")
def test_workers_inherit_no_connection_from_whoever_starts_them():
    """Two processes on one socket read each other's rows."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", CLOSED], cwd=settings.BASE_DIR, env=env, check=True)
