"""What was once refused only when it was written is told when the file is checked."""

from __future__ import annotations

from datetime import date

import pytest

from exchange.importing.committing import carry_out
from exchange.sheets import BY_KEY
from outsourcing.actions import contracts
from tests import factories as make
from tests.exchange.importing.files import checked, contract_row, messages, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]


@pytest.fixture
def agency():
    found = make.agency(code="A01", name="あおぞら省")
    make.section(agency=found, code="001", name="総務課")
    make.contractor(name="株式会社見本")
    return found


def reason_by(by, **values) -> dict:
    said = {"規則": "yearly-inspection", "対象": "契約", "理由": "災害", "申請日": "2017-06-01"}
    days = {"理由の及ぶ初日": "2017-06-01", "理由の及ぶ末日": "2017-06-30"}
    return said | days | {"申請者": by.username} | values


def places(plan) -> list[tuple]:
    return [(m.sheet, m.row, m.heading) for m in plan.mistakes]


@pytest.mark.parametrize(
    ("last", "told"), [("2018-03-30", 0), ("2018-03-31", 0), ("2018-04-01", 1)]
)
def test_a_reason_about_a_contract_of_the_file(agency, last, told):
    by = make.officer(agency)
    reason = reason_by(by, 契約コード="新1", 理由の及ぶ末日=last)
    sheets = {"契約": table(contract_row(整理番号="新1")), "理由書": table(reason)}
    plan = checked(sheets, agency=agency, by=by)
    assert places(plan) == [("理由書", 2, "理由の及ぶ末日")] * told


def test_a_reason_about_a_term_that_the_file_prolongs(agency):
    by, contract = make.officer(agency), make.contract(agency=agency)
    reason = reason_by(by, 契約コード=contract.code, 理由の及ぶ末日="2018-06-30")
    amendment = {"契約コード": contract.code, "変更の効力が生じる日": "2018-03-01"}
    for last, told in (("2018-06-30", 0), ("2018-06-29", 1)):
        longer = table(amendment | {"変更後の契約期間の末日": last})
        plan = checked({"変更契約": longer, "理由書": table(reason)}, agency=agency, by=by)
        assert len(plan.mistakes) == told


def test_a_reason_about_a_link_of_the_file_by_the_number_that_it_gets(agency):
    by, contract = make.officer(agency), make.contract(agency=agency)
    link = {"契約コード": contract.code, "再委託先": "株式会社見本"}
    links = table(link | {"再委託期間の初日": "2017-06-02"})
    for subject, heading in (("再委託1", "理由の及ぶ初日"), ("再委託2", "対象")):
        reason = reason_by(by, 契約コード=contract.code, 対象=subject, 規則="flow-down")
        plan = checked({"再委託": links, "理由書": table(reason)}, agency=agency, by=by)
        assert places(plan) == [("理由書", 2, heading)]


def test_a_plan_that_is_done_or_that_a_visit_did_not_do(agency):
    contract, other = make.contract(agency=agency), make.contract(agency=agency)
    visit = make.inspection(contract=contract)
    make.plan(contract=contract, inspection=visit, planned_on=date(2017, 11, 1))
    row = {"契約コード": contract.code, "番号": 1, "予定日": "2017-12-01"}
    done = {"契約コード": other.code, "予定日": "2017-12-01", "実施した検査": visit.code}
    plan = checked({"検査計画": table(row, done)}, agency=agency)
    assert places(plan) == [("検査計画", 2, "予定日"), ("検査計画", 3, "実施した検査")]
    said = done | {"契約コード": contract.code}
    assert messages(checked({"検査計画": table(said)}, agency=agency)) == []


def test_a_contract_that_is_confirmed_and_becomes_one_of_another_round(agency):
    contract = make.contract(agency=agency)
    make.survey_round(organs=[agency])
    sheets = {
        "契約": table(contract_row(契約コード=contract.code, 情報の種類="調査票情報等")),
        "調査の確認": table(
            {"契約コード": contract.code, "調査年度": 2017, "確認の結果": "違反なし",
             "確認日": "2018-06-01"}),
    }  # fmt: skip
    plan = checked(sheets)
    assert places(plan) == [(BY_KEY["surveyed"].title, 2, "契約コード")]


def test_a_number_that_two_companies_would_have(agency):
    known = make.contractor(name="株式会社既存", no_number_reason="unknown")
    rows = [
        {"委託先": f"株式会社既存 [{known.public_id.hex[:12]}]", "名称": "株式会社既存"},
        {"委託先": None, "名称": "株式会社新顔"},
    ]
    plan = checked(
        {
            "委託先": table(
                *(r | {"法人番号": "7000012050002", "法人番号がない理由": None} for r in rows)
            )
        }
    )
    assert [row for _, row, _ in places(plan)] == [3]


@pytest.mark.parametrize(
    "code", ["A01-2017-00000", "A01-1899-00001", "A01-0000-00001", "A01-2017-00001"]
)
def test_codes_that_there_cannot_be(agency, code):
    plan = checked({"契約": table(contract_row(契約コード=code))}, agency=agency, fresh=True)
    assert len(plan.mistakes) == (code != "A01-2017-00001")


def test_terms_without_an_end(agency):
    row = contract_row(整理番号="新1", **{"契約期間の末日（当初）": "9999-12-31"})
    amended = {"契約コード": "新1", "変更の効力が生じる日": "2017-06-01",
               "変更後の契約期間の末日": "2018-03-31"}  # fmt: skip
    plan = checked({"契約": table(row), "変更契約": table(amended)}, agency=agency)
    assert messages(plan) == []
    carry_out(plan, by=make.recorder())


def test_an_amendment_that_leaves_a_later_one_behind(agency):
    contract = make.contract(agency=agency)
    contracts.amend(contract, by=make.recorder(), effective_on=date(2018, 3, 1),
                    last_day=date(2018, 9, 30))  # fmt: skip
    row = {"契約コード": contract.code, "変更の効力が生じる日": "2017-06-01",
           "変更後の契約期間の末日": "2017-12-31"}  # fmt: skip
    plan = checked({"変更契約": table(row)}, agency=agency)
    assert places(plan) == [("変更契約", 2, "変更の効力が生じる日")]
