"""Pages in a real browser: the way of an officer, accessibility, keyboard, small screens, paper."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import type_name
from tests.pages import pages_of_comparing, pages_of_ledger, pages_of_round

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {"runOnly": WCAG, "resultTypes": ["violations"]}
BEHIND_A_NUMBER = "/surveys/2017/contracts/personal/?kind=organ&status=breach"
WITH_ERROR = "/contracts/?on=2018-02-30&clause=forbidden"


def each_kind_of_page(served) -> list[str]:
    """One page of each template, and of each state it has."""
    contract = f"/contracts/{served.deep}/?as_of="
    return [
        "/surveys/2017/",
        "/surveys/2017/tables/independent-agencies/",
        "/surveys/2017/reconciliation/",
        "/surveys/2017/contradictions/",
        "/surveys/2017/exports/",
        "/overview/?as_of=2018-03-31",
        *(f"/overview/{part}/?as_of=2018-03-31" for part in ("agencies", "works", "contractors")),
        "/contracts/?page=2&sort=-title",
        "/contracts/?q=none",
        "/advisories/new/?about=rule%3Drequired-clause",
        "/comparing/?first=2017-04-01&last=yesterday",
        *pages_of_comparing(),
        "/contracts/implausible/",
        BEHIND_A_NUMBER,
        WITH_ERROR,
        "/exchange/",
        "/manage/",
        "/people/",
        "/roles/",
        "/supervision/",
        "/supervision/B001/",
        f"/person/{served.username}/",
        f"/person/{served.username}/role/",
        contract + "2018-03-31",
        contract + "yesterday",
        f"/contracts/{served.deep}/timeline/?as_of=2018-03-31",
        f"/contracts/{served.deep}/paper/?decided_on=yesterday",
        f"/contracts/{served.deep}/structure/",
        "/inspections/plan/2017/paper/?agency=A01",
        "/inspections/A01-2017-K00001/paper/",
        "/violations/",
        "/agencies/A01/violations/?as_of=2018-03-31&year=2017&names=letters",
        "/agencies/A01/violations/?year=1",
        "/agencies/A01/violations/workbook/?year=1",
        "/findings/export/?rule=none",
    ]


def every_page(served) -> list[str]:
    return [*each_kind_of_page(served), *pages_of_round(), *pages_of_ledger()]


def problems(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


def too_wide(page: Page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def test_from_the_login_to_a_contract_by_clicking(page, served, log_in):
    page.goto(f"/contracts/{served.deep}/")
    expect(page).to_have_title("ログイン｜個人情報委託台帳")
    log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("概況")
    page.get_by_label("主なページ").get_by_role("link", name="調査").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("調査結果")
    page.get_by_label("この調査のページ").get_by_role("link", name="①行政機関").click()
    row = page.get_by_role("row", name="あおぞら省")
    number = row.get_by_role("link").nth(2)
    expect(number).to_have_text("2")
    number.click()
    expect(page.get_by_role("status")).to_contain_text("2件")
    expect(page.get_by_label("選んだ条件")).to_contain_text("あおぞら省")
    page.get_by_role("link", name="A01-2017-00001").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("健康診断")
    page.goto(f"/contracts/{served.deep}/?as_of=2018-03-31")
    expect(page.locator(".tree__card")).to_have_count(6)
    expect(page.locator(".tree__card--failing")).to_have_count(4)
    page.get_by_role("button", name="ログアウト").click()
    expect(page).to_have_title("ログイン｜個人情報委託台帳")


def test_a_login_that_fails_says_so_and_is_accessible(page):
    page.goto("/login/")
    assert problems(page) == []
    type_name(page, "nobody")
    page.get_by_label("パスワード").fill("wrong")
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_title("エラー：ログイン｜個人情報委託台帳")
    assert problems(page) == []


def test_each_kind_of_page_is_accessible(page, served, log_in):
    log_in(page)
    found = {}
    for address in each_kind_of_page(served):
        page.goto(address)
        found[address] = problems(page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_every_page_fits_its_screen(page, served, log_in):
    """An office PC's, and 320 px: a phone's, or a PC's at 400 %."""
    log_in(page)
    wide = []
    for address in every_page(served):
        page.goto(address)
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            wide += [(address, width)] if too_wide(page) else []
    assert wide == []


def test_narrow_pages_are_accessible(narrow, served, log_in):
    log_in(narrow)
    for address in (BEHIND_A_NUMBER, WITH_ERROR, f"/contracts/{served.deep}/"):
        narrow.goto(address)
        assert problems(narrow) == [], address


class TestByKeyboard:
    def test_the_first_key_leads_past_the_navigation(self, page, log_in):
        log_in(page)
        page.goto("/contracts/")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="本文へ移動")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    @pytest.mark.parametrize("address", ["/surveys/2017/", "/contracts/", BEHIND_A_NUMBER])
    def test_each_stop_shows_that_it_is_one(self, page, log_in, address):
        log_in(page)
        page.goto(address)
        stops = []
        for _ in range(40):
            page.keyboard.press("Tab")
            stop = page.evaluate(
                """() => {
                    const here = document.activeElement, style = getComputedStyle(here);
                    return [here.outerHTML.slice(0, 80), style.outlineStyle, style.outlineWidth];
                }"""
            )
            if stop[0].startswith("<body"):
                break
            stops.append(stop)
        assert len(stops) > 15
        assert [stop for stop in stops if stop[1:] != ["solid", "4px"]] == []

    def test_filters_sorting_and_paging_need_no_mouse(self, page, log_in):
        log_in(page)
        page.goto("/contracts/")
        page.get_by_label("検索").focus()
        page.keyboard.type("試験業務")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/contracts/\?q=[^&]+$"))
        expect(page.get_by_role("status")).to_contain_text("60件")
        heading = page.get_by_role("columnheader", name="契約件名")
        heading.get_by_role("link").focus()
        page.keyboard.press("Enter")
        expect(heading).to_have_attribute("aria-sort", "ascending")
        heading.get_by_role("link").focus()
        page.keyboard.press("Enter")
        expect(heading).to_have_attribute("aria-sort", "descending")
        assert page.locator("[aria-sort]").count() == 1
        page.get_by_label("契約の一覧のページ").get_by_role("link", name="次のページ").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("51～60件目を表示")
        page.get_by_role("link", name="条件「検索：試験業務」を外す").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("選んだ条件")).to_have_count(0)

    def test_filters_unfold_on_a_small_screen(self, narrow, log_in):
        log_in(narrow)
        narrow.goto("/contracts/")
        field = narrow.get_by_label("再委託の条項")
        expect(field).to_be_hidden()
        narrow.locator("summary").focus()
        narrow.keyboard.press("Enter")
        expect(field).to_be_visible()
        field.select_option("禁止")
        narrow.get_by_role("button", name="絞り込む").press("Enter")
        expect(narrow.get_by_label("選んだ条件")).to_contain_text("禁止")


def test_on_paper_there_is_what_is_read_and_nothing_that_is_pressed(page, served, log_in):
    log_in(page)
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 less its margins
    page.emulate_media(media="print")
    for address in (f"/contracts/{served.deep}/", "/surveys/2017/tables/administrative-organs/"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        pressed = page.locator(".site-nav, .site-user, .crumbs, .tabs, .toolbar, .inline-form")
        assert not any(element.is_visible() for element in pressed.all())
        assert not too_wide(page)
