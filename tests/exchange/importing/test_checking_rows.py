"""What rows are: left out, found again, of one visit, of a company that is new."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.importing.committing import carry_out
from exchange.importing.plan import Outcome
from exchange.reading import read
from exchange.reading.book import Book, Row, Sheet
from outsourcing import corporate_numbers
from outsourcing.models import Contract, Contractor, Inspection, InspectionTarget
from tests import factories as make
from tests.exchange.importing.files import (
    book_of,
    checked,
    contract_row,
    lines,
    messages,
    outcomes,
    plan_of,
    table,
)

ADDED, CHANGED, SAME = Outcome.ADDED, Outcome.CHANGED, Outcome.SAME
pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    found = make.agency(code="A01", name="あおぞら省")
    make.section(agency=found, code="001", name="総務課")
    make.contractor(name="株式会社見本")
    return found


def whole_file() -> dict:
    number = corporate_numbers.synthetic_number(77)
    new = {"契約コード": "新1"}
    return {
        "契約": table(
            contract_row(整理番号="新1", 委託先=f"新しい会社（{number}）"),
            contract_row(整理番号="新2", 契約件名="続き", 更新元の契約="新1", 委託先="無番 太郎"),
        ),
        "再委託": table(
            new | {"整理番号": "上", "再委託先": "無番 太郎", "再委託期間の初日": "2017-04-01"},
            new | {"整理番号": "下", "再委託先": "株式会社見本", "再委託期間の初日": "2017-04-01",
                   "再委託元": "上"},
        ),
        "承認": table(new | {"再委託の番号": "下", "結果": "承認", "決定日": "2017-04-01"}),
        "検査": table(
            new | {"整理番号": "検1", "検査日": "2017-10-01", "検査の方法": "実地",
                   "検査した者": "試験課"},
            new | {"整理番号": "検1", "検査日": "2017-10-01", "検査の方法": "実地",
                   "検査した者": "試験課", "再委託の番号": "上"},
            new | {"検査日": "2017-12-01", "検査の方法": "書面", "実地によらない理由": "遠隔地"},
        ),
        "変更契約": table(new | {"変更の効力が生じる日": "2017-06-01", "変更後の契約期間の末日":
                                 "2018-06-30", "第8-4(3)の条番号": "第3条"}),
        "提供": table({"課室": "総務課（001）", "提供先": "見本大学", "提供の初日": "2017-05-01",
                       "提供の根拠": "法第8条第2項第3号", "提供先における利用目的": "統計"}),
    }  # fmt: skip


def test_a_file_taken_in_a_second_time_changes_nothing(agency):
    book = book_of(whole_file())
    plan = plan_of(book, agency=agency)
    assert messages(plan) == []
    kinds = [line.outcome for sheet in plan for line in sheet.lines]
    assert set(kinds) == {ADDED}
    assert [len(line.beside) for line in lines(plan, "contracts")] == [1, 1]
    assert [len(line.beside) for line in lines(plan, "inspections")] == [1, 0, 1]
    assert any("「新しい会社」、「無番 太郎」" in caution for caution in plan.cautions)
    carry_out(plan, by=make.recorder())
    person = Contractor.objects.get(name="無番 太郎")
    assert (person.agency, person.no_number_reason) == (agency, "unknown")
    assert Contract.objects.get(title="続き").renews.title == "職員の健康診断"
    assert Inspection.objects.count() == 2
    again = plan_of(book, agency=agency)
    assert messages(again) == []
    assert {line.outcome for sheet in again for line in sheet.lines} == {SAME}
    assert not again.changes_something


def test_rows_that_are_ticked_struck_out_or_examples_are_left_out_and_named(agency):
    rows = table(
        {"取込み": "記入例"} | contract_row(契約件名="例", 契約締結日="いつか"),
        {"取込み": "○"} | contract_row(契約件名="印"),
        contract_row(整理番号="新3", 契約件名="消した"),
        contract_row(契約件名="残る"),
    )
    book = book_of(
        {"契約": rows, "選定の確認": table({"契約コード": "新3", "確認日": "2017-03-01"})}
    )
    book.sheets[0].struck_rows.append(4)
    plan = plan_of(book, agency=agency)
    left = Outcome.LEFT_OUT
    assert outcomes(plan, "contracts") == [left, left, left, ADDED]
    assert len(messages(plan)) == 1
    assert "「新3」は、このファイルで取り込まない行" in messages(plan)[0]
    said = "".join(plan.cautions)
    assert "「記入例」の行は取り込みません：2行" in said
    assert "「取り込まない」とされた行は取り込みません：3行" in said
    assert "取り消し線で消された行は取り込みません：4行" in said


def test_an_empty_cell_clears_and_a_column_that_is_not_there_leaves_alone(agency):
    contract = make.contract(agency=agency, persons=5, number="第1号")
    own = {
        "契約コード": contract.code,
        "契約件名": contract.title,
        "課室": None,
        "委託先": contract.contractor.corporate_number,
        "業務の種類": "データ入力・データ処理",
    }
    plan = checked({"契約": table(contract_row(**own, **{"本人の数（人）": None}))}, agency=agency)
    (line,) = lines(plan, "contracts")
    assert line.outcome == CHANGED
    assert line.values == {"persons": None}
    assert [tuple(one) for one in line.differences] == [("本人の数（人）", 5, None)]


def test_the_visit_of_several_rows_is_one(agency):
    contract = make.contract(agency=agency)
    link = make.link(contract=contract)
    visit = make.inspection(contract=contract, inspectors="甲")
    row = {"契約コード": contract.code, "検査コード": visit.code, "検査日": visit.day,
           "検査の方法": "実地", "検査した者": "甲"}  # fmt: skip
    plan = checked({"検査": table(row | {"再委託の番号": link.number})}, agency=agency)
    (line,) = lines(plan, "inspections")
    assert (line.outcome, line.row.inspection, line.values) == (ADDED, visit, {})
    other = row | {"検査した者": "乙"}
    plan = checked(
        {"検査": table(other | {"再委託の番号": None}, other | {"再委託の番号": link.number})},
        agency=agency,
    )
    first, second = lines(plan, "inspections")
    assert (first.outcome, first.values) == (CHANGED, {"inspectors": "乙"})
    assert (second.outcome, second.values) == (ADDED, {})
    plan = checked({"検査": table(other | {"再委託の番号": link.number})}, agency=agency)
    (line,) = lines(plan, "inspections")
    assert (line.outcome, line.values) == (ADDED, {"inspectors": "乙"})
    plan = checked({"検査": table(row, other | {"再委託の番号": link.number})}, agency=agency)
    assert "2行と「検査した者」が違います" in messages(plan)[0]


def test_a_visit_is_changed_by_who_writes_for_all_that_it_looked_at(agency):
    mine = make.section(agency=agency, code="2")
    contract = make.contract(agency=agency, section=mine)
    other = make.contract(agency=agency, section=make.section(agency=agency, name="人事課"))
    visit = make.inspection(contract=contract)
    InspectionTarget.objects.create(
        inspection=visit, contract=other, agency=agency, recorded_by=make.recorder()
    )
    row = {"契約コード": contract.code, "検査コード": visit.code, "検査の方法": "実地"}
    own = {"may_write": lambda agency, section: section == mine.pk, "agency": agency}
    day = row | {"検査日": "2017-11-02"}
    (told,) = messages(checked({"検査": table(day)}, **own))
    assert "課室「人事課」" in told
    found = row | {"検査日": visit.day, "結果": "指摘あり", "指摘事項": "施錠がない"}
    assert messages(checked({"検査": table(found)}, **own)) == []
    late = checked({"検査": table(row | {"検査日": "2018-01-02"})}, today=date(2018, 1, 1))
    assert "今日より後です" in messages(late)[0]
    in_time = checked({"検査": table(row | {"検査日": "2018-01-01"})}, today=date(2018, 1, 1))
    assert messages(in_time) == []


def test_companies_by_number_by_name_and_those_that_several_may_be(agency):
    same = make.contractor(name="同名会社")
    make.contractor(name="同名会社")
    make.contractor(name="よその個人", no_number_reason="individual", agency=make.agency())
    rows = [
        contract_row(契約件名="一", 委託先=same.corporate_number),
        contract_row(契約件名="二", 委託先=f"ちがう名（{same.corporate_number}）"),
        contract_row(契約件名="三", 委託先="同名会社"),
        contract_row(契約件名="四", 委託先=corporate_numbers.synthetic_number(99)),
        contract_row(契約件名="五", 委託先="見本（1234567890123）"),
        contract_row(契約件名="六", 委託先="よその個人"),
    ]
    plan = checked({"契約": table(*rows)}, agency=agency)
    assert [mistake.row for mistake in plan.mistakes] == [4, 5, 6]
    several, bare, digit = messages(plan)
    assert "複数あります" in several
    assert "名称も付けて" in bare
    assert "検査用数字" in digit
    made = lines(plan, "contracts")
    assert [line.row and line.row.contractor_id for line in made[:2]] == [same.pk, same.pk]
    assert any("「同名会社」" in caution and "ちがう名" in caution for caution in plan.cautions)
    (person,) = made[5].beside
    assert (person.pk, person.agency) == (None, agency)


def test_companies_of_the_sheet_are_named_by_the_others(agency):
    number = corporate_numbers.synthetic_number(88)
    known = Contractor.objects.get(name="株式会社見本").corporate_number
    companies = table(
        {"名称": "新会社", "法人番号": number},
        {"名称": "個人甲", "法人番号がない理由": "個人"},
        {"名称": "株式会社見本", "所在地": "東京都", "法人番号": f"{known[:1]}-{known[1:]}"},
    )
    plan = checked(
        {"契約": table(contract_row(契約件名="一", 委託先="新会社"),
                       contract_row(契約件名="二", 委託先=f"新会社（{number}）"),
                       contract_row(契約件名="三", 委託先="個人甲")),
         "委託先": companies},
        agency=agency,
    )  # fmt: skip
    assert messages(plan) == []
    new, person, known = lines(plan, "companies")
    assert [line.outcome for line in (new, person, known)] == [ADDED, ADDED, CHANGED]
    assert known.values == {"address": "東京都"}
    named = [line.row.contractor for line in lines(plan, "contracts")]
    assert named == [new.row, new.row, person.row]
    assert person.row.agency == agency
    assert not any(line.beside for line in lines(plan, "contracts"))


def test_a_company_gets_no_number_of_another_and_may_lose_its_own(agency):
    one, other = make.contractor(name="甲社"), make.contractor(name="乙社")
    row = {"委託先": f"甲社（{one.corporate_number}）", "名称": "甲社"}
    anothers = {"法人番号": other.corporate_number, "法人番号がない理由": None}
    plan = checked({"委託先": table(row | anothers)}, agency=agency)
    assert [(m.place, m.typed) for m in plan.mistakes] == [("C2", other.corporate_number)]
    assert "「乙社」のもの" in messages(plan)[0]
    none = {"法人番号": None, "法人番号がない理由": "海外"}
    plan = checked({"委託先": table(row | none)}, agency=agency)
    (line,) = lines(plan, "companies")
    assert line.values == {"corporate_number": None, "no_number_reason": "overseas"}
    dissolved = row | {"法人番号": one.corporate_number, "解散日": "2018-01-01"}
    assert "調査担当だけ" in messages(checked({"委託先": table(dissolved)}, agency=agency))[0]
    assert messages(checked({"委託先": table(dissolved)})) == []


def test_days_of_a_book_that_counts_from_1904(agency):
    rows = table(contract_row(契約締結日=41364))  # 2017-04-01
    book = book_of({"契約": rows})
    book.date1904 = True
    (line,) = lines(plan_of(book, agency=agency), "contracts")
    assert line.row.concluded_on == date(2017, 4, 1)


def test_a_text_file_whose_rows_are_of_different_lengths_is_a_mistake(agency):
    heads, row = table(contract_row())
    text = "\n".join([",".join(heads), ",".join(map(str, row)), ",".join(map(str, [*row, "余り"]))])
    plan = plan_of(read(text.encode(), name="契約一覧.csv"), agency=agency)
    assert plan.unmapped == []
    assert any("列の数がほかの行と違います" in message for message in messages(plan))
    assert not any("列の数が" in caution for caution in plan.cautions)


def test_as_many_queries_for_many_rows_as_for_few(agency):
    contract = make.contract(agency=agency)
    counts = []
    for number in (30, 3_000):
        rows = [contract_row(契約件名=f"件{n}", 整理番号=f"新{n}") for n in range(number)]
        others = [{"契約コード": f"新{n}", "確認日": "2017-03-01"} for n in range(number)]
        faults = [{"契約コード": contract.code, "確認した日": "2017-03-01", "内容": f"内容{n}"}
                  for n in range(number)]  # fmt: skip
        book = Book("台帳.xlsx", sheets=[
            _sheet(title, table(*of)) for title, of in
            (("契約", rows), ("選定の確認", others), ("管理体制の不適切", faults))
        ])  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            plan = plan_of(book, agency=agency)
        assert messages(plan) == []
        assert len(outcomes(plan, "faults")) == number
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15


def test_as_many_queries_for_many_changes_as_for_few(agency):
    made = [make.contract(agency=agency) for _ in range(12)]
    visits = [make.inspection(contract=contract) for contract in made]
    faults = [make.fault(contract=contract) for contract in made]
    counts = []
    for number in (2, 12):
        of = list(zip(made, visits, faults, strict=True))[:number]
        sheets = {
            "検査": [
                {"契約コード": contract.code, "検査コード": visit.code, "検査日": "2017-11-03",
                 "検査の方法": "書面", "改善の期限": "2017-12-01"}
                for contract, visit, _ in of
            ],
            "管理体制の不適切": [
                {"契約コード": contract.code, "番号": 1, "確認した日": fault.found_on, "内容": "別"}
                for contract, _, fault in of
            ],
            "変更契約": [
                {"契約コード": contract.code, "変更の効力が生じる日": "2017-06-01",
                 "変更後の契約期間の末日": "2018-06-30"}
                for contract, _, _ in of
            ],
        }  # fmt: skip
        book = Book("台帳.xlsx", sheets=[_sheet(t, table(*rows)) for t, rows in sheets.items()])
        with CaptureQueriesContext(connection) as asked:
            plan = plan_of(book, agency=agency)
        assert messages(plan) == []
        assert outcomes(plan, "inspections") == outcomes(plan, "faults") == [CHANGED] * number
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20


def _sheet(title: str, rows: list[list]) -> Sheet:
    return Sheet(title, rows=[Row(number, list(row)) for number, row in enumerate(rows, 1)])
