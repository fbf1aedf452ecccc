"""Corrections in a real browser: recorded from a contract's page by the keyboard alone, told while
one types, closed; and the same without scripts."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Role
from guideline.correction_targets import target_code
from outsourcing.models import Agency
from tests import factories as make
from tests.browser.test_chain import tab_to
from tests.browser.test_in_chromium import problems, too_wide
from tests.browser.test_managing import log_in_as

pytestmark = pytest.mark.browser

BREACH = "unapproved-subcontract"


@pytest.fixture(scope="module")
def codes(served, django_db_blocker) -> dict[str, str]:
    """Contracts in breach, one with a measure and a file, and somebody who may put them right."""
    with django_db_blocker.unblock():
        agency = Agency.objects.get(code="A01")
        make.user(role=Role.OFFICER, agency=agency, name="corrector")
        found = []
        for title in ("是正を試す契約", "もう一つの契約", "既に指導した契約"):
            contract = make.contract(agency=agency, title=title)
            make.link(contract=contract)
            found.append(contract.findings.get(rule=BREACH))
        action = make.corrective_action(finding=found[2], due_on=date(2018, 8, 31))
        make.correction_evidence(action=action)
        disclosure = make.disclosure(agency=agency)
        make.corrective_action(finding=disclosure.findings.first())
        return {
            "contract": found[0].contract.code,
            "one": target_code(found[0].contract.code, found[0]),
            "other": target_code(found[1].contract.code, found[1]),
            "corrected": found[2].contract.code,
            "action": str(action.public_id),
            "file": str(action.evidence.get().public_id),
            "disclosure": disclosure.code,
        }


@pytest.fixture
def corrector(page: Page, codes) -> Page:
    log_in_as(page, "corrector")
    return page


def test_each_page_is_accessible_and_fits(corrector, codes):
    action = f"/corrections/{codes['action']}/"
    new = f"/corrections/new/?findings={codes['one']}"
    addresses = [
        "/corrections/",
        "/corrections/?state=overdue&due=30",
        "/corrections/?q=none",
        new,
        f"{new}&findings={codes['other']}&findings=A01-2017-99999~{BREACH}~link:1~2017-04-01",
        "/corrections/new/",
        action,
        *(f"{action}{what}/" for what in ("correct", "close", "reopen", "void", "evidence")),
        f"{action}evidence/{codes['file']}/void/",
        f"/contracts/{codes['corrected']}/?as_of=2018-09-01",
        f"/disclosures/{codes['disclosure']}/?as_of=2018-09-01",
        "/tasks/?when=past&kind=correction&as_of=2018-09-01",
        "/surveys/2017/",
    ]
    wrong = {}
    for address in addresses:
        corrector.goto(address)
        found = problems(corrector)
        for width in (1366, 320):
            corrector.set_viewport_size({"width": width, "height": 768})
            found += [f"too wide at {width}"] if too_wide(corrector) else []
        if found:
            wrong[address] = found
    assert wrong == {}


def test_from_a_finding_to_its_correction_by_the_keyboard_alone(corrector, codes):
    page, keys = corrector, corrector.keyboard
    page.goto(f"/contracts/{codes['contract']}/?as_of=2018-09-01")
    link = page.get_by_role("link", name="再委託1：").and_(page.get_by_text("是正を記録する")).first
    tab_to(page, link)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("是正・再発防止策を記録する")
    tab_to(page, page.get_by_label("措置の種類"))
    keys.press("ArrowDown")  # 委託先への指導
    tab_to(page, page.get_by_label("着手日"))
    keys.press("Control+a")
    keys.type("平成30年6月1日")
    keys.press("Tab")
    keys.type("2018-08-31")
    told = page.get_by_role("status", name="保存した場合の是正の状態")
    expect(told).to_contain_text("期限超過 1件")
    tab_to(page, page.get_by_role("button", name="記録する", exact=True))
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("1件記録しました")
    expect(page.get_by_role("heading", level=1)).to_contain_text("委託先への指導")
    tab_to(page, page.get_by_role("link", name="完了を記録する"))
    keys.press("Enter")
    tab_to(page, page.get_by_label("完了日"))
    keys.press("Control+a")
    keys.type("2018-09-14")
    keys.press("Tab")
    keys.type("改善報告書を受領")
    expect(told).to_contain_text("是正済み 1件")
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("完了を記録しました")
    expect(page.locator("main")).to_contain_text("是正済み")


def test_many_at_once_without_scripts(browser: Browser, served, codes):
    context = browser.new_context(
        java_script_enabled=False, locale="ja-JP", base_url=served.address
    )
    page = context.new_page()
    page.goto("/login/")
    page.get_by_label("ユーザー名").fill("corrector")
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.goto(f"/corrections/new/?findings={codes['one']}&findings={codes['other']}")
    page.get_by_label("措置の種類").select_option("再発防止策の策定")
    page.get_by_label("着手日").fill("2018-06-01")
    page.get_by_role("button", name="保存する前に確かめる").click()
    expect(page.locator(".trial")).to_contain_text("期限がありません")
    expect(page.get_by_label("着手日")).to_have_value("2018-06-01")
    page.get_by_role("button", name="2件に記録する").click()
    expect(page.get_by_role("status").first).to_contain_text("2件記録しました")
    context.close()
