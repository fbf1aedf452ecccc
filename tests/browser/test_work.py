"""An officer's work in a real browser: lists, boxes to tick, approvals and renewals of many."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse_lazy
from playwright.sync_api import Page, expect

from accounts.models import Role
from outsourcing.models import Agency, Approval, Draft
from tests import factories as make
from tests.browser.test_in_chromium import problems, too_wide
from tests.browser.test_managing import log_in_as, wrong_on

pytestmark = pytest.mark.browser

AS_OF = "as_of=2018-03-01"
LACKING, RECORD = reverse_lazy("work-approvals"), reverse_lazy("approvals-bulk")
OWN, DRAFTS = reverse_lazy("work-contracts"), reverse_lazy("work-drafts")


@pytest.fixture(scope="module")
def section(served, django_db_blocker) -> str:
    """The code of a section of its own, with contracts, links and somebody who works on them."""
    with django_db_blocker.unblock():
        agency = Agency.objects.get(code="A01")
        section = make.section(agency=agency, code="777", name="職員課")
        make.user(role=Role.OFFICER, agency=agency, section=section, name="worker")
        for number in range(3):
            contract = make.contract(
                agency=agency, section=section, number=f"29-{number}", title="平成29年度名簿管理"
            )
            make.link(contract=contract)
        gone = make.contractor(dissolved_on=date(2018, 1, 1))
        make.contract(agency=agency, section=section, contractor=gone)
        return section.code


@pytest.fixture
def worker(page: Page, section) -> Page:
    log_in_as(page, "worker")
    return page


def test_every_list_is_accessible_and_fits_a_narrow_screen(worker):
    worker.goto(f"{LACKING}?{AS_OF}")
    target = worker.locator("input[name=targets]").first.get_attribute("value")
    bulk = f"{RECORD}?targets={target}"
    addresses = [
        *(f"/tasks/?{AS_OF}", f"/tasks/?{AS_OF}&when=past", f"/tasks/?{AS_OF}&kind=end&when=90"),
        *(f"{LACKING}?{AS_OF}", f"{OWN}?{AS_OF}", str(DRAFTS)),
        *("/tasks/?when=never", "/renewals/?year=2017", "/renewals/?year=1999", bulk),
        *(f"{bulk}&decided_on=tomorrow", f"{bulk}&result=approved&decided_on=2018-03-01"),
    ]
    assert wrong_on(worker, addresses) == {}


def test_links_are_approved_by_keyboard_alone(worker):
    worker.goto(f"{LACKING}?{AS_OF}")
    boxes = worker.get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    count = worker.locator("[data-ticks-count]")
    expect(count).to_have_text("0件選択中")
    for box in boxes.all()[:2]:
        box.focus()
        worker.keyboard.press("Space")
    expect(count).to_have_text("2件選択中")
    worker.get_by_role("button", name="選んだ再委託の承認を記録する").focus()
    worker.keyboard.press("Enter")
    expect(worker.get_by_role("heading", level=1)).to_have_text("再委託の承認の記録（2件）")
    worker.get_by_label("結果").focus()
    worker.keyboard.press("ArrowDown")
    worker.keyboard.press("Tab")
    for text in ("", "H30.3.1", "H30.3.31", "", "総務課長", "総務第298号"):
        worker.keyboard.type(text)
        worker.keyboard.press("Tab")
    worker.keyboard.press("Enter")
    expect(worker.get_by_role("heading", level=1)).to_have_text("再委託の承認の確認（2件）")
    expect(worker.get_by_text("この日から解消する")).to_have_count(2)
    assert problems(worker) == []
    worker.get_by_role("button", name="2件に記録する").press("Enter")
    expect(worker.get_by_text("承認を2件の再委託に記録しました")).to_be_visible()
    rows = Approval.objects.filter(document_number="総務第298号")
    assert {(row.result, row.decided_on, row.last_day, row.authority) for row in rows} == {
        ("approved", date(2018, 3, 1), date(2018, 3, 31), "総務課長")
    }


def test_all_are_ticked_and_renewed_and_one_number_is_typed(worker):
    worker.goto("/renewals/?year=2017")
    expect(worker.get_by_role("checkbox")).to_have_count(3)
    expect(worker.get_by_text("更新できません")).to_have_count(1)
    every = worker.get_by_role("button", name="この画面のすべてを選ぶ")
    every.press("Enter")
    expect(worker.locator("[data-ticks-count]")).to_have_text("3件選択中")
    worker.get_by_role("textbox", name="の新しい契約番号").first.fill("新30-9")
    assert problems(worker) == []
    assert not too_wide(worker)
    worker.get_by_role("button", name="選んだ契約の下書きを作る").press("Enter")
    assert worker.url.endswith(f"{DRAFTS}?renewal=yes")
    expect(worker.get_by_role("link", name="平成30年度名簿管理")).to_have_count(3)
    numbers = {draft.typed["number"][0] for draft in Draft.objects.all()}
    assert numbers == {"新30-9", "30-1", "30-2"}
    # Gone back to, it offers nothing twice.
    worker.go_back()
    expect(worker.get_by_text("更新できません")).to_have_count(1)
    expect(worker.get_by_role("checkbox")).to_have_count(0)
    expect(worker.get_by_role("button", name="選んだ契約の下書きを作る")).to_have_count(0)


def test_without_scripts_each_box_is_ticked_by_itself(browser, served, section):
    with browser.new_context(
        base_url=served.address, locale="ja-JP", java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto("/login/")
        page.get_by_label("ユーザー名").fill("worker")
        page.get_by_label("パスワード").fill(make.PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        page.goto(f"{OWN}?{AS_OF}")
        page.get_by_role("checkbox").first.check()
        expect(page.locator("[data-ticks-count]")).to_be_hidden()
        expect(page.locator("[data-ticks-all]")).to_be_hidden()
        page.get_by_role("button", name="選んだものの検査を記録する").click()
        assert "/inspections/new/?targets=A01-" in page.url
