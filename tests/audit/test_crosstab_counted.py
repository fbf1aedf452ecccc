"""What cross tables count, each on a ledger of its own."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from tests import factories as make
from tests import ledgers
from tests.audit.test_crosstab_page import ON, TABLE, codes, table_of
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "number"), [("2017-09-30", 0), ("2017-10-01", 1), ("2017-10-02", 1)]
)
def test_a_finding_counts_from_the_day_it_begins(day, number):
    contract = make.contract()
    make.link(contract=contract, first_day=date(2017, 10, 1))
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    assert table_of(office, of="breach", as_of=day).total == number


@pytest.mark.parametrize(
    ("last", "years"),
    [("2018-03-30", ["2017"]), ("2018-03-31", ["2017"]), ("2018-04-01", ["2017", "2018"])],
)
def test_a_contract_counts_in_each_year_it_has_a_day_of(last, years):
    make.contract(last_day=date.fromisoformat(last))
    table = table_of(client_of(make.user(role=Role.SURVEY_OFFICE)))
    assert (codes(table.rows), table.total) == (years, 1)


def test_real_contracts_are_never_counted_with_synthetic_ones():
    agency = make.agency()
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    for _ in range(3):
        make.contract(agency=agency, synthetic=True)
    response = office.get(TABLE, ON)
    assert response.context["table"].total == 3
    assert "架空の契約（合成データ）を数えています" in text(response)
    make.link(contract=make.contract(agency=agency))
    for of in ("", "breach"):
        response = office.get(TABLE, ON | {"of": of} if of else ON)
        assert response.context["table"].total == 1
        assert "実在の契約を数えています" in text(response)


def test_real_contracts_of_another_agency_leave_my_synthetic_ones():
    mine = make.contract(synthetic=True)
    make.contract()
    auditor = client_of(make.user(role=Role.AUDITOR, agency=mine.agency))
    assert table_of(auditor).total == 1


def counts_contracts(sql):
    """What stands above every page counts too, of the user."""
    return "FROM (SELECT" in sql and User._meta.db_table not in sql


@pytest.mark.parametrize("role", [Role.SURVEY_OFFICE, Role.AUDITOR])
def test_60_contracts_ask_no_more_than_3(role):
    ledger = ledgers.three_agencies()
    client = client_of(make.user(role=role, agency=ledger.own))

    def fill(number):
        for agency in ledger.agencies:
            for _ in range(number):
                make.chain(contract=make.contract(agency=agency), depth=2)

    def asked():
        counts = {}
        for of in ("", "any"):
            for rows, columns in (("year", "work"), ("agency", "depth"), ("group", "kind")):
                address = f"{TABLE}?rows={rows}&columns={columns}&of={of}".removesuffix("&of=")
                cache.clear()
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(address).status_code == 200
                counts[address] = sum(counts_contracts(q["sql"]) for q in captured.captured_queries)
                counts[address, "all"] = len(captured)
        return counts

    fill(1)
    few = asked()
    assert {number for key, number in few.items() if isinstance(key, str)} == {1}
    fill(19)
    assert asked() == few
