"""注意喚起: written, shown to be confirmed, sent; to whom, and about which findings."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from audit.models import Addressee, Advisory
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("advisories"), reverse("advisory-new")
WAITS = "まだ読んでいない注意喚起が"


def page_of(row: Advisory) -> str:
    return reverse("advisory", args=[row.public_id])


def found(client, address: str) -> int:
    return client.get(address).context["listing"].number


def addressees(row: Advisory) -> set[str]:
    return set(row.addressees.values_list("agency__code", flat=True))


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


def typed(**more) -> dict:
    plain = {
        "title": "検査について",
        "body": "年一回以上、\r\n検査をお願いします。",
        "sent_on": "平成30年10月22日",
        "once": str(uuid4()),
        "of-path": NEW,
    }
    return plain | more


class TestSending:
    def test_is_shown_to_be_confirmed_and_nothing_is_recorded_before(self, office):
        response = office.post(NEW, typed(targets=["A02", "A01"]))
        page = text(response)
        assert "まだ発出していません" in page
        assert page.index("あおぞら省") < page.index("みどり庁")
        assert "検査をお願いします" in page
        assert not Advisory.objects.exists()

    def test_sends_at_once_what_was_confirmed(self, office):
        assert office.post(NEW, typed(targets=["A01", "B001"], send="1")).status_code == 302
        row = Advisory.objects.get()
        assert (row.title, row.sent_on, row.agency) == ("検査について", date(2018, 10, 22), None)
        assert addressees(row) == {"A01", "B001"}

    def test_counts_once_however_often_it_is_clicked(self, office):
        data = typed(targets=["A01"], send="1")
        for _ in range(2):
            office.post(NEW, data)
        assert Advisory.objects.count() == Addressee.objects.count() == 1

    def test_the_same_again_within_an_hour_is_asked_about_where_it_is_confirmed(self, office):
        office.post(NEW, typed(targets=["A01"], send="1"))
        again = typed(targets=["A01"], send="1")
        response = office.post(NEW, again)
        assert response.status_code == 400
        assert "記録しています" in text(response)
        assert "まだ発出していません" in text(response)
        assert office.post(NEW, again).status_code == 302
        assert Advisory.objects.count() == 2

    def test_takes_names_and_codes_as_they_are_pasted(self, office):
        names = "みどり庁\n\n　Ａ０１\nなみかぜ機構\nみどり庁"
        office.post(NEW, typed(names=names, send="1"))
        assert addressees(Advisory.objects.get()) == {"A01", "A02", "B001"}

    def test_names_the_names_it_does_not_know(self, office):
        response = office.post(NEW, typed(names="みどり庁\nみどり省", send="1"))
        assert response.status_code == 400
        assert "「みどり省」" in text(response)
        assert not Advisory.objects.exists()

    def test_asks_for_at_least_one_agency(self, office):
        assert "宛先の機関を一つ以上選んでください" in text(office.post(NEW, typed()))

    @pytest.mark.parametrize(("days", "status"), [(-1, 302), (0, 302), (1, 400)])
    def test_is_sent_on_no_day_that_has_not_come(self, office, days, status):
        day = timezone.localdate() + timedelta(days=days)
        data = typed(targets=["A01"], sent_on=day.isoformat(), send="1")
        assert office.post(NEW, data).status_code == status

    def test_an_agency_that_is_no_more_is_not_offered(self, office, ledger):
        make.agency(code="A03", name="なくなった庁", abolished_on=date(2018, 1, 1))
        assert "なくなった庁" not in text(office.get(NEW))
        assert office.post(NEW, typed(targets=["A03"], send="1")).status_code == 400

    def test_goes_back_to_what_was_typed(self, office):
        page = text(office.post(NEW, typed(targets=["A02"], names="なみかぜ機構", pick="edit")))
        assert "検査について" in page
        assert 'value="A02" checked' in page
        assert "なみかぜ機構</textarea>" in page.replace("\r", "").replace("\n</", "</")

    @pytest.mark.parametrize(
        ("pick", "ticked"),
        [
            ("all", {"A01", "A02", "B001"}),
            ("none", set()),
            ("group:0", {"A01", "A02"}),
            ("group:1", {"A01", "B001"}),
        ],
    )
    def test_boxes_are_ticked_by_group_without_scripts(self, office, pick, ticked):
        page = text(office.post(NEW, typed(targets=["A01"], pick=pick)))
        assert {c for c in ("A01", "A02", "B001") if f'value="{c}" checked' in page} == ticked
        assert not Advisory.objects.exists()

    def test_a_group_that_is_ticked_is_taken_off_again(self, office):
        page = text(office.post(NEW, typed(targets=["A01", "A02", "B001"], pick="group:0")))
        assert 'value="A01" checked' not in page
        assert 'value="B001" checked' in page

    def test_agencies_stand_in_printed_order_by_group(self, office):
        page = text(office.get(NEW))
        headings = [
            "行政機関（2機関）",
            "あおぞら省",
            "みどり庁",
            "試験の法人（1機関）",
            "なみかぜ",
        ]
        assert sorted(headings, key=page.index) == headings


class TestAboutAList:
    @pytest.fixture
    def findings(self, ledger):
        for agency in (ledger.own, ledger.other):
            make.link(contract=make.contract(agency=agency))
        make.link(contract=make.contract(agency=ledger.own))

    CONDITIONS = "rule=unapproved-subcontract&when=standing&as_of=2017-06-01"

    def test_ticks_those_who_have_such_findings_and_says_how_many(self, office, findings):
        response = office.get(NEW, {"about": f"/findings/?{self.CONDITIONS}"})
        page = text(response)
        assert {c for c in ("A01", "A02", "B001") if f'value="{c}" checked' in page} == {
            "A01", "A02",
        }  # fmt: skip
        for code, number in (("A01", 2), ("A02", 1)):
            assert f"&amp;agency={code}" in page
            assert found(office, f"/findings/?{self.CONDITIONS}&agency={code}") == number

    def test_the_button_does_the_same_without_scripts(self, office, findings):
        data = typed(about=self.CONDITIONS, targets=["B001"], pick="matching")
        page = text(office.post(NEW, data))
        assert 'value="A02" checked' in page
        assert 'value="B001" checked' not in page

    def test_an_address_that_is_none_is_told(self, office):
        for address in ("/contracts/?q=1", "rule=no-such-rule", "あいう"):
            response = office.post(NEW, typed(about=address, targets=["A01"], send="1"))
            assert response.status_code == 400
            assert "所見の一覧" in text(response)
            assert "エラー：" in text(response)
        assert not Advisory.objects.exists()

    def test_keeps_no_condition_that_would_tell_of_another_agency(self, office, findings, officer):
        about = f"{self.CONDITIONS}&agency=A02&kind=organ&page=3"
        office.post(NEW, typed(about=about, targets=["A01", "A02"], send="1"))
        row = Advisory.objects.get()
        kept = QueryDict(row.conditions).dict()
        assert kept == QueryDict(self.CONDITIONS).dict()
        assert "A02" not in text(officer.get(page_of(row)))

    def test_a_company_that_one_agency_alone_knows_is_no_condition(self, office, ledger):
        make.contractor(name="見本太郎", agency=ledger.other, no_number_reason="individual")
        response = office.post(
            NEW, typed(about=urlencode({"contractor": "見本太郎"}), targets=["A01"], send="1")
        )
        assert response.status_code == 400
        assert "法人番号" in text(response)

    def test_each_reader_is_led_to_the_own_agencys_findings(
        self, office, officer, stranger, findings
    ):
        office.post(NEW, typed(about=self.CONDITIONS, targets=["A01", "A02"], send="1"))
        row = Advisory.objects.get()
        for client, number in ((officer, 2), (stranger, 1), (office, 3)):
            page = text(client.get(page_of(row)))
            assert f"{number}件を開く" in page
            assert found(client, f"/findings/?{row.conditions}") == number


class TestAnAgencysOwn:
    def test_goes_to_the_own_agency_alone(self, chief, ledger):
        assert chief.post(NEW, typed(targets=["A01"], send="1")).status_code == 302
        row = Advisory.objects.get()
        assert (row.agency, addressees(row)) == (ledger.own, {"A01"})

    @pytest.mark.parametrize("code", ["A02", "A99"])
    def test_to_another_is_refused_like_to_none(self, chief, code):
        response = chief.post(NEW, typed(targets=[code], send="1"))
        assert f"宛先の機関「{code}」は選べません" in text(response)
        assert not Advisory.objects.exists()

    def test_is_the_agencys_business(self, chief, ledger, officer, stranger, office):
        row = make.advisory(to=[ledger.own], agency=ledger.own)
        assert officer.get(page_of(row)).status_code == 200
        assert stranger.get(page_of(row)).status_code == 404
        assert office.get(page_of(row)).status_code == 404
        assert row.title in text(officer.get(LIST))
        assert row.title not in text(office.get(LIST))

    def test_who_has_sent_one_need_not_read_it(self, ledger):
        user = make.user(role=Role.CHIEF, agency=ledger.own)
        make.advisory(to=[ledger.own], agency=ledger.own, by=user)
        client = client_of(user)
        assert WAITS not in text(client.get(LIST))
        assert "自分が発出" in text(client.get(LIST))
