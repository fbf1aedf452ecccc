"""Accounts, roles, sections and handover in a real browser, as a chief and as an administrator."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from outsourcing.actions import contracts, sections
from outsourcing.models import Agency, Section
from tests import factories as make
from tests.browser.conftest import type_name
from tests.browser.test_in_chromium import problems, too_wide

pytestmark = pytest.mark.browser

HEADING = "ユーザー名,氏名,役割,機関コード,課室コード,開始日,終了日"


class Managed(NamedTuple):
    """What addresses name: a role that waits, one in force, and a contract in charge."""

    proposal: str
    held: str
    contract: str


@pytest.fixture(scope="module")
def managed(served, django_db_blocker) -> Managed:
    with django_db_blocker.unblock():
        agency = Agency.objects.get(code="A01")
        make.user(role=Role.CHIEF, agency=agency, name="chief")
        make.user(role=Role.SYSTEM_ADMIN, name="system-admin")
        closed = make.section(agency=agency, code="001", last_day=date(2018, 3, 31))
        make.user(role=Role.MANAGER, agency=agency, section=closed, name="jiro")
        section = make.section(agency=agency, code="002", name="人事課")
        make.section(agency=agency, code="003", name="会計課")
        taro = make.user(role=Role.OFFICER, agency=agency, name="taro")
        row = make.proposal(agency=agency, user=taro, section=section)
        contract = make.contract(agency=agency, section=section)
        contracts.put_in_charge(contract, by=taro, officer=taro)
        held = taro.memberships.confirmed().get()
        return Managed(str(row.public_id), str(held.public_id), contract.code)


def log_in_as(page: Page, name: str) -> None:
    page.goto("/login/")
    type_name(page, name)
    page.get_by_label("パスワード").fill(make.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("button", name="ログアウト")).to_be_visible()


def wrong_on(page: Page, addresses: list[str]) -> dict[str, list]:
    """Of each page what is not accessible, and whether it is too wide for 320 px."""
    found = {}
    for address in addresses:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(address)
        wrong = problems(page)
        page.set_viewport_size({"width": 320, "height": 640})
        found[address] = [*wrong, *(["too wide"] if too_wide(page) else [])]
    return {address: wrong for address, wrong in found.items() if wrong}


def test_the_pages_of_a_chief_are_accessible(page, managed):
    log_in_as(page, "chief")
    choosing = "?of=taro&to=jiro&on=2017-12-01"
    addresses = [
        *("/manage/", "/people/", "/person/taro/", "/person/taro/role/", "/roles/"),
        *(f"/roles/{managed.proposal}/{verb}/" for verb in ("confirm", "void")),
        f"/roles/{managed.held}/end/",
        *("/handover/A01/", f"/handover/A01/{choosing}", "/handover/A01/?of=nobody"),
        *("/sections/A01/", "/sections/A01/new/", "/sections/A01/of/002/", "/sections/A01/merge/"),
        "/sections/A01/merge/?sections=002&into=003&on=2018-04-01&reason=x",
        *(f"/contracts/{managed.contract}/{what}/" for what in ("officer", "transfer")),
        "/surveys/2017/supervised/",
    ]
    assert wrong_on(page, addresses) == {}


def test_the_pages_of_an_administrator_are_accessible(page, managed):
    log_in_as(page, "system-admin")
    persons = ("edit", "password", "second-factor")
    addresses = ["/people/new/", "/people/csv/", *(f"/person/taro/{what}/" for what in persons)]
    assert wrong_on(page, addresses) == {}


def test_a_file_with_errors_says_where_and_one_without_gives_passwords(page, managed):
    log_in_as(page, "system-admin")
    page.goto("/people/csv/")

    def send(line: str) -> None:
        file = {"name": "people.csv", "mimeType": "text/csv"}
        file["buffer"] = f"{HEADING}\n{line}\n".encode()
        page.set_input_files("input[type=file]", files=[file])
        page.get_by_role("button", name="登録する").click()

    with page.expect_response("**/people/csv/") as answer:
        send("hana,山田 花,保護担当者,A01,999,2018-04-01,")
    assert answer.value.status == 400
    expect(page.get_by_role("alert")).to_contain_text("課室コード「999」は選べません。")
    assert problems(page) == []
    page.goto("/people/csv/")
    send("hana,山田 花,保護担当者,A01,002,2018-04-01,")
    expect(page.get_by_role("rowheader", name="hana")).to_be_visible()
    assert problems(page) == []


def test_who_saves_second_sees_both_and_saves_on_top(page, managed, django_db_blocker):
    log_in_as(page, "chief")
    page.goto("/sections/A01/of/003/")
    with django_db_blocker.unblock():
        sections.correct_section(Section.objects.get(code="003"), by=make.recorder(), name="経理課")
    page.get_by_label("課室名").fill("会計・用度課")
    page.get_by_role("button", name="保存する").click()
    row = page.get_by_role("row", name="課室名")
    expect(row).to_contain_text("経理課")
    expect(row).to_contain_text("会計・用度課")
    expect(page.get_by_label("課室名")).to_have_value("会計・用度課")
    assert problems(page) == []
    page.get_by_role("button", name="この内容で上書きする").click()
    expect(page.get_by_role("rowheader", name="003")).to_be_visible()
    expect(page.get_by_role("row", name="003")).to_contain_text("会計・用度課")
