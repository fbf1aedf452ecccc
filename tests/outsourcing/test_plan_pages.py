"""検査計画 in a browser: planned for many, changed, given up."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from outsourcing.models import PlannedInspection
from tests import factories as make
from tests.pages import client_of, text
from tests.snapshots import snapshot

pytestmark = pytest.mark.django_db

D = date
NEW, PLANS = "/inspections/plans/new/", "/inspections/plans/"
ONCE = re.compile(r'name="once" value="([^"]+)"')


class Office:
    def __init__(self):
        self.agency = make.agency(code="A01")
        self.officer, self.colleague = make.officer(self.agency), make.officer(self.agency)
        self.client = client_of(self.officer)
        self.contract = make.contract(agency=self.agency, title="健康診断")
        self.link = make.link(contract=self.contract)
        self.codes = [self.contract.code, f"{self.contract.code}:link:1"]

    def sent(self, **typed) -> dict:
        page = self.client.get(NEW, {"targets": self.codes}).content.decode()
        once = ONCE.search(page)[1]
        return {
            "once": once,
            "targets": self.codes,
            "planned_on": "2018-02-01",
            "method": "on_site",
        } | typed


@pytest.fixture
def office():
    return Office()


def test_the_same_is_planned_for_each_target_and_once(office):
    data = office.sent(inspectors="総務課", officer=office.colleague.username)
    for _ in range(2):
        assert office.client.post(NEW, data)["Location"] == PLANS
    rows = PlannedInspection.objects.all()
    assert [row.code for row in rows] == office.codes
    assert {(row.planned_on, row.officer, row.inspectors) for row in rows} == {
        (D(2018, 2, 1), office.colleague, "総務課")
    }
    page = text(office.client.get(PLANS))
    assert page.count("これから") == 3  # two rows, and the filter's word
    assert page.count('name="plans"') == 2


def test_without_an_officer_it_is_ones_own(office):
    office.client.post(NEW, office.sent())
    assert {row.officer for row in PlannedInspection.objects.all()} == {office.officer}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"planned_on": ""}, "予定日"),
        ({"planned_on": "2月30日"}, "2月30日"),
        ({"method": "by_ear"}, "by_ear"),
        ({"officer": "nobody"}, "担当者「nobody」は選べません"),
        ({"note": "長" * 501}, "500字まで"),
        ({"targets": []}, "検査の対象を一つ以上"),
    ],
)
def test_what_cannot_be_is_refused(office, typed, said):
    data = office.sent(**typed)
    before = snapshot()
    response = office.client.post(NEW, data)
    assert (response.status_code, snapshot()) == (400, before)
    assert said in text(response)


def test_nobody_of_another_agency_is_put_in_charge(office):
    stranger = make.officer(make.agency())
    response = office.client.post(NEW, office.sent(officer=stranger.username))
    assert f"担当者「{stranger.username}」は選べません" in text(response)


class TestOne:
    @pytest.fixture
    def plan(self, office):
        return make.plan(contract=office.contract, link=office.link, officer=office.officer)

    def test_is_changed_and_who_is_second_is_told(self, office, plan):
        address = reverse("inspection-plan", args=[plan.public_id])
        assert f'value="{office.officer.username}" selected' in text(office.client.get(address))
        data = {"version": 1, "planned_on": "2018-03-01", "method": "remote"}
        assert office.client.post(address, data).status_code == 302
        plan.refresh_from_db()
        assert (plan.planned_on, plan.method, plan.officer) == (D(2018, 3, 1), "remote", None)
        response = office.client.post(address, data | {"method": "documents"})
        assert response.status_code == 409
        assert "遠隔" in text(response)

    def test_is_given_up_with_a_reason(self, office, plan):
        address = reverse("inspection-plan-void", args=[plan.public_id])
        assert office.client.post(address, {"version": 1, "void_reason": ""}).status_code == 400
        data = {"version": 1, "void_reason": "契約の解除"}
        assert office.client.post(address, data)["Location"] == PLANS
        assert office.client.get(address).status_code == 404
        assert "健康診断" not in text(office.client.get(PLANS))

    def test_that_is_done_is_found_no_more_to_be_changed(self, office, plan):
        visit = make.inspection(contract=office.contract, link=office.link)
        PlannedInspection.objects.filter(pk=plan.pk).update(inspection=visit)
        address = reverse("inspection-plan", args=[plan.public_id])
        assert office.client.get(address).status_code == 404
        page = text(office.client.get(PLANS))
        assert visit.code in page
        assert 'name="plans"' not in page

    def test_of_another_section_is_read_and_not_changed(self, office, plan):
        section = make.section(agency=office.agency)
        client = client_of(make.user(role=Role.OFFICER, agency=office.agency, section=section))
        assert client.get(reverse("inspection-plan", args=[plan.public_id])).status_code == 403
        assert 'name="plans"' not in text(client.get(PLANS))


def test_the_list_is_narrowed_by_what_is_asked_for(office):
    early = make.plan(contract=office.contract, planned_on=D(2018, 3, 31), officer=office.officer)
    late = make.plan(contract=make.contract(agency=office.agency), planned_on=D(2018, 4, 1))

    def found(**asked):
        response = office.client.get(PLANS, asked)
        return [row.record for row in response.context["table"].rows]

    assert found() == [early, late]
    assert found(year="2017") == found(officer="mine") == found(q="健康") == [early]
    assert found(year="2018") == [late]
    assert found(state="open") == [early, late]
    assert found(state="done") == found(year="おととし") == []
