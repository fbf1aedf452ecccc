"""Entering a contract in a real browser: with the keyboard alone, whatever the server is doing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from bench.typing import (
    COMPANIES,
    FROM_LAST_YEAR,
    FROM_NOTHING,
    Typist,
    in_a_spreadsheet,
)
from outsourcing.models import Agency, Contract, Contractor
from tests import factories as make
from tests.browser.conftest import type_name
from tests.browser.test_in_chromium import problems, too_wide

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(served, django_db_blocker) -> str:
    """An officer, and companies to be found."""
    with django_db_blocker.unblock():
        agency = Agency.objects.get(code="A01")
        for kana, name in COMPANIES.items():
            make.contractor(name=name, kana=kana)
        return make.user(role=Role.OFFICER, agency=agency, name="typist").username


def log_in_as(page: Page, name: str) -> None:
    page.goto("/login/?next=/account/")
    type_name(page, name)
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url("**/account/")


def new_draft(page: Page) -> str:
    page.goto("/drafts/new/")
    page.get_by_role("button", name="入力を始める").click()
    page.wait_for_url(re.compile(r"/drafts/[0-9a-f-]{36}/"))
    return page.url


def kept(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("下書きに保存しました")


def test_a_contract_with_three_levels_approvals_and_two_inspections_by_keyboard_alone(
    page, desk, django_db_blocker, record_property
):
    log_in_as(page, desk)
    page.goto("/drafts/new/")
    typist = Typist(page)
    typist.do([("入力を始める", "→ press")])
    page.wait_for_url(re.compile(r"/drafts/[0-9a-f-]{36}/"))
    typist.do(FROM_NOTHING)
    page.wait_for_url("**/contracts/A01-2017-*/")
    with django_db_blocker.unblock():
        made = Contract.objects.get(title="職員の健康診断", number="契約第12号")
        links = list(made.subcontracts.select_related("parent", "contractor").order_by("number"))
        approvals = [link.approvals.get() for link in links]
        visits = [t.inspection.day for t in made.inspection_targets.order_by("inspection__day")]
    assert [link.parent for link in links] == [None, links[0], links[1]]
    assert [link.contractor.name for link in links] == list(COMPANIES.values())[1:]
    assert [a.decided_on for a in approvals] == [date(2017, 4, 1)] * 3
    assert visits == [date(2017, 10, 2), date(2017, 11, 6)]
    assert len(made.items) == 6
    sheet = in_a_spreadsheet()
    record_property("keys", typist.keys)
    record_property("loads", typist.loads)
    print(f"\n{typist.keys} keys, {typist.loads} page loads; spreadsheet {sheet}")
    assert typist.loads == 2  # the draft, and the contract it became
    assert typist.keys < 1.2 * sheet.keys


def test_the_same_from_last_years_copy_by_keyboard_alone(
    page, desk, django_db_blocker, record_property
):
    """The contract of the test before, or one like it, a year later."""
    with django_db_blocker.unblock():
        old = last_years_contract(Agency.objects.get(code="A01"))
    log_in_as(page, desk)
    page.goto(f"/contracts/{old.code}/")
    typist = Typist(page)
    page.get_by_role("button", name="年度更新の下書きを作る").focus()
    typist.press("Enter")
    page.wait_for_url(re.compile(r"/drafts/[0-9a-f-]{36}/"))
    expect(page.get_by_text("再承認待ち")).to_have_count(3)
    typist.do(FROM_LAST_YEAR)
    page.wait_for_url("**/contracts/A01-2018-*/")
    with django_db_blocker.unblock():
        made = Contract.objects.get(renews=old)
        links = list(made.subcontracts.order_by("number"))
        approvals = [link.approvals.get().decided_on for link in links]
        visits = [t.inspection.day for t in made.inspection_targets.order_by("inspection__day")]
    assert (made.first_day, made.last_day) == (date(2018, 4, 1), date(2019, 3, 31))
    assert made.title == "平成30年度職員の健康診断"
    assert [link.renews.number for link in links] == [1, 2, 3]
    assert approvals == [date(2018, 4, 1)] * 3
    assert visits == [date(2018, 10, 2), date(2018, 11, 6)]
    record_property("keys_from_last_year", typist.keys)
    record_property("loads_from_last_year", typist.loads)
    print(f"\n{typist.keys} keys, {typist.loads} page loads")
    assert typist.loads == 2
    assert typist.keys < in_a_spreadsheet().keys


def last_years_contract(agency: Agency) -> Contract:
    companies = {c.kana: c for c in Contractor.objects.filter(kana__in=COMPANIES)}
    prime, *below = (companies[kana] for kana in COMPANIES)
    made = make.contract(
        agency=agency,
        contractor=prime,
        title="平成29年度職員の健康診断",
        number="29健第12号",
        work=Contract.Work.STAFF_HEALTH_CHECK,
        items={f"8-4({number})": {"article": f"第{number}条"} for number in (1, 3, 4, 5, 6)},
    )
    parent = None
    for company in below:
        parent = make.link(contract=made, parent=parent, contractor=company)
        make.approval(link=parent)
    return made


def test_the_page_is_accessible_in_each_of_its_states(page, narrow, desk):
    for screen in (page, narrow):
        log_in_as(screen, desk)
        new_draft(screen)
        screen.get_by_label("契約期間の初日").fill("H29.4.1")
        screen.get_by_label("契約期間の末日").fill("H30.3.31")
        screen.get_by_role("button", name="再委託を加える", exact=True).click()
        screen.get_by_role("button", name="この下に再委託を加える").first.click()
        screen.get_by_role("button", name="実施した検査を加える").click()
        screen.get_by_role("button", name="書面による確認を加える").click()
        for fold in screen.locator("#entry summary").all():
            fold.click()
        expect(screen.locator("#trial")).to_contain_text("再委託")
        assert problems(screen) == []
        assert not too_wide(screen)
        screen.get_by_role("button", name="登録する").click()
        expect(screen.get_by_role("alert").first).to_contain_text("入力内容を確かめてください")
        assert problems(screen) == []
        assert not too_wide(screen)


def test_it_tells_while_one_types_and_reads_it_out(page, desk):
    log_in_as(page, desk)
    new_draft(page)
    page.get_by_label("契約期間の初日").fill("H29.4.1")
    page.get_by_label("契約期間の末日").fill("H30.3.31")
    told = page.get_by_role("status", name="登録した場合の所見")
    expect(told).to_contain_text("契約書に明記すべき事項の不記載")
    expect(told).to_contain_text("2017年4月1日（平成29年4月1日）")
    page.get_by_label("第8-4(1)の条番号").fill("第5条")
    expect(told.locator(".trial__subjects").filter(has_text="第8-4(1)")).to_have_count(0)


def test_typing_goes_on_whatever_the_server_is_doing(page, desk, record_property):
    """A server that does not answer at all: each Tab has the cursor in the next field. How soon is
    measured (``bench/keyboard.py``)."""
    log_in_as(page, desk)
    new_draft(page)
    page.route("**/drafts/**", lambda route: None)  # never answered
    page.route("**/contractors/**", lambda route: None)
    page.get_by_label("契約件名").focus()
    page.evaluate("""() => {
      window.slowest = 0;
      let pressed;
      addEventListener("keydown", () => (pressed = performance.now()), true);
      addEventListener("focusin", () => requestAnimationFrame(() => {
        window.slowest = Math.max(window.slowest, performance.now() - pressed);
      }), true);
    }""")
    fields = set()
    for _ in range(50):
        page.keyboard.type("12")
        page.wait_for_timeout(30)  # the check and the saving begin, and hang
        page.keyboard.press("Tab")
        fields.add(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert len(fields) > 40
    record_property("slowest", round(page.evaluate("window.slowest")))
    page.unroute_all(behavior="ignoreErrors")


def test_enter_goes_on_to_the_next_field_and_sends_nothing(page, desk):
    log_in_as(page, desk)
    address = new_draft(page)
    page.get_by_label("契約件名").focus()
    page.keyboard.type("健康診断")
    page.keyboard.press("Enter")
    expect(page.get_by_label("契約番号")).to_be_focused()
    assert page.url == address


def test_two_tabs_are_told_of_each_other(page, desk):
    log_in_as(page, desk)
    address = new_draft(page)
    other = page.context.new_page()
    other.goto(address)
    page.get_by_label("契約件名").fill("一つ目")
    kept(page)
    other.get_by_label("契約件名").fill("二つ目")
    expect(other.locator("[data-stale]")).to_be_visible()
    expect(other.get_by_label("契約件名")).to_have_value("二つ目")
    other.get_by_role("button", name="この画面の内容で上書きする").click()
    kept(other)
    page.goto(address)
    expect(page.get_by_label("契約件名")).to_have_value("二つ目")


def test_a_sign_in_that_ended_while_typing_costs_nothing(browser, served, desk):
    """Signed in again in another tab, the page goes on by itself, with the token of then."""
    context = browser.new_context(locale="ja-JP", base_url=served.address)
    page, other = context.new_page(), context.new_page()
    log_in_as(page, desk)
    address = new_draft(page)
    context.clear_cookies()
    page.get_by_label("契約件名").fill("ログインが終わってから")
    out = page.locator("[data-out]")
    expect(out).to_be_visible()
    expect(out).to_contain_text("入力はこの画面に残っています")
    log_in_as(other, desk)
    expect(page.locator("[data-saved]")).to_contain_text("下書きに保存しました", timeout=15_000)
    expect(out).to_be_hidden()
    other.goto(address)
    expect(other.get_by_label("契約件名")).to_have_value("ログインが終わってから")
    context.close()
