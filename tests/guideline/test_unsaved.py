"""What the rules say of a contract in memory is what they say of it once it is saved."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from guideline import actions as reasons
from guideline.evaluation import evaluate
from guideline.models import Finding
from guideline.reading import facts_for
from guideline.subjects import subject_in_words
from guideline.unsaved import expected, fact_of
from outsourcing.actions import contractors, contracts, entries, records, subcontracts
from outsourcing.entries import Entry
from outsourcing.models import (
    Amendment,
    AnonymizationDecision,
    Approval,
    Contract,
    Inspection,
    InspectionTarget,
    Subcontract,
)
from tests import factories as make
from tests import strategies
from tests.guideline import written
from tests.guideline.entered import amendments_of, entry_of
from tests.properties import fewer
from tests.strategies import duties, inspections

pytestmark = pytest.mark.django_db

DAY = date(2017, 5, 1)
VOID = {"on": date(2018, 1, 9), "reason": "誤記"}
SHARED = settings(fewer(4), suppress_health_check=list(HealthCheck))

LEDGERS = st.one_of(
    strategies.ledgers(),
    duties.texts(),
    duties.conduct(),
    duties.passed_down(),
    duties.disposals(),
    inspections.inspected(),
)


@pytest.fixture
def world():
    return written.World(
        [make.agency()], {number: make.contractor() for number in strategies.COMPANIES}
    )


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


# What is compared


def told(fact) -> dict:
    """All that rules see but the holdings, which are compared by what comes of them. What has no
    order of its own is put into one."""
    found = asdict(replace(fact, holdings=None, id=0))
    for owner in (found, *found["links"]):
        for name in ("inspections", "flow_down", "confirmed", "approvals", "notices"):
            if name in owner:
                owner[name] = sorted(map(repr, owner[name]))
    found["justified"] = {key: sorted(spans) for key, spans in found["justified"].items()}
    return found


def values(fact) -> list[str]:
    return sorted(repr(replace(value, contract=None)) for value in evaluate([fact]))


def in_words(entry: Entry) -> list[tuple]:
    """What a page would say of it before it is saved."""
    return in_order(
        (f.rule.code, f.subject, f.severity, f.since, f.last_day, f.excused)
        for f in expected(entry)
    )


def stored(contract: Contract) -> list[tuple]:
    """The findings it has."""
    return in_order(
        (
            row.rule,
            subject_in_words(row.subject),
            row.severity,
            row.since,
            row.until and row.until - timedelta(days=1),
            row.excused,
        )
        for row in Finding.objects.filter(contract=contract)
    )


def in_order(rows) -> list[tuple]:
    return sorted(rows, key=repr)


def agrees(contract: Contract) -> None:
    """Of a contract as it is saved."""
    entry = Entry.of(Contract.objects.get(pk=contract.pk))
    found, (recorded,) = fact_of(entry), facts_for([contract.pk])
    assert told(found) == told(recorded)
    assert values(found) == values(recorded)
    assert in_words(entry) == stored(contract)


# Random ledgers


@SHARED
@given(LEDGERS, st.data())
def test_of_any_ledger(world, ledger, data):
    """From nothing, then saved, then amended and ended, each before and after it is saved."""
    _, plain, companies = ledger
    by = make.recorder()
    with undone():
        written.write_companies(world, companies, bulk=True)
        known = dict(zip(world.companies, fresh(world), strict=True))
        entry = entry_of(plain, world.agencies[0], known)
        found, said = fact_of(entry), in_words(entry)
        contract = entries.register(entry, by=by)
        assert said == stored(contract)
        (recorded,) = facts_for([contract.pk])
        assert told(found) == told(recorded)
        assert values(found) == values(recorded)
        agrees(contract)
        amend(contract, plain, by)
        change_at_random(contract, data, by)
        agrees(contract)


def fresh(world) -> list:
    """What another example did to companies in memory was undone in the database."""
    keys = [company.pk for company in world.companies.values()]
    rows = type(next(iter(world.companies.values()))).objects.in_bulk(keys)
    return [rows[key] for key in keys]


def amend(contract: Contract, plain, by) -> None:
    """First tried on what is saved, then saved."""
    entry = Entry.of(Contract.objects.get(pk=contract.pk))
    entry.amendments += amendments_of(plain, entry.contract)
    saved = amendments_of(plain, contract)
    contracts.amend_many(saved, by=by)
    if plain.terminated:
        contracts.terminate(contract, by=by, on=plain.terminated, reason="合意解除")
    entry.contract.last_day = Contract.objects.get(pk=contract.pk).last_day
    assert in_words(entry) == stored(contract)


def change_at_random(contract: Contract, data, by) -> None:
    """Some rows turn out to be no facts."""
    rows = Entry.of(contract)
    for approval in rows.approvals:
        if data.draw(st.integers(0, 3)) == 0:
            subcontracts.void_record(approval, by=by, **VOID)
    for kind in (rows.flow_down, rows.checks, rows.confirmations, rows.decisions):
        for row in kind:
            if data.draw(st.integers(0, 3)) == 0:
                records.void_record(row, by=by, **VOID)
    below = {link.parent_id for link in rows.links}
    for link in rows.links:
        if link.pk not in below and data.draw(st.integers(0, 3)) == 0:
            subcontracts.void_link(link, by=by, **VOID)
    for amendment in rows.amendments:
        if amendment.last_day is None and data.draw(st.integers(0, 3)) == 0:
            contracts.void_amendment(amendment, by=by, **VOID)


# By example


@pytest.fixture
def contract():
    return make.contract(first_day=DAY - timedelta(days=30), last_day=date(2018, 3, 31))


def reread(contract: Contract) -> Contract:
    return Contract.objects.get(pk=contract.pk)


def test_what_is_voided_is_no_fact(contract):
    upper, lower = make.chain(contract=contract, depth=2)
    approval = make.approval(link=lower, decided_on=DAY)
    inspection = make.inspection(contract=contract, link=lower)
    agrees(contract)
    subcontracts.void_record(approval, by=make.recorder(), **VOID)
    agrees(contract)
    subcontracts.void_link(lower, by=make.recorder(), **VOID)
    agrees(contract)
    assert [link.number for link in Entry.of(reread(contract)).links] == [upper.number]
    Inspection.objects.filter(pk=inspection.pk).update(voided_on=DAY, void_reason="誤記")
    assert Entry.of(reread(contract)).targets == []


def test_a_link_of_a_link_that_is_no_fact(contract):
    """No action makes one; rules take it for a link at the top, and so does an entry."""
    upper, lower = make.chain(contract=contract, depth=2)
    Subcontract.objects.filter(pk=upper.pk).update(voided_on=DAY, void_reason="誤記")
    Subcontract.objects.filter(pk=lower.pk).update(last_day=None)
    entry = Entry.of(reread(contract))
    (recorded,) = facts_for([contract.pk])
    assert told(fact_of(entry)) == told(recorded)
    (link,) = entry.links
    assert (link.number, link.parent) == (lower.number, None)


def test_a_new_link_is_told_by_the_number_it_will_have(contract):
    """Numbers of links that are no facts are not given again."""
    by = make.recorder()
    _, lower = make.chain(contract=contract, depth=2)
    subcontracts.void_link(lower, by=by, **VOID)
    entry = Entry.of(reread(contract))
    company = make.contractor()
    entry.links.append(Subcontract(contract=contract, contractor=company, first_day=DAY))
    said = in_words(entry)
    assert "再委託3" in {subject for _, subject, *_ in said}
    subcontracts.pass_on(by=by, contract=contract, contractor=company, first_day=DAY)
    assert said == stored(contract)


def test_of_two_amendments_of_one_day_the_later_recorded_stands(contract):
    make.link(contract=contract)
    by = make.recorder()
    contracts.amend(contract, by=by, effective_on=later(9), clause="forbidden")
    agrees(contract)
    entry = Entry.of(reread(contract))
    entry.amendments.append(
        Amendment(contract=contract, effective_on=later(9), clause="unrestricted")
    )
    said = in_words(entry)
    contracts.amend(contract, by=by, effective_on=later(9), clause="unrestricted")
    assert said == stored(contract)
    agrees(contract)


@pytest.mark.parametrize("needed", [[True, False], [False, True]])
def test_of_two_decisions_of_one_day_the_later_recorded_stands(needed):
    first = date(2018, 11, 1)
    contract = make.contract(first_day=first, last_day=date(2019, 3, 31))
    entry = Entry.of(reread(contract))
    entry.decisions += [
        AnonymizationDecision(contract=contract, decided_on=first, needed=each) for each in needed
    ]
    said = in_words(entry)
    missing = {rule for rule, *_ in said} & {"anonymization-missing"}
    assert bool(missing) is needed[-1]
    for each in needed:
        row = AnonymizationDecision(contract=contract, decided_on=first, needed=each)
        records.record(row, by=make.recorder())
    assert said == stored(contract)


def test_an_approval_without_a_day_does_not_count(contract):
    link = make.link(contract=contract)
    entry = Entry.of(reread(contract))
    before = in_words(entry)
    assert before == stored(contract)
    entry.approvals.append(Approval(subcontract=entry.links[0], result="approved"))
    assert in_words(entry) == before
    make.approval(link=link, decided_on=None)
    assert stored(contract) == before
    agrees(contract)


def test_a_reason_excuses_its_days(contract):
    asked = {
        "by": make.recorder(), "contract": contract, "rule": "yearly-inspection",
        "subject": "contract", "first_day": date(2018, 3, 31), "last_day": date(2018, 3, 31),
        "reason": "災害", "asked_on": DAY,
    }  # fmt: skip
    row = reasons.ask(**asked)
    agrees(contract)
    assert not any(f.excused for f in expected(Entry.of(reread(contract))))
    reasons.approve(row, by=make.user(role=Role.MANAGER, agency=contract.agency), on=DAY)
    agrees(contract)
    assert any(f.excused for f in expected(Entry.of(reread(contract))))
    reasons.void_justification(row, by=make.recorder(), **VOID)
    agrees(contract)


def test_a_link_to_a_subsidiary_that_is_not_saved(contract):
    company = make.subsidiary(of=contract.contractor)
    entry = Entry.of(reread(contract))
    entry.links.append(Subcontract(contract=contract, contractor=company, first_day=DAY))
    (before,) = [v for v in evaluate([fact_of(entry)]) if v.rule == "unapproved-subcontract"]
    subcontracts.pass_on(by=make.recorder(), contract=contract, contractor=company, first_day=DAY)
    row = Finding.objects.get(rule="unapproved-subcontract")
    assert [part["relation"] for part in row.relations] == ["wholly_owned"]
    assert [relation for _, _, relation, _ in before.relations] == ["wholly_owned"]
    contractors.dissolve(company, by=make.recorder(), on=later(30))
    agrees(contract)


def test_a_contract_whose_companies_are_not_chosen_yet():
    plain = make.unsaved_contract(agency=make.agency(), contractor=make.contractor())
    plain.contractor = None
    plain.last_day = plain.agreed_last_day
    entry = Entry(plain, links=[Subcontract(contract=plain, first_day=plain.first_day)])
    assert ("unapproved-subcontract", "再委託1") in {found.key for found in expected(entry)}


def test_one_visit_of_a_contract_and_its_links(contract):
    link = make.link(contract=contract)
    entry = Entry.of(reread(contract))
    visit = Inspection(agency=contract.agency, day=date(2018, 3, 31), method="on_site")
    covers = {"covers_management": True, "covers_work": True}
    entry.targets += [
        InspectionTarget(inspection=visit, contract=contract, subcontract=of, **covers)
        for of in (None, entry.links[0])
    ]
    said = in_words(entry)
    assert not {rule for rule, *_ in said} & {"yearly-inspection", "link-inspection"}
    targets = [InspectionTarget(contract=contract, subcontract=of, **covers) for of in (None, link)]
    records.inspect_many([(visit, targets)], by=make.recorder())
    assert said == stored(contract)


def test_it_asks_no_more_often_because_there_is_more(contract):
    def asked(depth):
        for link in make.chain(contract=contract, depth=depth):
            make.approval(link=link)
            make.inspection(contract=contract, link=link)
        with CaptureQueriesContext(connection) as queries:
            expected(Entry.of(reread(contract)))
        return len(queries)

    assert asked(1) == asked(12)
