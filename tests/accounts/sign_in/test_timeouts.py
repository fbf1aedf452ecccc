"""Sessions end 20 minutes after the last work, and 12 hours after signing in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import clock
from accounts.sign_in.timeouts import Ending, Limits, ending, ends_at
from tests import factories as make
from tests.pages import client_of, text

SECOND = timedelta(seconds=1)
LIMITS = Limits(idle=timedelta(minutes=20), absolute=timedelta(hours=12))
SIGNED_IN = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
WORKED = SIGNED_IN + timedelta(hours=1)


def reason(now: datetime, *, worked_at: datetime = WORKED) -> Ending | None:
    return ending(LIMITS, signed_in_at=SIGNED_IN, worked_at=worked_at, now=now)


def test_idle_the_second_before_at_and_after():
    end = WORKED + timedelta(minutes=20)
    assert ends_at(LIMITS, signed_in_at=SIGNED_IN, worked_at=WORKED) == end
    assert reason(end - SECOND) is None
    assert reason(end) == Ending.IDLE
    assert reason(end + SECOND) == Ending.IDLE


def test_absolute_the_second_before_at_and_after():
    end = SIGNED_IN + timedelta(hours=12)
    worked_at = end - timedelta(minutes=1)
    assert ends_at(LIMITS, signed_in_at=SIGNED_IN, worked_at=worked_at) == end
    assert reason(end - SECOND, worked_at=worked_at) is None
    assert reason(end, worked_at=worked_at) == Ending.ABSOLUTE
    assert reason(end + SECOND, worked_at=worked_at) == Ending.ABSOLUTE


@pytest.fixture
def client(db):
    return client_of(make.user())


def shift(client, *, signed_in: timedelta, worked: timedelta | None = None) -> None:
    """As though signed in, and having worked, so long ago."""
    session, now = client.session, timezone.now()
    session[clock.SIGNED_IN] = (now - signed_in).timestamp()
    session.save()
    client.cookies.pop(clock.WORKED, None)
    if worked is not None:
        salt = clock.WORKED + clock._salt(session)
        value = signing.get_cookie_signer(salt=salt).sign((now - worked).timestamp())
        client.cookies[clock.WORKED] = value


def is_in(client) -> bool:
    return client.get("/account/").status_code == 200


MINUTES, HOURS = timedelta(minutes=1), timedelta(hours=1)


def test_each_page_counts_as_work(client):
    shift(client, signed_in=HOURS, worked=20 * MINUTES - 5 * SECOND)
    assert is_in(client)
    left = client.get("/session/").json()
    assert 20 * 60 - 10 < left["left"] <= 20 * 60
    assert left["final"] is False


def test_a_session_without_work_for_20_minutes_is_over(client):
    shift(client, signed_in=HOURS, worked=20 * MINUTES)
    response = client.get("/contracts/?q=健康")
    assert response.status_code == 302
    page = client.get(response.url)
    assert "20分間操作がなかったため" in text(page)
    assert "最後に送信した内容は保存されていません" not in text(page)
    assert not is_in(client)


def test_the_login_leads_back_to_where_one_was(client):
    user = User.objects.get()
    shift(client, signed_in=HOURS, worked=21 * MINUTES)
    address = client.get("/contracts/?q=%E5%81%A5%E5%BA%B7").url
    data = {"username": user.username, "password": make.PASSWORD}
    page = client.get(address)
    response = client.post(address, {**data, "next": page.context["next"]})
    assert response.url == "/contracts/?q=%E5%81%A5%E5%BA%B7"


def test_what_was_sent_too_late_leads_back_to_the_page_it_was_sent_from(client):
    shift(client, signed_in=HOURS, worked=21 * MINUTES)
    came_from = {"HTTP_REFERER": "http://testserver/account/password/?a=1"}
    page = client.get(client.post("/account/password/", {}, **came_from).url)
    assert page.context["next"] == "/account/password/?a=1"
    assert "最後に送信した内容は保存されていません" in text(page)


def test_what_was_sent_from_elsewhere_leads_to_the_top(client):
    shift(client, signed_in=HOURS, worked=21 * MINUTES)
    response = client.post("/account/password/", {}, HTTP_REFERER="https://evil.example/x")
    assert client.get(response.url).context["next"] == "/"


def test_work_does_not_put_off_the_end_after_12_hours(client):
    shift(client, signed_in=12 * HOURS - 30 * SECOND, worked=0 * SECOND)
    assert is_in(client)
    answer = client.post("/session/").json()
    assert answer["left"] <= 30
    assert answer["final"] is True
    shift(client, signed_in=12 * HOURS, worked=0 * SECOND)
    assert "12時間が経ったため" in text(client.get(client.get("/account/").url))


def test_the_session_itself_is_kept_beyond_its_end_so_that_the_reason_can_be_told(client):
    assert client.session.get_expiry_date() > timezone.now() + 13 * HOURS


def test_to_ask_how_long_it_lasts_is_no_work_and_to_want_it_longer_is(client):
    shift(client, signed_in=HOURS, worked=19 * MINUTES)
    for _ in range(2):
        assert 50 < client.get("/session/").json()["left"] <= 60
    assert client.post("/session/").json()["left"] == 20 * 60
    assert client.get("/session/").json()["left"] > 19 * 60


def test_who_asks_after_the_end_is_told_why_and_others_that_there_is_no_session(client):
    shift(client, signed_in=HOURS, worked=21 * MINUTES)
    told = [client.get("/session/").json(), client.post("/session/").json()]
    assert [(answer["left"], answer["ended"]) for answer in told] == [(0, "idle"), (0, "")]


def test_without_the_cookie_or_with_one_of_another_session_it_only_ends_sooner(client):
    shift(client, signed_in=21 * MINUTES)
    assert not is_in(client)
    client = client_of(User.objects.get())
    shift(client, signed_in=21 * MINUTES, worked=1 * MINUTES)
    assert is_in(client)
    foreign = client.cookies[clock.WORKED].value
    other = client_of(make.user())
    shift(other, signed_in=21 * MINUTES)
    other.cookies[clock.WORKED] = foreign
    assert not is_in(other)


def test_the_foot_of_a_page_tells_until_when_the_session_lasts(client):
    before = timezone.localtime()
    page = client.get("/account/").content.decode()
    ends = {before + 20 * MINUTES, timezone.localtime() + 20 * MINUTES}
    assert any(f"{end.hour}時{end.minute:02}分</time>に終わります" in page for end in ends)


def test_an_ended_session_is_signed_out_on_a_page_that_does_not_exist_too(client):
    shift(client, signed_in=HOURS, worked=21 * MINUTES)
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert "ログアウト" not in text(response)
    assert not is_in(client)


@pytest.mark.django_db
def test_leaving_says_so(client):
    response = client.post(reverse("logout"))
    assert "ログアウトしました。" in text(client.get(response.url))
