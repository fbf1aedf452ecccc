"""A plan is carried out whole or not at all, as its rows would be by hand."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from exchange.importing.committing import carry_out
from exchange.importing.refusals import MovedOn
from guideline.models import CorrectiveAction, Finding, Justification
from guideline.refresh import refresh_everything
from outsourcing import models as ledger
from outsourcing.actions import contractors, contracts
from outsourcing.corporate_numbers import synthetic_number
from outsourcing.models import (
    Amendment,
    AnonymizationDecision,
    Approval,
    Contract,
    Contractor,
    Disclosure,
    FlowDownRecord,
    Inspection,
    InspectionTarget,
    PlannedInspection,
    Shareholding,
    Subcontract,
    WrittenConfirmation,
)
from tests import factories as make
from tests.exchange.importing.plans import plan_of
from tests.snapshots import snapshot
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]

D = date


def findings_are_right() -> bool:
    judged = refresh_everything()
    return (judged.added, judged.changed, judged.removed) == (0, 0, 0)


def new_contract(agency, company, **fields) -> Contract:
    return make.unsaved_contract(agency=agency, contractor=company, **fields)


def new_company(number: int, **fields) -> Contractor:
    return Contractor(name=f"新会社{number}", corporate_number=synthetic_number(number), **fields)


class TestEverythingAtOnce:
    """A file with a new company, a new contract on it, and a row of each kind on that."""

    @pytest.fixture
    def rows(self):
        agency, holder = make.agency(), make.contractor()
        company = new_company(90_001, kana="シンガイシャ")
        contract = new_contract(agency, company)
        upper = Subcontract(
            contract=contract, contractor=make.contractor(), first_day=D(2017, 5, 1)
        )
        lower = Subcontract(
            contract=contract, contractor=company, parent=upper, first_day=D(2017, 6, 1)
        )
        visit = Inspection(agency=agency, day=D(2017, 9, 1), method="on_site")
        return {
            "companies": [company],
            "holdings": [
                Shareholding(holder=holder, held=company, share=60, first_day=D(2010, 4, 1))
            ],
            "contracts": [contract],
            "links": [upper, lower],
            "approvals": [
                Approval(subcontract=upper, decided_on=D(2017, 5, 10), result="approved")
            ],
            "notices": [ledger.Notification(subcontract=lower, received_on=D(2017, 6, 1))],
            "flow_down": [
                FlowDownRecord(subcontract=upper, items=["capability"], recorded_on=D(2017, 5, 1))
            ],
            "inspections": [
                InspectionTarget(inspection=visit, contract=contract),
                InspectionTarget(inspection=visit, contract=contract, subcontract=upper),
            ],
            "plans": [
                PlannedInspection(contract=contract, planned_on=D(2017, 8, 20), inspection=visit)
            ],
            "amendments": [
                Amendment(contract=contract, effective_on=D(2017, 12, 1), last_day=D(2018, 9, 30))
            ],
            "selections": [ledger.CapabilityCheck(contract=contract, checked_on=D(2017, 3, 1))],
            "confirmations": [
                WrittenConfirmation(
                    contract=contract, matters=["management"], confirmed_on=D(2017, 4, 3)
                )
            ],
            "decisions": [
                AnonymizationDecision(contract=contract, decided_on=D(2017, 4, 3), needed=True)
            ],
            "measures": [
                ledger.AnonymizationMeasure(
                    contract=contract, done_on=D(2017, 4, 9), method="番号に置換"
                )
            ],
            "disposals": [
                ledger.Disposal(contract=contract, method="erased", done_on=D(2018, 10, 3))
            ],
            "reports": [
                ledger.ContractorReport(
                    contract=contract, kind="periodic", received_on=D(2017, 10, 1)
                )
            ],
            "faults": [
                ledger.ManagementFault(contract=contract, found_on=D(2017, 10, 1), content="置忘れ")
            ],
            "incidents": [
                ledger.Incident(
                    contract=contract, kind="loss", noticed_on=D(2017, 10, 1), content="紛失"
                )
            ],
            "disclosures": [
                Disclosure(
                    agency=agency,
                    recipient="試験大学",
                    basis="item_4",
                    purpose="統計",
                    first_day=D(2017, 4, 1),
                )
            ],
            "justifications": [
                Justification(
                    contract=contract,
                    rule="unapproved-subcontract",
                    subject="link:2",
                    first_day=D(2017, 6, 1),
                    last_day=D(2017, 6, 30),
                    reason="災害のため",
                    asked_by=make.user(),
                    asked_on=D(2017, 7, 1),
                    approved_by=make.user(),
                    approved_on=D(2017, 7, 2),
                )
            ],
            "corrections": [
                CorrectiveAction(
                    contract=contract,
                    rule="unapproved-subcontract",
                    subject="link:1",
                    first_day=D(2017, 5, 1),
                    measure="guidance",
                    started_on=D(2017, 7, 1),
                )
            ],
        }

    def test_each_row_is_written(self, rows):
        counts = carry_out(plan_of(**rows), by=make.recorder())
        assert (counts.added, counts.changed) == (sum(map(len, rows.values())), 0)
        for written in rows.values():
            for row in written:
                assert type(row).objects.get(pk=row.pk).recorded_by == make.recorder()

    def test_codes_numbers_and_terms_are_those_that_hands_would_give(self, rows):
        carry_out(plan_of(**rows), by=make.recorder())
        (contract,) = rows["contracts"]
        assert (contract.fiscal_year, contract.serial) == (2017, 1)
        assert Contract.objects.get(pk=contract.pk).last_day == D(2018, 9, 30)
        assert [link.number for link in rows["links"]] == [1, 2]
        assert Inspection.objects.get().code == f"{contract.agency.code}-2017-K00001"
        assert Disclosure.objects.get().code == f"{contract.agency.code}-2017-T00001"
        assert Contractor.objects.get(name="新会社90001").parts.exists()

    def test_findings_are_those_of_the_ledger_evaluated_anew(self, rows):
        carry_out(plan_of(**rows), by=make.recorder())
        found = Finding.objects.filter(subject="link:2").order_by("since")
        assert [(f.since, f.until, f.excused) for f in found] == [
            (D(2017, 6, 1), D(2017, 7, 1), True),
            (D(2017, 7, 1), D(2018, 10, 1), False),
        ]
        (acted,) = Finding.objects.filter(subject="link:1")
        assert acted.acted_on == D(2017, 7, 1)
        assert findings_are_right()

    def test_the_trail_has_each_row_with_who_did_it_and_why(self, rows):
        by = make.user(name="importer")
        carry_out(plan_of(**rows), by=by, reason="取込み 1234")
        for written in rows.values():
            for row in written:
                change = Change.objects.get(table=row._meta.db_table, key=row.pk, action="insert")
                assert (change.who_id, change.reason) == (by.pk, "取込み 1234")

    def test_a_plan_is_carried_out_once(self, rows):
        plan = plan_of(**rows)
        carry_out(plan, by=make.recorder())
        before = snapshot()
        with pytest.raises(MovedOn, match="既に反映"):
            carry_out(plan, by=make.recorder())
        assert snapshot() == before

    @pytest.mark.parametrize(
        "key",
        [
            "companies",
            "holdings",
            "contracts",
            "links",
            "approvals",
            "inspections",
            "plans",
            "amendments",
            "confirmations",
            "disposals",
            "disclosures",
            "justifications",
            "corrections",
        ],
    )
    def test_nothing_is_left_where_one_row_of_any_kind_is_refused(self, rows, key):
        spoil(rows[key][-1])
        before = snapshot()
        with pytest.raises(ValidationError, match=r"シート「.+」\d+行"):
            carry_out(plan_of(**rows), by=make.recorder())
        assert snapshot() == before


def spoil(row) -> None:
    values = {
        "Contractor": {"no_number_reason": "individual"},
        "Shareholding": {"share": 101},
        "Contract": {"clause": "いつか"},
        "Subcontract": {"last_day": D(2016, 1, 1)},
        "Approval": {"result": "未定"},
        "InspectionTarget": {"covers_handling": False},  # the database says so
        "PlannedInspection": {"contract": make.contract()},  # which the visit did not see
        "Amendment": {"effective_on": D(2019, 12, 1)},
        "WrittenConfirmation": {"matters": []},
        "Disposal": {"method": "忘却"},
        "Disclosure": {"survey_needed": True},
        "Justification": {"first_day": D(2016, 6, 1)},
        "CorrectiveAction": {"outcome": "済み"},
    }[type(row).__name__]
    for name, value in values.items():
        setattr(row, name, value)


class TestConflicts:
    def test_a_row_that_has_moved_on_is_named_and_nothing_is_written(self):
        contract, other = make.contract(), make.contract()
        plan = plan_of(
            changes={"contracts": [(other, {"title": "甲"}), (contract, {"title": "乙"})]}
        )
        contracts.correct(Contract.objects.get(pk=contract.pk), by=make.recorder(), title="先")
        before = snapshot()
        with pytest.raises(MovedOn, match=rf"シート「契約」4行「{contract.code}」.*ほかの人が変更"):
            carry_out(plan, by=make.recorder())
        assert snapshot() == before

    def test_a_contract_that_was_voided_meanwhile(self):
        contract = make.contract()
        plan = plan_of(
            links=[
                Subcontract(contract=contract, contractor=make.contractor(), first_day=make.FIRST)
            ]
        )
        contracts.void_contract(
            Contract.objects.get(), by=make.recorder(), on=D(2018, 1, 9), reason="誤り"
        )
        before = snapshot()
        with pytest.raises(MovedOn, match=r"シート「再委託」3行.*無効"):
            carry_out(plan, by=make.recorder())
        assert snapshot() == before

    def test_a_company_that_somebody_else_has_registered_meanwhile(self):
        plan = plan_of(companies=[new_company(1), new_company(2)])
        contractors.add(by=make.recorder(), name="先", corporate_number=synthetic_number(2))
        before = snapshot()
        with pytest.raises(ValidationError, match=r"シート「委託先」4行.*既に登録されています"):
            carry_out(plan, by=make.recorder())
        assert snapshot() == before

    def test_what_comes_last_within_the_transaction_takes_all_of_it_back(self):
        contract = make.unsaved_contract(agency=make.agency(), contractor=make.contractor())
        before = snapshot()
        with pytest.raises(ZeroDivisionError):
            carry_out(plan_of(contracts=[contract]), by=make.recorder(), then=lambda: 1 // 0)
        assert snapshot() == before


class TestNumbers:
    def test_of_a_fresh_ledger_are_kept_and_numbering_goes_on_after_them(self):
        agency, company = make.agency(), make.contractor()
        rows = [make.unsaved_contract(agency=agency, contractor=company) for _ in range(3)]
        for row, serial in zip(rows, (4, 9, None), strict=True):
            row.serial, row.fiscal_year = serial, 2017
        rows[1].fiscal_year = 2016  # the day was corrected later: its code stays
        links = [
            Subcontract(contract=rows[0], contractor=company, first_day=make.FIRST, number=number)
            for number in (3, None, 1)
        ]
        carry_out(plan_of(contracts=rows, links=links), by=make.recorder(), fresh=True)
        assert [row.code.split("-", 1)[1] for row in rows] == [
            "2017-00004",
            "2016-00009",
            "2017-00005",
        ]
        assert [link.number for link in links] == [3, 4, 1]
        assert make.contract(agency=agency).code.endswith("-2017-00006")

    def test_of_a_ledger_in_use_are_given_anew(self):
        first = make.contract()
        row = make.unsaved_contract(agency=first.agency, contractor=first.contractor)
        row.serial, row.fiscal_year = 7, 2017
        carry_out(plan_of(contracts=[row]), by=make.recorder())
        assert row.code == f"{first.agency.code}-2017-00002"
