"""What a page of the list reads of its findings."""

from __future__ import annotations

from datetime import date

import pytest

from audit.rows import of_keys
from guideline.models import CorrectiveAction, Finding
from tests import factories as make
from tests.audit.corrections import act_on

pytestmark = pytest.mark.django_db


def overdue(finding: Finding, on: date) -> bool:
    (row,) = of_keys([finding.pk], on)
    assert row["pk"] == finding.pk
    return row["overdue"]


@pytest.fixture
def finding():
    make.link(contract=make.contract())
    return Finding.objects.get(severity="breach")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2017, 5, 1), False),
        (date(2017, 5, 10), False),
        (date(2017, 5, 11), True),
        (date(2017, 5, 19), True),
        (date(2017, 5, 20), False),
    ],
)
def test_overdue_from_the_day_after_it_is_due_until_it_is_done(finding, day, expected):
    days = {"due_on": date(2017, 5, 10), "closed_on": date(2017, 5, 20)}
    act_on(finding, started_on=date(2017, 5, 2), **days)
    assert overdue(Finding.objects.get(severity="breach"), day) is expected


def test_nothing_is_overdue_of_what_nobody_acts_on(finding):
    assert not overdue(finding, date(2030, 1, 1))


def test_an_action_that_shares_no_day_with_a_finding_says_nothing_of_it(finding):
    act_on(finding, started_on=date(2017, 5, 2), due_on=date(2017, 5, 10))
    CorrectiveAction.objects.update(
        first_day=date(2001, 1, 1), last_day=finding.since.replace(year=2002)
    )
    assert not overdue(Finding.objects.get(severity="breach"), date(2017, 6, 1))
    CorrectiveAction.objects.update(last_day=finding.since)
    assert overdue(Finding.objects.get(severity="breach"), date(2017, 6, 1))


def test_findings_come_in_the_order_of_their_keys_and_what_is_gone_does_not(finding):
    make.link(contract=make.contract())
    keys = list(Finding.objects.order_by("-pk").values_list("pk", flat=True))
    read = of_keys([*keys, keys[0] + 1000], date(2017, 6, 1))
    assert [row["pk"] for row in read] == keys
