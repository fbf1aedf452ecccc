"""The chain of a contract edited where it is drawn, in a real browser: by the keyboard alone, with
answers that go wrong, and the same without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Role, User
from guideline.models import Finding
from outsourcing.actions import subcontracts
from outsourcing.models import Agency, Contract, Subcontract
from tests import factories as make
from tests.browser.test_in_chromium import problems, too_wide

pytestmark = pytest.mark.browser

WRITER = "chain-writer"
NAMES = ("甲山検査センター", "乙川分析", "丙田運輸")


@pytest.fixture
def contract(served) -> Contract:
    """Without a chain yet, asking prior approval; the companies of the chain are known."""
    agency = Agency.objects.get(code="A01")
    if not User.objects.filter(username=WRITER).exists():
        make.user(role=Role.OFFICER, agency=agency, name=WRITER)
        for name in NAMES:
            make.contractor(name=name)
    return make.contract(agency=agency, title="系列を入力する契約")


def enter(page):
    page.goto("/login/")
    name = page.get_by_label("ユーザー名")
    expect(name).to_be_focused()
    name.fill(WRITER)
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url("**/overview/")
    return page


def at(contract: Contract) -> str:
    return f"/contracts/{contract.code}/?as_of=2018-03-31"


def card(page, number: int):
    return page.locator(f"#link-{number}")


def tab_to(page, locator, *, most=80):
    """By the Tab key alone."""
    for _ in range(most):
        if locator.evaluate("here => here === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{locator} is not reached")


def press(page, locator, key="Enter"):
    tab_to(page, locator)
    page.keyboard.press(key)


def type_into(page, box, label: str, text: str):
    tab_to(page, box.get_by_label(label))
    page.keyboard.type(text)


def test_a_chain_of_three_links_with_approvals_by_the_keyboard_alone(page, contract):
    enter(page)
    page.goto(at(contract))
    place = page.locator("#prime")
    for number, name in enumerate(NAMES, 1):
        words = "再委託を追加" if number == 1 else "下に追加"
        press(page, place.get_by_role("link", name=words))
        box = page.get_by_role("group", name="再委託の追加")
        expect(box.get_by_label("再委託先", exact=False).first).to_be_focused()
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        expect(box.locator(".trial")).to_contain_text("該当する所見")
        press(page, box.get_by_role("button", name="追加する"))
        place = card(page, number)
        expect(place).to_be_focused()
        expect(place).to_contain_text(name)
        expect(place).to_contain_text("契約に反する再委託")
        expect(page.locator("#inplace-told")).to_contain_text(f"再委託{number}「{name}」を追加")
        press(page, place.get_by_role("link", name="承認を記録"))
        box = page.get_by_role("group", name="承認の記録")
        expect(box.get_by_label("結果")).to_be_focused()
        page.keyboard.press("ArrowDown")  # 承認
        type_into(page, box, "決定日", "H29.4.1")
        expect(box.locator(".trial")).to_contain_text("解消する所見")
        page.keyboard.press("Enter")
        expect(place).to_be_focused()
        expect(place).not_to_contain_text("契約に反する再委託")
        expect(place).to_contain_text("承認　2017-04-01")
    links = list(Subcontract.objects.filter(contract=contract).order_by("number"))
    assert [link.contractor.name for link in links] == list(NAMES)
    assert [link.parent for link in links] == [None, *links[:2]]
    assert not Finding.objects.filter(contract=contract, rule="unapproved-subcontract").exists()
    assert page.url.endswith(at(contract))  # one page load in all


class TestWhatGoesWrong:
    def test_an_error_stands_in_the_card_and_what_was_typed_with_it(self, page, contract):
        make.link(contract=contract)
        enter(page).goto(at(contract))
        card(page, 1).get_by_role("link", name="終える").click()
        box = page.get_by_role("group", name="再委託1の終了")
        box.get_by_label("再委託期間の末日").fill("2017-03-31")
        box.get_by_role("button", name="末日を記録する").click()
        alert = card(page, 1).get_by_role("alert")
        expect(alert).to_contain_text("「2017-03-31」が再委託期間の初日")
        expect(alert).to_be_focused()
        expect(box.get_by_label("再委託期間の末日")).to_have_value("2017-03-31")
        assert problems(page) == []
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            assert not too_wide(page)

    def test_escape_closes_and_keeps_what_was_typed(self, page, contract):
        make.link(contract=contract)
        enter(page).goto(at(contract))
        link = card(page, 1).get_by_role("link", name="届出を記録")
        link.focus()
        page.keyboard.press("Enter")
        box = page.get_by_role("group", name="事前届出の記録")
        expect(box.get_by_label("受理日")).to_be_focused()
        page.keyboard.type("平成29年")
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)
        expect(link).to_be_focused()
        page.keyboard.press("Enter")
        expect(box.get_by_label("受理日")).to_have_value("平成29年")
        box.get_by_role("link", name="やめる").click()
        expect(box).to_have_count(0)
        link.click()
        expect(box.get_by_label("受理日")).to_have_value("")

    def test_who_saves_second_sees_both_in_the_card(self, page, contract):
        row = make.link(contract=contract)
        enter(page).goto(at(contract))
        card(page, 1).get_by_role("link", name="終える").click()
        box = page.get_by_role("group", name="再委託1の終了")
        box.get_by_label("再委託期間の末日").fill("2017-12-31")
        subcontracts.correct(row, by=make.recorder(), last_day=row.first_day)
        box.get_by_role("button", name="末日を記録する").click()
        expect(card(page, 1).get_by_role("alert")).to_contain_text("ほかの人が先に保存しました")
        expect(box.get_by_label("再委託期間の末日")).to_have_value("2017-12-31")
        box.get_by_role("button", name="この内容で上書きする").click()
        expect(card(page, 1)).to_contain_text("2017-12-31 まで")

    def test_a_sign_in_that_ended_loses_nothing(self, browser, served, contract):
        """And what the server fails to do, or does not answer."""
        make.link(contract=contract)
        context = browser.new_context(base_url=served.address, locale="ja-JP")
        page = enter(context.new_page())
        page.goto(at(contract))
        card(page, 1).get_by_role("link", name="届出を記録").click()
        box = page.get_by_role("group", name="事前届出の記録")
        box.get_by_label("受理日").fill("H29.4.1")
        send = box.get_by_role("button", name="記録する")
        warning = box.locator(".inplace__warning")

        page.route("**/records/notice/new/**", lambda route: route.fulfill(status=500, body=""))
        send.click()
        expect(warning).to_contain_text("（500）")
        page.unroute("**/records/notice/new/**")
        page.route("**/records/notice/new/**", lambda route: route.abort())
        send.click()
        expect(warning).to_contain_text("サーバーに届きません")
        page.unroute("**/records/notice/new/**")

        other = context.new_page()
        other.goto("/guideline/rules/")
        other.get_by_role("button", name="ログアウト").click()
        send.click()
        expect(warning).to_contain_text("ログインの有効期間が終わっている")
        expect(box.get_by_label("受理日")).to_have_value("H29.4.1")
        enter(other)
        send.click()
        expect(warning).to_contain_text("もう一度押してください")
        send.click()
        expect(card(page, 1)).to_contain_text("届出受理　2017-04-01")
        assert contract.subcontracts.get().notifications.count() == 1
        context.close()


def test_moving_and_taking_back(page, contract):
    first, second = make.link(contract=contract), make.link(contract=contract)
    enter(page).goto(at(contract))
    card(page, 2).get_by_role("link", name="移す").click()
    box = page.get_by_role("group", name="再委託2の移動")
    box.get_by_label("新しい再委託元").select_option(str(first.number))
    box.get_by_role("button", name="移す").click()
    expect(card(page, 2)).to_be_focused()
    expect(card(page, 2)).to_contain_text("再々委託")
    card(page, 2).get_by_role("link", name="無効にする").click()
    box = page.get_by_role("group", name="再委託2を無効にする")
    box.get_by_label("無効とする理由").fill("誤って登録した")
    box.get_by_role("button", name="無効にする").click()
    expect(card(page, 2)).to_have_count(0)
    expect(page.get_by_role("heading", name="再委託の系列")).to_be_focused()
    second.refresh_from_db()
    assert second.void_reason == "誤って登録した"


def test_each_form_is_accessible_and_fits_its_screen(page, contract):
    make.approval(link=make.link(contract=contract))
    make.fault(contract=contract)
    enter(page)
    found = {}
    for rest in (
        *("amend/", "terminate/", "correct/", "void/", "records/fault/1/void/"),
        *("links/new/", "links/1/", "links/1/move/", "links/1/records/approval/1/void/"),
        *(f"records/{kind}/new/" for kind in ("confirmation", "anonymization", "incident")),
        *(f"links/1/records/{kind}/new/" for kind in ("approval", "flow-down")),
        "",
    ):
        page.goto(f"/contracts/{contract.code}/{rest}")
        found[rest] = problems(page)
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            found[rest] += [f"too wide at {width}"] if too_wide(page) else []
    assert {rest: wrong for rest, wrong in found.items() if wrong} == {}


def test_a_proof_is_read_once_it_is_opened(page, contract):
    make.link(contract=contract)
    enter(page).goto(at(contract))
    proof = page.locator("details.proof").first
    proof.locator("summary").click()
    expect(proof.get_by_role("table")).to_contain_text("記録")


def test_without_scripts_the_same_is_done_on_pages_of_their_own(browser, served, contract):
    context = browser.new_context(
        base_url=served.address, locale="ja-JP", java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/login/")
    page.get_by_label("ユーザー名").fill(WRITER)
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.goto(at(contract))
    page.get_by_role("link", name="再委託を追加").click()
    page.get_by_label("再委託先", exact=False).first.fill(NAMES[0])
    page.get_by_role("button", name="保存する前に確かめる").click()
    expect(page.locator(".trial")).to_contain_text("該当する所見")
    page.get_by_role("button", name="追加する").click()
    expect(page).to_have_url(re.compile(r"\?as_of=2018-03-31#link-1$"))
    expect(page.locator(".notice--success")).to_contain_text("追加しました")
    card(page, 1).get_by_role("link", name="承認を記録").click()
    page.get_by_label("結果").select_option("approved")
    page.get_by_label("決定日").fill("平成29年4月1日")
    page.get_by_role("button", name="記録する").click()
    expect(card(page, 1)).to_contain_text("承認　2017-04-01")
    page.locator("details.proof summary").first.click()
    page.get_by_role("link", name="根拠のページを開く").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("根拠と解消の方法")
    context.close()
