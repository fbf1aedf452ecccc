"""No list of one's work asks the database more often because there is more to do."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from guideline.due import KINDS
from outsourcing.actions import records, renewals
from outsourcing.actions.base import insert_many
from outsourcing.models import ContractorReport, InspectionTarget, PlannedInspection
from tests import factories as make
from tests.pages import client_of
from tests.test_page_queries import MOST, queries

pytestmark = pytest.mark.django_db

NAMES = ("work", "work-approvals", "work-contracts", "work-drafts", "renewals")


def test_300_rows_ask_no_more_than_30():
    agency = make.agency(code="A01")
    officer = make.officer(agency)
    section = make.section(agency=agency)
    client, company, day = client_of(officer), make.contractor(), date(2018, 3, 10)

    def fill(number: int) -> None:
        fields = {"agency": agency, "contractor": company, "section": section}
        many = make.many_contracts(number=number, officer=officer, **fields)
        for contract in many[: number // 5]:
            make.link(contract=contract, contractor=company)
        half = many[: number // 2]
        reports = [ContractorReport(contract=c, kind="periodic", due_on=day) for c in half]
        records.record_many(reports, by=officer)
        plans = [PlannedInspection(agency=agency, contract=c, planned_on=day) for c in half]
        insert_many(plans, by=officer)
        visit = [InspectionTarget(contract=c, points="施錠", due_on=day) for c in half]
        day_of_visit = date(2017, 9, 1)
        records.inspect(
            by=officer, agency=agency, targets=visit, day=day_of_visit, method="on_site"
        )
        renewed = make.many_contracts(number=number, **fields)
        for contract in renewed[: number // 5]:
            make.link(contract=contract, contractor=company)
        renewals.renew_many(dict.fromkeys(renewed, "30-1"), by=officer)

    def asked() -> dict[str, tuple[str, int]]:
        addresses = [f"{reverse(name)}?as_of=2018-03-01" for name in NAMES]
        # What the first page has depends on the days: each kind by itself, too.
        conditions = ("when=past", *(f"kind={kind}" for kind in KINDS))
        addresses += [f"{reverse('work')}?as_of=2018-03-01&{one}" for one in conditions]
        return {address: queries(client, address) for address in addresses}

    fill(30)
    few = asked()
    fill(270)
    many = asked()
    of_all_kinds = f"{reverse('work')}?as_of=2018-03-01"
    for found in (few, many):
        assert found.pop(of_all_kinds)[1] <= MOST["work"]
    assert many == few
    assert [(address, n) for address, (name, n) in few.items() if n > MOST[name]] == []
