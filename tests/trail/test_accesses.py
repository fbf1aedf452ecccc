"""Who signed in, was refused, read a contract, took a table out."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Role
from tests import factories as make
from tests import ledgers
from tests.pages import client_of
from trail.models import Access

pytestmark = pytest.mark.django_db


def recorded(**conditions) -> Access:
    return Access.objects.get(**conditions)


def test_signing_in_and_out(client):
    user = make.user(name="hanako")
    client.post(reverse("login"), {"username": "hanako", "password": make.PASSWORD})
    client.post(reverse("logout"))
    for kind in ("sign_in", "sign_out"):
        access = recorded(kind=kind)
        assert (access.who, access.who_id, access.address) == (str(user), user.pk, "127.0.0.1")


def test_signing_in_that_failed(client):
    make.user(name="hanako")
    client.post(reverse("login"), {"username": "hanako", "password": "guessed"})
    access = recorded(kind="sign_in_failed")
    assert (access.who, access.who_id, access.object) == ("", None, "hanako")


def test_a_page_that_was_refused():
    user = make.user(role=Role.SYSTEM_ADMIN)
    client_of(user).get(reverse("contracts"))
    access = recorded(kind="refused")
    assert (access.status, access.object, access.note) == (403, reverse("contracts"), "GET")
    assert access.who_id == user.pk


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 404), ("POST", 405)], ids=["no such contract", "no such method"]
)
def test_a_door_that_a_user_tried(method, status):
    agency = make.agency(code="A01")
    address = reverse("contract", args=["A02-2017-00001"])
    assert client_of(make.officer(agency)).generic(method, address).status_code == status
    assert recorded(kind="refused").status == status


def test_what_nobody_in_particular_asks_for_is_no_refusal(client):
    client.get("/no/such/page/")
    client.post(reverse("contracts"))
    assert not Access.objects.exists()


def test_reading_a_contract_its_history_and_a_provision_of_information():
    agency = make.agency()
    contract, disclosure = make.contract(agency=agency), make.disclosure(agency=agency)
    user = make.user(role=Role.AUDITOR, agency=agency)
    client = client_of(user)
    for name, row in (
        ("contract", contract), ("contract-history", contract), ("disclosure", disclosure),
    ):  # fmt: skip
        client.get(reverse(name, args=[row.code]))
    found = Access.objects.filter(kind="read").order_by("number")
    assert [access.object for access in found] == [
        contract.code, f"{contract.code} 履歴", disclosure.code,
    ]  # fmt: skip
    assert {(access.agency_id, access.who_id) for access in found} == {(agency.pk, user.pk)}


def test_taking_out_a_table_tells_the_number_of_its_rows():
    ledger = ledgers.three_agencies()
    client = client_of(make.user(role=Role.SURVEY_OFFICE))
    # Two organs; one independent agency; all three of them for statistics.
    for name, rows in (
        ("administrative-organs.csv", 2), ("administrative-organs.xlsx", 2), ("tables.xlsx", None),
    ):  # fmt: skip
        client.get(reverse("download", args=[ledger.round.year, name]))
        access = Access.objects.latest("number")
        assert (access.kind, access.object) == ("download", f"2017-{name}")
        assert rows in (None, access.rows)


def test_an_export_that_was_refused_took_nothing_out():
    ledger = ledgers.three_agencies()
    client = client_of(make.user(role=Role.SURVEY_OFFICE))
    assert client.get(reverse("download", args=[ledger.round.year, "x.csv"])).status_code == 400
    assert not Access.objects.filter(kind="download").exists()
