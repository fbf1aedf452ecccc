"""One change to the ledger moves exactly the cells it should, and reconciliation names them and the
contract behind."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import F

from guideline.models import Finding
from outsourcing.actions import contractors, contracts, subcontracts
from outsourcing.models import (
    Clause,
    Contract,
    Shareholding,
    Subcontract,
)
from outsourcing.scope import Scope
from surveys.actions import confirm
from surveys.models import Confirmation, Confirmed
from surveys.reconciliation import reconcile, traces
from surveys.sentences import sentences

BREACHES = Finding.objects.filter(severity="breach")
pytestmark = pytest.mark.django_db

FIRST, LAST = date(2017, 4, 1), date(2018, 3, 31)
TODAY = date(2018, 9, 1)  # when the changes are made


@pytest.fixture
def breaching(reproduction):
    return BREACHES.values("contract_id")


@pytest.fixture
def approved(reproduction, breaching) -> Subcontract:
    """A link that one approval keeps in order, in a contract of an organ confirmed to be so."""
    return (
        Subcontract.objects.filter(
            contract__clause=Clause.PRIOR_APPROVAL,
            contract__information="personal",
            contract__agency__kind="organ",
            contract__first_day=FIRST,
            contract__last_day=LAST,
            contract__amendments=None,
            contract__exempt_work={},
            children=None,
            approvals__result="approved",
            approvals__decided_on__lte=F("first_day"),
        )
        .exclude(contract__in=breaching)
        .select_related("contract__agency")
        .order_by("pk")
        .first()
    )


def moved(round_, *expected_of: Contract) -> dict:
    """{(sheet, row, column): how much more than printed}, and that the contract is named."""
    result = reconcile(round_, Scope.everything())
    named = {trace.contract.pk for trace in traces(round_, Scope.everything())}
    assert named == {contract.pk for contract in expected_of}
    return {
        (cell.sheet, cell.row, cell.column): cell.rebuilt - cell.published
        for cell in result.differing
    }


def of_organ(contract: Contract, **columns: int) -> dict:
    """The cells in which a contract on personal information of an organ is counted."""
    rows = (
        ("administrative-organs", contract.agency.code),
        ("administrative-organs", "total"),
        ("summary-personal", "organ"),
        ("summary-personal", "total"),
    )
    return {(*row, column): by for row in rows for column, by in columns.items()}


def test_an_approval_taken_back(reproduction, approved, recorder):
    for approval in approved.approvals.all():
        subcontracts.void_record(approval, by=recorder, on=TODAY, reason="誤記")
    contract = approved.contract
    assert moved(reproduction, contract) == of_organ(contract, no_breach=-1)


def test_an_approval_withdrawn_on_the_last_day_of_the_year(reproduction, approved, recorder):
    subcontracts.approve(approved, by=recorder, decided_on=LAST, result="withdrawn")
    assert moved(reproduction, approved.contract) == of_organ(approved.contract, no_breach=-1)


def test_an_approval_withdrawn_the_day_after_the_year(reproduction, approved, recorder):
    subcontracts.approve(approved, by=recorder, decided_on=date(2018, 4, 1), result="withdrawn")
    assert moved(reproduction) == {}


def test_a_chain_deepened_without_approval(reproduction, approved, recorder):
    subcontracts.pass_on(
        by=recorder,
        contract=approved.contract,
        parent=approved,
        contractor=approved.contract.contractor,
        first_day=LAST,
    )
    assert moved(reproduction, approved.contract) == of_organ(approved.contract, no_breach=-1)


def test_a_term_moved_out_of_the_year(reproduction, approved, recorder):
    contract = approved.contract
    contracts.correct(
        contract, by=recorder, first_day=date(2018, 4, 1), agreed_last_day=date(2019, 3, 31)
    )
    assert moved(reproduction, contract) == of_organ(contract, total=-1, no_breach=-1)


def test_a_contract_voided(reproduction, approved, recorder):
    contracts.void_contract(approved.contract, by=recorder, on=TODAY, reason="二重登録")
    assert moved(reproduction, approved.contract) == of_organ(
        approved.contract, total=-1, no_breach=-1
    )


def test_a_clause_amended_to_forbid_in_mid_year(reproduction, approved, recorder):
    contracts.amend(
        approved.contract, by=recorder, effective_on=date(2018, 3, 1), clause=Clause.FORBIDDEN
    )
    assert moved(reproduction, approved.contract) == of_organ(approved.contract, no_breach=-1)


def test_a_breach_found_and_confirmed_as_one(reproduction, approved, recorder):
    subcontracts.approve(approved, by=recorder, decided_on=approved.first_day, result="withdrawn")
    contract = approved.contract
    survey = reproduction.survey("personal")
    confirm(survey, contract, by=recorder, result=Confirmed.BREACH, on=TODAY)
    assert moved(reproduction) == of_organ(contract, no_breach=-1, breach=1)


def test_a_contract_found_later(reproduction, approved, recorder):
    contract = approved.contract
    found = contracts.register(
        by=recorder,
        agency=contract.agency,
        synthetic=True,
        title="後から見つかった契約（架空）",
        contractor=contract.contractor,
        concluded_on=LAST,
        first_day=LAST,
        agreed_last_day=LAST,
        work=Contract.Work.OTHER,
        information=Contract.Information.PERSONAL,
        clause=Clause.NOT_STATED,
    )
    assert moved(reproduction, found) == of_organ(found, total=1)


@pytest.fixture
def never_approved(reproduction) -> Subcontract:
    """The one link that breaks its contract, of an organ, for want of any approval."""
    found = BREACHES.filter(
        contract__information="personal",
        contract__agency__kind="organ",
        contract__clause=Clause.PRIOR_APPROVAL,
        contract__amendments=None,
        since__gte=FIRST,
        since__lt=LAST,
    ).exclude(contract__subcontracts__approvals__result__in=["withdrawn", "rejected"])
    for finding in found.select_related("contract__agency").order_by("pk"):
        link = finding.contract.subcontracts.get(number=finding.subject.removeprefix("link:"))
        if not link.approvals.exists() and BREACHES.filter(contract=finding.contract).count() == 1:
            return link
    raise AssertionError("the seed has no such breach")


def test_an_approval_dated_in_time_clears_the_breach(reproduction, never_approved, recorder):
    contract = never_approved.contract
    subcontracts.approve(
        never_approved, by=recorder, decided_on=never_approved.first_day, result="approved"
    )
    assert moved(reproduction, contract) == of_organ(contract, breach=-1)


def test_an_approval_one_day_late_closes_the_breach_and_moves_no_cell(
    reproduction, never_approved, recorder
):
    late = date.fromordinal(never_approved.first_day.toordinal() + 1)
    subcontracts.approve(never_approved, by=recorder, decided_on=late, result="approved")
    finding = BREACHES.get(contract=never_approved.contract)
    assert (finding.since, finding.until) == (never_approved.first_day, late)
    assert moved(reproduction) == {}


def test_a_holding_sold_before_the_year_moves_a_sentence_and_no_cell(reproduction, recorder):
    holding = (
        Shareholding.objects.filter(
            share=100,
            first_day__lt=FIRST,
            last_day=None,
            held__subcontracts__contract__in=BREACHES.values("contract_id"),
            holder=F("held__subcontracts__contract__contractor"),
        )
        .exclude(held__in=Shareholding.objects.values("holder"))
        .order_by("pk")
        .first()
    )
    before = sentences(reproduction, Scope.everything()).personal
    contractors.correct_holding(holding, by=recorder, last_day=date(2017, 3, 31))
    after = sentences(reproduction, Scope.everything()).personal
    assert (before.to_wholly_owned, after.to_wholly_owned) == (12, 11)
    assert after.breaches == before.breaches == 68
    assert moved(reproduction) == {}


def test_an_unverifiable_contract_that_was_verified_after_all(reproduction, recorder):
    row = Confirmation.objects.filter(result=Confirmed.UNVERIFIABLE).order_by("pk").first()
    contract = row.contract
    confirm(row.survey, contract, by=recorder, result=Confirmed.NO_BREACH, on=TODAY)
    rows = (
        ("independent-agencies", contract.agency.code),
        ("independent-agencies", "total"),
        ("summary-personal", "independent"),
        ("summary-personal", "total"),
    )
    assert moved(reproduction) == {
        (*row, column): by
        for row in rows
        for column, by in (("no_breach", 1), ("unverifiable", -1))
    }


def test_a_statistics_contract_moves_only_its_own_tables(reproduction, recorder, breaching):
    contract = (
        Contract.objects.filter(information="statistics", amendments=None)
        .exclude(pk__in=breaching)
        .order_by("pk")
        .first()
    )
    contracts.void_contract(contract, by=recorder, on=TODAY, reason="二重登録")
    rows = (("statistics", contract.agency.code), ("statistics", "total"))
    rows += (("summary-statistics", "total"),)
    assert moved(reproduction, contract) == {
        (*row, column): -1 for row in rows for column in ("total", "no_breach")
    }
