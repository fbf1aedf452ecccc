"""注意喚起 as they are read: what waits, who is told who has read, and what was taken back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from audit.models import Advisory, Reading
from outsourcing.models import AgencyKind
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db
LIST = reverse("advisories")
WAITS = "まだ読んでいない注意喚起が"


def page_of(row: Advisory) -> str:
    return reverse("advisory", args=[row.public_id])


def read(client, row: Advisory):
    return client.post(reverse("advisory-read", args=[row.public_id]))


@pytest.fixture
def ledger():
    return ledgers.three_agencies()


@pytest.fixture
def office(ledger):
    return client_of(make.user(role=Role.SURVEY_OFFICE))


@pytest.fixture
def chief(ledger):
    return client_of(make.user(role=Role.CHIEF, agency=ledger.own))


@pytest.fixture
def officer(ledger):
    return client_of(make.officer(ledger.own))


@pytest.fixture
def stranger(ledger):
    return client_of(make.officer(ledger.other))


class TestReading:
    def test_waits_on_every_page_until_it_is_read(self, ledger, officer):
        rows = [make.advisory(to=[ledger.own]) for _ in range(2)]
        for address in (LIST, reverse("contracts"), reverse("guideline-rules")):
            assert f"{WAITS}2件" in text(officer.get(address))
        read(officer, rows[0])
        assert f"{WAITS}1件" in text(officer.get(reverse("contracts")))
        read(officer, rows[1])
        assert WAITS not in text(officer.get(reverse("contracts")))

    def test_each_reads_for_oneself(self, ledger, officer, chief):
        row = make.advisory(to=[ledger.own])
        read(officer, row)
        assert WAITS in text(chief.get(LIST))

    def test_is_recorded_once_with_the_first_moment(self, ledger, officer):
        row = make.advisory(to=[ledger.own])
        read(officer, row)
        first = Reading.objects.get()
        read(officer, row)
        assert Reading.objects.get().read_at == first.read_at
        assert first.agency == ledger.own

    def test_who_reads_for_two_agencies_reads_for_both(self, ledger):
        user = make.officer(ledger.own)
        make.membership(user=user, role=Role.READER, agency=ledger.other)
        row = make.advisory(to=[ledger.own, ledger.other, ledger.independent])
        read(client_of(user), row)
        readings = Reading.objects.values_list("agency__code", flat=True)
        assert set(readings) == {"A01", "A02"}

    def test_unread_ones_come_first_then_the_latest(self, ledger, officer):
        old, middle, new = (
            make.advisory(to=[ledger.own], sent_on=date(2018, 6, day)) for day in (1, 2, 3)
        )
        read(officer, new)
        assert new.title in text(officer.get(page_of(new)))  # and said so, once
        page = text(officer.get(LIST))
        titles = [middle.title, old.title, new.title]
        assert sorted(titles, key=page.index) == titles

    def test_one_of_another_agency_is_not_found(self, ledger, officer):
        row = make.advisory(to=[ledger.other])
        assert officer.get(page_of(row)).status_code == 404
        assert read(officer, row).status_code == 404
        assert row.title not in text(officer.get(LIST))
        assert WAITS not in text(officer.get(LIST))

    def test_a_reader_never_learns_to_whom_else_it_went_nor_who_read_it(
        self, ledger, officer, stranger, chief
    ):
        row = make.advisory(to=[ledger.own, ledger.other])
        read(stranger, row)
        reader = Reading.objects.get().reader
        for client in (officer, chief):
            page = text(client.get(page_of(row)))
            assert "みどり庁" not in page
            assert str(reader) not in page
            assert "閲読の状況" not in page

    def test_the_ministrys_own_people_read_none(self, ledger, office):
        row = make.advisory(to=[ledger.own])
        assert WAITS not in text(office.get(LIST))
        assert read(office, row).status_code == 404
        assert "読みました</button>" not in text(office.get(page_of(row)))

    def test_asks_the_database_once_for_the_notice_however_many_there_are(self, ledger, officer):
        address = reverse("guideline-rules")

        def asked():
            with CaptureQueriesContext(connection) as queries:
                officer.get(address)
            return len([q for q in queries.captured_queries if "audit_addressee" in q["sql"]])

        assert asked() == 1
        for _ in range(5):
            make.advisory(to=[ledger.own, ledger.other])
        assert asked() == 1


class TestWhoHasRead:
    @pytest.fixture
    def row(self, ledger):
        return make.advisory(to=ledger.agencies)

    def test_is_told_to_the_sender_agency_by_agency(self, office, officer, row):
        read(officer, row)
        reading = Reading.objects.get()
        page = text(office.get(page_of(row)))
        moment = timezone.localtime(reading.read_at).strftime("%Y-%m-%d %H:%M")
        for words in (str(reading.reader), moment, "あおぞら省", "みどり庁", "なみかぜ機構"):
            assert words in page
        assert "1／3" in text(office.get(LIST))

    def test_each_number_opens_the_agencies_it_counts(self, office, officer, stranger, row):
        read(officer, row)
        read(stranger, row)
        for show, names in (("read", {"あおぞら省", "みどり庁"}), ("unread", {"なみかぜ機構"})):
            response = office.get(f"{page_of(row)}?show={show}")
            assert response.context["shown"] == len(names)
            page = text(response)
            known = {"あおぞら省", "みどり庁", "なみかぜ機構"}
            assert {name for name in known if name in page} == names
        assert ">2機関</a>で読まれています" in text(office.get(page_of(row)))
        assert ">1機関</a>では、まだ誰も読んでいません" in text(office.get(page_of(row)))

    def test_asks_no_more_for_60_agencies_than_for_3(self, office, ledger, row):
        def asked(one):
            with CaptureQueriesContext(connection) as queries:
                office.get(page_of(one))
                office.get(LIST)
            return len(queries)

        few = asked(row)
        many = [make.agency(kind=AgencyKind.INDEPENDENT) for _ in range(57)]
        big = make.advisory(to=[*ledger.agencies, *many])
        for agency in many:
            read(client_of(make.officer(agency)), big)
        assert asked(big) == few


class TestTakingBack:
    def void(self, client, row, reason="宛先の誤り"):
        data = {"void_reason": reason, "version": row.version}
        return client.post(reverse("advisory-void", args=[row.public_id]), data)

    def test_stays_marked_and_waits_for_nobody(self, ledger, office, officer):
        row = make.advisory(to=[ledger.own])
        assert self.void(office, row).status_code == 302
        page = text(officer.get(page_of(row)))
        assert "宛先の誤り" in page
        assert "取り消されました" in page
        assert "読みました</button>" not in page
        assert WAITS not in page
        assert "取消し" in text(officer.get(LIST))
        read(officer, row)
        assert not Reading.objects.exists()

    def test_needs_a_reason(self, ledger, office):
        row = make.advisory(to=[ledger.own])
        assert self.void(office, row, " ").status_code == 400
        assert Advisory.objects.get().voided_on is None

    def test_is_the_senders_alone(self, ledger, office, chief, officer):
        ministrys = make.advisory(to=[ledger.own])
        own = make.advisory(to=[ledger.own], agency=ledger.own)
        assert self.void(chief, ministrys).status_code == 404
        assert self.void(office, own).status_code == 404
        assert self.void(officer, own).status_code == 403
        assert self.void(chief, own).status_code == 302
