"""A real Chromium, and a ledger served to it. Made once for all tests of the browser."""

from __future__ import annotations

import os
import re
import shutil
import threading
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role
from tests import factories as make
from tests import ledgers, trails

# No sandbox: tests run as root, too. The rest keeps the browser from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Other suites may be running beside this one.
expect.set_options(timeout=15_000)

ABORTED = "net::ERR_ABORTED"
# A form that is refused comes back as a page, of which Chromium says that it failed to load.
READ_ALL_THE_SAME = re.compile(r"status of (400|409) ")


class Served(NamedTuple):
    address: str
    username: str
    deep: str  # the code of a contract whose chain is four links deep


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    # The driver runs an event loop, in which Django suspects every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker):
    """A ledger, committed so that the server sees it; taken away afterwards."""
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        with server._live_server_modified_settings:
            ledger = ledgers.small_ledger()
            user = make.user(role=Role.SURVEY_OFFICE, name="survey-office")
            yield Served(server.url, user.username, _deep(ledger).code)
            server.stop()
            _wait_for_requests()
        trails.flush()


def _wait_for_requests() -> None:
    """Until each request has given its connection back: the database is dropped afterwards."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=10)


def _deep(ledger: ledgers.Ledger):
    """A contract with something in every part of its page."""
    contract = make.contract(agency=ledger.own, title="健康診断及び結果の電子化", number="第298号")
    chain = make.chain(contract=contract, depth=4)
    beside = make.link(contract=contract, contractor=make.subsidiary(of=contract.contractor))
    make.approval(link=chain[0], last_day=date(2017, 12, 31))
    make.approval(link=beside, decided_on=date(2017, 7, 1), applied_on=date(2017, 8, 1))
    make.inspection(contract=contract, link=chain[1], method="documents")
    make.fault(contract=contract)
    make.many_contracts(number=60, agency=ledger.own, contractor=contract.contractor)
    return contract


@pytest.fixture
def page(browser: Browser, served: Served):
    """A page at the width of an office PC, not logged in, that nothing may go wrong on: no message
    on the console, no request to another host, none that fails."""
    yield from _page(browser, served, width=1366, height=768)


@pytest.fixture
def narrow(browser: Browser, served: Served):
    """The same at 320 CSS px."""
    yield from _page(browser, served, width=320, height=640)


def _page(browser: Browser, served: Served, **viewport):
    context = browser.new_context(viewport=viewport, locale="ja-JP", base_url=served.address)
    opened = context.new_page()
    wrong: list[str] = []
    host = urlsplit(served.address).netloc
    opened.on(
        "console",
        lambda message: (
            READ_ALL_THE_SAME.search(message.text) or wrong.append(f"console: {message.text}")
        ),
    )
    opened.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    opened.on(
        "requestfailed",
        # What the browser itself gave up, by leaving the page, has not failed.
        lambda request: request.failure == ABORTED or wrong.append(f"failed: {request.url}"),
    )
    opened.on(
        "request",
        lambda request: urlsplit(request.url).netloc == host or wrong.append(request.url),
    )
    yield opened
    context.close()
    assert wrong == []


def type_name(page: Page, name: str) -> None:
    """Once the page has put the cursor there itself: a robot that is faster than the first paint
    takes the focus away from it, of which Chromium complains on the console."""
    field = page.get_by_label("ユーザー名")
    expect(field).to_be_focused()
    field.fill(name)


@pytest.fixture
def log_in(served: Served):
    def fill_in(page: Page) -> Page:
        page.goto("/")
        type_name(page, served.username)
        page.get_by_label("パスワード").fill(make.PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        page.wait_for_url("**/overview/")
        return page

    return fill_in
