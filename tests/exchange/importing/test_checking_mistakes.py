"""All that is wrong in a file, at once, by sheet, row and column."""

from __future__ import annotations

from datetime import date

import pytest

from exchange.importing.plan import Outcome
from outsourcing.actions import contracts
from tests import factories as make
from tests.exchange.importing.files import (
    checked,
    contract_row,
    lines,
    messages,
    outcomes,
    table,
)

pytestmark = pytest.mark.django_db
VOID = {"on": date(2018, 1, 1), "reason": "誤り"}


@pytest.fixture
def agency():
    found = make.agency(code="A01", name="あおぞら省")
    make.section(agency=found, code="001", name="総務課")
    make.contractor(name="株式会社見本")
    return found


def places(plan) -> list[tuple]:
    return [(m.sheet, m.place, m.heading, m.typed) for m in plan.mistakes]


def test_every_mistake_of_a_file_is_named_at_once(agency):
    contract = make.contract(agency=agency)
    plan = checked(
        {
            "契約": table(
                contract_row(契約締結日="昨日", 業務の種類="占い"),
                contract_row(課室="営業部（999）", **{"契約期間の末日（当初）": "2017-03-31"}),
                contract_row(解除日="2017-10-01", 契約件名="あ" * 301),
            ),
            "変更契約": table(
                {"契約コード": contract.code, "変更の効力が生じる日": "2017-06-01"},
                {"契約コード": "A01-2017-99999", "変更の効力が生じる日": "2017-06-01"},
            ),
            "体制報告": table({"契約コード": contract.code, "報告の種類": "定期報告"}),
        },
        agency=agency,
    )
    assert places(plan) == [
        ("契約", "D2", "契約締結日", "昨日"),
        ("契約", "G2", "業務の種類", "占い"),
        ("契約", "A3", "課室", "営業部（999）"),
        ("契約", "F3", "契約期間の末日（当初）", "2017-03-31"),
        ("契約", "B4", "契約件名", "あ" * 301),
        ("契約", "J4", "解除日", "2017-10-01"),
        ("変更契約", "B2", "変更の効力が生じる日", "2017-06-01"),
        ("変更契約", "A3", "契約コード", "A01-2017-99999"),
        ("変更契約", "B3", "変更の効力が生じる日", "2017-06-01"),
        ("体制報告", "2行", "", None),
    ]
    said = messages(plan)
    assert "「昨日」" in said[0]
    assert "職員の健康診断" in said[1]
    assert "総務課（001）" in said[2]
    assert "より前です" in said[3]
    assert "301字" in said[4]
    assert "両方そろえて" in said[5]
    assert "提出期限か受領日" in said[9]
    assert not plan.can_be_carried_out
    assert set(outcomes(plan, "contracts")) == {Outcome.REFUSED}


def test_what_the_model_refuses_is_told_at_its_cell(agency):
    plan = checked(
        {
            "契約": table(
                contract_row(**{"契約期間の末日（当初）": "2017-03-31"}),
                contract_row(解除日="2017-10-01", 契約件名="別"),
            )
        },
        agency=agency,
    )
    assert [(place, heading) for _, place, heading, _ in places(plan)] == [
        ("F2", "契約期間の末日（当初）"),
        ("J3", "解除日"),
    ]
    assert "より前です" in messages(plan)[0]


def test_headings_that_are_unknown_doubled_or_missing(agency):
    heads, row = table(contract_row(天気="晴れ", 契約件銘=None))
    sheet = [[*heads, "件名"], [*row, "二つ目"]]
    sheet[0][sheet[0].index("契約締結日")] = "契約締結曰"
    plan = checked({"契約": sheet}, agency=agency)
    said = {(mistake.heading, mistake.row): mistake.message for mistake in plan.mistakes}
    assert set(said) == {
        ("契約締結日", None), ("契約締結曰", 1), ("天気", 1), ("契約件銘", 1), ("件名", 1),
    }  # fmt: skip
    assert "「契約締結日」のことなら" in said["契約締結曰", 1]
    assert "「契約件名」のことなら" in said["契約件銘", 1]
    assert "二つあります" in said["件名", 1]
    assert outcomes(plan, "contracts") == [Outcome.REFUSED]


def test_a_code_of_another_agency_is_refused_like_one_that_does_not_exist(agency):
    other = make.contract(agency=make.agency(code="A02"))
    gone = make.contract(agency=agency)
    contracts.void_contract(gone, by=make.recorder(), **VOID)
    row = {"契約コード": other.code, "確認日": "2017-03-01"}
    there, nowhere, void = (
        checked({"選定の確認": table(row | {"契約コード": code})}, agency=agency)
        for code in (other.code, "A02-2017-77777", gone.code)
    )
    assert messages(nowhere) == [messages(there)[0].replace(other.code, "A02-2017-77777")]
    assert messages(void) == [messages(there)[0].replace(other.code, gone.code)]
    of_its_own = checked(
        {"契約": table(contract_row(契約コード=other.code), contract_row(契約コード="A02-2017-7"))},
        agency=agency,
    )
    first, second = messages(of_its_own)
    assert first.replace(other.code, "A02-2017-7") == second


