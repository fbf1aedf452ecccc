"""Each number beside the list is the length of the list it opens."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from audit import facets, paging
from guideline import actions
from outsourcing.models import AgencyKind, Contract
from tests import factories as make
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db
FACETS = reverse("finding-facets")
ELSE = AgencyKind.INDEPENDENT.label
DAYS = ("2017-04-01", "2017-09-30", "2018-10-22", "2026-04-01")


@pytest.fixture
def agency():
    """With findings of every severity, depth and relation, and a reason for one."""
    agency = make.agency()
    for work in (Contract.Work.STAFF_HEALTH_CHECK, Contract.Work.SYSTEMS):
        contract = make.contract(agency=agency, work=work, last_day=date(2019, 3, 31))
        chain = make.chain(contract=contract, depth=3)
        make.approval(link=chain[0], decided_on=date(2017, 10, 1))
        make.holding(holder=contract.contractor, held=chain[1].contractor, share=100)
    reason = actions.ask(
        by=make.recorder(), contract=contract, rule="yearly-inspection", subject="contract",
        first_day=date(2018, 3, 31), last_day=date(2018, 3, 31), reason="災害のため",
        asked_on=date(2018, 3, 1),
    )  # fmt: skip
    manager = make.user(role=Role.MANAGER, agency=agency)
    actions.approve(reason, by=manager, on=date(2018, 3, 5))
    make.disclosure(agency=make.contract().agency)
    return agency


def walked(client, query: str) -> list[tuple[str, int, int]]:
    """Each value with its number, and how many the list has that it opens."""
    found = client.get(f"{FACETS}?{query}").context["facets"]
    return [
        (value.label, value.number,
         client.get(reverse("findings") + value.address).context["listing"].number)
        for facet in found
        for value in facet.values
    ]  # fmt: skip


@pytest.mark.parametrize("counted", [10_000, 3])
@pytest.mark.parametrize("when", ["", "&when=standing", "&since=2017-05-01&until=2018-10-22"])
@pytest.mark.parametrize("role", [Role.SURVEY_OFFICE, Role.AUDITOR])
def test_as_the_list_it_opens(monkeypatch, agency, counted, when, role):
    for module in (facets, paging):
        monkeypatch.setattr(module, "COUNTED", counted)
    client = client_of(make.user(role=role, agency=agency))
    walks = [row for day in DAYS for row in walked(client, f"as_of={day}{when}")]
    assert {label for label, *_ in walks} >= {"契約に反する再委託", "再々委託以降", "100%子会社"}
    # Counted at once, a value may be told of which its list says only that it has more than that.
    assert [row for row in walks if min(row[1], counted + 1) != row[2]] == []


def test_within_what_is_chosen_already(agency):
    client = client_of(make.user(role=Role.SURVEY_OFFICE))
    walks = walked(client, "as_of=2018-10-22&severity=breach&depth=2")
    assert walks
    assert [row for row in walks if row[1] != row[2]] == []
    assert "再々委託以降" not in {label for label, *_ in walks}


def test_kinds_of_agencies_until_one_is_chosen(agency):
    other = make.contract(agency=make.agency(kind=AgencyKind.INDEPENDENT))
    make.chain(contract=other, depth=2)
    client = client_of(make.user(role=Role.SURVEY_OFFICE))
    walks = walked(client, "as_of=2018-10-22")
    kinds = [row for row in walks if row[0] in (agency.get_kind_display(), ELSE)]
    assert [row[0] for row in kinds] == [agency.get_kind_display(), ELSE]
    assert [row for row in kinds if row[1] != row[2]] == []
    assert ELSE not in {row[0] for row in walked(client, "as_of=2018-10-22&kind=independent")}


def test_what_cannot_be_understood_is_told_and_counts_nothing(agency):
    response = client_of(make.user(role=Role.SURVEY_OFFICE)).get(FACETS, {"rule": "no-such-rule"})
    assert response.context["facets"] == []
    assert "no-such-rule" in text(response)


def test_a_page_takes_them_in_without_the_page_around_them(agency):
    client = client_of(make.user(role=Role.SURVEY_OFFICE))
    part = text(client.get(FACETS, {"as_of": "2018-10-22", "part": "1"}))
    assert "<html" not in part
    assert "契約に反する再委託" in part
