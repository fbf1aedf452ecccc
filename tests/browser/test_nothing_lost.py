"""Nothing lost, nothing doubled, in Chromium: a sign-in that ended while somebody typed, two tabs,
a page gone back to, a double click; with scripts and without."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, Unsent
from outsourcing.models import Agency, Section
from tests import factories as make
from tests.browser.test_in_chromium import problems, too_wide
from tests.browser.test_managing import log_in_as

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADDRESS = "/sections/A01/new/"
USUAL = timedelta(minutes=20)


@pytest.fixture(scope="module")
def chief(served, django_db_blocker) -> str:
    with django_db_blocker.unblock():
        agency = Agency.objects.get(code="A01")
        return make.user(role=Role.CHIEF, agency=agency, name="chief-of-sections").username


@pytest.fixture(autouse=True)
def clean(chief, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        Unsent.objects.all().delete()


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
    page.get_by_role("button", name="捨てる").click()
    expect(page.get_by_role("status").first).to_contain_text("捨てました")
    assert sections_named("第五課") == 0