def test_rows_of_another_section_are_refused_but_where_they_say_the_same(agency):
    mine = make.section(agency=agency, code="002", name="会計課")
    other = make.contract(agency=agency, section=make.section(agency=agency, name="人事課"))
    make.fault(contract=other, content="同じ")
    fault = {"契約コード": other.code, "確認した日": "2017-10-02"}
    plan = checked(
        {
            "契約": table(contract_row(), contract_row(課室="会計課（002）")),
            "管理体制の不適切": table(fault | {"内容": "同じ"}, fault | {"内容": "別"}),
        },
        agency=agency,
        may_write=lambda agency, section: section == mine.pk,
    )
    assert [place for _, place, _, _ in places(plan)] == ["A2", "A3"]
    assert "課室「総務課」" in messages(plan)[0]
    assert "課室「人事課」" in messages(plan)[1]
    assert outcomes(plan, "faults") == [Outcome.SAME, Outcome.REFUSED]
    assert outcomes(plan, "contracts") == [Outcome.REFUSED, Outcome.ADDED]


def test_sections_that_ended_take_no_new_contract(agency):
    make.section(agency=agency, code="9", name="旧課", last_day=date(2017, 3, 31))
    make.section(agency=make.agency(code="A02"), code="8", name="よその課")
    rows = [contract_row(課室="旧課"), contract_row(課室="旧課", 契約締結日="2017-03-31"),
            contract_row(課室="よその課（8）"), contract_row(課室="会計課（001）")]  # fmt: skip
    plan = checked({"契約": table(*rows)}, agency=agency)
    assert [place for _, place, _, _ in places(plan)] == ["A2", "A4", "A5"]
    ended, others, wrong = messages(plan)
    assert "2017-03-31" in ended
    assert "という課室はありません" in others
    assert "「001」は「総務課」" in wrong


def test_chains_that_bite_their_tail_and_names_that_stand_twice(agency):
    contract = make.contract(agency=agency)
    link = {
        "契約コード": contract.code,
        "再委託先": "株式会社見本",
        "再委託期間の初日": "2017-04-01",
    }
    plan = checked(
        {
            "契約": table(contract_row(整理番号="甲"), contract_row(整理番号="甲", 契約件名="別")),
            "再委託": table(
                link | {"整理番号": "一", "再委託元": "二"},
                link | {"整理番号": "二", "再委託元": "一"},
                link | {"整理番号": "三", "再委託元": "三"},
                link | {"整理番号": "4", "再委託元": None},
                link | {"再委託元": 9},
                link | {"再委託元": "無い"},
            ),
        },
        agency=agency,
    )
    assert [place for _, place, _, _ in places(plan)] == [
        "J3", "E2", "E3", "E4", "D5", "E6", "E7",
    ]  # fmt: skip
    assert "ほかの行にも" in messages(plan)[0]
    assert all("戻ってしまいます" in said for said in messages(plan)[1:4])
    assert "数字で始まって" in messages(plan)[4]
    assert all("契約「A01-2017-00001」にありません" in said for said in messages(plan)[5:])


def test_a_recorded_link_is_not_hung_below_itself(agency):
    contract = make.contract(agency=agency)
    upper, lower = make.chain(contract=contract, depth=2)
    rows = [
        {"契約コード": contract.code, "再委託の番号": link.number, "再委託元": above,
         "再委託先": link.contractor.corporate_number, "再委託期間の初日": "2017-04-01"}
        for link, above in ((upper, 2), (lower, 1))
    ]  # fmt: skip
    plan = checked({"再委託": table(rows[0])}, agency=agency)
    assert len(messages(plan)) == 1
    assert "戻ってしまいます" in messages(plan)[0]
    assert len(messages(checked({"再委託": table(*rows)}, agency=agency))) == 2


def test_the_same_row_of_the_ledger_or_the_same_contract_twice(agency):
    contract = make.contract(agency=agency)
    fault = make.fault(contract=contract)
    row = {"契約コード": contract.code, "番号": 1, "確認した日": fault.found_on, "内容": "名簿"}
    plan = checked(
        {
            "契約": table(contract_row(), contract_row()),
            "管理体制の不適切": table(row, row | {"内容": "別"}, row | {"番号": 2}),
        },
        agency=agency,
    )
    assert [place for _, place, _, _ in places(plan)] == ["3行", "B3", "B4"]
    assert "2行と同じ内容" in messages(plan)[0]
    assert "2行と同じもの" in messages(plan)[1]
    assert "台帳にありません" in messages(plan)[2]


