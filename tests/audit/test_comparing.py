"""Comparing two days: what came, and what went."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from guideline.models import Finding
from tests import factories as make
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return client_of(make.user(role=Role.SURVEY_OFFICE))


def keys(findings) -> set[tuple]:
    return {(f.contract_id, f.rule, f.subject, f.since) for f in findings}


class TestChanges:
    def test_between_two_days(self, office):
        contract = make.contract()
        make.approval(link=make.link(contract=contract), decided_on=date(2017, 10, 1))
        findings = list(Finding.objects.all())
        first, last = date(2017, 9, 30), date(2018, 4, 30)

        def true_on(finding, day):
            return finding.since <= day and (not finding.until or day < finding.until)

        come = [f for f in findings if true_on(f, last) and not true_on(f, first)]
        gone = [f for f in findings if true_on(f, first) and not true_on(f, last)]
        for show, expected in (("come", come), ("gone", gone)):
            response = office.get(
                reverse("finding-changes"), {"first": first, "last": last, "show": show}
            )
            assert expected
            rows = response.context["table"].page.object_list
            assert keys(row.record for row in rows) == keys(expected)
            assert response.context[show] == len(expected)

    def test_days_out_of_order_are_refused(self, office):
        address = reverse("finding-changes")
        page = text(office.get(address, {"first": "2018-01-01", "last": "2017-01-01"}))
        assert "前です" in page
