"""The list of measures: those whose day is past first, narrowed by every condition."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Role
from tests import factories as make
from tests.pages import client_of

pytestmark = pytest.mark.django_db

ON = date(2018, 9, 1)


class Desk:
    def __init__(self):
        self.agency = make.agency(code="A01")
        self.officer = make.officer(self.agency)
        self.client = client_of(self.officer)
        self.contract = make.contract(agency=self.agency, title="健康診断")
        make.link(contract=self.contract)
        self.finding = self.contract.findings.get(rule="unapproved-subcontract")
        self.rows = {}

    def add(self, name: str, finding=None, **fields) -> None:
        row = make.corrective_action(finding=finding or self.finding, by=self.officer, **fields)
        self.rows[row.pk] = name

    def listed(self, query: str = "", *, on=ON, client=None) -> list[str]:
        response = (client or self.client).get(f"/corrections/?as_of={on}&{query}")
        assert response.status_code == 200
        table = response.context["table"]
        return [self.rows.get(row.record.pk, "?") for row in table.page.object_list]


@pytest.fixture
def desk():
    desk = Desk()
    desk.add("done", due_on=date(2018, 7, 1), closed_on=date(2018, 8, 31), outcome="報告書を受領")
    desk.add("someday", measure="prevention")
    desk.add("soon", due_on=date(2018, 9, 30), description="手順書を改める")
    desk.add("today", due_on=ON)
    desk.add("late", due_on=date(2018, 8, 31), document_number="総管第1号")
    desk.add("later", due_on=date(2018, 12, 28), started_on=date(2018, 9, 2))
    desk.add("latest", due_on=date(2018, 8, 30))
    return desk


def test_the_overdue_come_first_then_by_day_then_without_one_then_what_is_done(desk):
    assert desk.listed() == ["latest", "late", "today", "soon", "someday", "later", "done"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=overdue", {"latest", "late"}),
        ("state=open", {"latest", "late", "today", "soon", "someday"}),
        ("state=closed", {"done"}),
        ("due=30", {"today", "soon"}),
        ("due=90", {"today", "soon"}),
        ("measure=prevention", {"someday"}),
        ("q=総管第1号", {"late"}),
        ("q=手順書", {"soon"}),
        ("q=受領", {"done"}),
        ("rule=capability-check", set()),
        ("state=nonsense", set()),
    ],
)
def test_conditions(desk, query, found):
    assert set(desk.listed(query)) == found


@pytest.mark.parametrize(
    ("on", "state"),
    [(date(2018, 8, 30), "open"), (date(2018, 8, 31), "closed"), (date(2018, 9, 1), "closed")],
)
def test_done_from_its_day_on(desk, on, state):
    assert "done" in desk.listed(f"state={state}", on=on)


@pytest.mark.parametrize(
    ("on", "late"),
    [(date(2018, 8, 30), False), (date(2018, 8, 31), False), (date(2018, 9, 1), True)],
)
def test_overdue_from_the_day_after(desk, on, late):
    assert ("late" in desk.listed("state=overdue", on=on)) is late


def test_by_contract_and_by_recipient(desk):
    other = make.contract(agency=desk.agency, title="名簿の入力")
    disclosure = make.disclosure(agency=desk.agency, recipient="みなみ大学")
    desk.add("names", other.findings.first())
    desk.add("provided", disclosure.findings.first())
    assert desk.listed("q=名簿") == ["names"]
    assert desk.listed("q=みなみ") == ["provided"]
    assert desk.listed(f"q={desk.contract.code}&state=closed") == ["done"]


def test_by_who_is_in_charge(desk):
    hanako = make.user(role=Role.OFFICER, agency=desk.agency, name="hanako")
    desk.add("hers", officer=hanako)
    assert desk.listed("name=hanako") == ["hers"]
    assert "hers" not in desk.listed("officer=mine")
    assert "late" in desk.listed("officer=mine")
    assert desk.listed("officer=nobody") == []
    assert desk.listed("officer=mine", client=client_of(hanako)) == ["hers"]


def test_another_agencys_are_not_listed(desk):
    theirs = make.contract()
    make.corrective_action(finding=theirs.findings.first())
    assert "?" not in desk.listed()
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    assert desk.listed(client=office).count("?") == 1
    assert "?" not in desk.listed("agency=A01", client=office)


@pytest.mark.parametrize("sort", ["state", "measure", "rule", "agency", "officer", "started_on"])
def test_every_order_lists_all_and_backwards_too(desk, sort):
    assert sorted(desk.listed(f"sort={sort}")) == sorted(desk.listed(f"sort=-{sort}"))
    assert len(desk.listed(f"sort={sort}")) == 7
