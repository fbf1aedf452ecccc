"""Inspections in a real browser: chosen, recorded for many, planned; by the keyboard alone, and
without scripts."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Role
from outsourcing.models import Agency, Contract, Inspection
from tests import factories as make
from tests.browser.test_chain import tab_to
from tests.browser.test_in_chromium import problems, too_wide
from tests.browser.test_managing import log_in_as

pytestmark = pytest.mark.browser

CHOOSE = "/inspections/new/?choose=1&as_of=2018-03-01&q=検査を試す"


@pytest.fixture(scope="module")
def codes(served, django_db_blocker) -> list[str]:
    """Two contracts and a link, and somebody who may inspect them."""
    with django_db_blocker.unblock():
        agency = Agency.objects.get(code="A01")
        officer = make.user(role=Role.OFFICER, agency=agency, name="inspector")
        contracts = [make.contract(agency=agency, title="検査を試す契約") for _ in range(2)]
        link = make.link(contract=contracts[0])
        visit = make.inspection(contract=contracts[0], link=link, day=date(2017, 12, 1))
        visit.targets.update(result="points", points="名簿の放置", due_on=date(2018, 1, 31))
        make.evidence(inspection=visit)
        make.plan(contract=contracts[0], officer=officer)
        make.plan(contract=contracts[1], officer=officer)
        return [contracts[0].code, f"{contracts[0].code}:link:1", contracts[1].code, visit.code]


@pytest.fixture
def inspector(page: Page, codes) -> Page:
    log_in_as(page, "inspector")
    return page


def chosen(codes: list[str]) -> str:
    return "&".join(f"targets={code}" for code in codes[:3])


def test_each_page_is_accessible_and_fits(inspector, codes):
    visit = f"/inspections/{codes[3]}/"
    addresses = [
        "/inspections/",
        CHOOSE,
        "/inspections/new/?q=&targets=A99-2017-00001",
        f"/inspections/new/?{chosen(codes)}",
        f"/inspections/new/?targets={codes[0]}",
        visit,
        f"{visit}correct/",
        f"{visit}evidence/",
        f"{visit}void/",
        f"{visit}of/{codes[1]}/",
        f"{visit}of/{codes[1]}/clear/",
        "/inspections/plans/",
        f"/inspections/plans/new/?{chosen(codes)}",
        "/inspections/calendar/?year=2017&as_of=2017-12-01",
        "/inspections/calendar/?year=x",
    ]
    wrong = {}
    for address in addresses:
        inspector.goto(address)
        found = problems(inspector)
        for width in (1366, 320):
            inspector.set_viewport_size({"width": width, "height": 768})
            found += [f"too wide at {width}"] if too_wide(inspector) else []
        if found:
            wrong[address] = found
    assert wrong == {}


def test_a_visit_of_many_is_recorded_by_the_keyboard_alone(inspector, codes):
    keys, page = inspector.keyboard, inspector
    page.goto(CHOOSE)
    for code in codes[:3]:
        tab_to(page, page.locator(f'[name="targets"][value="{code}"]'))
        keys.press("Space")
    tab_to(page, page.get_by_role("button", name="選んだ対象で次へ進む"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="対象と結果（3件）")).to_be_visible()
    tab_to(page, page.get_by_label("検査日"))
    keys.type("平成30年2月1日")
    keys.press("Tab")
    keys.press("ArrowDown")  # 実地
    # What is typed once for all of them hides what would be typed for each.
    expect(page.locator(f'[name="{codes[2]}-points"]')).to_be_hidden()
    tab_to(page, page.get_by_label("すべての対象に同じ結果を記録する"))
    keys.press("Space")
    expect(page.locator(f'[name="{codes[2]}-points"]')).to_be_visible()
    keys.press("Space")
    tab_to(page, page.get_by_role("button", name="この内容で記録する"))
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("を記録しました（対象3件）")
    assert page.get_by_role("row").count() == 4


def test_the_same_without_scripts(browser: Browser, served, codes):
    context = browser.new_context(
        java_script_enabled=False, locale="ja-JP", base_url=served.address
    )
    page = context.new_page()
    page.goto("/login/")
    page.get_by_label("ユーザー名").fill("inspector")
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.goto(CHOOSE)
    for code in codes[:3]:
        page.locator(f'[name="targets"][value="{code}"]').check()
    page.get_by_role("button", name="選んだ対象で次へ進む").click()
    page.get_by_label("検査日").fill("2018-02-02")
    page.get_by_label("検査の方法").select_option("書面")
    page.get_by_label("すべての対象に同じ結果を記録する").uncheck()
    page.locator('[name="all-result"]').select_option("指摘あり")
    page.locator('[name="all-points"]').fill("名簿の放置")
    page.get_by_role("button", name="下の3件に写す").click()
    page.locator(f'[name="{codes[2]}-points"]').fill("施錠がない")
    page.locator('[name="files"]').set_input_files(
        {"name": "罠.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"}
    )
    page.get_by_role("button", name="この内容で記録する").click()
    expect(page.get_by_role("alert")).to_contain_text("「罠.pdf」（4バイト）の中身は実行プログラム")
    expect(page.locator(f'[name="{codes[2]}-points"]')).to_have_value("施錠がない")
    page.get_by_role("button", name="この内容で記録する").click()
    code = page.url.rstrip("/").rpartition("/")[2]
    context.close()
    visit = Inspection.objects.get(agency__code="A01", serial=int(code[-5:]), fiscal_year=2017)
    points = {target.code: target.points for target in visit.targets.all()}
    assert points == dict(zip(codes[:3], ("名簿の放置", "名簿の放置", "施錠がない"), strict=True))


def test_plans_of_one_day_are_recorded_as_one_visit(inspector, codes):
    for serial in (int(codes[0][-5:]), int(codes[2][-5:])):
        contract = Contract.objects.get(agency__code="A01", fiscal_year=2017, serial=serial)
        make.plan(contract=contract, planned_on=date(2018, 2, 5), note="二月")
    inspector.goto("/inspections/plans/?state=open&q=検査を試す")
    boxes = inspector.get_by_role("checkbox", name="2018-02-05")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.check()
    inspector.get_by_role("button", name="選んだ計画の検査を記録する").click()
    expect(inspector.locator('[name="plans"]:checked')).to_have_count(2)
    inspector.get_by_label("検査日").fill("2018-02-03")
    inspector.get_by_role("button", name="この内容で記録する").click()
    expect(inspector.get_by_role("status").first).to_contain_text("対象2件")
    inspector.goto("/inspections/plans/?state=open&q=検査を試す")
    expect(boxes).to_have_count(0)


def test_what_is_typed_is_looked_at_before_it_is_saved(inspector, codes):
    inspector.goto(f"/inspections/new/?targets={codes[2]}&as_of=2018-03-01")
    inspector.get_by_label("検査日").fill("2018-02-04")
    inspector.get_by_label("検査の方法").select_option("実地")
    expect(inspector.get_by_label("保存した場合の所見")).to_contain_text("所見")
