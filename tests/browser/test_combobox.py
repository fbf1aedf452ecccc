"""Naming a contractor in a real browser, by the keyboard alone; adding one in place; the pages of
the masters."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from outsourcing.models import Contractor, Shareholding
from tests import factories as make
from tests.browser.test_in_chromium import problems, too_wide

pytestmark = pytest.mark.browser

NEW = "/holdings/new/"


@pytest.fixture(scope="module")
def register(served, django_db_blocker) -> dict[str, Contractor]:
    with django_db_blocker.unblock():
        made = {
            name: make.contractor(name=name, kana=kana)
            for name, kana in (
                ("株式会社きぼう電算", "きぼうでんさん"),
                ("きぼうデータ株式会社", "きぼうでーた"),
                ("きぼう印刷株式会社", "きぼういんさつ"),
            )
        }
        rows = list(made.values())
        make.holding(holder=rows[0], held=rows[1], share=60)
        return made


@pytest.fixture
def field(page, register, log_in):
    """The field of the holder, with the cursor in it."""
    log_in(page)
    page.goto(NEW)
    found = page.get_by_role("combobox", name=re.compile("^出資者"))
    found.focus()
    return found


def options(page: Page):
    return page.get_by_role("option")


def active(page: Page) -> str:
    """The text of the option that a reader hears of."""
    return page.evaluate(
        """() => {
            const id = document.activeElement.getAttribute("aria-activedescendant");
            return id ? document.getElementById(id).innerText : "";
        }"""
    )


class TestByKeyboard:
    def test_an_option_is_chosen_and_nothing_is_sent(self, page, field):
        page.evaluate(
            """() => {
                window.heard = [];
                for (const name of ["input", "change"])
                    document.addEventListener(name, (event) => window.heard.push(name));
            }"""
        )
        page.keyboard.type("キボウ")
        expect(options(page)).to_have_count(4)
        expect(field).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_text("候補が3件あります")).to_be_attached()
        assert active(page) == ""
        page.keyboard.press("ArrowDown")
        assert active(page).startswith("きぼうデータ株式会社")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert active(page).startswith("株式会社きぼう電算")
        page.keyboard.press("ArrowUp")
        assert active(page).startswith("きぼう印刷株式会社")
        page.evaluate("window.heard = []")
        page.keyboard.press("Enter")
        expect(field).to_have_value(re.compile(r"^きぼう印刷株式会社（\d{13}）$"))
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-expanded", "false")
        assert page.evaluate("window.heard") == ["input", "change"]
        assert page.url.endswith(NEW)
        page.wait_for_timeout(400)
        expect(options(page)).to_have_count(0)

    def test_past_the_ends_lies_what_was_typed(self, page, field):
        page.keyboard.type("きぼう")
        expect(options(page)).to_have_count(4)
        page.keyboard.press("ArrowUp")
        assert active(page) == "「きぼう」を新しく登録する"
        page.keyboard.press("ArrowDown")
        assert active(page) == ""
        expect(field).to_have_value("きぼう")

    def test_escape_and_tab_leave_what_was_typed(self, page, field):
        page.keyboard.type("きぼう")
        expect(options(page)).to_have_count(4)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        expect(options(page)).to_have_count(0)
        expect(field).to_have_value("きぼう")
        page.keyboard.press("ArrowDown")
        expect(options(page)).to_have_count(4)
        page.keyboard.press("Tab")
        expect(options(page)).to_have_count(0)
        expect(field).to_have_value("きぼう")
        expect(page.get_by_role("combobox", name=re.compile("^被出資者"))).to_be_focused()

    def test_keys_of_an_input_method_are_its_own(self, page, field):
        page.keyboard.type("きぼう")
        expect(options(page)).to_have_count(4)
        page.evaluate(
            """() => {
                const here = document.activeElement;
                for (const key of ["ArrowDown", "Enter", "Escape"])
                    here.dispatchEvent(new KeyboardEvent("keydown",
                        {key, isComposing: true, bubbles: true, cancelable: true}));
            }"""
        )
        expect(options(page)).to_have_count(4)
        assert active(page) == ""

    def test_typing_does_not_wait_for_the_server(self, page, field):
        page.route("**/contractors/suggest/**", lambda route: None)  # never answered
        page.keyboard.type("きぼうデータ")
        expect(field).to_have_value("きぼうデータ", timeout=500)
        page.keyboard.press("Tab")
        expect(page.get_by_role("combobox", name=re.compile("^被出資者"))).to_be_focused(
            timeout=500
        )
        page.unroute_all(behavior="ignoreErrors")

    def test_a_server_that_fails_leaves_a_plain_field(self, page, field):
        page.route("**/contractors/suggest/**", lambda route: route.fulfill(status=200, body="?"))
        page.keyboard.type("きぼう")
        page.wait_for_timeout(400)
        expect(field).to_have_value("きぼう")
        expect(options(page)).to_have_count(0)

    def test_an_answer_that_was_overtaken_is_dropped(self, page, field):
        held = []

        def late(route):
            held.append(route) if not held else route.continue_()

        page.route("**/contractors/suggest/**", late)
        page.keyboard.type("き")
        page.wait_for_timeout(400)
        page.keyboard.type("ぼう電")
        expect(options(page)).to_have_count(2)
        expect(options(page).first).to_contain_text("株式会社きぼう電算")

    def test_fields_that_are_put_in_later_suggest_too(self, page, field):
        page.evaluate(
            """() => {
                const row = document.createElement("p");
                row.innerHTML = '<label>追加<input data-combobox="contractors" id="later"></label>';
                document.querySelector("form.form-page").append(row);
            }"""
        )
        later = page.locator("#later")
        expect(later).to_have_attribute("role", "combobox")
        later.focus()
        page.keyboard.type("きぼう電算")
        page.keyboard.press("ArrowDown")
        expect(options(page)).to_have_count(2)


def test_a_holding_is_recorded_with_the_keyboard_alone(page, register, field, django_db_blocker):
    page.keyboard.type("きぼうでん")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("きぼういん")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("50.5")
    page.keyboard.press("Tab")
    page.keyboard.type("H22.4.1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("きぼう印刷株式会社")
    expect(page.get_by_role("row", name="株式会社きぼう電算")).to_contain_text("50.5")
    with django_db_blocker.unblock():
        row = Shareholding.objects.order_by("pk").last()
        row.delete()  # committed: others count


class TestAddingInPlace:
    def open_dialog(self, page: Page):
        page.keyboard.type("新しい会社")
        expect(options(page)).to_have_count(1)
        page.keyboard.press("ArrowDown")
        assert active(page) == "「新しい会社」を新しく登録する"
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_label("名称")).to_be_focused()
        expect(dialog.get_by_label("名称")).to_have_value("新しい会社")
        return dialog

    def test_errors_stand_in_the_dialog_and_the_new_name_in_the_field(self, page, field):
        dialog = self.open_dialog(page)
        assert problems(page) == []
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_be_focused()
        expect(dialog.get_by_role("alert")).to_contain_text("法人番号が空欄です")
        assert problems(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert problems(page) == []
        assert not too_wide(page)
        page.set_viewport_size({"width": 1366, "height": 768})
        for _ in range(4):
            page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(dialog.get_by_label("法人番号がない理由")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
        expect(field).to_have_value(re.compile(r"^新しい会社［[0-9a-f]{12}］$"))
        expect(field).to_be_focused()
        expect(page.get_by_text("を登録しました。")).to_be_attached()
        assert page.url.endswith(NEW)

    def test_escape_gives_up_and_leads_back_to_the_field(self, page, field):
        self.open_dialog_of_another(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(field).to_be_focused()
        expect(field).to_have_value("別の会社")

    def open_dialog_of_another(self, page: Page):
        page.keyboard.type("別の会社")
        expect(options(page)).to_have_count(1)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_label("名称")).to_have_value("別の会社")


def test_with_the_mouse(page, field):
    page.keyboard.type("きぼう")
    expect(options(page)).to_have_count(4)
    for option in options(page).all():
        assert option.bounding_box()["height"] >= 24
    options(page).nth(1).click()
    expect(field).to_have_value(re.compile("^きぼう印刷株式会社"))
    expect(field).to_be_focused()


@pytest.mark.parametrize("width", [1366, 320])
def test_an_open_list_is_accessible(page, field, width):
    page.set_viewport_size({"width": width, "height": 640})
    page.keyboard.type("きぼう")
    expect(options(page)).to_have_count(4)
    assert problems(page) == []
    page.keyboard.press("ArrowDown")
    assert problems(page) == []
    assert not too_wide(page)


def test_without_scripts_the_field_takes_a_name(browser, served, register):
    context = browser.new_context(java_script_enabled=False, base_url=served.address)
    page = context.new_page()
    page.goto("/login/")
    page.get_by_label("ユーザー名").fill(served.username)
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.goto(NEW)
    page.get_by_label("被出資者").fill("きぼう印刷株式会社")
    page.get_by_label("保有開始日").fill("2018-04-01")
    page.locator("#id_share").fill("10")
    page.locator("#id_holder").fill("ない会社")
    page.get_by_role("button", name="記録する").click()
    expect(page.get_by_role("alert")).to_contain_text("「ない会社」は登録されていません")
    context.close()


def test_the_pages_of_the_masters_are_accessible_at_both_widths(page, register, log_in):
    log_in(page)
    company, held = list(register.values())[:2]
    with_id = f"/contractors/{company.public_id}/"
    page.goto(f"/contractors/{held.public_id}/")
    change = page.get_by_role("link", name=re.compile("^訂正")).get_attribute("href")
    addresses = [
        *("/contractors/", "/contractors/?q=ない会社&numbered=x", "/contractors/new/"),
        *(with_id, f"{with_id}correct/", f"{with_id}dissolve/"),
        *("/holdings/", "/holdings/?q=きぼう", "/holdings/?on=x"),
        *(change, change.replace("correct", "end"), change.replace("correct", "void")),
        *("/agencies/", "/agencies/new/", "/agencies/A01/rename/", "/agencies/A01/abolish/"),
    ]
    found = {}
    for address in addresses:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(address)
        wrong = problems(page)
        page.set_viewport_size({"width": 320, "height": 640})
        found[address] = [*wrong, *(["too wide"] if too_wide(page) else [])]
    assert {address: wrong for address, wrong in found.items() if wrong} == {}
