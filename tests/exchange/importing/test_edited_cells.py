"""Taken out, one cell edited, and checked: just that cell differs."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal

import pytest

from exchange.importing.plan import Difference, Outcome
from exchange.sheets import SHEETS
from tests import factories as make
from tests.exchange.full import full_contract
from tests.exchange.importing.files import cell, exported, messages, plan_of

pytestmark = pytest.mark.django_db

DAY = date(2017, 5, 1)
# By sheet: the column, what stands there, what is typed, and what the row becomes.
EDITS = {
    "contracts": ("本人の数（人）", 12, "1万3千", 13_000, {"persons": 13_000}),
    "links": ("履行場所", "本文", "大阪市", "大阪市", {"place": "大阪市"}),
    "approvals": ("結果", "承認", "不承認", "不承認", {"result": "rejected"}),
    "notices": ("受理日", DAY, "平成29年5月2日", date(2017, 5, 2),
                {"received_on": date(2017, 5, 2)}),
    "flow-down": ("措置の項目", "再委託先の選定の確認、第8-4(1)の記載", "再委託先の選定の確認",
                  "再委託先の選定の確認", {"items": ["capability"]}),
    "inspections": ("指摘事項", "本文", "施錠がない", "施錠がない", {"points": "施錠がない"}),
    "plans": ("備考", "本文", None, "", {"note": ""}),
    "amendments": ("第8-4(4)の条番号", "記載あり", "第4条", "第4条",
                   {"items": {"8-4(1)": {"quote": "本文"}, "8-4(3)": None,
                             "8-4(4)": {"article": "第4条"}}}),
    "selections": ("確認の方法", "本文", "登録証", "登録証", {"method": "登録証"}),
    "confirmations": ("文書番号", "本文", "第3号", "第3号", {"document_number": "第3号"}),
    "decisions": ("匿名化措置の要否", "必要", "不要", "不要", {"needed": False}),
    "measures": ("措置の方法", "本文", "番号", "番号", {"method": "番号"}),
    "disposals": ("再委託の番号", 1, None, None, {"subcontract": None}),
    "reports": ("報告の種類", "定期報告", "管理体制の変更", "管理体制の変更",
                {"kind": "staffing_change"}),
    "faults": ("内容", "本文", "名簿", "名簿", {"content": "名簿"}),
    "incidents": ("本人の数（人）", 3, "－", None, {"persons": None}),
    "justifications": ("理由", "本文", "災害", "災害", {"reason": "災害"}),
    "corrections": ("完了日", None, DAY, DAY, {"closed_on": DAY}),
    "disclosures": ("提供先", "本文", "見本大学", "見本大学", {"recipient": "見本大学"}),
    "surveyed": ("確認日", date(2018, 6, 1), date(2018, 6, 2), date(2018, 6, 2),
                 {"confirmed_on": date(2018, 6, 2)}),
    "companies": ("よみ", "本文", "みほん", "みほん", {"kana": "みほん"}),
    "holdings": ("議決権割合（％）", "0.5%", 60, Decimal(60), {"share": Decimal(60)}),
}  # fmt: skip


def test_one_cell_of_each_sheet_is_all_that_differs():
    agency = make.agency(code="A01")
    contract = full_contract(agency=agency, text="本文")
    make.confirmation(round_=make.survey_round(organs=[agency]), contract=contract)
    make.holding(holder=make.contractor(), held=make.contractor(), share="0.5")
    book = exported()
    assert set(EDITS) == {sheet.key for sheet in SHEETS}
    for sheet in SHEETS:
        heading, old, typed, new, values = EDITS[sheet.key]
        edited = copy.deepcopy(book)
        cell(edited, sheet.title, 1, heading, typed)
        plan = plan_of(edited)
        assert messages(plan) == [], sheet.key
        others = [line for one in plan for line in one.lines if line.outcome != Outcome.SAME]
        (line,) = others
        found = (line.outcome, line.differences, line.values, line.version)
        wanted = [Difference(heading, old, new)]
        assert found == (Outcome.CHANGED, wanted, values, line.row.version), sheet.key
        assert isinstance(line.row, sheet.model)
        assert line.row.pk
