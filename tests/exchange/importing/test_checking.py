"""What a file would do: rows that are new, changed or said already."""

from __future__ import annotations

import pytest

from exchange.importing.plan import Outcome
from outsourcing.models import Contract
from tests import factories as make
from tests.exchange.full import full_contract
from tests.exchange.importing.files import (
    checked,
    contract_row,
    exported,
    lines,
    messages,
    outcomes,
    plan_of,
    table,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    found = make.agency(code="A01", name="あおぞら省")
    make.section(agency=found, code="001", name="総務課")
    make.contractor(name="株式会社見本")
    return found


def test_a_ledger_taken_out_and_in_again_changes_nothing(agency):
    contract = full_contract(agency=agency, text="本文")
    round_ = make.survey_round(organs=[agency])
    make.confirmation(round_=round_, contract=contract)
    make.holding(holder=make.contractor(), held=make.contractor(), share="0.5")
    plan = plan_of(exported())
    assert messages(plan) == []
    assert plan.unmapped == []
    assert len(plan.sheets) == 22
    for sheet in plan:
        assert sheet.lines, sheet.name
        assert {line.outcome for line in sheet.lines} == {Outcome.SAME}, sheet.name
    assert not plan.changes_something


def test_a_new_contract_is_made_of_what_its_row_says(agency):
    plan = checked({"契約": table(contract_row())}, agency=agency)
    assert messages(plan) == []
    (line,) = lines(plan, "contracts")
    assert line.outcome == Outcome.ADDED
    row = line.row
    assert isinstance(row, Contract)
    assert row.pk is None
    assert (row.agency, row.section.name, row.contractor.name) == (agency, "総務課", "株式会社見本")
    assert (row.title, row.work, row.clause) == (
        "職員の健康診断", "staff_health_check", "prior_approval",
    )  # fmt: skip
    assert plan.can_be_carried_out


def link_row(**values) -> dict:
    return {"再委託先": "株式会社見本", "再委託期間の初日": "2017-04-01"} | values


def test_rows_name_each_other_by_what_the_file_calls_them(agency):
    plan = checked(
        {
            "承認": table({"契約コード": "新1", "再委託の番号": "子", "結果": "承認"}),
            "再委託": table(
                link_row(契約コード="新1", 整理番号="孫", 再委託元="子"),
                link_row(契約コード="新1", 整理番号="子", 再委託元=None),
            ),
            "契約": table(contract_row(整理番号="新1")),
        },
        agency=agency,
    )
    assert messages(plan) == []
    (contract,), (below, link), (approval,) = (
        [line.row for line in lines(plan, key)] for key in ("contracts", "links", "approvals")
    )
    assert below.parent is link
    assert link.contract is below.contract is contract
    assert approval.subcontract is link
    assert outcomes(plan, "links") == [Outcome.ADDED, Outcome.ADDED]
