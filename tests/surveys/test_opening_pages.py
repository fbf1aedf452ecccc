"""Which pages of a round open to whom, and that another agency's ledger changes none of them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Role
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, downloads, text
from tests.surveys.test_pages import EVERY_PAGE, OF_LEDGERS, cells_of

pytestmark = pytest.mark.django_db


def test_without_a_login_every_page_leads_to_the_login(client):
    for address in ["/", *EVERY_PAGE, *downloads()]:
        response = client.get(address)
        assert response.status_code == 302, address
        assert response.url.startswith(reverse("login") + "?next="), address


def test_every_page_opens_on_an_empty_ledger():
    own = ledgers.three_agencies().own
    for role in (Role.OFFICER, Role.SURVEY_OFFICE):
        codes = codes_of(client_of(make.user(role=role, agency=own)), EVERY_PAGE + downloads())
        assert set(codes.values()) == {200}, (role, codes)


def test_without_a_round_there_is_the_list_of_contracts():
    officer = make.officer(make.agency())
    assert client_of(officer).get(reverse("surveys")).url == reverse("contracts")


def test_the_first_page_of_who_reads_no_ledger_is_the_own_account():
    for user in (make.user(), make.user(role=Role.SYSTEM_ADMIN)):
        assert client_of(user).get("/").url == reverse("account")


def test_what_there_is_not_is_not_found():
    ledgers.three_agencies()
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    for address in (
        "/surveys/1999/",
        "/surveys/99999999999999999999999/",
        "/surveys/2017/tables/no-such-table/",
        "/surveys/2017/contracts/secrets/",
        "/surveys/1999/exports/tables.xlsx",
    ):
        response = office.get(address)
        assert response.status_code == 404, address
        assert "ページが見つかりません" in response.content.decode(), address


def test_pages_are_only_read():
    ledgers.three_agencies()
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    for address in EVERY_PAGE:
        expected = 400 if "/new/" in address else 405  # a form that was sent empty
        assert office.post(address).status_code == expected, address


def test_what_one_agency_sees_does_not_depend_on_the_ledger_of_another():
    ledger = ledgers.three_agencies()
    made = ledgers.fill(ledger.own, ledger.round)
    client = client_of(make.officer(ledger.own))
    addresses = [*OF_LEDGERS, *(reverse("contract", args=[row.code]) for row in made.values())]
    addresses += ["/contracts/A02-2017-00001/", "/contracts/?agency=A02", "/contracts/?q=取り"]
    files = downloads()
    before = {address: text(client.get(address)) for address in addresses}
    before |= {address: cells_of(client.get(address)) for address in files}
    for agency in (ledger.other, ledger.independent):
        ledgers.fill(agency, ledger.round)
    after = {address: text(client.get(address)) for address in addresses}
    after |= {address: cells_of(client.get(address)) for address in files}
    assert after == before


def codes_of(client, addresses) -> dict[str, int]:
    return {address: client.get(address).status_code for address in addresses}
