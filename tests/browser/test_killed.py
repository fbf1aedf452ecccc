"""A draft that was typed survives kill -9 of the server and of the browser: both are started for
this alone, and killed with all their processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests import factories as make
from tests.browser.conftest import ARGUMENTS
from tests.config.test_serve import MANAGE, free_port, get

pytestmark = pytest.mark.browser

USER = "typist"
PATIENCE = 120  # seconds; another suite may be running beside this one
# What an empty ledger needs before somebody can type into it.
FILL = f"""
from datetime import date
from accounts.models import Membership, User
from outsourcing.actions import agencies
user = User.objects.create_user("{USER}", password="{make.PASSWORD}")
agency = agencies.found(by=user, code="A01", kind="organ", name="試験省")
day = date(2000, 1, 1)
Membership.objects.create(user=user, role="officer", agency=agency, first_day=day, confirmed_on=day)
"""


class Server:
    """As `make run` serves, with a ledger in a folder of its own."""

    def __init__(self, folder, migrated):
        shutil.copy(migrated, folder / "ledger.sqlite3")
        self.port = str(free_port())
        self.address = f"http://127.0.0.1:{self.port}"
        without = ("DATABASE_URL", "DATABASE_OWNER_URL", "PORT", "DEBUG")
        kept = {name: value for name, value in os.environ.items() if name not in without}
        self.environment = kept | {"LEDGER_VAR": str(folder)}
        for command in (
            ["prepare_database"],
            ["collectstatic", "--noinput"],
            ["shell", "-c", FILL],
        ):
            done = self._manage(*command)
            assert done.returncode == 0, done.stderr

    def _manage(self, *arguments):
        call = [sys.executable, "manage.py", *arguments]
        settled = {"cwd": settings.BASE_DIR, "env": self.environment, "timeout": PATIENCE}
        return subprocess.run(call, capture_output=True, text=True, **settled)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*MANAGE, "serve", "--port", self.port],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert get(int(self.port), "/login/")[0] == 200

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def server(tmp_path_factory, migrated):
    server = Server(tmp_path_factory.mktemp("var"), migrated)
    server.start()
    yield server
    server.kill()


@contextmanager
def a_page(browser: Browser, server: Server):
    context = browser.new_context(locale="ja-JP", base_url=server.address)
    yield context.new_page()
    context.close()


def open_draft(page: Page, address: str = "/drafts/new/") -> str:
    """Signed in, a draft, new or by its address."""
    page.goto(f"/login/?next={address}")
    page.get_by_label("ユーザー名").fill(USER)
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    if address == "/drafts/new/":
        page.get_by_role("button", name="入力を始める").click()
    page.wait_for_url(re.compile(r"/drafts/[0-9a-f-]{36}/"))
    return page.url.removeprefix(page.url.partition("/drafts/")[0])


def kept(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("下書きに保存しました", timeout=15_000)


def test_the_server(browser, server):
    """What was kept is there; what was typed while it was gone is kept once it is back."""
    with a_page(browser, server) as page:
        address = open_draft(page)
        page.get_by_label("契約件名").fill("止まる前の契約")
        kept(page)
        server.kill()
        page.get_by_label("契約番号").fill("止まっている間の番号")
        expect(page.locator("[data-saved]")).to_contain_text("サーバーに届きません")
        server.start()
        kept(page)
    with a_page(browser, server) as page:
        open_draft(page, address)
        expect(page.get_by_label("契約件名")).to_have_value("止まる前の契約")
        expect(page.get_by_label("契約番号")).to_have_value("止まっている間の番号")


def test_the_browser(browser, server, tmp_path):
    """Half a word and half a day, as they stand."""
    profile = tmp_path / "profile"
    call = [shutil.which("chromium"), "--headless", *ARGUMENTS, "--remote-debugging-port=0"]
    killed = subprocess.Popen(
        [*call, f"--user-data-dir={profile}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{_port_of(profile)}"
        other = browser.browser_type.connect_over_cdp(address, timeout=PATIENCE * 1000)
        with_page = other.new_context(locale="ja-JP", base_url=server.address).new_page()
        address = open_draft(with_page)
        with_page.get_by_label("契約件名").fill("途中の件")
        with_page.get_by_label("契約期間の初日").fill("平成29年4月")
        kept(with_page)
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait(PATIENCE)
    with a_page(browser, server) as page:
        open_draft(page, address)
        expect(page.get_by_label("契約件名")).to_have_value("途中の件")
        expect(page.get_by_label("契約期間の初日")).to_have_value("平成29年4月")


def _port_of(profile) -> str:
    """Where Chromium listens, which it writes down once it does."""
    until = time.monotonic() + PATIENCE
    file = profile / "DevToolsActivePort"
    while not file.exists() or not file.read_text().strip():
        assert time.monotonic() < until
        time.sleep(0.1)
    return file.read_text().split()[0]
