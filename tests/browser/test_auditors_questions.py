"""Twelve questions of an auditor, written down before anything was built to answer them. Each is
answered in a browser in under four clicks, from the page that opens after signing in.

 1. 今、契約に反する再委託が続いている機関はどこで、何件か。
 2. 職員の健康診断で契約に反した再委託は平成29年度に何件あり、どの契約か。
 3. 100%子会社への再委託で承認のないものはどれか。
 4. 2018年3月31日に年1回の検査を欠いていた契約は何件か、その根拠は何か。
 5. 再々委託以降で承認のないものはどれか。
 6. 複数の機関の所見に現れる事業者はどこで、その所見はどれか。
 7. 是正の期限を過ぎているものはどれで、担当は誰か。
 8. 90日以内に検査の期限が来るのはどの契約か。
 9. 一年前の同じ日と比べてどの条項の所見が増えたか、何が増えたか。
10. 2018年の改正によってはじめて生じた所見はどれか。
11. 一年以上続いている所見はどれか。
12. 年度と業務の種類ごとの契約件数は。そのうち一つの欄の契約はどれか。

A click is one on a link or a button, and so is a choice that is then sent: choosing and sending
are two. Typing into a field is none. The ledger is small, so that the answers are known from how
it was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role
from guideline import evaluation
from guideline.models import Finding
from guideline.rules import BY_CODE
from outsourcing.actions import records
from outsourcing.models import AnonymizationDecision, Clause
from tests import factories as make
from tests import ledgers, trails
from tests.browser.conftest import Served, _wait_for_requests
from tests.browser.test_managing import log_in_as

pytestmark = pytest.mark.browser

TODAY = timezone.localdate()
MOST = 3  # clicks
# Enough to ask about, and few enough to know all findings of the ledger.
JUDGED = (
    *("unapproved-subcontract", "unnotified-subcontract"),
    *("yearly-inspection", "anonymization-undecided"),
)
UNAPPROVED, UNINSPECTED = (BY_CODE[JUDGED[n]].title for n in (0, 2))


def on(days: int) -> date:
    """A day so many days from today."""
    return TODAY + timedelta(days=days)


def contract(title: str, *, inspected: date | None = None, decided: bool = True, **fields):
    """In order, but for what is left out: an inspection, the decision on anonymization."""
    made = make.contract(title=title, **fields)
    if inspected:
        make.inspection(contract=made, day=inspected)
    if decided:
        row = AnonymizationDecision(contract=made, decided_on=made.first_day, needed=False)
        records.record(row, by=make.recorder())
    return made


def make_ledger() -> None:
    """What the questions ask about, and beside each something that is no answer to it."""
    made = ledgers.three_agencies()
    blue, green, wave = made.agencies
    shared = make.contractor(name="株式会社ふたまた")
    now = {"first_day": on(-100), "last_day": on(200)}

    # 1: a breach goes on; 6: with a company that another agency's findings name as well.
    listed = contract("名簿の管理", agency=blue, contractor=shared, **now)
    make.link(contract=listed, first_day=on(-50))
    # 11: and one that began long ago.
    old = contract(
        "長期の保管", agency=blue, inspected=on(-300), first_day=on(-500), last_day=on(150)
    )
    make.link(contract=old, first_day=on(-450))
    # 3: to a wholly owned company, and a notice that was owed to another such company.
    parent = make.contractor(name="株式会社おや")
    to_child = contract("封入と発送", agency=green, contractor=parent, **now)
    make.link(contract=to_child, contractor=make.subsidiary(of=parent), first_day=on(-40))
    noticed = contract(
        "電話の受付", agency=wave, contractor=parent, clause=Clause.PRIOR_NOTICE, **now
    )
    make.link(contract=noticed, contractor=make.subsidiary(of=parent), first_day=on(-40))
    # 5: passed on once more, without approval.
    deep = contract("調査票の入力", agency=green, **now)
    above = make.link(contract=deep)
    make.approval(link=above)
    make.link(contract=deep, parent=above, contractor=shared, first_day=on(-30))

    # 2: health checks of fiscal 2017, one approved late, one in time; other work, another year.
    health = {"work": ledgers.HEALTH, "inspected": date(2017, 11, 1)}
    make.link(contract=contract("健診甲", agency=blue, **health))
    late = make.link(contract=contract("健診乙", agency=green, **health))
    make.approval(link=late, decided_on=date(2017, 10, 1))
    make.approval(link=make.link(contract=contract("健診丙", agency=wave, **health)))
    make.link(contract=contract("2017年度の入力", agency=blue, inspected=date(2017, 11, 1)))
    before = {"first_day": date(2016, 4, 1), "last_day": date(2017, 3, 31)}
    make.link(
        contract=contract(
            "前年の健診", agency=blue, work=ledgers.HEALTH, inspected=date(2016, 11, 1), **before
        )
    )
    # 4: never inspected in fiscal 2017; and in the year before.
    contract("検査のない契約", agency=green)
    contract("検査のない別の契約", agency=wave)
    contract("前年に検査のない契約", agency=green, **before)

    # 7: an overdue action, and one that is not due yet.
    taro = make.user(role=Role.OFFICER, agency=blue, name="taro")
    for row, due in ((listed, on(-10)), (old, on(30))):
        finding = Finding.objects.get(contract=row, rule=JUDGED[0])
        make.corrective_action(finding=finding, started_on=on(-45), due_on=due, officer=taro)
    # 8: a year ends in sixty days; every contract of today ends later.
    contract("もうすぐ一年", agency=wave, first_day=on(-304), last_day=on(60))
    # 9: a year ago an inspection was missed, which has ended since.
    contract("一年前の欠落", agency=wave, first_day=on(-800), last_day=on(-200))
    # 10: nothing was decided on anonymization.
    contract("判断のない契約", agency=green, decided=False, **now)


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker) -> Iterator[Served]:
    """The ledger above, judged by a few rules, in place of that of the other tests."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "RULES", [BY_CODE[code] for code in JUDGED])
        server = LiveServer("localhost")
        with server._live_server_modified_settings:
            make_ledger()
            user = make.user(role=Role.SURVEY_OFFICE, name="survey-office")
            yield Served(server.url, user.username, "")
            server.stop()
            _wait_for_requests()
        trails.flush()


