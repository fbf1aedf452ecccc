"""Nothing lost, nothing doubled, in Chromium: a sign-in that ended while somebody typed, two tabs,
a page gone back to, a double click; with scripts and without."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, Unsent
from outsourcing.models import Agency, CapabilityCheck, Section, Submission
from tests import factories as make
from tests.browser.test_in_chromium import problems, too_wide
from tests.browser.test_managing import log_in_as

pytestmark = pytest.mark.browser

ADDRESS = "/sections/A01/new/"
USUAL = timedelta(minutes=20)


@pytest.fixture(scope="module")
def chief(served, django_db_blocker) -> str:
    with django_db_blocker.unblock():
        agency = Agency.objects.get(code="A01")
        return make.user(role=Role.CHIEF, agency=agency, name="chief-of-sections").username


@pytest.fixture(scope="module")
def record(served, django_db_blocker) -> tuple[str, str]:
    """A page that adds something to a contract, and who may open it."""
    with django_db_blocker.unblock():
        agency = Agency.objects.get(code="A01")
        officer = make.user(role=Role.OFFICER, agency=agency, name="officer-who-records")
        code = make.contract(agency=agency).code
        return f"/contracts/{code}/records/selection/new/", officer.username


@pytest.fixture(autouse=True)
def clean(chief, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        for model in (Unsent, Submission):
            model.objects.all().delete()


@pytest.fixture
def plain(browser, served):
    """A page without scripts."""
    with browser.new_context(
        base_url=served.address, locale="ja-JP", java_script_enabled=False,
        viewport={"width": 1366, "height": 768},
    ) as context:  # fmt: skip
        yield context.new_page()


def fine(page: Page) -> None:
    assert problems(page) == []
    for width in (320, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert not too_wide(page)


def type_in(page: Page, code: str, name: str) -> None:
    page.goto(ADDRESS)
    page.get_by_label("課室コード").fill(code)
    page.get_by_label("課室名").fill(name)
    page.get_by_label("設置日").fill("平成30年4月1日")


def submit(page: Page) -> None:
    page.get_by_role("button", name="設置する").click()


def too_late(page: Page, settings, act) -> None:
    """``act`` when the session is over."""
    settings.SESSION_IDLE = timedelta(0)
    act()
    expect(page).to_have_title("ログイン｜個人情報委託台帳")
    settings.SESSION_IDLE = USUAL


def log_in_here(page: Page, name: str) -> None:
    page.get_by_label("ユーザー名").fill(name)
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()


def send_again(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("送れなかった入力")
    expect(page.get_by_role("main")).to_contain_text(name)
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.get_by_role("row", name=name)).to_be_visible()


def sections_named(name: str) -> int:
    return Section.objects.filter(name=name).count()


def test_without_scripts_a_form_sent_too_late_is_sent_again_after_the_login(plain, chief, settings):
    log_in_plainly(plain, chief)
    type_in(plain, "701", "第一課")
    too_late(plain, settings, lambda: submit(plain))
    expect(plain.get_by_role("status")).to_contain_text("取ってあります")
    log_in_here(plain, chief)
    send_again(plain, "第一課")
    assert sections_named("第一課") == 1


def log_in_plainly(page: Page, name: str) -> None:
    page.goto("/login/")
    log_in_here(page, name)
    expect(page.get_by_role("button", name="ログアウト")).to_be_visible()


def test_a_page_on_which_something_is_typed_is_not_left_when_the_session_ends(
    page, chief, settings
):
    page.clock.install()
    log_in_as(page, chief)
    type_in(page, "702", "第二課")
    settings.SESSION_IDLE = timedelta(0)
    page.clock.fast_forward("20:01")
    dialog = page.get_by_role("alertdialog", name="ログインが終わりました")
    expect(dialog).to_contain_text("入力した内容は、この画面に残っています")
    expect(dialog.get_by_role("button", name="入力に戻る")).to_be_focused()
    expect(dialog.get_by_role("button", name="続ける")).to_be_hidden()
    fine(page)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    page.clock.run_for(15_000)
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("課室名")).to_have_value("第二課")
    submit(page)
    expect(page).to_have_title("ログイン｜個人情報委託台帳")
    settings.SESSION_IDLE = USUAL
    fine(page)
    log_in_here(page, chief)
    fine(page)
    send_again(page, "第二課")


def test_what_was_refused_is_not_left_either(page, chief, settings):
    page.clock.install()
    log_in_as(page, chief)
    type_in(page, "703", "第三課")
    page.get_by_label("設置日").fill("いつか")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("いつか")
    settings.SESSION_IDLE = timedelta(0)
    page.clock.fast_forward("20:01")
    dialog = page.get_by_role("alertdialog", name="ログインが終わりました")
    dialog.get_by_role("button", name="入力を捨ててログインする").click()
    page.wait_for_url("**/login/?ended=idle&next=*")


def test_a_page_on_which_nothing_is_typed_is_left(page, chief, settings):
    page.clock.install()
    log_in_as(page, chief)
    page.goto(ADDRESS)
    settings.SESSION_IDLE = timedelta(0)
    page.clock.fast_forward("20:01")
    page.wait_for_url("**/login/?ended=idle&next=*")


def test_signed_in_again_in_another_tab_what_was_typed_is_shown_and_sent(
    browser, served, chief, settings
):
    """In a window of its own: Chromium reports the answer of 403 on the console."""
    with browser.new_context(base_url=served.address, locale="ja-JP") as context:
        page, other = context.new_page(), context.new_page()
        log_in_as(page, chief)
        type_in(page, "704", "第四課")
        settings.SESSION_IDLE = timedelta(0)
        other.goto("/")
        settings.SESSION_IDLE = USUAL
        log_in_here(other, chief)
        expect(other.get_by_role("button", name="ログアウト")).to_be_visible()
        submit(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("もう一度送ってください")
        expect(page.get_by_role("main")).to_contain_text("第四課")
        fine(page)
        page.get_by_role("button", name="もう一度送る").click()
        expect(page.get_by_role("row", name="第四課")).to_be_visible()
        assert sections_named("第四課") == 1


def test_it_can_be_thrown_away(page, chief, settings):
    log_in_as(page, chief)
    type_in(page, "705", "第五課")
    too_late(page, settings, lambda: submit(page))
    log_in_here(page, chief)
    page.goto("/account/")
    fine(page)
    page.get_by_role("link", name="課室の設置").click()
    page.get_by_role("button", name="捨てる").click()
    expect(page.get_by_role("status").first).to_contain_text("捨てました")
    assert sections_named("第五課") == 0


class TestSentTwice:
    """A check of the contractor is recorded, which nothing keeps from being recorded twice."""

    BUTTON = "記録する"

    def recorded(self, method: str) -> int:
        return CapabilityCheck.objects.filter(method=method).count()

    def fill(self, page: Page, address: str, method: str) -> None:
        page.goto(address)
        page.get_by_label("確認日").fill("2017-04-03")
        page.get_by_label("確認の方法").fill(method)

    def press(self, page: Page) -> None:
        page.get_by_role("button", name=self.BUTTON, exact=True).click()

    def test_by_a_double_click(self, page, record):
        address, name = record
        log_in_as(page, name)
        self.fill(page, address, "二度押し")
        page.get_by_role("button", name=self.BUTTON, exact=True).dblclick()
        expect(page.get_by_role("status").first).to_contain_text("記録しました")
        assert self.recorded("二度押し") == 1

    def test_by_a_double_click_without_scripts(self, plain, record):
        address, name = record
        log_in_plainly(plain, name)
        self.fill(plain, address, "二度押し・素")
        plain.get_by_role("button", name=self.BUTTON, exact=True).dblclick()
        expect(plain.get_by_role("status").first).to_contain_text("記録")
        assert self.recorded("二度押し・素") == 1

    def go_back_and_press(self, page: Page, address: str, method: str) -> None:
        self.fill(page, address, method)
        self.press(page)
        expect(page.get_by_role("status").first).to_contain_text("記録しました")
        page.go_back()
        # What the browser does not show again is typed again.
        page.get_by_label("確認日").fill("2017-04-03")
        page.get_by_label("確認の方法").fill(method)
        self.press(page)
        expect(page.get_by_role("alert")).to_contain_text("同じ内容を")
        assert self.recorded(method) == 1
        self.press(page)
        expect(page.get_by_role("status").first).to_contain_text("記録しました")
        assert self.recorded(method) == 2

    def test_by_going_back_it_is_asked_about(self, page, record):
        address, name = record
        log_in_as(page, name)
        self.go_back_and_press(page, address, "戻って")

    def test_by_going_back_without_scripts_too(self, plain, record):
        address, name = record
        log_in_plainly(plain, name)
        self.go_back_and_press(plain, address, "戻って・素")

    def test_the_next_is_entered_by_going_back(self, page, record):
        address, name = record
        log_in_as(page, name)
        self.fill(page, address, "一件目")
        self.press(page)
        expect(page.get_by_role("status").first).to_contain_text("記録しました")
        page.go_back()
        page.get_by_label("確認日").fill("2017-04-04")
        page.get_by_label("確認の方法").fill("二件目")
        self.press(page)
        expect(page.get_by_role("status").first).to_contain_text("記録しました")
        assert (self.recorded("一件目"), self.recorded("二件目")) == (1, 1)

    def test_sent_too_late_and_again_after_the_login_it_counts_once(self, page, record, settings):
        address, name = record
        log_in_as(page, name)
        self.fill(page, address, "遅れて")
        too_late(page, settings, lambda: self.press(page))
        log_in_here(page, name)
        expect(page.get_by_role("heading", level=1)).to_have_text("送れなかった入力")
        page.get_by_role("button", name="もう一度送る").dblclick()
        expect(page.get_by_role("status").first).to_contain_text("記録しました")
        assert self.recorded("遅れて") == 1
