"""契約, 第8-4(2): examples that read as sentences, with the day before, the day, the day after."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.models import Finding
from outsourcing.actions import contracts, subcontracts
from outsourcing.models import Contract
from tests import factories as make

pytestmark = pytest.mark.django_db

RULE = "unapproved-subcontract"
APRIL_1, MARCH_31 = date(2017, 4, 1), date(2018, 3, 31)
THE_END = date(2018, 4, 1)  # the day after a contract of fiscal 2017


def findings(link):
    """The intervals of one link, as (since, until)."""
    rows = Finding.objects.filter(contract=link.contract_id, subject=link.subject, rule=RULE)
    assert {row.severity for row in rows} <= {"breach"}
    return list(rows.order_by("since").values_list("since", "until"))


def fails_on(link, *days):
    """Which of ``days`` are days of a finding."""
    return [
        Finding.objects.filter(contract=link.contract_id, subject=link.subject, rule=RULE)
        .on(day)
        .exists()
        for day in days
    ]


def unapproved(**fields):
    """A link that nobody approved, on all days of a contract of fiscal 2017."""
    return make.link(contract=make.contract(**fields))


def withdraw(link, on, **fields):
    return make.approval(link=link, result="withdrawn", decided_on=on, **fields)


# Approval


def test_a_link_nobody_approved_fails_on_every_day_of_its_contract():
    link = unapproved()
    assert findings(link) == [(APRIL_1, THE_END)]
    before, first, last, after = date(2017, 3, 31), APRIL_1, MARCH_31, THE_END
    assert fails_on(link, before, first, last, after) == [False, True, True, False]


def test_an_approval_of_the_first_day_is_in_time():
    link = unapproved()
    make.approval(link=link, decided_on=APRIL_1)
    assert findings(link) == []


def test_an_approval_a_day_late_leaves_one_day():
    link = unapproved()
    make.approval(link=link, decided_on=date(2017, 4, 2))
    assert findings(link) == [(APRIL_1, date(2017, 4, 2))]


def test_a_late_approval_closes_the_finding_and_never_erases_it():
    link = unapproved()
    make.approval(link=link, decided_on=date(2017, 8, 10))
    assert findings(link) == [(APRIL_1, date(2017, 8, 10))]
    around = date(2017, 8, 9), date(2017, 8, 10), date(2017, 8, 11)
    assert fails_on(link, *around) == [True, False, False]


def test_an_approval_backdated_by_its_validity_counts_from_its_decision():
    link = unapproved()
    make.approval(link=link, decided_on=date(2017, 8, 10), first_day=APRIL_1)
    assert findings(link) == [(APRIL_1, date(2017, 8, 10))]


def test_an_approval_counts_from_the_first_day_it_names_to_the_last():
    link = unapproved()
    make.approval(
        link=link,
        decided_on=date(2017, 3, 1),
        first_day=date(2017, 5, 1),
        last_day=date(2017, 5, 31),
    )
    assert findings(link) == [(APRIL_1, date(2017, 5, 1)), (date(2017, 6, 1), THE_END)]


def test_approvals_that_follow_day_upon_day_leave_no_gap():
    link = unapproved()
    make.approval(link=link, decided_on=APRIL_1, last_day=date(2017, 9, 30))
    make.approval(link=link, decided_on=date(2017, 9, 1), first_day=date(2017, 10, 1))
    assert findings(link) == []


def test_a_day_between_two_approvals_is_a_finding_of_one_day():
    link = unapproved()
    make.approval(link=link, decided_on=APRIL_1, last_day=date(2017, 9, 29))
    make.approval(link=link, decided_on=date(2017, 9, 1), first_day=date(2017, 10, 1))
    assert findings(link) == [(date(2017, 9, 30), date(2017, 10, 1))]


@pytest.mark.parametrize(("result", "counts"), [("conditional", True), ("rejected", False)])
def test_approval_with_conditions_counts_and_refusal_does_not(result, counts):
    link = unapproved()
    make.approval(link=link, result=result)
    assert findings(link) == ([] if counts else [(APRIL_1, THE_END)])


def test_an_approval_without_a_known_day_does_not_count():
    link = unapproved()
    make.approval(link=link, decided_on=None, applied_on=date(2017, 3, 1), first_day=APRIL_1)
    assert findings(link) == [(APRIL_1, THE_END)]


def test_an_approval_taken_back_as_an_error_never_was():
    link = unapproved()
    approval = make.approval(link=link)
    subcontracts.void_record(
        approval, by=make.recorder(), on=date(2018, 2, 1), reason="別の契約の承認だった"
    )
    assert findings(link) == [(APRIL_1, THE_END)]


def test_approval_of_a_link_does_not_approve_the_one_below():
    upper, lower = make.chain(contract=make.contract(), depth=2)
    make.approval(link=upper)
    assert findings(upper) == []
    assert findings(lower) == [(APRIL_1, THE_END)]


def test_a_link_of_the_fourth_tier_fails_like_the_first():
    chain = make.chain(contract=make.contract(), depth=4)
    for link in chain[:3]:
        make.approval(link=link)
    assert [findings(link) for link in chain] == [[], [], [], [(APRIL_1, THE_END)]]


# Withdrawal


def test_a_withdrawn_approval_opens_a_finding_on_the_day_of_withdrawal():
    link = unapproved()
    make.approval(link=link)
    withdraw(link, date(2017, 10, 5))
    assert findings(link) == [(date(2017, 10, 5), THE_END)]
    around = date(2017, 10, 4), date(2017, 10, 5), date(2017, 10, 6)
    assert fails_on(link, *around) == [False, True, True]


def test_a_withdrawal_takes_effect_on_the_day_it_names():
    link = unapproved()
    make.approval(link=link)
    withdraw(link, date(2017, 10, 5), first_day=date(2017, 11, 1))
    assert findings(link) == [(date(2017, 11, 1), THE_END)]


def test_a_withdrawal_cannot_reach_back_before_it_was_decided():
    link = unapproved()
    make.approval(link=link)
    withdraw(link, date(2017, 10, 5), first_day=date(2017, 5, 1))
    assert findings(link) == [(date(2017, 10, 5), THE_END)]


def test_late_approval_withdrawn_and_approved_again():
    link = unapproved()
    make.approval(link=link, decided_on=date(2017, 6, 1))
    withdraw(link, date(2017, 9, 1))
    make.approval(link=link, decided_on=date(2017, 12, 1))
    assert findings(link) == [
        (APRIL_1, date(2017, 6, 1)),
        (date(2017, 9, 1), date(2017, 12, 1)),
    ]


def test_a_withdrawal_ends_every_approval_decided_before_it():
    link = unapproved()
    make.approval(link=link, last_day=date(2017, 12, 31))
    make.approval(link=link, decided_on=date(2017, 5, 1), first_day=date(2018, 1, 1))
    withdraw(link, date(2017, 10, 5))
    assert findings(link) == [(date(2017, 10, 5), THE_END)]


def test_a_withdrawal_with_nothing_to_withdraw_changes_nothing():
    link = unapproved()
    withdraw(link, date(2017, 5, 1))
    make.approval(link=link, decided_on=date(2017, 6, 1))
    assert findings(link) == [(APRIL_1, date(2017, 6, 1))]


# The clause


def test_what_is_forbidden_fails_although_it_was_approved():
    link = unapproved(clause="forbidden")
    make.approval(link=link)
    assert findings(link) == [(APRIL_1, THE_END)]


@pytest.mark.parametrize("clause", ["prior_notice", "unrestricted", "not_stated"])
def test_clauses_that_ask_no_approval_are_not_broken_by_its_absence(clause):
    assert findings(unapproved(clause=clause)) == []


def test_a_clause_that_comes_to_forbid_fails_from_its_day_on():
    link = unapproved()
    make.approval(link=link)
    contracts.amend(
        link.contract, by=make.recorder(), effective_on=date(2017, 10, 1), clause="forbidden"
    )
    assert findings(link) == [(date(2017, 10, 1), THE_END)]


def test_a_clause_that_comes_to_allow_ends_the_finding_and_keeps_it():
    link = unapproved(clause="forbidden")
    contracts.amend(
        link.contract, by=make.recorder(), effective_on=date(2017, 10, 1), clause="unrestricted"
    )
    assert findings(link) == [(APRIL_1, date(2017, 10, 1))]


def test_forbidden_and_then_unapproved_is_one_finding():
    link = unapproved(clause="forbidden")
    contracts.amend(
        link.contract, by=make.recorder(), effective_on=date(2017, 10, 1), clause="prior_approval"
    )
    assert findings(link) == [(APRIL_1, THE_END)]


def test_an_amendment_that_was_voided_changes_nothing():
    link = unapproved(clause="unrestricted")
    amendment = contracts.amend(
        link.contract, by=make.recorder(), effective_on=date(2017, 10, 1), clause="forbidden"
    )
    contracts.void_amendment(amendment, by=make.recorder(), on=date(2018, 1, 9), reason="誤り")
    assert findings(link) == []


def test_of_two_amendments_of_one_day_the_later_stands():
    link = unapproved(clause="unrestricted")
    for clause in ("forbidden", "prior_notice"):
        contracts.amend(
            link.contract, by=make.recorder(), effective_on=date(2017, 10, 1), clause=clause
        )
    assert findings(link) == []


@pytest.mark.parametrize("clause", ["prior_approval", "forbidden"])
def test_work_the_clause_frees_needs_no_approval(clause):
    contract = make.contract(clause=clause, exempt_work={"mailing": "第8条第2項"})
    light, heavy = make.link(contract=contract, work="mailing"), make.link(contract=contract)
    assert findings(light) == []
    assert findings(heavy) == [(APRIL_1, THE_END)]


def test_an_amended_clause_comes_with_its_own_freed_work():
    contract = make.contract(exempt_work={"mailing": "第8条第2項"})
    link = make.link(contract=contract, work="mailing")
    contracts.amend(
        contract, by=make.recorder(), effective_on=date(2017, 10, 1), clause="prior_approval"
    )
    assert findings(link) == [(date(2017, 10, 1), THE_END)]


def test_an_amendment_of_the_end_alone_leaves_the_clause():
    contract = make.contract(exempt_work={"mailing": "第8条第2項"})
    link = make.link(contract=contract, work="mailing")
    contracts.amend(
        contract,
        by=make.recorder(),
        effective_on=date(2017, 10, 1),
        last_day=date(2018, 6, 30),
    )
    assert findings(link) == []


# Days of the link


def test_a_link_without_an_end_runs_to_its_parents_end():
    contract = make.contract()
    upper = make.link(contract=contract, last_day=date(2017, 9, 30))
    lower = make.link(contract=contract, parent=upper)
    assert findings(lower) == [(APRIL_1, date(2017, 10, 1))]


def test_ends_are_inherited_through_links_that_name_none():
    contract = make.contract()
    top = make.link(contract=contract, last_day=date(2017, 9, 30))
    middle = make.link(contract=contract, parent=top)
    bottom = make.link(contract=contract, parent=middle)
    assert findings(bottom) == [(APRIL_1, date(2017, 10, 1))]
    subcontracts.correct(top, by=make.recorder(), last_day=date(2017, 12, 31))
    assert findings(bottom) == [(APRIL_1, date(2018, 1, 1))]


def test_an_end_of_its_own_stands_though_the_parent_ended_before():
    contract = make.contract()
    upper = make.link(contract=contract, last_day=date(2017, 9, 30))
    lower = make.link(contract=contract, parent=upper, last_day=date(2017, 12, 31))
    assert findings(lower) == [(APRIL_1, date(2018, 1, 1))]


def test_a_terminated_contract_ends_on_that_day_for_its_links_too():
    link = unapproved()
    contracts.terminate(
        link.contract, by=make.recorder(), on=date(2017, 12, 15), reason="管理体制の不適切"
    )
    assert findings(link) == [(APRIL_1, date(2017, 12, 16))]
    around = date(2017, 12, 14), date(2017, 12, 15), date(2017, 12, 16)
    assert fails_on(link, *around) == [True, True, False]
    assert Contract.objects.get(pk=link.contract_id).agreed_last_day == MARCH_31


def test_a_prolonged_contract_prolongs_its_links():
    link = unapproved()
    contracts.amend(
        link.contract,
        by=make.recorder(),
        effective_on=date(2018, 3, 1),
        last_day=date(2018, 6, 30),
    )
    assert findings(link) == [(APRIL_1, date(2018, 7, 1))]


def test_days_of_a_link_outside_its_contract_are_no_days_of_a_finding():
    contract = make.contract()
    link = make.link(contract=contract, first_day=date(2017, 3, 1), last_day=date(2018, 5, 31))
    assert findings(link) == [(APRIL_1, THE_END)]


def test_a_contract_of_one_day_has_a_finding_of_one_day():
    link = unapproved(first_day=APRIL_1, last_day=APRIL_1)
    assert findings(link) == [(APRIL_1, date(2017, 4, 2))]


def test_the_law_begins_on_14_september_2004():
    link = unapproved(first_day=date(2004, 4, 1), last_day=date(2005, 3, 31))
    assert findings(link) == [(date(2004, 9, 14), date(2005, 4, 1))]
    before = unapproved(first_day=date(2004, 4, 1), last_day=date(2004, 9, 13))
    assert findings(before) == []
    on_the_day = unapproved(first_day=date(2004, 4, 1), last_day=date(2004, 9, 14))
    assert findings(on_the_day) == [(date(2004, 9, 14), date(2004, 9, 15))]


def test_a_new_edition_does_not_cut_a_finding_in_two():
    link = unapproved(first_day=date(2018, 4, 1), last_day=date(2019, 3, 31))
    assert findings(link) == [(date(2018, 4, 1), date(2019, 4, 1))]


def test_contracts_on_statistics_are_judged_too():
    link = unapproved(information="statistics")
    assert findings(link) == [(APRIL_1, THE_END)]


def test_a_finding_may_begin_in_the_future_and_is_then_a_deadline():
    link = unapproved(first_day=date(2090, 4, 1), last_day=date(2091, 3, 31))
    assert findings(link) == [(date(2090, 4, 1), date(2091, 4, 1))]


def test_a_voided_link_and_a_voided_contract_have_no_findings():
    link, other = unapproved(), unapproved()
    subcontracts.void_link(link, by=make.recorder(), on=date(2018, 1, 9), reason="誤り")
    contracts.void_contract(other.contract, by=make.recorder(), on=MARCH_31, reason="誤り")
    assert (findings(link), findings(other)) == ([], [])
