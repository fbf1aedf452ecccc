"""The day before, of and after each date of law, for each rule that has one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guideline.evaluation import evaluate
from guideline.facts import (
    AmendedItem,
    ClauseFact,
    ContractFact,
    DisclosureFact,
    InspectionFact,
    LinkFact,
    Listed,
)
from guideline.intervals import FOREVER
from outsourcing.holdings import Holdings

BEGUN, TIGHTENED = date(2004, 9, 14), date(2018, 10, 22)
DAYS = (-1, 0, 1)
ITEMS = frozenset(f"8-4({n})" for n in range(1, 7))


def number(day: date) -> int:
    return day.toordinal()


def contract(first: date, last: date, *, concluded: date | None = None, **facts) -> ContractFact:
    """A contract of which nothing is recorded but its six items."""
    day = number(concluded or first)
    values = {
        "id": 1,
        "agency": 1,
        "contractor": 1,
        "information": "personal",
        "since": number(first),
        "until": number(last) + 1,
        "clauses": (ClauseFact(0, FOREVER, "prior_approval", frozenset(), day),),
        "links": (),
        "holdings": Holdings(()),
        "concluded": day,
        "items": ITEMS,
    }
    return ContractFact(**values | facts)


def found(fact, rule: str) -> list[tuple[date, date | None]]:
    """The days of a rule's findings: (since, until)."""
    return [
        (date.fromordinal(v.since), None if v.until >= FOREVER else date.fromordinal(v.until))
        for v in evaluate([fact])
        if v.rule == rule
    ]


def link(first: date, last: date, **facts) -> LinkFact:
    return LinkFact(1, 2, "core", "none", number(first), number(last) + 1, **facts)


# Conduct is judged by the edition in force on each day: a term of three days around the date.

CONDUCT_SINCE_2004 = ["capability-check", "written-confirmation"]
CONDUCT_SINCE_2018 = ["anonymization-undecided", "medical-attention"]


@pytest.mark.parametrize(
    ("rule", "begins"),
    [(rule, BEGUN) for rule in CONDUCT_SINCE_2004]
    + [(rule, TIGHTENED) for rule in CONDUCT_SINCE_2018],
)
@pytest.mark.parametrize("offset", DAYS)
def test_conduct_begins_to_fail_on_the_day_its_rule_begins(rule, begins, offset):
    first, last = begins - timedelta(days=1), begins + timedelta(days=offset)
    days = found(contract(first, last, medical=True), rule)
    assert days == [] if last < begins else {(begins, last + timedelta(days=1))} == set(days)


@pytest.mark.parametrize("offset", DAYS)
@pytest.mark.parametrize(
    ("clause", "rule"),
    [("forbidden", "unapproved-subcontract"), ("prior_approval", "unapproved-subcontract"),
     ("prior_notice", "unnotified-subcontract"), ("prior_approval", "flow-down")],
)  # fmt: skip
def test_links_too(clause, rule, offset):
    first, last = BEGUN - timedelta(days=1), BEGUN + timedelta(days=offset)
    fact = contract(
        first,
        last,
        clauses=(ClauseFact(0, FOREVER, clause, frozenset(), number(first)),),
        links=(link(first, last),),
    )
    assert found(fact, rule) == ([] if last < BEGUN else [(BEGUN, last + timedelta(days=1))])


@pytest.mark.parametrize("offset", DAYS)
def test_a_missing_measure_begins_to_fail_with_the_provision(offset):
    first, last = TIGHTENED - timedelta(days=1), TIGHTENED + timedelta(days=offset)
    fact = contract(first, last, decisions=((number(first), True),))
    expected = [] if last < TIGHTENED else [(TIGHTENED, last + timedelta(days=1))]
    assert found(fact, "anonymization-missing") == expected


@pytest.mark.parametrize("offset", DAYS)
def test_the_structure_of_work_is_confirmed_since_2018(offset):
    first, last = TIGHTENED - timedelta(days=1), TIGHTENED + timedelta(days=offset)
    day = number(first)
    fact = contract(
        first, last,
        confirmed=(Listed(day, frozenset({"responsible_person", "management", "inspection"})),),
    )  # fmt: skip
    expected = [] if last < TIGHTENED else [(TIGHTENED, last + timedelta(days=1))]
    assert found(fact, "written-confirmation") == expected


# What a contract must say is judged by the day of its conclusion.


@pytest.mark.parametrize("offset", DAYS)
def test_items_are_asked_of_what_is_concluded_from_2004_on(offset):
    concluded = BEGUN + timedelta(days=offset)
    first, last = date(2004, 10, 1), date(2005, 3, 31)
    fact = contract(first, last, concluded=concluded, items=ITEMS - {"8-4(3)"})
    expected = [] if concluded < BEGUN else [(first, date(2005, 4, 1))]
    assert found(fact, "required-clause") == expected


@pytest.mark.parametrize("offset", DAYS)
def test_what_a_reason_leaves_is_judged_by_the_text_that_stands_then(offset):
    """An item left out by the contract, and once more by an amendment after the law was tightened;
    a reason excuses the days until the amendment, one less, or one more."""
    first, last = date(2018, 10, 1), date(2019, 3, 31)
    fact = contract(
        first, last, items=ITEMS - {"8-4(3)"},
        amended_items=(AmendedItem(number(TIGHTENED), number(TIGHTENED), "8-4(3)", False),),
    )  # fmt: skip
    left = number(TIGHTENED) + offset
    fact.justified["required-clause", "item:8-4(3)"] = [(number(first), left)]
    editions = {
        (v.since, v.excused): date.fromordinal(v.edition)
        for v in evaluate([fact])
        if v.rule == "required-clause"
    }
    then = BEGUN if offset < 0 else TIGHTENED
    assert editions == {(number(first), True): BEGUN, (left, False): then}


