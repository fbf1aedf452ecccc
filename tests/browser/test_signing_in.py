"""Signing in, looking after one's account, and the warning before a session ends, in Chromium."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from accounts.actions.second_factor import reset_second_factor
from accounts.models import User
from accounts.sign_in.models import SignInAttempt
from tests import factories as make
from tests.browser.conftest import type_name
from tests.browser.test_in_chromium import problems, too_wide

pytestmark = pytest.mark.browser


@pytest.fixture
def user(served):
    yield (user := User.objects.get(username=served.username))
    reset_second_factor(user, by=user)


def fine(page: Page) -> None:
    assert problems(page) == []
    for width in (320, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert not too_wide(page)


def next_code(user: User) -> str:
    """Of the app in use or being set up, as though the code before had been long ago."""
    device = TOTPDevice.objects.get(user=user)
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
    return f"{totp(device.bin_key, drift=device.drift):06}"


def test_a_second_factor_is_set_up_and_then_asked_for(page, served, user, log_in):
    log_in(page)
    page.get_by_role("link", name="アカウント：").click()
    fine(page)
    page.get_by_role("link", name="二段階認証を設定する").click()
    fine(page)
    page.get_by_role("link", name="設定する").click()
    fine(page)
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="設定を始める").click()
    expect(page.get_by_role("img", name="QRコード")).to_be_visible()
    fine(page)
    page.get_by_label("確認コード").fill("000 000")
    page.get_by_role("button", name="確かめて使い始める").click()
    expect(page.get_by_role("alert")).to_contain_text("000 000")
    page.get_by_label("確認コード").fill(next_code(user))
    page.get_by_role("button", name="確かめて使い始める").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回復コード")
    recovery = page.locator(".recovery-codes li")
    expect(recovery).to_have_count(10)
    fine(page)
    for address in ("/account/second-factor/", "/account/second-factor/remove/"):
        page.goto(address)
        fine(page)

    page.get_by_role("button", name="ログアウト").click()
    expect(page.get_by_role("status")).to_have_text("ログアウトしました。")
    log_in_again(page, served)
    expect(page).to_have_title("確認コード｜個人情報委託台帳")
    fine(page)
    page.get_by_label("確認コード").fill(next_code(user))
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url("**/overview/")


def log_in_again(page: Page, served) -> None:
    type_name(page, served.username)
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()


def test_the_page_on_which_the_password_is_changed(page, log_in):
    log_in(page)
    page.goto("/account/password/")
    fine(page)
    page.get_by_label("今のパスワード").fill("x")
    page.locator("#id_new_password1").fill("short")
    page.get_by_label("新しいパスワード（確認）").fill("short")
    page.get_by_role("button", name="変更する").click()
    expect(page.get_by_role("alert")).to_contain_text("15 文字以上")
    fine(page)


def test_the_refusal_of_a_throttled_sign_in(browser, served):
    """In a window of its own: Chromium reports each answer of 429 on the console."""
    with browser.new_context(base_url=served.address, locale="ja-JP") as context:
        page = context.new_page()
        page.goto("/login/")
        for _ in range(6):
            page.get_by_label("ユーザー名").fill("nobody")
            page.get_by_label("パスワード").fill("wrong")
            page.get_by_role("button", name="ログイン").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("今はログインできません")
        expect(page.locator("main")).to_contain_text(re.compile("[0-9]+時[0-9]{2}分以降に"))
        fine(page)
    SignInAttempt.objects.filter(account="nobody").delete()


class TestTheWarning:
    """The browser's clock is put forward; the server's limits are made shorter meanwhile."""

    NEARLY = "18:30"

    @pytest.fixture
    def dialog(self, page, log_in):
        page.clock.install()
        log_in(page)
        page.goto("/contracts/?q=a")
        dialog = page.get_by_role("alertdialog", name="まもなくログインが終わります")
        expect(dialog).to_be_hidden()
        return dialog

    def approach(self, page, settings, dialog):
        """100 seconds before the end."""
        usual, settings.SESSION_IDLE = settings.SESSION_IDLE, timedelta(seconds=100)
        page.clock.fast_forward(self.NEARLY)
        expect(dialog).to_be_visible()
        settings.SESSION_IDLE = usual

    def test_tells_the_time_that_is_left_and_can_be_answered(self, page, settings, dialog):
        self.approach(page, settings, dialog)
        said = re.compile("しばらく操作がないため、あと1分[0-9]+秒")
        expect(dialog).to_contain_text(said, use_inner_text=True)
        stay = dialog.get_by_role("button", name="続ける")
        expect(stay).to_be_focused()
        assert problems(page) == []
        stay.click()
        expect(dialog).to_be_hidden()
        self.approach(page, settings, dialog)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        self.approach(page, settings, dialog)
        dialog.get_by_role("button", name="ログアウト").click()
        expect(page).to_have_title("ログイン｜個人情報委託台帳")

    def test_is_not_shown_while_somebody_works_in_another_tab(self, page, dialog):
        with page.expect_response("**/session/"):
            page.clock.fast_forward(self.NEARLY)
        page.clock.run_for(3000)
        expect(dialog).to_be_hidden()

    def test_the_end_after_twelve_hours_cannot_be_put_off(self, page, settings, dialog):
        settings.SESSION_ABSOLUTE = timedelta(seconds=90)
        page.clock.fast_forward(self.NEARLY)
        said = re.compile(
            "^まもなくログインが終わります\\s+ログインしてからの時間の上限に近づいたため"
        )
        expect(dialog).to_contain_text(said, use_inner_text=True)
        dialog.get_by_role("button", name="続ける").click()
        expect(dialog).to_be_hidden()
        page.clock.run_for(15_000)
        expect(dialog).to_be_hidden()

    def test_then_the_login_says_why_and_leads_back(self, page, served, settings, dialog):
        settings.SESSION_IDLE = timedelta(0)
        page.clock.fast_forward("20:01")
        page.wait_for_url("**/login/?ended=idle&next=*")
        settings.SESSION_IDLE = timedelta(minutes=20)
        expect(page.get_by_role("status")).to_contain_text("操作がなかったため")
        fine(page)
        log_in_again(page, served)
        page.wait_for_url("**/contracts/?q=a")
