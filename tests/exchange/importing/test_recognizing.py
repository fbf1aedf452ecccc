"""Which sheet of a file is which of ours, and where its headings stand."""

from __future__ import annotations

import pytest

from exchange.importing.checking import SheetMapping
from exchange.importing.plan import Outcome
from exchange.importing.recognizing import recognize
from exchange.reading.book import Merge, Row, Sheet
from exchange.sheets import BY_KEY, SHEETS
from tests import factories as make
from tests.exchange.importing.files import (
    checked,
    contract_row,
    lines,
    messages,
    outcomes,
    table,
)


def sheet_of(name: str, *rows: list, merges=()) -> Sheet:
    made = [Row(number, list(row)) for number, row in enumerate(rows, 1) if row]
    return Sheet(name, rows=made, merges=list(merges))


def headings(found) -> dict[int, str]:
    return {place: column.heading for place, column in found.columns.items()}


@pytest.mark.parametrize("ours", SHEETS, ids=lambda sheet: sheet.key)
def test_a_sheet_of_ours_is_known_by_its_title_and_by_its_key(ours):
    heads = [column.heading for column in ours.columns]
    for name in (ours.title, f"　{ours.title} ", ours.key):
        assert recognize(sheet_of(name, heads)).sheet is ours


def test_a_sheet_of_another_name_is_known_by_its_headings():
    for ours in SHEETS:
        heads = [column.heading for column in ours.columns]
        found = recognize(sheet_of("Sheet1", heads))
        assert found is None or found.sheet is ours, ours.key
    heads = ["契約日", "件名", "業者名", "始期", "終期", "業務種別", "情報の種類", "再委託の条項"]
    found = recognize(sheet_of("H29委託一覧", heads))
    assert found.sheet is BY_KEY["contracts"]
    assert found.wrong == []
    assert recognize(sheet_of("献立", ["曜日", "主菜"], ["月", "鮭"])) is None
    assert recognize(sheet_of("名称だけ", ["名称", "曜日", "主菜"])) is None


def test_headings_stand_below_titles_and_remarks():
    heads = ["契約コード", "確認日", "確認の方法"]
    rows = [
        ["平成29年度　選定の確認"],
        [],
        ["※印は必須", None, "（単位：件）"],
        heads,
        ["A01-2017-00001"],
    ]
    found = recognize(sheet_of("選定の確認", *rows))
    assert (found.row, headings(found)) == (
        4, {0: "契約コード", 1: "確認日", 2: "確認の方法"},
    )  # fmt: skip


def test_headings_on_two_lines_are_read_together():
    upper = ["契約件名", "契約期間", None, "本人の数（人）"]
    lower = [None, "（始期）", "（終期）", None]
    merges = [Merge(1, 1, 1, 2), Merge(1, 0, 2, 0), Merge(1, 3, 2, 3)]
    found = recognize(sheet_of("契約", upper, lower, ["健診"], merges=merges))
    assert (found.row, headings(found)) == (
        2, {0: "契約件名", 1: "契約期間の初日", 2: "契約期間の末日（当初）", 3: "本人の数（人）"},
    )  # fmt: skip


def test_a_line_of_data_is_never_taken_for_headings():
    heads = [column.heading for column in BY_KEY["contracts"].columns]
    found = recognize(sheet_of("契約", heads, heads))
    assert found.row == 1


@pytest.mark.django_db
class TestChecked:
    @pytest.fixture
    def agency(self):
        found = make.agency(code="A01", name="あおぞら省")
        make.section(agency=found, code="001", name="総務課")
        make.contractor(name="株式会社見本")
        return found

    def test_totals_and_remarks_below_are_left_out_and_named(self, agency):
        heads, row = table(contract_row())
        others = [["合計", None, "1件"], [None, "注　税抜き"], ["※個人情報を含む"]]
        plan = checked({"契約": [["台帳"], heads, row, *others]}, agency=agency)
        assert messages(plan) == []
        assert outcomes(plan, "contracts") == [Outcome.ADDED]
        assert lines(plan, "contracts")[0].number == 3
        assert any("合計や注記の行は取り込みません：4行、5行、6行" in c for c in plan.cautions)

    def test_what_is_not_ours_waits_for_somebody_to_say_what_it_is(self, agency):
        sheets = {"一覧": [["案件", "相手", "日付"], ["健診", "株式会社見本", "2017-04-01"]]}
        plan = checked(sheets, agency=agency)
        assert plan.unmapped == ["一覧"]
        assert not plan.can_be_carried_out
        said = SheetMapping("companies", {"相手": "name", "案件": "", "日付": ""})
        plan = checked(sheets, agency=agency, mappings={"一覧": said})
        assert (plan.unmapped, messages(plan)) == ([], [])
        (line,) = lines(plan, "companies")
        assert line.outcome == Outcome.SAME
        partly = SheetMapping("companies", {"相手": "name", "案件": ""})
        plan = checked(sheets, agency=agency, mappings={"一覧": partly})
        assert [m.heading for m in plan.mistakes] == ["日付"]

    def test_sheets_that_explain_others_are_passed_over(self, agency):
        plan = checked({"契約": table(contract_row()), "記入要領": [["何"]], "選択肢": [["何"]]},
                       agency=agency)  # fmt: skip
        assert (plan.unmapped, messages(plan), len(plan.sheets)) == ([], [], 1)

    def test_values_below_no_heading_are_not_passed_over(self, agency):
        heads, row = table(contract_row())
        plan = checked({"契約": [heads, [*row, None, "覚書"]]}, agency=agency)
        assert [(m.place, m.typed) for m in plan.mistakes] == [("K2", "覚書")]
