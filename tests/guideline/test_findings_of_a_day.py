"""Findings of a rule as of a day: which they are, and that an index alone tells."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from audit.tables import LATEST
from guideline.models import Finding
from outsourcing.actions import contracts
from tests import factories as make

pytestmark = pytest.mark.django_db
RULE = "unapproved-subcontract"
FIRST, LAST = date(2017, 6, 1), date(2017, 6, 30)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (FIRST - timedelta(days=1), 0),
        (FIRST, 1),
        (LAST, 1),
        (LAST + timedelta(days=1), 0),
    ],
)
def test_from_the_first_day_to_the_last(day, found):
    make.link(contract=make.contract(), first_day=FIRST, last_day=LAST)
    assert Finding.objects.filter(rule=RULE).on(day).count() == found


def test_what_has_no_end_known_is_true_on_any_later_day():
    contract = make.contract()
    contracts.terminate(contract, by=make.recorder(), on=LAST, reason="架空の事情")
    unproved = Finding.objects.filter(rule="disposal-proof").order_by("since")
    assert unproved.get().until is None
    assert unproved.on(date(9998, 12, 31)).count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs a vacuum for it")
def test_an_index_alone_answers():
    of_day = Finding.objects.filter(rule=RULE).on(LAST)
    for asked in (of_day.order_by().values("rule"), LATEST.of(of_day).values("pk")):
        assert "COVERING INDEX finding_of_rule" in asked.explain()
