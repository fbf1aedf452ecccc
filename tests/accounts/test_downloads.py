"""第6-5: what is taken out in a day is counted; much of it warns, more asks why and is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.downloads import set_limit
from accounts.download_views import MOST_SHOWN
from accounts.downloads import taken_out
from accounts.models import DownloadNotice, Role
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, text
from trail.accesses import record
from trail.context import acting
from trail.models import Access, Kind

pytestmark = pytest.mark.django_db
FILE = reverse("download", args=[2017, "administrative-organs.csv"])
ROWS = 1  # of the table for a reader of one agency; the sum is none


@pytest.fixture
def ledger():
    return ledgers.three_agencies()


@pytest.fixture
def reader(ledger):
    return make.officer(ledger.own)


def limit(agency, warn_above: int, ask_above: int) -> None:
    set_limit(agency, by=make.recorder(), version=0, warn_above=warn_above, ask_above=ask_above)


def is_file(response) -> bool:
    return response.headers["Content-Type"].startswith("text/csv")


def test_below_the_limits_the_file_is_given_and_recorded(ledger, reader):
    assert is_file(client_of(reader).get(FILE))
    (row,) = Access.objects.filter(kind=Kind.DOWNLOAD)
    assert (row.who_id, row.rows, row.agency_id) == (reader.pk, ROWS, ledger.own.pk)
    assert row.object == "2017-administrative-organs.csv"


@pytest.mark.parametrize(
    ("warn_above", "warned"), [(ROWS - 1, True), (ROWS, False), (ROWS + 1, False)]
)
def test_above_the_first_limit_the_file_waits_for_a_word(ledger, reader, warn_above, warned):
    limit(ledger.own, warn_above, 1000)
    response = client_of(reader).get(FILE)
    assert is_file(response) is not warned
    assert Access.objects.filter(kind=Kind.DOWNLOAD).exists() is not warned
    if warned:
        assert "警告する件数（0件）を超えます" in text(response)
        assert is_file(client_of(reader).post(FILE))
        assert not DownloadNotice.objects.exists()


def test_above_the_second_limit_a_reason_is_asked_and_told(ledger, reader):
    limit(ledger.own, 0, ROWS - 1)
    client = client_of(reader)
    assert "理由を求める件数（0件）を超えます" in text(client.get(FILE))
    refused = client.post(FILE, {"reason": "  "})
    assert refused.status_code == 400
    assert "理由を入力してください。" in text(refused)
    assert not Access.objects.filter(kind=Kind.DOWNLOAD).exists()
    assert is_file(client.post(FILE, {"reason": "調査の集計"}))
    assert Access.objects.get(kind=Kind.DOWNLOAD).note == "調査の集計"
    notice = DownloadNotice.objects.get()
    assert (notice.agency, notice.who, notice.reason) == (ledger.own, str(reader), "調査の集計")
    assert (notice.rows, notice.today) == (ROWS, ROWS)


def test_the_files_of_a_day_are_counted_together(ledger, reader):
    limit(ledger.own, ROWS, 1000)
    client = client_of(reader)
    assert is_file(client.get(FILE))
    second = client.get(FILE)
    assert not is_file(second)
    assert f"今日持ち出した件数は{2 * ROWS}件" in text(second)
    assert is_file(client_of(make.officer(ledger.own)).get(FILE))  # another's day


def test_yesterday_and_tomorrow_are_other_days(ledger, reader):
    with acting(user_id=reader.pk):
        record(Kind.DOWNLOAD, rows=7)
    today = timezone.localdate()
    days = [today + timedelta(days=n) for n in (-1, 0, 1)]
    assert [taken_out(reader.pk, day) for day in days] == [0, 7, 0]


def test_of_several_agencies_the_lowest_limit_holds(ledger, reader):
    limit(ledger.own, 100, 1000)
    limit(ledger.other, 0, 1000)
    assert is_file(client_of(reader).get(FILE))
    both = make.officer(ledger.own)
    make.membership(user=both, role=Role.OFFICER, agency=ledger.other)
    assert not is_file(client_of(both).get(FILE))


class TestNotices:
    def test_who_answers_for_it_sees_it_on_every_page_until_it_is_seen(self, ledger):
        notice = make.download_notice(agency=ledger.own)
        told = "確認していない持出しの知らせが1件"
        for role in Role.values:
            page = text(client_of(make.user(role=role, agency=ledger.own)).get(reverse("account")))
            assert (told in page) is (role in (Role.CHIEF, Role.MANAGER)), role
        manager = make.user(role=Role.MANAGER, agency=ledger.own)
        client = client_of(manager)
        assert notice.reason in text(client.get(reverse("download-notices")))
        client.post(reverse("download-notice-seen", args=[notice.public_id]))
        assert told not in text(client.get(reverse("account")))
        notice.refresh_from_db()
        assert notice.seen_by == manager

    def test_what_waits_stands_before_any_number_that_was_seen(self, ledger):
        waiting = make.download_notice(agency=ledger.own)
        seen = [make.download_notice(agency=ledger.own) for _ in range(MOST_SHOWN)]
        keys = [notice.pk for notice in seen]
        now = timezone.now()
        DownloadNotice.objects.filter(pk__in=keys).update(seen_by=make.recorder(), seen_at=now)
        client = client_of(make.user(role=Role.CHIEF, agency=ledger.own))
        rows = client.get(reverse("download-notices")).context["rows"]
        assert [rows[0], len(rows)] == [waiting, MOST_SHOWN]

    def test_one_of_another_agency_is_neither_seen_nor_told(self, ledger):
        notice = make.download_notice(agency=ledger.other)
        client = client_of(make.user(role=Role.CHIEF, agency=ledger.own))
        assert notice.name not in text(client.get(reverse("download-notices")))
        answer = client.post(reverse("download-notice-seen", args=[notice.public_id]))
        assert answer.status_code == 404
        notice.refresh_from_db()
        assert notice.seen_by is None

    def test_those_of_the_survey_office_are_told_to_it(self, ledger):
        make.download_notice(agency=None)
        office = client_of(make.user(role=Role.SURVEY_OFFICE))
        assert "確認していない持出しの知らせが1件" in text(office.get(reverse("account")))


class TestLimits:
    def test_the_chief_sets_them(self, ledger):
        client = client_of(make.user(role=Role.CHIEF, agency=ledger.own))
        address = reverse("download-limit", args=[ledger.own.code])
        sent = {"warn_above": 10, "ask_above": 20, "version": 0}
        assert client.post(address, sent).status_code == 302
        assert ">10</td>" in text(client.get(reverse("download-limits")))
        refused = client.post(address, {"warn_above": 20, "ask_above": 19, "version": 1})
        assert refused.status_code == 400
        assert "理由を求める件数「19」が、警告する件数「20」より小さくなっています。" in text(
            refused
        )
        assert ">10</td>" in text(client.get(reverse("download-limits")))

    def test_who_sets_them_second_is_shown_what_the_first_has_set(self, ledger):
        client = client_of(make.user(role=Role.CHIEF, agency=ledger.own))
        address = reverse("download-limit", args=[ledger.own.code])
        limit(ledger.own, 7, 8)
        second = client.post(address, {"warn_above": 10, "ask_above": 20, "version": 0})
        assert second.status_code == 409
        assert [(d.saved, d.typed) for d in second.context["form"].conflict] == [
            ("7", "10"),
            ("8", "20"),
        ]
        assert client.post(address, {**sent_by(second)}).status_code == 302
        assert ">10</td>" in text(client.get(reverse("download-limits")))


def sent_by(response) -> dict:
    """What a browser would send of the form as it is."""
    return {field.html_name: field.value() for field in response.context["form"]}