def test_amendments_keep_a_term_one_run_of_days(agency):
    contract = make.contract(agency=agency)  # to 2018-03-31
    amendment = {"契約コード": contract.code, "変更の効力が生じる日": "2018-04-02",
                 "変更後の契約期間の末日": "2018-09-30"}  # fmt: skip
    late = checked({"変更契約": table(amendment)}, agency=agency)
    assert [place for _, place, _, _ in places(late)] == ["B2"]
    assert "新しい契約として" in messages(late)[0]
    in_time = amendment | {"変更の効力が生じる日": "2018-04-01"}
    assert messages(checked({"変更契約": table(in_time)}, agency=agency)) == []
    before = {"契約コード": contract.code, "変更の効力が生じる日": "2018-03-01",
              "変更後の契約期間の末日": "2018-05-31"}  # fmt: skip
    assert messages(checked({"変更契約": table(amendment, before)}, agency=agency)) == []


def test_reasons_are_asked_and_approved_by_those_who_do_it(agency):
    contract = make.contract(agency=agency)
    by, other = make.officer(agency), make.officer(agency)
    row = {"契約コード": contract.code, "規則": "capability-check", "対象": "契約",
           "理由の及ぶ初日": "2017-04-01", "理由の及ぶ末日": "2017-05-01", "理由": "災害",
           "申請日": "2017-06-01"}  # fmt: skip
    rows = [
        row | {"申請者": f"{by.full_name}（{by.username}）"},
        row | {"申請者": other.username, "理由の及ぶ初日": "2017-04-02"},
        row | {"申請者": by.username, "承認者": other.username, "承認日": "2017-06-02",
               "理由の及ぶ初日": "2017-04-03"},
        row | {"申請者": "nobody", "理由の及ぶ初日": "2017-04-04"},
    ]  # fmt: skip
    plan = checked({"理由書": table(*rows)}, agency=agency, by=by)
    assert outcomes(plan, "justifications") == [Outcome.ADDED, *[Outcome.REFUSED] * 3]
    assert [place for _, place, _, _ in places(plan)] == ["H3", "I4", "J4", "H5"]
    assert messages(checked({"理由書": table(*rows[:3])}, by=by)) == []
    (line, *_) = lines(plan, "justifications")
    assert line.row.asked_by == by


def test_reasons_lie_in_the_days_of_what_they_are_about(agency):
    contract = make.contract(agency=agency)  # 2017-04-01 to 2018-03-31
    by = make.officer(agency)
    row = {"契約コード": contract.code, "規則": "yearly-inspection", "対象": "契約", "理由": "災害",
           "申請日": "2017-06-01", "申請者": by.username}  # fmt: skip
    days = [
        ("2017-03-31", "2017-05-01"),
        ("2017-04-01", "2018-03-31"),
        ("2017-04-01", "2018-04-01"),
    ]
    rows = [row | {"理由の及ぶ初日": first, "理由の及ぶ末日": last} for first, last in days]
    rows.append(rows[1] | {"対象": "再委託3"})
    plan = checked({"理由書": table(*rows)}, agency=agency, by=by)
    assert [(place, typed) for _, place, _, typed in places(plan)] == [
        ("G2", "2017-03-31"), ("H4", "2018-04-01"), ("C5", "再委託3"),
    ]  # fmt: skip
    assert outcomes(plan, "justifications")[1] == Outcome.ADDED


def test_holdings_are_the_survey_offices(agency):
    row = {"出資者": "株式会社見本", "被出資者": "株式会社見本", "議決権割合（％）": 60,
           "保有開始日": "2010-04-01"}  # fmt: skip
    plan = checked({"出資関係": table(row)}, agency=agency)
    assert "調査担当だけ" in messages(plan)[0]
    assert "同じ" in messages(checked({"出資関係": table(row)}))[0]


def test_what_rows_name_that_nobody_could_read_is_not_said_to_be_missing(agency):
    heads, *rows = table(contract_row(整理番号="新1"))
    at = heads.index("契約締結日")
    whole = [heads, *rows]
    lacking = [[cell for n, cell in enumerate(row) if n != at] for row in whole]
    theirs = [["件名", "相手先"], ["健康診断", "株式会社見本"]]
    others = {
        "再委託": table(
            {"契約コード": "新1", "整理番号": "子", "再委託先": "株式会社見本",
             "再委託期間の初日": "2017-04-01"}),
        "承認": table({"契約コード": "新1", "再委託の番号": "子", "結果": "承認"}),
        "管理体制の不適切": table({"契約コード": "A01-2017-99999", "確認した日": "2017-04-01",
                                   "内容": "名簿"}),
    }  # fmt: skip
    unknown = ("管理体制の不適切", "A2")
    plan = checked({"契約": lacking} | others, agency=agency)
    assert [(m.sheet, m.place) for m in plan.mistakes] == [("契約", ""), unknown]
    plan = checked({"一覧": theirs} | others, agency=agency)
    assert plan.unmapped == ["一覧"]
    assert [(m.sheet, m.place) for m in plan.mistakes] == [unknown]
    assert messages(checked({"契約": whole} | others, agency=agency))[0].startswith("契約コード")
