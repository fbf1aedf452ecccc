"""担当引継ぎ: what one officer has in charge passes to another; what was recorded stays."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.handover import assign, hand_over
from accounts.models import Membership, Role
from guideline.models import CorrectiveAction
from outsourcing.actions import contracts
from outsourcing.actions.base import insert, void
from outsourcing.models import Contract, Draft, Handover, PlannedInspection, handed_over
from tests import factories as make
from tests.pages import client_of, text
from tests.snapshots import refused
from trail.models import Change

pytestmark = pytest.mark.django_db

D = date
APRIL, LAST = D(2018, 4, 1), D(2019, 3, 31)
STAYS = {"recorded_by_id", "recorded_at"}


class Office:
    def __init__(self):
        self.agency = make.agency(code="A01")
        self.chief = make.user(role=Role.CHIEF, agency=self.agency)
        self.leaving, self.coming = (make.officer(self.agency) for _ in range(2))
        self.contract = self.in_charge()

    def in_charge(self, *, last_day=LAST, **fields) -> Contract:
        row = make.contract(agency=self.agency, last_day=last_day, **fields)
        return contracts.put_in_charge(row, by=self.chief, officer=self.leaving)

    def hand_over(self, **fields) -> Handover:
        given = {"by": self.chief, "agency": self.agency, "of": self.leaving, "on": APRIL}
        return hand_over(**given | {"to": self.coming} | fields)

    def plan(self, contract=None) -> PlannedInspection:
        fields = {"agency": self.agency, "planned_on": D(2018, 5, 1), "officer": self.leaving}
        row = PlannedInspection(contract=contract or self.contract, **fields)
        return insert(row, by=self.chief)

    def draft(self, **fields) -> Draft:
        typed = {"typed": {"title": ["下書き"]}, "officer": self.leaving}
        return insert(Draft(agency=self.agency, **typed | fields), by=self.chief)

    def coming_of(self, model):
        return model.objects.filter(officer=self.coming)

    def of_coming(self) -> set[str]:
        return {row.code for row in Contract.objects.filter(officer=self.coming)}


@pytest.fixture
def office():
    return Office()


def only_from(user, first: date, last: date) -> None:
    Membership.objects.filter(user=user).update(first_day=first, last_day=last)


def test_what_waits_for_an_officer_is_what_is_handed_over():
    assert {Contract, Draft, PlannedInspection, CorrectiveAction} == set(handed_over())
    assert all(hasattr(model.objects.all(), "open_on") for model in handed_over())


class TestAssigning:
    def test_somebody_who_may_write_there_is_put_in_charge(self, office):
        row = make.contract(agency=office.agency)
        assign(row, by=office.chief, officer=office.coming, on=APRIL, version=1)
        assert Contract.objects.get(pk=row.pk).officer == office.coming

    @pytest.mark.parametrize(
        ("on", "may"),
        [(D(2018, 3, 31), False), (APRIL, True), (D(2019, 3, 31), True), (D(2019, 4, 1), False)],
    )
    def test_on_the_days_of_the_role(self, office, on, may):
        only_from(office.coming, APRIL, D(2019, 3, 31))
        given = {"by": office.chief, "officer": office.coming, "on": on, "version": 2}
        if may:
            assert assign(office.contract, **given).officer == office.coming
        else:
            with refused(str(office.coming), str(on)):
                assign(office.contract, **given)

    @pytest.mark.parametrize("role", [Role.CHIEF, Role.AUDITOR, Role.IMPORTER, Role.READER])
    def test_nobody_who_may_not_write(self, office, role):
        for user in (make.user(role=role, agency=office.agency), make.officer(make.agency())):
            with refused(str(user)):
                assign(office.contract, by=office.chief, officer=user, on=APRIL, version=2)

    def test_nobody_whose_role_is_for_another_section(self, office):
        user = make.user(
            role=Role.OFFICER, agency=office.agency, section=make.section(agency=office.agency)
        )
        with refused(str(user)):
            assign(office.contract, by=office.chief, officer=user, on=APRIL, version=2)


class TestHandingOver:
    @pytest.mark.parametrize(
        ("last_day", "passes"),
        [(D(2018, 3, 31), False), (APRIL, True), (D(2018, 4, 2), True)],
    )
    def test_what_is_not_over_by_the_day_passes(self, office, last_day, passes):
        row = office.in_charge(last_day=last_day)
        office.hand_over()
        assert (row.code in office.of_coming()) is passes

    def test_it_is_recorded_and_nothing_recorded_before_is_rewritten(self, office):
        before = Contract.objects.filter(pk=office.contract.pk).values(*STAYS).get()
        row = office.hand_over()
        after = Contract.objects.filter(pk=office.contract.pk).values(*STAYS).get()
        assert after == before
        assert (row.from_officer, row.to_officer) == (office.leaving, office.coming)
        assert (row.day, row.number) == (APRIL, 1)
        change = Change.objects.order_by("-number").filter(table="outsourcing_contract").first()
        assert change.before["officer_id"] == office.leaving.pk
        assert change.after["officer_id"] == office.coming.pk
        assert "担当引継ぎ" in change.reason

    def test_chosen_ones_alone(self, office):
        stays = office.in_charge()
        office.hand_over(chosen=[office.contract])
        assert office.of_coming() == {office.contract.code}
        assert Contract.objects.get(pk=stays.pk).officer == office.leaving

    def test_one_that_has_passed_since_takes_the_others_back(self, office):
        gone = office.in_charge()
        contracts.put_in_charge(gone, by=office.chief, officer=make.officer(office.agency))
        with refused(gone.code):
            office.hand_over(chosen=[office.contract, gone])
        assert office.of_coming() == set()

    @pytest.mark.parametrize(
        ("on", "may"),
        [(D(2018, 3, 31), False), (APRIL, True), (D(2018, 9, 30), True), (D(2018, 10, 1), False)],
    )
    def test_who_takes_over_may_write_there_on_the_day(self, office, on, may):
        only_from(office.coming, APRIL, D(2018, 9, 30))
        if may:
            assert office.hand_over(on=on).number == 1
        else:
            with refused(str(office.coming), str(on)):
                office.hand_over(on=on)

    def test_what_cannot_be_is_refused(self, office):
        with refused(str(office.leaving)):
            office.hand_over(to=office.leaving)
        with refused(str(office.coming)):
            office.hand_over(of=office.coming, to=office.leaving)  # has nothing in charge
        stranger = make.officer(make.agency())
        with refused(str(stranger)):
            office.hand_over(to=stranger)

    def test_a_manager_of_a_section_passes_on_what_is_the_sections(self, office):
        section = make.section(agency=office.agency)
        theirs = office.in_charge(section=section)
        manager = make.user(role=Role.MANAGER, agency=office.agency, section=section)
        office.hand_over(by=manager)
        assert office.of_coming() == {theirs.code}

    def test_who_is_of_a_section_takes_what_is_the_sections(self, office):
        section = make.section(agency=office.agency)
        theirs = office.in_charge(section=section)
        narrow = make.user(role=Role.OFFICER, agency=office.agency, section=section)
        with refused(office.contract.code):
            office.hand_over(to=narrow)
        assert office.hand_over(to=narrow, chosen=[theirs]).number == 1

    def test_drafts_and_plans_pass_unless_they_are_done_or_void(self, office):
        done = make.inspection(contract=office.contract)
        waiting, void_, over = (office.plan() for _ in range(3))
        void(void_, by=office.chief, on=APRIL, reason="重複")
        PlannedInspection.objects.filter(pk=over.pk).update(inspection=done)
        draft = office.draft()
        registered = office.draft(contract=office.contract)
        assert office.hand_over().number == 3  # and the contract
        assert {row.pk for row in office.coming_of(PlannedInspection)} == {waiting.pk}
        assert {row.pk for row in office.coming_of(Draft)} == {draft.pk}
        assert registered.pk not in {row.pk for row in office.coming_of(Draft)}

    def test_a_plan_belongs_to_the_section_of_its_contract(self, office):
        section = make.section(agency=office.agency)
        theirs = office.plan(office.in_charge(section=section))
        other = office.plan()
        manager = make.user(role=Role.MANAGER, agency=office.agency, section=section)
        narrow = make.user(role=Role.OFFICER, agency=office.agency, section=section)
        with refused(other.contract.code, "2018-05-01"):
            office.hand_over(to=narrow, chosen=[other])
        office.hand_over(by=manager, to=narrow)
        assert {row.pk for row in PlannedInspection.objects.filter(officer=narrow)} == {theirs.pk}

    def test_200_contracts_ask_no_more_than_20(self, office):
        def asked(number):
            rows = make.many_contracts(
                number=number, agency=office.agency, contractor=make.contractor(),
                last_day=D(2019, 3, 31),
            )  # fmt: skip
            Contract.objects.filter(pk__in=[r.pk for r in rows]).update(officer=office.leaving)
            with CaptureQueriesContext(connection) as queries:
                office.hand_over()
            return len(queries)

        assert asked(20) == asked(200)


class TestPages:
    def asked(self, office):
        return {"of": office.leaving.username, "to": office.coming.username, "on": "2018-04-01"}

    def test_what_would_pass_is_shown_and_then_passes(self, office):
        client, address = client_of(office.chief), reverse("handover", args=["A01"])
        page = text(client.get(address, self.asked(office)))
        assert office.contract.code in page
        assert office.of_coming() == set()
        sent = self.asked(office) | {"contracts": [office.contract.code]}
        assert client.post(address, sent).status_code == 302
        assert office.of_coming() == {office.contract.code}
        assert str(office.leaving) in text(client.get(address))

    def test_drafts_and_plans_are_ticked_with_them(self, office):
        office.plan(), office.draft()
        client, address = client_of(office.chief), reverse("handover", args=["A01"])
        page = text(client.get(address, self.asked(office)))
        assert "契約の下書き1件と検査計画1件も引き継ぐ" in page
        sent = self.asked(office) | {"contracts": [office.contract.code]}
        client.post(address, sent)
        assert not office.coming_of(PlannedInspection).exists()
        assert client.post(address, self.asked(office) | {"beside": "on"}).status_code == 302
        assert office.coming_of(PlannedInspection).count() == office.coming_of(Draft).count() == 1

    def test_nothing_chosen_is_refused_and_so_is_a_day_to_come(self, office):
        client, address = client_of(office.chief), reverse("handover", args=["A01"])
        response = client.post(address, self.asked(office))
        assert (response.status_code, office.of_coming()) == (400, set())
        later = self.asked(office) | {"on": "2099-04-01"}
        assert "「2099-04-01」は今日より後" in text(client.get(address, later))

    def test_too_many_to_tick_pass_all_together(self, office, monkeypatch):
        monkeypatch.setattr("accounts.handover_views.MOST_TICKED", 1)
        other = office.in_charge()
        client, address = client_of(office.chief), reverse("handover", args=["A01"])
        page = text(client.get(address, self.asked(office)))
        assert 'name="everything"' in page
        assert 'name="contracts"' not in page
        client.post(address, self.asked(office) | {"everything": "on"})
        assert office.of_coming() == {office.contract.code, other.code}
