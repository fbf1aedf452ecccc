"""第11: a supervising agency sees numbers of the bodies it guides, and nothing else of them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.access import access_of
from accounts.models import Role
from outsourcing.abilities import Ability
from outsourcing.actions import agencies
from outsourcing.models import Contract
from outsourcing.row_security import seen_by
from outsourcing.scope import Scope
from surveys.supervision import counted_bodies
from tests import factories as make
from tests import ledgers
from tests.ledgers import PERSONAL, SURVEYED
from tests.pages import client_of, found, links, text
from tests.shared import shared
from tests.snapshots import refused

pytestmark = pytest.mark.django_db

CLASSES = ("no_breach", "breach", "unverifiable", "pending")


@pytest.fixture(scope="module")
def ledger(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, _supervised_ledger)


def _supervised_ledger() -> ledgers.Ledger:
    made = ledgers.small_ledger()
    agencies.supervise(made.independent, by=make.recorder(), supervisor=made.own)
    return made


def supervised(ledger, user) -> list:
    scope = access_of(user, on=make.FIRST).scope(Ability.READ_SUPERVISED)
    return [rows for _, rows in counted_bodies(ledger.round, scope)]


@pytest.mark.parametrize("role", [Role.CHIEF, Role.AUDITOR])
def test_the_numbers_of_both_kinds_of_information_are_those_of_the_body(ledger, role):
    seen = supervised(ledger, make.user(role=role, agency=ledger.own))
    for (row,), counted in zip(seen, (PERSONAL, SURVEYED), strict=True):
        assert row.agency == ledger.independent
        assert row.total == counted["total"]
        assert row.numbers == tuple(counted[name] for name in CLASSES)


def test_who_supervises_nothing_sees_nothing(ledger):
    assert supervised(ledger, make.user(role=Role.CHIEF, agency=ledger.other)) == [[], []]
    assert supervised(ledger, make.user(role=Role.CHIEF, agency=ledger.independent)) == [[], []]


def test_the_page_leads_to_no_contract_and_says_why(ledger):
    client = client_of(make.user(role=Role.CHIEF, agency=ledger.own))
    page = text(client.get(reverse("supervised", args=[2017])))
    assert "なみかぜ機構" in page
    assert "指針第11" in page
    table = page[page.index("<table") : page.rindex("</table>")]
    assert links(table) == set()
    (code,) = {c.code for c in Contract.objects.filter(agency=ledger.independent)[:1]}
    assert client.get(reverse("contract", args=[code])).status_code == 404
    assert found(client, f"{reverse('contracts')}?q=B001") == 0


def test_the_rows_are_shown_to_the_database_for_the_counting_alone(ledger, postgresql_only):
    with seen_by(Scope.of([ledger.own.pk])):
        seen = supervised(ledger, make.user(role=Role.CHIEF, agency=ledger.own))
        assert seen[0][0].total == PERSONAL["total"]
        assert set(Contract.objects.values_list("agency_id", flat=True)) == {ledger.own.pk}


def test_the_survey_office_says_who_supervises_whom(ledger):
    client = client_of(make.user(role=Role.SURVEY_OFFICE))
    address = reverse("supervisor", args=["B001"])
    sent = {"supervisor": "A02", "version": 2}
    assert client.post(address, sent).status_code == 302
    ledger.independent.refresh_from_db()
    assert ledger.independent.supervisor == ledger.other


def test_no_agency_supervises_itself(ledger):
    with refused(str(ledger.own)):
        agencies.supervise(ledger.own, by=make.recorder(), supervisor=ledger.own)