class Auditor:
    """Somebody at a page, whose clicks are counted."""

    def __init__(self, page: Page):
        self.page, self.clicks = page, 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def choose(self, label: str, option: str) -> None:
        self.clicks += 1
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def fill_in(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def press(self, button: str) -> None:
        self.click(self.page.get_by_role("button", name=button, exact=True))

    def open(self, tab: str) -> None:
        tabs = self.page.get_by_role("navigation", name="監査のページ")
        self.click(tabs.get_by_role("link", name=tab, exact=True))

    def row(self, table: str, name: str) -> Locator:
        rows = self.page.get_by_role("region", name=table, exact=True).get_by_role("row")
        return rows.filter(has=self.page.locator("th", has_text=name))

    def number(self, table: str, name: str, place: int) -> Locator:
        """The number at a place in the row of a table on the dashboard."""
        return self.row(table, name).last.get_by_role("cell").nth(place)

    def figure(self, name: str) -> Locator:
        return self.page.locator(".figure").filter(has_text=name).get_by_role("link")

    def listed(self, number: int) -> list[dict]:
        """The rows of the list that is open, which says how many they are: column → text."""
        expect(self.page.locator(".result-count")).to_have_text(f"{number}件")
        table = self.page.locator("table.data--list")
        names = table.locator("thead th").all_inner_texts()
        rows = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
        return [dict(zip(names, row, strict=True)) for row in rows]


@pytest.fixture
def auditor(page: Page) -> Iterator[Auditor]:
    log_in_as(page, "survey-office")
    expect(page.get_by_role("heading", level=1)).to_have_text("概況")
    asking = Auditor(page)
    yield asking
    assert asking.clicks <= MOST


def titles(rows: list[dict]) -> set[str]:
    """Which contracts a list of findings names."""
    return {row["契約・提供"].split("\n")[1] for row in rows}


def test_1_where_breaches_go_on_and_how_many(auditor):
    found = {
        name: auditor.number("機関ごとの所見", name, 0).inner_text()
        for name in ("あおぞら省", "みどり庁", "なみかぜ機構")
    }
    assert found == {"あおぞら省": "2", "みどり庁": "2", "なみかぜ機構": "1"}
    auditor.click(auditor.number("機関ごとの所見", "あおぞら省", 0).get_by_role("link"))
    assert titles(auditor.listed(2)) == {"名簿の管理", "長期の保管"}


def test_2_breaches_at_health_checks_in_fiscal_2017(auditor):
    auditor.click(auditor.number("業務の種類ごとの所見", "職員の健康診断", 0).get_by_role("link"))
    auditor.fill_in("期間の初日", "2017-04-01")
    auditor.fill_in("期間の末日", "平成30年3月31日")
    auditor.press("絞り込む")
    assert titles(auditor.listed(2)) == {"健診甲", "健診乙"}


def test_3_without_approval_to_wholly_owned_companies(auditor):
    auditor.click(auditor.figure("契約に反する再委託"))
    auditor.choose("委託先との関係", "100%子会社")
    auditor.press("絞り込む")
    rows = [row for row in auditor.listed(2) if row["所見"] == UNAPPROVED]
    assert titles(rows) == {"封入と発送"}


def test_4_not_inspected_on_a_day_and_why(auditor):
    auditor.fill_in("基準日", "2018-03-31")
    auditor.press("この日で見る")
    auditor.click(auditor.number("指針の条項ごとの所見", "第8-5", 0).get_by_role("link"))
    rows = auditor.listed(2)
    assert {row["所見"] for row in rows} == {UNINSPECTED}
    assert titles(rows) == {"検査のない契約", "検査のない別の契約"}
    rows = auditor.page.get_by_role("table")  # the facets have a link of that name, too
    auditor.click(rows.get_by_role("link", name=UNINSPECTED).first)
    expect(auditor.page.get_by_role("heading", level=1)).to_have_text("根拠と解消の方法")
    proof = auditor.page.get_by_role("main")
    expect(proof).to_contain_text(UNINSPECTED)
    expect(proof).to_contain_text("平成30年3月31日")


def test_5_without_approval_further_down_the_chain(auditor):
    auditor.click(auditor.figure("契約に反する再委託"))
    auditor.choose("再委託の段階", "再々委託以降")
    auditor.press("絞り込む")
    rows = auditor.listed(1)
    assert titles(rows) == {"調査票の入力"}
    assert rows[0]["所見"] == UNAPPROVED


def test_6_companies_in_findings_of_several_agencies(auditor):
    row = auditor.row("複数の機関の所見に現れる事業者", "株式会社")
    expect(row).to_have_count(2)  # ふたまた, and おや of which one is 届出
    expect(row.filter(has_text="株式会社ふたまた")).to_be_visible()
    auditor.click(row.filter(has_text="株式会社ふたまた").get_by_role("cell").nth(1).locator("a"))
    assert titles(auditor.listed(2)) == {"名簿の管理", "調査票の入力"}


def test_7_corrections_that_are_late_and_who_is_in_charge(auditor):
    auditor.open("是正")
    late = [row for row in auditor.listed(2) if "期限超過" in row["状態と期限"]]
    assert [(row["担当者"], "名簿の管理" in row["契約・提供"]) for row in late] == [
        ("試験 taro", True)
    ]


def test_8_whose_inspection_falls_due_within_90_days(auditor):
    auditor.click(auditor.number("期限の来るもの", UNINSPECTED, 1).get_by_role("link"))
    assert titles(auditor.listed(1)) == {"もうすぐ一年"}


def test_9_which_provision_has_more_than_a_year_ago_and_what_they_are(auditor):
    table = "指針の条項ごとの所見"
    more = auditor.row(table, "第8-4(2)").first.get_by_role("cell")
    assert more.all_inner_texts() == ["5", "0", "1", "+4"]
    assert auditor.row(table, "第8-5").last.get_by_role("cell").last.inner_text() == "−1"
    changed = auditor.number("変化", "新たに生じた", 0).get_by_role("link")
    auditor.click(changed)
    auditor.fill_in("前の日", str(on(-365)))
    auditor.press("比べる")
    rows = [row for row in auditor.listed(5) if row["条項"] == "第8-4(2)"]
    assert titles(rows) == {"名簿の管理", "封入と発送", "電話の受付", "調査票の入力"}


def test_10_what_is_owed_to_the_amendment_of_2018(auditor):
    auditor.open("所見の一覧")
    auditor.choose("指針の改正", "改正によってはじめて生じたもの")
    auditor.press("絞り込む")
    assert titles(auditor.listed(1)) == {"判断のない契約"}


def test_11_what_has_gone_on_for_a_year(auditor):
    auditor.open("所見の一覧")
    auditor.choose("続いている日数", "365日以上")
    auditor.press("絞り込む")
    names = auditor.page.locator("table.data--list tbody tr").filter(has_text="継続中")
    assert names.count() == 0  # every finding of this ledger has a last day
    rows = [row for row in auditor.listed(9) if date.fromisoformat(row["いつまで"]) >= TODAY]
    assert titles(rows) == {"長期の保管"}


def test_12_contracts_by_year_and_work_and_those_of_a_cell(auditor):
    auditor.open("クロス集計")
    table = "年度×業務の種類の契約の数"
    cells = auditor.page.get_by_role("region", name=table).get_by_role("row")
    of_2017 = cells.filter(has_text="2017").get_by_role("cell")
    assert of_2017.first.inner_text() == "3"  # 職員の健康診断
    auditor.click(of_2017.first.get_by_role("link"))
    rows = auditor.listed(3)
    assert {row["契約件名"] for row in rows} == {"健診甲", "健診乙", "健診丙"}
