"""What was missing of a breach, said from the clause and the decisions on record."""

from __future__ import annotations

from datetime import date

import pytest

from audit.violation_report_lacks import lacking
from guideline.intervals import FOREVER
from guideline.models import Finding
from guideline.reading import facts_for
from outsourcing.actions import contracts, subcontracts
from tests import factories as make

pytestmark = pytest.mark.django_db


def told(contract) -> list[str]:
    (fact,) = [fact for fact in facts_for([contract.pk]) if fact.id == contract.pk]
    found = Finding.objects.filter(contract=contract, severity="breach").order_by("since")
    return [
        lacking(
            fact, fact.links[0], f.rule, f.since.toordinal(),
            f.until.toordinal() if f.until else FOREVER,
        )
        for f in found
    ]  # fmt: skip


@pytest.fixture
def contract():
    return make.contract()


def test_no_approval_at_all(contract):
    make.link(contract=contract)
    assert told(contract) == ["承認がない"]


def test_an_approval_that_was_refused_is_none(contract):
    make.approval(link=make.link(contract=contract), result="rejected")
    assert told(contract) == ["承認がない"]


def test_a_late_approval(contract):
    make.approval(link=make.link(contract=contract), decided_on=date(2017, 8, 1))
    assert told(contract) == ["事前の承認がない（承認は2017-08-01から）"]


def test_an_approval_that_ran_out(contract):
    link = make.link(contract=contract)
    make.approval(link=link, last_day=date(2017, 9, 30))
    assert told(contract) == ["承認の有効期間（2017-09-30まで）の後も続いた"]


def test_an_approval_that_was_withdrawn(contract):
    link = make.link(contract=contract)
    make.approval(link=link)
    make.approval(link=link, result="withdrawn", decided_on=date(2017, 10, 1))
    assert told(contract) == ["承認が2017-10-01に取り消された後も続いた"]


def test_a_gap_between_two_approvals(contract):
    link = make.link(contract=contract)
    make.approval(link=link, last_day=date(2017, 9, 30))
    make.approval(link=link, decided_on=date(2017, 11, 1))
    assert told(contract) == ["承認の有効期間（2017-09-30まで）の後も続いた"]


def test_what_the_contract_forbids():
    contract = make.contract(clause="forbidden")
    make.approval(link=make.link(contract=contract))
    assert told(contract) == ["契約が再委託を禁止している"]


def test_what_the_contract_forbids_from_an_amendment_on(contract):
    make.link(contract=contract)
    contracts.amend(
        contract, by=make.recorder(), effective_on=date(2017, 10, 1), clause="forbidden"
    )
    assert told(contract) == ["契約が再委託を禁止している。承認がない"]


def test_no_notice_and_a_late_one():
    contract = make.contract(clause="prior_notice")
    link = make.link(contract=contract)
    assert told(contract) == ["事前の届出がない"]
    subcontracts.notify(link, by=make.recorder(), received_on=date(2017, 5, 10))
    assert told(contract) == ["事前の届出がない（届出の受理は2017-05-10）"]
