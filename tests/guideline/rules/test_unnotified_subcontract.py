"""契約, 事前届出: examples that read as sentences, with the day before, the day, the day after."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.models import Finding
from outsourcing.actions import contracts, subcontracts
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]

RULE = "unnotified-subcontract"
APRIL_1, THE_END = date(2017, 4, 1), date(2018, 4, 1)


def findings(link):
    rows = Finding.objects.filter(contract=link.contract_id, subject=link.subject, rule=RULE)
    assert {row.severity for row in rows} <= {"breach"}
    return list(rows.order_by("since").values_list("since", "until"))


def silent(**fields):
    """A link of which no notice was received, on all days of a contract of fiscal 2017."""
    return make.link(contract=make.contract(clause="prior_notice", **fields))


def notice(link, received_on):
    return subcontracts.notify(link, by=make.recorder(), received_on=received_on)


def test_a_link_of_which_no_notice_came_fails_on_every_day():
    assert findings(silent()) == [(APRIL_1, THE_END)]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (date(2017, 3, 31), []),
        (date(2017, 4, 1), []),
        (date(2017, 4, 2), [(APRIL_1, date(2017, 4, 2))]),
        (date(2018, 3, 31), [(APRIL_1, date(2018, 3, 31))]),
        (date(2018, 4, 1), [(APRIL_1, THE_END)]),
    ],
)
def test_a_notice_counts_from_its_day_and_never_back(received, expected):
    link = silent()
    notice(link, received)
    assert findings(link) == expected


def test_the_first_of_several_notices_counts():
    link = silent()
    for day in (date(2017, 9, 1), date(2017, 6, 1), date(2017, 7, 1)):
        notice(link, day)
    assert findings(link) == [(APRIL_1, date(2017, 6, 1))]


def test_a_notice_recorded_in_error_never_was():
    link = silent()
    row = notice(link, APRIL_1)
    subcontracts.void_record(row, by=make.recorder(), on=date(2018, 1, 9), reason="誤り")
    assert findings(link) == [(APRIL_1, THE_END)]


def test_an_approval_is_no_notice_and_a_notice_no_approval():
    link = silent()
    make.approval(link=link)
    assert findings(link) == [(APRIL_1, THE_END)]
    other = make.link(contract=make.contract())
    notice(other, APRIL_1)
    assert Finding.objects.filter(contract=other.contract, rule="unapproved-subcontract").exists()


@pytest.mark.parametrize("clause", ["prior_approval", "forbidden", "unrestricted", "not_stated"])
def test_clauses_that_ask_no_notice_are_not_broken_by_its_absence(clause):
    assert findings(make.link(contract=make.contract(clause=clause))) == []


def test_work_the_clause_frees_needs_no_notice():
    contract = make.contract(clause="prior_notice", exempt_work={"transport": "第9条"})
    assert findings(make.link(contract=contract, work="transport")) == []
    assert findings(make.link(contract=contract)) == [(APRIL_1, THE_END)]


def test_a_clause_that_comes_to_ask_notice_is_broken_from_its_day_on():
    link = make.link(contract=make.contract(clause="unrestricted"))
    contracts.amend(
        link.contract, by=make.recorder(), effective_on=date(2017, 10, 1), clause="prior_notice"
    )
    assert findings(link) == [(date(2017, 10, 1), THE_END)]
    notice(link, date(2017, 9, 30))
    assert findings(link) == []


def test_a_clause_that_no_longer_asks_notice_ends_the_finding_and_keeps_it():
    link = silent()
    contracts.amend(
        link.contract, by=make.recorder(), effective_on=date(2017, 10, 1), clause="prior_approval"
    )
    assert findings(link) == [(APRIL_1, date(2017, 10, 1))]
    other = Finding.objects.get(contract=link.contract, rule="unapproved-subcontract")
    assert (other.since, other.until) == (date(2017, 10, 1), THE_END)


def test_a_clause_that_asks_notice_twice_is_broken_twice():
    link = silent()
    for day, clause in (
        (date(2017, 6, 1), "unrestricted"),
        (date(2017, 9, 1), "prior_notice"),
    ):
        contracts.amend(link.contract, by=make.recorder(), effective_on=day, clause=clause)
    assert findings(link) == [(APRIL_1, date(2017, 6, 1)), (date(2017, 9, 1), THE_END)]


def test_each_link_needs_its_own_notice_at_any_depth():
    upper, lower = make.chain(contract=make.contract(clause="prior_notice"), depth=2)
    notice(upper, APRIL_1)
    assert findings(upper) == []
    assert findings(lower) == [(APRIL_1, THE_END)]


def test_the_law_begins_on_14_september_2004():
    link = silent(first_day=date(2004, 4, 1), last_day=date(2005, 3, 31))
    assert findings(link) == [(date(2004, 9, 14), date(2005, 4, 1))]


def test_contracts_on_statistics_are_judged_too():
    assert findings(silent(information="statistics")) == [(APRIL_1, THE_END)]


def test_the_finding_says_what_was_declared_of_the_company():
    contract = make.contract(clause="prior_notice")
    make.link(contract=contract, declared_relation="subsidiary")
    (finding,) = Finding.objects.filter(contract=contract)
    assert finding.relations == [
        {
            "since": "2017-04-01",
            "until": "2018-04-01",
            "relation": "subsidiary",
            "basis": "declared",
        }
    ]
