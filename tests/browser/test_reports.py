"""Saved reports in a real browser: from the list of findings to a line over the years."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_managing import wrong_on

pytestmark = pytest.mark.browser

ASKED = "severity=breach&as_of=2018-03-31"


@pytest.fixture
def office(page: Page, log_in) -> Page:
    return log_in(page)


@pytest.fixture
def report(office: Page) -> Page:
    """One that is kept, open."""
    if office.request.get("/reports/").text().count("承認のない再委託") == 0:
        office.goto(f"/reports/new/?{ASKED}")
        office.get_by_label("名前").fill("承認のない再委託")
        office.get_by_role("button", name="保存する").click()
    office.goto("/reports/")
    office.get_by_role("link", name="承認のない再委託").click()
    return office


def test_conditions_are_kept_and_their_line_leads_back_to_the_list(report):
    expect(report.get_by_role("heading", level=1)).to_have_text("承認のない再委託")
    mark = report.get_by_role("link", name="2018-03-31")
    number = mark.get_attribute("aria-label").split()[1]
    mark.focus()
    report.keyboard.press("Enter")
    report.wait_for_url("**/findings/**")
    expect(report.get_by_label("選んだ条件")).to_contain_text("契約に反する再委託")
    expect(report.get_by_role("status").first).to_contain_text(number)


def test_every_page_is_accessible_and_fits_a_narrow_screen(report):
    at = report.url
    addresses = [
        *("/reports/", at, f"{at}?as_of=2017-06-01", f"{at}?as_of=yesterday", f"{at}edit/"),
        *(f"/reports/new/?{ASKED}", f"{at}conditions/?depth=1", f"{at}void/"),
    ]
    assert wrong_on(report, addresses) == {}