@pytest.mark.parametrize("offset", DAYS)
def test_and_the_dispatch_contract(offset):
    concluded = BEGUN + timedelta(days=offset)
    first, last = date(2004, 10, 1), date(2005, 3, 31)
    fact = contract(first, last, concluded=concluded, dispatched=True)
    expected = [] if concluded < BEGUN else [(first, date(2005, 4, 1))]
    assert found(fact, "dispatch-clause") == expected


@pytest.mark.parametrize("offset", DAYS)
def test_subsidiaries_are_to_be_named_in_what_is_concluded_from_2018_on(offset):
    concluded = TIGHTENED + timedelta(days=offset)
    first, last = date(2018, 11, 1), date(2019, 3, 31)
    expected = [] if concluded < TIGHTENED else [(first, date(2019, 4, 1))]
    assert found(contract(first, last, concluded=concluded), "subsidiary-clause") == expected


@pytest.mark.parametrize("offset", DAYS)
def test_and_in_what_an_amendment_renews_from_2018_on(offset):
    first, last, effective = date(2018, 4, 1), date(2019, 3, 31), date(2018, 12, 1)
    amended = number(TIGHTENED + timedelta(days=offset))
    day = number(effective)
    fact = contract(
        first, last,
        clauses=(
            ClauseFact(0, day, "prior_approval", frozenset(), number(first)),
            ClauseFact(day, FOREVER, "prior_notice", frozenset(), amended),
        ),
        amended_items=(AmendedItem(day, amended, "8-4(2)", True),),
    )  # fmt: skip
    expected = [] if offset < 0 else [(effective, date(2019, 4, 1))]
    assert found(fact, "subsidiary-clause") == expected


# Inspections are judged by the last day of the window.


@pytest.mark.parametrize("offset", DAYS)
@pytest.mark.parametrize(
    ("rule", "begins"),
    [("yearly-inspection", BEGUN), ("on-site", TIGHTENED), ("inspection-scope", TIGHTENED)],
)
def test_a_window_is_judged_by_its_last_day(rule, begins, offset):
    last = begins + timedelta(days=offset)
    first = last - timedelta(days=200)
    seen = InspectionFact(number(first), False, frozenset({"handling"}))
    inspections = () if rule == "yearly-inspection" else (seen,)
    days = found(contract(first, last, inspections=inspections), rule)
    assert days == ([] if last < begins else [(last, last + timedelta(days=1))])


@pytest.mark.parametrize("offset", DAYS)
def test_handling_was_to_be_inspected_before_2018_too(offset):
    last = BEGUN + timedelta(days=offset)
    first = last - timedelta(days=200)
    seen = InspectionFact(number(first), True, frozenset({"management", "work"}))
    days = found(contract(first, last, inspections=(seen,)), "inspection-scope")
    assert days == ([] if last < BEGUN else [(last, last + timedelta(days=1))])


@pytest.mark.parametrize("offset", DAYS)
def test_links_are_inspected_since_2004(offset):
    last = BEGUN + timedelta(days=offset)
    first = last - timedelta(days=200)
    days = found(contract(first, last, links=(link(first, last),)), "link-inspection")
    assert days == ([] if last < BEGUN else [(last, last + timedelta(days=1))])


@pytest.mark.parametrize("offset", DAYS)
def test_proof_of_disposal_is_asked_since_2004(offset):
    deadline = BEGUN + timedelta(days=offset)
    last = deadline - timedelta(days=30)
    fact = contract(last - timedelta(days=100), last)
    # Owed before the guideline was in force, it is asked for from the first day of that on.
    assert found(fact, "disposal-proof") == [(max(deadline, BEGUN), None)]


@pytest.mark.parametrize("offset", DAYS)
@pytest.mark.parametrize(
    ("rule", "public"),
    [("provision-terms", False), ("provision-safety", False), ("provision-survey", False),
     ("provision-public", True)],
)  # fmt: skip
def test_information_provided_to_others(rule, public, offset):
    first, last = BEGUN - timedelta(days=1), BEGUN + timedelta(days=offset)
    fact = DisclosureFact(1, 1, number(first), number(last) + 1, public)
    assert found(fact, rule) == ([] if last < BEGUN else [(BEGUN, last + timedelta(days=1))])


@pytest.mark.parametrize("offset", DAYS)
@pytest.mark.parametrize("rule", ["anonymization-undecided", "anonymization-missing"])
def test_and_anonymized_since_2018(rule, offset):
    first, last = TIGHTENED - timedelta(days=1), TIGHTENED + timedelta(days=offset)
    decisions = ((number(first), True),) if rule == "anonymization-missing" else ()
    fact = DisclosureFact(1, 1, number(first), number(last) + 1, False, decisions=decisions)
    expected = [] if last < TIGHTENED else [(TIGHTENED, last + timedelta(days=1))]
    assert found(fact, rule) == expected


def test_survey_questionnaires_are_judged_by_the_contract_alone():
    first, last = date(2018, 4, 1), date(2019, 3, 31)
    fact = contract(first, last, information="statistics", items=frozenset(), medical=True,
                    dispatched=True, links=(link(first, last),))  # fmt: skip
    assert {value.rule for value in evaluate([fact])} == {"unapproved-subcontract"}
