"""Sections are renamed, closed and merged, and contracts pass between them (移管)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from outsourcing.actions import contracts, sections
from outsourcing.actions.base import Conflict
from outsourcing.models import Contract, Disclosure, Section, SectionTransfer
from tests import factories as make
from tests.pages import client_of, text
from tests.snapshots import refused, snapshot

pytestmark = pytest.mark.django_db

D = date
APRIL = D(2018, 4, 1)


class Office:
    def __init__(self):
        self.agency = make.agency(code="A01")
        self.old, self.older, self.into = (
            make.section(agency=self.agency, code=code) for code in ("001", "002", "003")
        )

    def merge(self, *chosen, into=None, on=APRIL):
        return sections.merge_sections(
            by=make.recorder(),
            sections=chosen or [self.old, self.older],
            into=into or self.into,
            on=on,
            reason="組織再編",
        )


@pytest.fixture
def office():
    return Office()


def section_of(row):
    return type(row).objects.get(pk=row.pk).section


class TestMerging:
    def test_all_they_have_passes_and_they_are_closed_the_day_before(self, office):
        over = make.contract(agency=office.agency, section=office.old)
        open_ = make.contract(agency=office.agency, section=office.older, last_day=D(2019, 3, 31))
        beside = make.contract(agency=office.agency)
        told = make.disclosure(agency=office.agency, section=office.old)
        made = office.merge()
        assert section_of(over) == section_of(open_) == section_of(told) == office.into
        assert section_of(beside) is None
        closed = Section.objects.filter(last_day=D(2018, 3, 31))
        assert set(closed) == {office.old, office.older}
        assert {(row.from_section, row.to_section, row.day) for row in made} == {
            (office.old, office.into, APRIL),
            (office.older, office.into, APRIL),
        }
        assert {row.contract_id for row in made} == {over.pk, open_.pk}

    def test_what_is_voided_stays(self, office):
        row = make.contract(agency=office.agency, section=office.old)
        contracts.void_contract(row, by=make.recorder(), on=APRIL, reason="誤り")
        assert office.merge() == []
        assert section_of(row) == office.old

    def test_a_form_opened_before_finds_its_contract_changed(self, office):
        row = make.contract(agency=office.agency, section=office.old)
        office.merge()
        with pytest.raises(Conflict):
            contracts.correct(row, by=make.recorder(), version=1, title="別の件名")

    def test_what_cannot_be_merged_is_refused_and_nothing_written(self, office):
        make.contract(agency=office.agency, section=office.old)
        theirs = make.section(agency=make.agency(), code="777", name="よその課")
        closed = make.section(agency=office.agency, code="004", last_day=D(2018, 3, 30))
        late = make.section(agency=office.agency, code="005", first_day=APRIL)
        before = snapshot()
        for chosen, into, said in (
            ([theirs], None, "よその課"),
            ([office.old], theirs, "別の機関"),
            ([office.old, office.into], None, str(office.into)),
            ([office.old, closed], None, "2018-03-30"),
            ([office.old, late], None, "2018-04-01"),
            ([office.old], closed, "2018-03-30"),
        ):
            with refused(said):
                office.merge(*chosen, into=into)
        assert snapshot() == before

    @pytest.mark.parametrize(("last", "takes"), [(D(2018, 3, 31), False), (APRIL, True)])
    def test_the_section_merged_into_is_there_on_the_day(self, office, last, takes):
        into = make.section(agency=office.agency, last_day=last)
        if takes:
            office.merge(into=into)
        else:
            with refused("2018-03-31"):
                office.merge(into=into)

    def test_200_contracts_ask_no_more_than_20(self):
        def asked(number):
            office = Office.__new__(Office)
            office.agency = make.agency()
            office.old, office.into = (make.section(agency=office.agency) for _ in range(2))
            make.many_contracts(
                number=number, agency=office.agency, contractor=make.contractor(),
                section=office.old,
            )  # fmt: skip
            with CaptureQueriesContext(connection) as queries:
                office.merge(office.old)
            assert Contract.objects.filter(section=office.into).count() == number
            return len(queries)

        assert asked(20) == asked(200)


class TestTransferring:
    def test_chosen_contracts_pass_and_those_that_are_there_stay(self, office):
        one, two = (make.contract(agency=office.agency, section=office.old) for _ in range(2))
        there = make.contract(agency=office.agency, section=office.into)
        make_ = sections.transfer_many(
            [one, there], by=make.recorder(), to=office.into, on=APRIL, reason="再編"
        )
        assert [row.contract for row in make_] == [one]
        assert [section_of(row) for row in (one, two, there)] == [
            office.into,
            office.old,
            office.into,
        ]

    def test_not_to_another_agency_all_or_none(self, office):
        one, other = make.contract(agency=office.agency), make.contract()
        with refused(str(office.into), "別の機関"):
            sections.transfer_many([one, other], by=make.recorder(), to=office.into, on=APRIL)
        assert not SectionTransfer.objects.exists()

    @pytest.mark.parametrize(
        ("on", "takes"),
        [(D(2018, 3, 31), False), (APRIL, True), (D(2019, 3, 31), True), (D(2019, 4, 1), False)],
    )
    def test_to_a_section_that_is_there_on_the_day(self, office, on, takes):
        to = make.section(agency=office.agency, first_day=APRIL, last_day=D(2019, 3, 31))
        row = make.contract(agency=office.agency)
        if takes:
            assert contracts.transfer(row, by=make.recorder(), to=to, on=on).to_section == to
        else:
            with refused(str(to), str(on)):
                contracts.transfer(row, by=make.recorder(), to=to, on=on)

    def test_not_to_where_it_is(self, office):
        row = make.contract(agency=office.agency, section=office.old)
        with refused(str(office.old)):
            contracts.transfer(row, by=make.recorder(), to=office.old, on=APRIL)


class TestPages:
    def chief(self, office):
        return client_of(make.user(role=Role.CHIEF, agency=office.agency))

    def test_a_merger_is_shown_before_it_is_done(self, office):
        make.contract(agency=office.agency, section=office.old)
        make.disclosure(agency=office.agency, section=office.old)
        client, address = self.chief(office), reverse("section-merge", args=["A01"])
        asked = {"sections": ["001"], "into": "003", "on": "2018-04-01", "reason": "再編"}
        response = client.get(address, asked)
        assert (response.context["contracts"], response.context["disclosures"]) == (1, 1)
        assert Section.objects.get(pk=office.old.pk).last_day is None
        assert client.post(address, asked).status_code == 302
        assert Section.objects.get(pk=office.old.pk).last_day == D(2018, 3, 31)
        assert Disclosure.objects.get().section == office.into

    def test_a_section_is_opened_and_its_contracts_counted(self, office):
        client = self.chief(office)
        client.post(reverse("section-new", args=["A01"]), {"code": "009", "name": "新しい課"})
        make.contract(agency=office.agency, section=Section.objects.get(code="009"))
        rows = client.get(reverse("sections", args=["A01"])).context["rows"]
        assert [number for section, number in rows if section.code == "009"] == [1]

    def test_a_role_for_one_section_does_not_rule_over_all(self, office):
        user = make.user(role=Role.MANAGER, agency=office.agency, section=office.old)
        client = client_of(user)
        own = make.contract(agency=office.agency, section=office.old)
        other = make.contract(agency=office.agency, section=office.older)
        asked = {
            reverse("sections", args=["A01"]): 403,
            reverse("section-merge", args=["A01"]): 403,
            reverse("section", args=["A01", "001"]): 403,
            reverse("contract-transfer", args=[own.code]): 200,
            reverse("contract-transfer", args=[other.code]): 403,
            reverse("contract-officer", args=[other.code]): 403,
        }
        assert {address: client.get(address).status_code for address in asked} == asked
        assert "移管する" not in text(client.get(reverse("contract", args=[other.code])))
        assert "移管する" in text(client.get(reverse("contract", args=[own.code])))
