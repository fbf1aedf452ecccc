"""理由書: asked by one, approved by another, of the subject's days; inert where nothing fails."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Role
from guideline import actions
from guideline.models import Finding, Justification
from guideline.refresh import Difference, refresh_everything
from outsourcing.actions import records
from outsourcing.models import CapabilityCheck
from tests import factories as make
from tests.pages import client_of, text
from tests.snapshots import snapshot

pytestmark = pytest.mark.django_db
FIRST, LAST, THE_END = date(2017, 4, 1), date(2018, 3, 31), date(2018, 4, 1)


def ask(contract, *, rule="anonymization-undecided", subject="contract", **fields):
    values = {
        "first_day": FIRST,
        "last_day": LAST,
        "reason": "災害のため",
        "asked_on": FIRST,
    }
    return actions.ask(
        by=make.recorder(), contract=contract, rule=rule, subject=subject, **values | fields
    )


def approver():
    return make.user(role=Role.MANAGER, agency=make.agency())


def days(contract, rule: str) -> list[tuple]:
    rows = Finding.objects.filter(contract=contract, rule=rule).order_by("since")
    return list(rows.values_list("since", "until", "excused"))


def approved(contract, **fields):
    return actions.approve(ask(contract, **fields), by=approver(), on=date(2017, 5, 1))


def test_it_counts_once_approved():
    contract = make.contract()
    row = ask(contract, rule="capability-check")
    assert days(contract, "capability-check") == [(FIRST, THE_END, False)]
    actions.approve(row, by=approver(), on=date(2017, 5, 1))
    assert days(contract, "capability-check") == [(FIRST, THE_END, True)]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2017, 4, 2), date(2018, 3, 30),
         [(FIRST, date(2017, 4, 2), False), (date(2017, 4, 2), LAST, True),
          (LAST, THE_END, False)]),
        (FIRST, FIRST, [(FIRST, date(2017, 4, 2), True), (date(2017, 4, 2), THE_END, False)]),
        (LAST, LAST, [(FIRST, LAST, False), (LAST, THE_END, True)]),
    ],
)  # fmt: skip
def test_it_takes_the_days_it_names_and_no_other(first, last, expected):
    contract = make.contract()
    approved(contract, rule="capability-check", first_day=first, last_day=last)
    assert days(contract, "capability-check") == expected


def test_it_excuses_one_subject_alone():
    contract = make.contract()
    approved(contract, rule="required-clause", subject="item:8-4(3)")
    rows = Finding.objects.filter(contract=contract, rule="required-clause", excused=True)
    assert {row.subject for row in rows} == {"item:8-4(3)"}


def test_of_a_link_it_is_bound_to_the_link_s_days():
    contract = make.contract()
    link = make.link(contract=contract, first_day=date(2017, 6, 1), last_day=date(2017, 8, 31))
    fields = {"rule": "flow-down", "subject": link.subject, "last_day": date(2017, 8, 31)}
    with pytest.raises(ValidationError, match="2017-05-31"):
        ask(contract, **fields, first_day=date(2017, 5, 31))
    approved(contract, **fields, first_day=date(2017, 6, 1))
    assert days(contract, "flow-down") == [(date(2017, 6, 1), date(2017, 9, 1), True)]


def test_where_nothing_fails_it_is_inert_and_stays():
    contract = make.contract()
    approved(contract, rule="capability-check")
    check = CapabilityCheck(contract=contract, checked_on=contract.concluded_on)
    records.record(check, by=make.recorder())
    assert days(contract, "capability-check") == []
    assert Justification.objects.valid().filter(contract=contract).exists()
    records.void_record(check, by=make.recorder(), on=date(2018, 1, 9), reason="誤り")
    assert days(contract, "capability-check") == [(FIRST, THE_END, True)]


def test_taken_back_its_days_are_findings_again():
    contract = make.contract()
    row = approved(contract, rule="capability-check")
    actions.void_justification(row, by=make.recorder(), on=date(2018, 1, 9), reason="誤り")
    assert days(contract, "capability-check") == [(FIRST, THE_END, False)]


def test_of_information_provided_to_others():
    row = make.disclosure()
    reason = actions.ask(
        by=make.recorder(), disclosure=row, rule="provision-terms", subject="disclosure",
        first_day=FIRST, last_day=LAST, reason="急を要したため", asked_on=FIRST,
    )  # fmt: skip
    actions.approve(reason, by=approver(), on=date(2017, 5, 1))
    found = Finding.objects.filter(disclosure=row, rule="provision-terms")
    assert list(found.values_list("since", "until", "excused")) == [(FIRST, THE_END, True)]


def test_evaluating_again_changes_nothing():
    contract = make.contract()
    approved(contract, rule="capability-check", last_day=date(2017, 6, 30))
    number = Finding.objects.count()
    assert refresh_everything() == Difference(kept=number)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first_day": date(2017, 3, 31)}, "2017-03-31"),
        ({"last_day": THE_END}, "2018-04-01"),
        ({"first_day": LAST, "last_day": FIRST}, "前です"),
        ({"reason": ""}, "理由"),
        ({"reason": "　"}, "理由"),
        ({"rule": "no-such-rule"}, "no-such-rule"),
        ({"subject": "link:7"}, "link:7"),
        ({"subject": "disclosure"}, "disclosure"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(fields, said):
    contract = make.contract()
    make.recorder()
    before = snapshot()
    with pytest.raises(ValidationError, match=said):
        ask(contract, **fields)
    assert snapshot() == before


def test_nobody_approves_what_they_asked_for():
    row = ask(make.contract())
    before = snapshot()
    with pytest.raises(ValidationError, match="自分の理由書"):
        actions.approve(row, by=make.recorder(), on=date(2017, 5, 1))
    assert snapshot() == before


def test_nor_twice():
    row = approved(make.contract())
    with pytest.raises(ValidationError, match="2017-05-01"):
        actions.approve(row, by=approver(), on=date(2017, 6, 1))


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("approve", [False, True])
def test_a_page_says_nothing_fails_any_more_only_where_it_is_so(approve, checked):
    contract = make.contract()
    row = ask(contract, rule="capability-check")
    if approve:
        actions.approve(row, by=approver(), on=date(2017, 5, 1))
    if checked:
        check = CapabilityCheck(contract=contract, checked_on=contract.concluded_on)
        records.record(check, by=make.recorder())
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    page = text(office.get(reverse("contract", args=[contract.code])))
    assert "災害のため" in page
    assert ("該当する所見はなくなっています" in page) == checked
