"""What rules see of the ledger is what was recorded, for one contract as for many."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from guideline import actions, reading
from guideline.facts import AmendedItem, InspectionFact
from guideline.intervals import FOREVER
from guideline.reading import disclosure_facts_for, facts_for
from outsourcing.actions import contracts, records
from outsourcing.models import (
    AnonymizationDecision,
    AnonymizationMeasure,
    CapabilityCheck,
    Contract,
    Disposal,
    FlowDownRecord,
    Inspection,
    InspectionTarget,
    WrittenConfirmation,
)
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2017, 5, 1)
VOID = {"on": date(2018, 1, 9), "reason": "誤記"}


def fact(contract: Contract):
    (found,) = facts_for([contract.pk])
    return found


def number(day: date) -> int:
    return day.toordinal()


def later(days: int) -> date:
    return date.fromordinal(DAY.toordinal() + days)


def record(row):
    return records.record(row, by=make.recorder())


def inspected(contract, *, link=None, day=DAY, method="on_site", reason="", **covers):
    visit = Inspection(agency=contract.agency, day=day, method=method, not_on_site_reason=reason)
    target = InspectionTarget(contract=contract, subcontract=link, **covers)
    records.inspect_many([(visit, [target])], by=make.recorder())
    return target


@pytest.fixture
def contract():
    return make.contract(items={"8-4(1)": {"article": "第3条"}, "8-4(3)": None})


def test_a_contract_of_which_nothing_is_recorded(contract):
    found = fact(contract)
    assert (found.checked, found.measured, found.proof) == (FOREVER, FOREVER, FOREVER)
    assert (found.confirmed, found.inspections, found.decisions) == ((), (), ())
    # An item that is named with no place is not said; item (2) is the clause.
    assert found.items == {"8-4(1)", "8-4(2)"}
    assert not found.medical
    assert not found.dispatched


def test_its_clause_is_item_2():
    assert fact(make.contract(clause="not_stated")).items == frozenset()


@pytest.mark.parametrize(("work", "medical"), [("staff_health_check", True),
                                               ("medical_examination", True),
                                               ("data_entry", False)])  # fmt: skip
def test_medical_work(work, medical):
    assert fact(make.contract(work=work)).medical is medical


def test_dispatched_workers():
    found = fact(make.contract(uses_dispatched_workers=True, dispatch_article="第8条"))
    assert (found.dispatched, found.dispatch_said) == (True, True)


def test_the_first_check_counts(contract):
    for days in (3, 1, 2):
        record(CapabilityCheck(contract=contract, checked_on=later(days)))
    assert fact(contract).checked == number(later(1))


def test_matters_by_the_day_they_were_confirmed(contract):
    for days, matters in ((5, ["management", "inspection"]), (2, ["inspection"])):
        record(WrittenConfirmation(contract=contract, matters=matters, confirmed_on=later(days)))
    assert listed(fact(contract).confirmed) == {
        (number(later(5)), frozenset({"management", "inspection"})),
        (number(later(2)), frozenset({"inspection"})),
    }


def listed(lists) -> set:
    return {(found.day, found.things) for found in lists}


def test_decisions_in_order_of_days_and_of_one_day_as_recorded(contract):
    for days, needed in ((4, True), (2, False), (4, False)):
        record(AnonymizationDecision(contract=contract, decided_on=later(days), needed=needed))
    four = number(later(4))
    assert fact(contract).decisions == ((number(later(2)), False), (four, True), (four, False))


def test_the_first_measure_counts(contract):
    for days in (7, 6):
        record(AnonymizationMeasure(contract=contract, done_on=later(days), method="番号"))
    assert fact(contract).measured == number(later(6))


def test_proof_is_the_certificate_and_of_its_own_subject(contract):
    link = make.link(contract=contract)
    for subject, certificate in ((None, None), (None, later(9)), (link, later(3))):
        record(
            Disposal(
                contract=contract, subcontract=subject, method="erased", done_on=DAY,
                certificate_received_on=certificate,
            )
        )  # fmt: skip
    found = fact(contract)
    assert (found.proof, found.links[0].proof) == (number(later(9)), number(later(3)))


@pytest.mark.parametrize(
    ("method", "reason", "in_principle"),
    [("on_site", "", True), ("documents", "", False), ("remote", "遠隔地のため", True)],
)
def test_an_inspection_with_its_scopes(contract, method, reason, in_principle):
    inspected(contract, method=method, reason=reason, covers_handling=False, covers_work=True)
    assert fact(contract).inspections == (
        InspectionFact(number(DAY), in_principle, frozenset({"work"})),
    )


def test_an_inspection_of_a_link_is_not_one_of_the_contract(contract):
    link = make.link(contract=contract)
    inspected(contract, link=link, covers_management=True)
    found = fact(contract)
    assert found.inspections == ()
    assert found.links[0].inspections == (
        InspectionFact(number(DAY), True, frozenset({"handling", "management"})),
    )


def test_what_flows_down_and_what_handles_no_information(contract):
    link = make.link(contract=contract)
    other = make.link(contract=contract, handles_information=False)
    for days, items in ((3, ["capability", "8-4(1)"]), (1, ["8-4(1)"])):
        record(FlowDownRecord(subcontract=link, items=items, recorded_on=later(days)))
    first, second = fact(contract).links
    assert listed(first.flow_down) == {
        (number(later(3)), frozenset({"capability", "8-4(1)"})),
        (number(later(1)), frozenset({"8-4(1)"})),
    }
    assert (second.number, second.handles, second.flow_down) == (other.number, False, ())


def test_items_that_amendments_name_with_the_day_that_judges_them(contract):
    by = make.recorder()
    contracts.amend(contract, by=by, effective_on=later(30), concluded_on=later(20),
                    items={"8-4(3)": {"article": "第9条"}, "8-4(1)": None})  # fmt: skip
    contracts.amend(contract, by=by, effective_on=later(40), clause="not_stated")
    found = fact(contract)
    assert set(found.amended_items) == {
        AmendedItem(number(later(30)), number(later(20)), "8-4(3)", True),
        AmendedItem(number(later(30)), number(later(20)), "8-4(1)", False),
        AmendedItem(number(later(40)), number(later(40)), "8-4(2)", False),
    }
    assert found.clauses[-1].judged == number(later(40))


def test_reasons_once_approved(contract):
    row = actions.ask(
        by=make.recorder(), contract=contract, rule="yearly-inspection", subject="contract",
        first_day=DAY, last_day=later(1), reason="災害", asked_on=DAY,
    )  # fmt: skip
    assert fact(contract).justified == {}
    actions.approve(row, by=make.user(role=Role.MANAGER, agency=contract.agency), on=DAY)
    assert fact(contract).justified == {
        ("yearly-inspection", "contract"): [(number(DAY), number(later(2)))]
    }


def test_what_is_voided_is_no_fact(contract):
    link = make.link(contract=contract)
    rows = [
        record(CapabilityCheck(contract=contract, checked_on=DAY)),
        record(WrittenConfirmation(contract=contract, matters=["management"], confirmed_on=DAY)),
        record(AnonymizationDecision(contract=contract, decided_on=DAY, needed=True)),
        record(AnonymizationMeasure(contract=contract, done_on=DAY, method="番号")),
        record(FlowDownRecord(subcontract=link, items=["capability"], recorded_on=DAY)),
        record(
            Disposal(contract=contract, method="erased", done_on=DAY, certificate_received_on=DAY)
        ),
        inspected(contract),
    ]
    plain = fact(make.contract(items=contract.items))
    assert fact(contract).checked == number(DAY)
    for row in rows:
        records.void_record(row, by=make.recorder(), **VOID)
    found = fact(contract)
    for field in ("checked", "confirmed", "decisions", "measured", "proof", "inspections"):
        assert getattr(found, field) == getattr(plain, field), field
    assert found.links[0].flow_down == ()


def test_many_are_read_as_one_by_one_wherever_their_keys_lie():
    made = [make.contract() for _ in range(9)]
    for place, contract in enumerate(made):
        record(CapabilityCheck(contract=contract, checked_on=later(place)))
        record(
            FlowDownRecord(
                subcontract=make.link(contract=contract), items=["capability"],
                recorded_on=later(place),
            )
        )  # fmt: skip
    single = {contract.pk: told(fact(contract)) for contract in made}
    for chosen in (made, made[:2], [made[0], made[-1]], [made[0], made[4], made[8]]):
        keys = [contract.pk for contract in chosen]
        with CaptureQueriesContext(connection) as asked:
            found = {f.id: told(f) for f in facts_for(sorted(keys))}
        assert found == {key: single[key] for key in keys}
        assert len(asked) <= 6


def told(found) -> dict:
    """All but the holdings, which are read for a slice as a whole."""
    return asdict(replace(found, holdings=None))


def test_information_provided_to_others():
    row = make.disclosure(
        recipient_is_public=True, measures_decided_on=DAY, measures_needed=True,
        terms_agreed_on=later(1), safety_requested_on=later(2), survey_decided_on=later(3),
        survey_needed=True, surveyed_on=later(4), anonymization_decided_on=later(5),
        anonymization_needed=True, anonymized_on=later(6), last_day=None,
    )  # fmt: skip
    (found,) = disclosure_facts_for([row.pk])
    assert (found.public, found.until, found.measures_needed) == (True, FOREVER, True)
    days = (found.measures_decided, found.terms, found.safety, found.survey_decided,
            found.surveyed, found.decisions[0][0], found.measured)  # fmt: skip
    assert days == tuple(number(later(n)) for n in range(7))


def test_links_come_in_order_of_their_numbers_whatever_order_they_are_read_in(
    contract, monkeypatch
):
    made = [make.link(contract=contract) for _ in range(3)]
    asked = reading.LINKS
    monkeypatch.setattr(reading, "LINKS", lambda ids: reversed(list(asked(ids))))
    assert [link.number for link in fact(contract).links] == [link.number for link in made]
