"""A file in a real browser: sent by an officer, looked at, carried out; every page of it."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Page, expect

from accounts.models import Role
from exchange import aside
from exchange.importing.kept import Kept, Step, carrying_sign
from exchange.models import Import, State
from outsourcing.models import Agency, Contract
from tests import factories as make
from tests.browser.test_in_chromium import problems, too_wide
from tests.browser.test_managing import log_in_as
from tests.exchange.importing.lines import plan, sheet_plan
from tests.imports import THEIRS, checked, csv_of, received

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def _imports_aside(tmp_path_factory):
    with override_settings(IMPORT_DIR=tmp_path_factory.mktemp("var") / "imports"):
        yield


@pytest.fixture(scope="module")
def pages(served, _imports_aside, django_db_blocker) -> list[str]:
    """One of each state, seen by somebody who may take in."""
    with django_db_blocker.unblock():
        agency = Agency.objects.get(code="A01")
        user = make.user(role=Role.OFFICER, agency=agency, name="taker")
        make.contractor(name="株式会社甲")
        full = plan(
            sheet_plan(added=30, changed=3, same=2, left_out=1),
            cautions=["シート「契約」：マクロは読みません。"],
        )
        wrong = plan(sheet_plan(added=2, refused=30), mistakes=30)
        made = {
            "waiting": checked(agency=agency, by=user, plan=full, content=b"same"),
            "wrong": checked(agency=agency, by=user, plan=wrong, state=State.WRONG),
            "nothing": checked(
                agency=agency, plan=plan(sheet_plan(same=3)), state=State.NOTHING, content=b"same"
            ),
            "unmapped": checked(
                agency=agency, plan=plan(unmapped=[THEIRS.name]), state=State.UNMAPPED
            ),
            "done": checked(agency=agency, plan=full, state=State.DONE),
            "failed": checked(agency=agency, plan=full, state=State.FAILED),
        }
        Import.objects.filter(pk=made["failed"].pk).update(failure="読めないファイルです。")
        stopped = received(agency=agency)
        Kept(stopped.public_id).sign.unlink()
        at = {name: f"/imports/{row.public_id}/" for name, row in made.items()}
        return [
            "/imports/",
            *at.values(),
            f"/imports/{stopped.public_id}/",
            f"{at['waiting']}?sheet=1&show=added&page=2",
            f"{at['waiting']}?sheet=1&show=left_out",
            f"{at['wrong']}?mistakes=2",
            f"{at['unmapped']}sheets/1/",
            f"{at['unmapped']}sheets/1/?sheet=none",
        ]


def test_each_page_is_accessible_and_fits(page: Page, pages):
    log_in_as(page, "taker")
    found = {}
    for address in pages:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(address)
        found[address] = problems(page)
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            found[address] += [str(width)] if too_wide(page) else []
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_sent_watched_looked_at_and_carried_out(page: Page, pages, monkeypatch, django_db_blocker):
    begun = []
    monkeypatch.setattr(aside, "start", lambda *call, **how: begun.append(call))

    def work():
        with django_db_blocker.unblock():
            call_command(*begun.pop())

    log_in_as(page, "taker")
    page.goto("/imports/")
    file = {"name": "契約.csv", "mimeType": "text/csv", "buffer": csv_of("健康診断（試験）")}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="検査する").click()
    expect(page.get_by_role("status")).to_contain_text(Step.TURN.value)
    assert problems(page) == []
    page.reload()
    expect(page.get_by_role("status")).to_contain_text(Step.TURN.value)
    work()
    # The page opens by itself what it has come to.
    expect(page.get_by_role("button", name="反映する")).to_be_visible()
    expect(page.get_by_role("heading", name="反映した場合の所見")).to_be_visible()
    page.get_by_role("region", name="反映した場合の所見の表").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=re.compile("現れる所見："))).to_be_visible()
    assert problems(page) == []
    page.get_by_role("button", name="反映する").click()
    expect(page.get_by_role("status")).to_contain_text("反映しています")
    work()
    expect(page.get_by_role("status")).to_contain_text("台帳に反映しました")
    with django_db_blocker.unblock():
        assert Contract.objects.filter(title="健康診断（試験）").exists()


def test_who_saves_meanwhile_is_told_after_a_second(page: Page, pages):
    """Not the answer that is late is looked at here, but what the page says until it comes."""
    if connection.vendor != "sqlite":
        pytest.skip("nobody waits for long elsewhere")
    log_in_as(page, "taker")
    page.goto("/imports/")
    page.route("**/logout/", lambda route: page.wait_for_timeout(3000) or route.continue_())
    carrying_sign().touch()
    try:
        page.get_by_role("button", name="ログアウト").click(no_wait_after=True)
        expect(page.locator("main > .carrying")).to_contain_text("取込中")
    finally:
        carrying_sign().unlink()
