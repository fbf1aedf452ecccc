"""Codes of an app and recovery codes. Codes come from RFC 6238's algorithm, written out below."""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from datetime import timedelta

import pytest
from django.contrib.auth.signals import user_login_failed
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.actions import second_factor as actions
from accounts.sign_in import pending, second_factor
from tests import factories as make
from tests.pages import client_of, text
from tests.snapshots import refused

pytestmark = pytest.mark.django_db


def code(key: bytes, steps: int = 0) -> str:
    """RFC 6238 with SHA-1, 30 seconds, 6 digits; ``steps`` from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    mac = hmac.new(key, counter, hashlib.sha1).digest()
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def test_the_oracle_agrees_with_the_test_vectors_of_the_rfc(monkeypatch):
    """RFC 6238, appendix B, the last six of eight digits."""
    for moment, expected in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        assert code(b"12345678901234567890") == expected


@pytest.fixture
def user():
    return make.user()


def set_up(user) -> tuple[TOTPDevice, list[str]]:
    """An app that was confirmed a while ago, with the code of an earlier moment."""
    device = actions.begin(by=user)
    codes = actions.confirm(by=user, code=code(device.bin_key))
    forget_use(user)
    device.refresh_from_db()
    return device, codes


def forget_use(user) -> None:
    """As though no code had been typed for some minutes."""
    TOTPDevice.objects.filter(user=user).update(
        last_t=-1, throttling_failure_count=0, throttling_failure_timestamp=None
    )


def password_step(user, next_page="/account/") -> Client:
    client = Client(REMOTE_ADDR="192.0.2.1")
    data = {"username": user.username, "password": make.PASSWORD, "next": next_page}
    response = client.post("/login/", data)
    assert response.url == "/login/code/"
    return client


def is_in(client) -> bool:
    return client.get("/account/").status_code == 200


class TestSettingUp:
    def start(self, client, password=make.PASSWORD):
        return client.post("/account/second-factor/start/", {"password": password})

    def test_by_the_pages(self, user):
        client = client_of(user)
        assert self.start(client, "wrong").status_code == 200
        assert second_factor.new_app_of(user) is None
        response = self.start(client)
        page = client.get(response.url)
        key = re.search(r"<code>([A-Z2-7 ]+)</code>", text(page))[1].replace(" ", "")
        assert second_factor.new_app_of(user).bin_key == b32decode(key)
        assert "<svg" in text(page)
        assert "style=" not in text(page)

        wrong = client.post(response.url, {"code": "x"})
        assert "確認コード「x」が違います" in text(wrong)
        assert second_factor.app_of(user) is None
        forget_use(user)

        page = text(client.post(response.url, {"code": code(b32decode(key))}))
        assert second_factor.app_of(user) is not None
        codes = re.findall(r"<li><code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page)
        assert len(set(codes)) == 10
        assert client.get(response.url).url == "/account/second-factor/"
        assert codes[0] not in text(client.get("/account/second-factor/"))

    def test_a_key_that_was_never_confirmed_asks_nobody(self, user):
        actions.begin(by=user)
        client = Client()
        data = {"username": user.username, "password": make.PASSWORD}
        assert client.post("/login/", data).url == "/"

    def test_recovery_codes_are_not_kept_as_they_are(self, user):
        _, codes = set_up(user)
        kept = set(StaticToken.objects.values_list("token", flat=True))
        assert kept.isdisjoint({c.replace("-", "") for c in codes} | set(codes))


class TestSigningIn:
    def test_the_password_alone_signs_nobody_in(self, user):
        set_up(user)
        client = password_step(user)
        assert "_auth_user_id" not in client.session
        assert not is_in(client)

    def test_a_code_does_and_leads_to_where_one_was_going(self, user):
        device, _ = set_up(user)
        client = password_step(user, next_page="/contracts/?q=a")
        key = client.session.session_key
        response = client.post("/login/code/", {"code": code(device.bin_key)})
        assert response.url == "/contracts/?q=a"
        assert client.session.session_key != key
        assert pending.KEY not in client.session
        assert is_in(client)

    def test_a_code_is_accepted_once(self, user):
        device, _ = set_up(user)
        used = code(device.bin_key)
        assert password_step(user).post("/login/code/", {"code": used}).status_code == 302
        client = password_step(user)
        assert client.post("/login/code/", {"code": used}).status_code == 200
        assert not is_in(client)

    @pytest.mark.parametrize(
        ("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
    )
    def test_a_clock_may_go_wrong_by_one_step(self, user, steps, accepted, monkeypatch):
        monkeypatch.setattr(time, "time", lambda: 1_795_000_015.0)
        device, _ = set_up(user)
        TOTPDevice.objects.update(drift=0)
        assert second_factor.verify(user, code(device.bin_key, steps)) is accepted

    def test_a_recovery_code_is_accepted_once_however_typed(self, user):
        _, codes = set_up(user)
        typed = codes[0].upper().replace("-", "－")
        assert is_in_after(user, typed)
        assert second_factor.recovery_codes_left(user) == 9
        assert not is_in_after(user, typed)
        assert not is_in_after(make_other_with_codes(), codes[1])

    def test_after_a_wrong_code_even_the_right_one_must_wait(self, user):
        device, _ = set_up(user)
        client = password_step(user)
        heard = []

        def hear(sender, credentials, **kwargs):
            heard.append(credentials)

        user_login_failed.connect(hear)
        try:
            client.post("/login/code/", {"code": wrong(device)})
        finally:
            user_login_failed.disconnect(hear)
        assert heard == [{"username": user.username, "step": "code"}]
        assert TOTPDevice.objects.get().throttling_failure_count == 1
        TOTPDevice.objects.update(throttling_failure_count=6)  # 32 seconds
        page = text(client.post("/login/code/", {"code": code(device.bin_key)}))
        assert re.search(r"[23][0-9]秒後にもう一度", page)
        past = timezone.now() - timedelta(seconds=32)
        TOTPDevice.objects.update(throttling_failure_timestamp=past)
        assert client.post("/login/code/", {"code": code(device.bin_key)}).status_code == 302

    def test_the_pause_doubles(self, user):
        set_up(user)
        now = timezone.now()
        for count, seconds in ((1, 1), (2, 2), (3, 4), (10, 512)):
            TOTPDevice.objects.update(
                throttling_failure_count=count, throttling_failure_timestamp=now
            )
            until = second_factor.paused_until(user, "000000")
            assert until == now + timedelta(seconds=seconds)

    @pytest.mark.parametrize(("seconds", "lasts"), [(299, True), (300, False), (301, False)])
    def test_the_code_may_come_within_five_minutes(self, user, seconds, lasts):
        now, session = timezone.now(), Client().session
        pending.hold(session, user, next_page="/", now=now)
        held = pending.held(session, now=now + timedelta(seconds=seconds))
        assert held == ((user, "/") if lasts else None)

    def test_a_password_changed_meanwhile_voids_the_first_step(self, user):
        device, _ = set_up(user)
        client = password_step(user)
        user.set_password("another one altogether")
        user.save()
        response = client.post("/login/code/", {"code": code(device.bin_key)})
        assert response.url == "/login/?ended=code"
        assert not is_in(client)


def is_in_after(user, typed: str) -> bool:
    client = password_step(user)
    client.post("/login/code/", {"code": typed})
    return is_in(client)


def make_other_with_codes():
    other = make.user()
    set_up(other)
    return other


def wrong(device) -> str:
    right = {code(device.bin_key, steps) for steps in (-1, 0, 1, 2)}
    return next(f"{n:06}" for n in range(10) if f"{n:06}" not in right)


class TestLookingAfterIt:
    STEPS = ("replace", "recovery-codes", "remove")

    def post(self, client, step, password=make.PASSWORD, code=""):
        data = {"password": password, "code": code}
        return client.post(f"/account/second-factor/{step}/", data)

    def test_each_step_asks_for_the_password_and_a_code(self, user):
        device, codes = set_up(user)
        client = client_of(user)
        for step in self.STEPS:
            assert self.post(client, step, code=wrong(device)).status_code == 200
            forget_use(user)
            # A code beside a wrong password is not used up.
            assert self.post(client, step, "wrong", code=codes[0]).status_code == 200
        assert second_factor.app_of(user) == device
        assert second_factor.recovery_codes_left(user) == 10

    def test_removing(self, user):
        device, _ = set_up(user)
        client = client_of(user)
        assert self.post(client, "remove", code=code(device.bin_key)).status_code == 302
        assert second_factor.app_of(user) is None
        assert second_factor.recovery_codes_left(user) == 0

    def test_new_recovery_codes_void_the_old(self, user):
        device, old = set_up(user)
        page = text(self.post(client_of(user), "recovery-codes", code=code(device.bin_key)))
        new = re.findall(r"<li><code>([a-z2-7-]{9})</code>", page)
        assert len(new) == 10
        assert not is_in_after(user, old[0])
        assert is_in_after_pause(user, new[0])

    def test_an_app_is_replaced_only_when_the_new_one_has_shown_a_code(self, user):
        device, _ = set_up(user)
        client = client_of(user)
        response = self.post(client, "replace", code=code(device.bin_key))
        assert second_factor.app_of(user) == device
        new = second_factor.new_app_of(user)
        client.post(response.url, {"code": code(new.bin_key)})
        assert second_factor.app_of(user) == new
        assert TOTPDevice.objects.filter(user=user).count() == 1

    def test_steps_that_make_no_sense_lead_back_and_unknown_ones_are_not_found(self, user):
        client = client_of(user)
        for step in self.STEPS:
            assert client.get(f"/account/second-factor/{step}/").url == "/account/second-factor/"
        assert client.get("/account/second-factor/other/").status_code == 404

    def test_a_reset_by_an_administrator_takes_all_away(self, user):
        set_up(user)
        actions.reset_second_factor(user, by=make.user())
        assert second_factor.app_of(user) is None
        assert second_factor.recovery_codes_left(user) == 0

    def test_no_recovery_codes_without_an_app(self, user):
        with refused("二段階認証を設定していません"):
            actions.renew_recovery_codes(by=user)


def is_in_after_pause(user, typed: str) -> bool:
    StaticDevice.objects.update(throttling_failure_count=0)
    return is_in_after(user, typed)


class TestRequired:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.SECOND_FACTOR_REQUIRED = True

    def test_whoever_has_none_is_led_to_set_it_up(self, user):
        client = client_of(user)
        for address in ("/", "/contracts/", "/account/"):
            assert client.get(address).url == "/account/second-factor/"
        page = text(client.get("/account/second-factor/"))
        assert "すべての利用者に二段階認証が求められています" in page
        start = client.post("/account/second-factor/start/", {"password": make.PASSWORD})
        device = second_factor.new_app_of(user)
        client.post(start.url, {"code": code(device.bin_key)})
        assert is_in(client)

    def test_whoever_has_one_works(self, user):
        set_up(user)
        assert is_in(client_of(user))

    def test_after_removing_it_must_be_set_up_anew(self, user):
        device, _ = set_up(user)
        client = client_of(user)
        data = {"password": make.PASSWORD, "code": code(device.bin_key)}
        client.post("/account/second-factor/remove/", data)
        assert not is_in(client)
