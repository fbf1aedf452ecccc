"""Guessing passwords: how many guesses reach the hasher, and who is refused until when."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.signals import user_login_failed
from django.db import connections
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import throttle
from accounts.sign_in.models import Outcome, SignInAttempt
from tests import factories as make
from tests.hashers import CountingHasher

pytestmark = pytest.mark.django_db

HOME, OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.1", "203.0.113.1"
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(**{u: 1}) for u in ("seconds", "minutes", "hours", "days"))
MANY = [1_000, pytest.param(10_000, marks=pytest.mark.prove)]


@pytest.fixture
def hasher(settings):
    settings.PASSWORD_HASHERS = ["tests.hashers.CountingHasher"]
    CountingHasher.asked.clear()
    return CountingHasher.asked


def guess(username: str, address: str, password: str = "wrong"):
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = address
    return authenticate(request, username=username, password=password)


def sign_in(user: User, address: str):
    data = {"username": user.username, "password": make.PASSWORD}
    return Client(REMOTE_ADDR=address).post("/login/", data)


def owner_with_a_known_address() -> User:
    owner = make.user()
    assert sign_in(owner, HOME).status_code == 302
    return owner


@pytest.mark.parametrize("guesses", MANY)
class TestThousandsOfGuesses:
    def test_on_one_account_from_one_address(self, hasher, guesses):
        owner = owner_with_a_known_address()
        hasher.clear()
        for _ in range(guesses):
            guess(owner.username, ELSEWHERE)
        assert hasher.total() == 5
        assert guess(owner.username, ELSEWHERE, make.PASSWORD) is None
        assert guess(owner.username, HOME, make.PASSWORD) == owner

    def test_on_one_account_from_a_thousand_addresses(self, hasher, guesses):
        owner = owner_with_a_known_address()
        hasher.clear()
        for number in range(guesses):
            guess(owner.username, f"10.0.{number % 1000 // 250}.{number % 250}")
        assert hasher.total() == 50
        assert guess(owner.username, ELSEWHERE, make.PASSWORD) is None
        assert guess(owner.username, HOME, make.PASSWORD) == owner

    def test_on_as_many_accounts_from_the_address_of_a_ministry(self, hasher, guesses):
        owner = owner_with_a_known_address()
        salts = {f"u{number}": f"saltsaltsaltsaltsalt{number:05}" for number in range(guesses)}
        User.objects.bulk_create(
            User(username=name, password=make_password("right", salt))
            for name, salt in salts.items()
        )
        hasher.clear()
        for name in salts:
            guess(name, HOME)
        assert hasher.total() == 300
        assert max(hasher.values()) == 1
        assert guess(f"u{guesses - 1}", HOME, "right") is None
        assert guess(owner.username, HOME, make.PASSWORD) == owner


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_reach_the_hasher(hasher):
    owner = make.user()
    hasher.clear()
    threads = 8
    together = Barrier(threads)

    def guess_on(_):
        try:
            together.wait()
            for _ in range(5):
                guess(owner.username, ELSEWHERE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(guess_on, range(threads)))
    assert hasher.total() <= 5
    assert SignInAttempt.objects.filter(outcome=Outcome.FAILED).count() == hasher.total()


def fail(number: int, *, account="taro", address=ELSEWHERE, at: datetime = NOW, known=False):
    SignInAttempt.objects.bulk_create(
        SignInAttempt(account=account, address=address, address_known=known, at=at)
        for _ in range(number)
    )


def known(account="taro", address=ELSEWHERE, since: datetime = NOW):
    throttle.signed_in(account, address, now=since)


def refused(now: datetime, *, account="taro", address=ELSEWHERE) -> datetime | None:
    """Until when; None when the attempt may be made. Leaves nothing behind."""
    before = set(SignInAttempt.objects.values_list("pk", flat=True))
    try:
        throttle.begin(account, address, now=now)
    except throttle.Refused as refusal:
        assert set(SignInAttempt.objects.values_list("pk", flat=True)) == before
        return refusal.until
    SignInAttempt.objects.exclude(pk__in=before).delete()
    return None


def is_known(now: datetime, account="taro", address=HOME) -> bool:
    return throttle.judge(account, address, now=now).known


class TestLimits:
    def test_a_pair_is_refused_after_five_failures_within_15_minutes_until_the_window_ends(self):
        fail(4)
        assert refused(NOW) is None
        fail(1)
        until = NOW + 15 * MINUTE
        assert refused(NOW) == until
        assert refused(until - SECOND) == until
        assert refused(until) is None
        assert refused(until + SECOND) is None

    def test_failures_that_lie_farther_apart_refuse_nothing(self):
        fail(1, at=NOW - 15 * MINUTE)
        fail(4)
        assert refused(NOW) is None
        assert refused(NOW - SECOND) == NOW

    def test_a_known_address_spares_no_pair(self):
        known()
        fail(5, known=True)
        assert refused(NOW) == NOW + 15 * MINUTE

    def test_the_same_failures_refuse_no_other_account_and_no_other_address(self):
        fail(5)
        assert refused(NOW, account="hanako") is None
        assert refused(NOW, address=HOME) is None

    def test_an_account_is_refused_from_unknown_addresses_after_50_failures_in_a_day(self):
        known(address=HOME)
        for number in range(49):
            fail(1, address=f"10.0.0.{number}")
        assert refused(NOW) is None
        fail(1, address="10.0.0.49")
        until = NOW + DAY
        assert refused(NOW) == until
        assert refused(until - SECOND) == until
        assert refused(until) is None
        assert refused(until + SECOND) is None
        assert refused(NOW, address=HOME) is None

    def test_failures_from_known_addresses_are_not_counted_against_the_account(self):
        for number in range(50):
            fail(1, address=f"10.0.0.{number}", known=True)
        assert refused(NOW) is None

    def test_an_address_is_refused_to_those_unknown_there_after_300_failures(self):
        known("hanako")
        for number in range(299):
            fail(1, account=f"u{number}")
        assert refused(NOW) is None
        fail(1, account="u299")
        until = NOW + 15 * MINUTE
        assert refused(NOW) == until
        assert refused(until - SECOND) == until
        assert refused(until) is None
        assert refused(until + SECOND) is None
        assert refused(NOW, account="hanako") is None

    def test_the_longest_of_several_refusals_is_told(self):
        for number in range(49):
            fail(1, address=f"10.0.0.{number}")
        fail(5)
        assert refused(NOW) == NOW + DAY

    def test_an_address_is_known_for_90_days(self):
        known(address=HOME)
        until = NOW + 90 * DAY
        assert is_known(until - SECOND)
        assert not is_known(until)
        assert not is_known(until + SECOND)
        assert not is_known(NOW, account="hanako")

    def test_a_right_password_is_no_failure_and_makes_no_address_known(self):
        for _ in range(10):
            throttle.passed(throttle.begin("taro", HOME, now=NOW))
        assert refused(NOW, address=HOME) is None
        assert not is_known(NOW)

    def test_width_and_case_make_no_other_account(self):
        fail(5, account=throttle.canonical("Ｔａｒｏ"))
        assert refused(NOW, account="taro") == refused(NOW, account="TARO") == NOW + 15 * MINUTE

    def test_of_attempts_at_once_no_more_than_the_limit_begin(self):
        """All that began are written down before any is judged, as with parallel requests."""
        fail(4)
        fail(1)  # oneself
        assert throttle.judge("taro", ELSEWHERE, now=NOW, besides=1).until is None
        fail(1)  # and another, meanwhile
        assert throttle.judge("taro", ELSEWHERE, now=NOW, besides=1).until == NOW + 15 * MINUTE

    def test_what_is_too_old_to_matter_is_pruned(self):
        fail(1, at=NOW - DAY)
        fail(1, at=NOW - DAY - SECOND)
        known(since=NOW - 90 * DAY)
        known(since=NOW - 90 * DAY - SECOND)
        assert SignInAttempt.objects.count() == 4
        throttle.prune(now=NOW)
        assert sorted(SignInAttempt.objects.values_list("outcome", "at")) == [
            (Outcome.FAILED, NOW - DAY),
            (Outcome.SIGNED_IN, NOW - 90 * DAY),
        ]


class TestRefusalPage:
    def refuse(self, client, username):
        for _ in range(5):
            response = client.post("/login/", {"username": username, "password": "wrong"})
            assert response.status_code == 200
        return client.post("/login/", {"username": username, "password": make.PASSWORD})

    def test_says_when_to_try_again_and_tells_the_trail(self, client):
        owner, told = make.user(), []

        def hear(sender, credentials, request, **kwargs):
            told.append((credentials["username"], getattr(request, "refused_until", None)))

        user_login_failed.connect(hear)
        try:
            before = timezone.now()
            response = self.refuse(client, owner.username)
        finally:
            user_login_failed.disconnect(hear)
        assert response.status_code == 429
        assert 14 * 60 < int(response.headers["Retry-After"]) <= 15 * 60 + 1
        until = SignInAttempt.objects.earliest("at").at + 15 * MINUTE
        assert until - before >= 15 * MINUTE
        assert told[-1] == (owner.username, until)
        local = timezone.localtime(until + MINUTE)
        assert f"{local.hour}時{local.minute:02}分以降に" in response.content.decode()

    def test_is_the_same_for_a_name_that_does_not_exist(self, client, hasher):
        make.user(name="exists")
        pages, asked = [], []
        for name in ("exists", "absent"):
            hasher.clear()
            pages.append(self.refuse(client, name).content.replace(b"exists", b"absent"))
            asked.append(hasher.total())
            SignInAttempt.objects.filter(account=name).update(at=NOW)
        assert asked == [5, 5]
        assert pages[0] == pages[1]
