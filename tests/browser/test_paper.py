"""What Chromium prints: how many pages of A4, upright or on their side, and nothing cut off."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from outsourcing.models import Contract, Inspection
from tests import factories as make
from tests.browser.test_in_chromium import too_wide

pytestmark = pytest.mark.browser

UPRIGHT, ON_ITS_SIDE = (210, 297), (297, 210)  # millimetres
# What paper leaves between its margins, in CSS pixels.
WIDTH_UPRIGHT, WIDTH_ON_ITS_SIDE = 661, 1009


def printed(page: Page) -> list[tuple[int, int]]:
    """The sizes of the pages that the page is printed on."""
    file = page.pdf(prefer_css_page_size=True)
    assert file.startswith(b"%PDF-")
    boxes = re.findall(rb"/Type /Page\s.*?/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", file, re.DOTALL)
    return [tuple(round(float(side) * 25.4 / 72) for side in box) for box in boxes]


def cut_off(page: Page, width: int) -> bool:
    """Whether on paper of this width anything reaches beyond it."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": 1000})
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("main *")].some((element) => {
            const box = element.getBoundingClientRect();
            const hidden = element.closest(".visually-hidden, .timeline__defs");
            return box.width && !hidden && box.right > document.documentElement.clientWidth + 1;
        })"""
    )
    return beyond or too_wide(page)


@pytest.fixture
def visit(served) -> Inspection:
    contract = Contract.objects.get(title="健康診断及び結果の電子化")
    return contract.inspection_targets.get().inspection


def test_papers_of_a_contract_stand_upright(page, served, log_in):
    log_in(page)
    for name, most in (("contract-paper", 3), ("structure-paper", 1)):
        page.goto(reverse(name, args=[served.deep]))
        sizes = printed(page)
        assert set(sizes) == {UPRIGHT}
        assert 1 <= len(sizes) <= most, name
        assert not cut_off(page, WIDTH_UPRIGHT), name
        expect(page.locator(".seals")).to_be_visible()
        for pressed in (".paper-tools", ".site-nav", ".crumbs"):
            assert not page.locator(pressed).first.is_visible()


def test_the_record_of_a_visit_fits_a_page_and_a_plan_lies_on_its_side(page, log_in, visit):
    log_in(page)
    page.goto(reverse("inspection-paper", args=[visit.code]))
    assert printed(page) == [UPRIGHT]
    assert not cut_off(page, WIDTH_UPRIGHT)
    page.goto(reverse("inspection-plan-paper", args=[2017]) + "?agency=A01")
    assert printed(page) == [ON_ITS_SIDE]
    assert not cut_off(page, WIDTH_ON_ITS_SIDE)


def test_the_time_line_lies_on_its_side_and_what_is_folded_up_is_printed(page, served, log_in):
    log_in(page)
    page.goto(reverse("contract-timeline", args=[served.deep]) + "?as_of=2018-03-31")
    assert set(printed(page)) == {ON_ITS_SIDE}
    assert not cut_off(page, WIDTH_ON_ITS_SIDE)
    page.emulate_media(media="null")
    page.goto(f"/contracts/{served.deep}/?as_of=2018-03-31")
    table = page.locator(".timeline__table")
    expect(table).to_be_hidden()
    sizes = printed(page)
    assert {UPRIGHT, ON_ITS_SIDE} == set(sizes)
    page.emulate_media(media="print")
    assert table.bounding_box()["height"] > 100


def test_a_chain_of_30_links_is_drawn_on_upright_paper_and_a_time_line_of_ten_years(
    page, served, log_in
):
    contract = make.contract(last_day=date(2027, 3, 31))
    for link in make.chain(contract=contract, depth=30):
        make.approval(link=link, decided_on=date(2018, 1, 1))
    log_in(page)
    page.goto(reverse("structure-paper", args=[contract.code]))
    assert set(printed(page)) == {UPRIGHT}
    assert not cut_off(page, WIDTH_UPRIGHT)
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(reverse("contract-timeline", args=[contract.code]))
    assert page.locator(".timeline__sheet").count() > 3
    heights = page.locator(".timeline__sheet").evaluate_all(
        "all => all.map((sheet) => sheet.viewBox.baseVal.height)"
    )
    assert max(heights) <= 620
    assert set(printed(page)) == {ON_ITS_SIDE}


def test_the_picture_is_read_by_keyboard_where_it_is_too_wide(narrow, served, log_in):
    log_in(narrow)
    narrow.goto(f"/contracts/{served.deep}/timeline/")
    region = narrow.get_by_role("region", name="時系列の図")
    region.focus()
    expect(region).to_be_focused()
    narrow.keyboard.press("ArrowRight")
    scrolled = "document.querySelector('.timeline__scroll').scrollLeft > 0"
    for _ in range(100):  # it glides
        if narrow.evaluate(scrolled):
            break
        narrow.wait_for_timeout(50)
    assert narrow.evaluate(scrolled)
    assert not too_wide(narrow)
    picture = narrow.get_by_role("img", name=re.compile("の時系列")).first
    expect(picture).to_be_visible()
    label = narrow.locator(".timeline__sheet text").first
    size = label.evaluate(
        "t => 14 * t.ownerSVGElement.clientWidth / t.ownerSVGElement.viewBox.baseVal.width"
    )
    assert size >= 13.9
