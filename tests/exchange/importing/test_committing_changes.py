"""Rows that a plan changes, many at once, each to values of its own."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.importing.committing import carry_out
from guideline import actions as reasons
from guideline.models import Finding
from guideline.refresh import refresh_everything
from outsourcing.actions import contracts
from outsourcing.models import Contract, Contractor, Inspection, InspectionTarget, Subcontract
from surveys.models import Confirmation, Confirmed
from tests import factories as make
from tests.exchange.importing.plans import plan_of
from tests.snapshots import snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]

D = date


def findings_are_right() -> bool:
    judged = refresh_everything()
    return (judged.added, judged.changed, judged.removed) == (0, 0, 0)


def test_are_written_each_with_its_own_values_and_a_version_more():
    rows = [make.contract() for _ in range(3)]
    values = [{"title": "甲"}, {"persons": 40, "title": "乙"}, {"clause": "forbidden"}]
    link = make.link(contract=rows[0])
    changes = {
        "contracts": list(zip(rows, values, strict=True)),
        "links": [(link, {"work": "printing", "last_day": D(2017, 9, 30)})],
    }
    counts = carry_out(plan_of(changes=changes), by=make.recorder())
    assert counts.sheets == {"contracts": (0, 3), "links": (0, 1)}
    stored = Contract.objects.in_bulk()
    for row, said in zip(rows, values, strict=True):
        now = stored[row.pk]
        assert now.version == 2
        assert all(getattr(now, name) == value for name, value in said.items())
        kept = {"title", "persons", "clause", "section_id", "number"} - said.keys()
        assert all(getattr(now, name) == getattr(row, name) for name in kept)
    assert stored[rows[1].pk].search_text == "乙"
    assert Subcontract.objects.get().last_day == D(2017, 9, 30)
    assert findings_are_right()


def test_of_many_rows_take_as_many_queries_as_of_few():
    agency, company = make.agency(), make.contractor()
    by, found = make.recorder(), []
    for number in (3, 60):
        rows = make.many_contracts(number=number, agency=agency, contractor=company)
        plan = plan_of(changes={"contracts": [(row, {"title": "改"}) for row in rows]})
        with CaptureQueriesContext(connection) as queries:
            carry_out(plan, by=by)
        found.append(len(queries))
    assert found[1] <= found[0] + 2


def test_the_term_follows_from_contract_and_amendments_together():
    """Neither change alone could be."""
    contract = make.contract()
    amendment = contracts.amend(
        contract, by=make.recorder(), effective_on=D(2018, 3, 1), last_day=D(2018, 6, 30)
    )
    contract.refresh_from_db()
    changes = {
        "contracts": [(contract, {"agreed_last_day": D(2017, 6, 30)})],
        "amendments": [(amendment, {"effective_on": D(2017, 6, 1)})],
    }
    carry_out(plan_of(changes=changes), by=make.recorder())
    assert Contract.objects.get().last_day == D(2018, 6, 30)
    assert findings_are_right()


def test_a_termination_cuts_the_term_and_another_clause_is_judged():
    contract = make.contract()
    make.link(contract=contract)
    values = {"terminated_on": D(2017, 8, 31), "termination_reason": "合意"}
    carry_out(plan_of(changes={"contracts": [(contract, values)]}), by=make.recorder())
    assert Contract.objects.get().last_day == D(2017, 8, 31)
    assert Finding.objects.get(rule="unapproved-subcontract").until == D(2017, 9, 1)


def test_a_link_is_hung_elsewhere_but_never_into_a_circle():
    contract = make.contract()
    upper, lower = make.chain(contract=contract, depth=2)
    other = make.link(contract=contract)
    carry_out(plan_of(changes={"links": [(lower, {"parent": other})]}), by=make.recorder())
    assert Subcontract.objects.get(pk=lower.pk).parent_id == other.pk
    before = snapshot()
    with pytest.raises(ValidationError, match="循環"):
        carry_out(
            plan_of(changes={"links": [(other, {"parent": upper}), (upper, {"parent": other})]}),
            by=make.recorder(),
        )
    assert snapshot() == before


def test_what_a_row_says_of_its_visit_changes_all_that_the_visit_saw():
    first = make.contract()
    second = make.contract(agency=first.agency)
    visit = make.inspection(contract=first)
    seen = InspectionTarget(inspection=visit, contract=second)
    target = visit.targets.get()
    plan = plan_of(
        inspections=[seen],
        changes={"inspections": [(target, {"day": D(2018, 2, 1), "covers_work": True})]},
    )
    carry_out(plan, by=make.recorder())
    assert Inspection.objects.get().day == D(2018, 2, 1)
    assert InspectionTarget.objects.get(pk=target.pk).covers_work
    assert visit.targets.count() == 2
    assert findings_are_right()


def test_a_confirmation_is_replaced_and_the_earlier_one_stays_voided():
    agency = make.agency()
    round_ = make.survey_round(organs=[agency])
    contract = make.contract(agency=agency)
    row = make.confirmation(round_=round_, contract=contract)
    values = {"result": Confirmed.UNVERIFIABLE, "reason": "解散"}
    carry_out(plan_of(changes={"surveyed": [(row, values)]}), by=make.recorder())
    assert Confirmation.objects.get(voided_on=None).result == Confirmed.UNVERIFIABLE
    assert Confirmation.objects.count() == 2


def test_companies_holdings_plans_reasons_actions_and_provisions():
    link = make.link(contract=make.contract())
    company, contract = link.contractor, link.contract
    held = make.holding(holder=contract.contractor, held=company, share=60)
    plan = make.plan(contract=contract)
    provision = make.disclosure(agency=contract.agency)
    finding = Finding.objects.filter(rule="unapproved-subcontract").get()
    action = make.corrective_action(finding=finding)
    reason = reasons.ask(
        by=make.recorder(),
        contract=contract,
        rule=finding.rule,
        subject=finding.subject,
        first_day=D(2017, 5, 1),
        last_day=D(2017, 5, 2),
        reason="災害",
        asked_on=D(2017, 5, 3),
    )
    changes = {
        "companies": [(company, {"name": "改めた社名", "dissolved_on": D(2017, 12, 1)})],
        "holdings": [(held, {"share": 100})],
        "plans": [(plan, {"planned_on": D(2017, 11, 11)})],
        "disclosures": [(provision, {"terms_agreed_on": D(2017, 4, 1)})],
        "corrections": [(action, {"closed_on": D(2018, 7, 1), "outcome": "済み"})],
        "justifications": [(reason, {"approved_by": make.user(), "approved_on": D(2017, 5, 4)})],
    }
    carry_out(plan_of(changes=changes), by=make.recorder())
    assert Contractor.objects.get(pk=company.pk).search_name.startswith("改めた社名")
    assert Finding.objects.filter(rule=finding.rule, excused=True).exists()
    relations = Finding.objects.filter(rule=finding.rule).latest("since").relations
    assert [part["relation"] for part in relations] == ["wholly_owned", "none"]
    assert findings_are_right()
