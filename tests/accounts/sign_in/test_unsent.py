"""What is sent when the sign-in is over, or under an old token, is not lost, and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms.forms import BaseForm
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.actions import unsent as actions
from accounts.models import Role, Unsent
from accounts.sign_in import unsent
from accounts.sign_in.urls import urlpatterns as pages_of_signing_in
from outsourcing.models import Section
from tests import factories as make
from tests.accounts.sign_in.test_timeouts import HOURS, MINUTES, shift
from tests.config.test_hardening import Inline
from tests.pages import client_of, text
from tests.test_foreign_keys_of_forms import subclasses

pytestmark = pytest.mark.django_db

ADDRESS = "/sections/A01/new/"
TYPED = {"code": "101", "name": "人事課", "kana": "じんじか", "first_day": "2018-04-01"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def agency():
    return make.agency(code="A01")


@pytest.fixture
def chief(agency):
    return make.user(role=Role.CHIEF, agency=agency, name="chief")


@pytest.fixture
def client(chief):
    return client_of(chief)


def end(client) -> None:
    """As though nobody had worked for longer than a session lasts."""
    shift(client, signed_in=HOURS, worked=21 * MINUTES)


def send_too_late(client, typed=TYPED, address=ADDRESS, **more):
    """The page of the login to which it leads."""
    end(client)
    return client.post(address, typed, **more)


def log_in(client, user, response):
    """By password, from the page of the login that ``response`` leads to."""
    page = client.get(response.url)
    sent = {"username": user.username, "password": make.PASSWORD, "next": page.context["next"]}
    return client.post(response.url, sent)


def fields_of(page) -> list[tuple[str, str]]:
    """What the form sends that sends it all again."""
    html = page.content.decode()
    form = html[html.index('class="form-page"') :].partition("</form>")[0]
    return [(name, unescape(value)) for name, value in HIDDEN.findall(form)]


def send_again(client, page):
    path = page.context["sent"].path
    return client.post(path, dict(fields_of(page)), HTTP_ACCEPT="text/html")


class TestAFormSentTooLate:
    def test_the_login_says_that_it_is_kept(self, client):
        page = client.get(send_too_late(client).url)
        assert "送信した内容はまだ台帳に記録されていませんが、取ってあります" in text(page)
        assert "20分間操作がなかったため" in text(page)
        assert "保存されていません" not in text(page)
        assert not Section.objects.exists()

    def test_its_user_lands_on_it_and_sends_it_again(self, client, chief):
        answer = log_in(client, chief, send_too_late(client))
        row = Unsent.objects.get()
        assert answer.url == f"/unsent/{row.public_id}/"
        page = client.get(answer.url)
        assert "人事課" in text(page)
        assert set(TYPED.items()) < set(fields_of(page))
        assert send_again(client, page).url == "/sections/A01/"
        assert Section.objects.get().name == "人事課"
        assert not Unsent.objects.exists()
        assert client.get(answer.url).status_code == 404

    def test_it_leads_there_after_twelve_hours_too(self, client, chief):
        shift(client, signed_in=12 * HOURS, worked=MINUTES)
        response = client.post(ADDRESS, TYPED)
        assert "12時間が経ったため" in text(client.get(response.url))
        assert log_in(client, chief, response).url.startswith("/unsent/")

    def test_by_a_second_factor_too(self, client, chief, monkeypatch):
        from accounts.sign_in import second_factor, views

        monkeypatch.setattr(second_factor, "app_of", lambda user: object())
        monkeypatch.setattr(views.CodeForm, "clean_code", lambda form: "")
        response = log_in(client, chief, send_too_late(client))
        assert response.url == "/login/code/"
        answer = client.post(response.url, {"code": "1"})
        assert answer.url == f"/unsent/{Unsent.objects.get().public_id}/"

    def test_by_the_word_of_the_front_server_too(self, settings, chief):
        settings.REMOTE_USER_HEADER = "HTTP_X_REMOTE_USER"
        client = Client(HTTP_X_REMOTE_USER=chief.username)
        client.get("/account/", follow=True)
        response = send_too_late(client)
        page = client.get(response.url)
        assert "取ってあります" in text(page)
        answer = client.post(response.url, {"next": page.context["next"]})
        assert answer.url == f"/unsent/{Unsent.objects.get().public_id}/"
        assert send_again(client, client.get(answer.url)).status_code == 302
        assert Section.objects.get().name == "人事課"

    def test_also_when_somebody_has_asked_meanwhile_whether_the_session_lasts(self, client, chief):
        end(client)
        assert client.get("/session/").json()["ended"] == "idle"
        assert client.get("/contracts/").status_code == 302
        response = client.post(ADDRESS, TYPED)
        assert "20分間操作がなかったため" in text(client.get(response.url))
        assert log_in(client, chief, response).url.startswith("/unsent/")

    def test_sent_twice_it_is_kept_once(self, client):
        first, second = send_too_late(client), client.post(ADDRESS, TYPED)
        assert first.url == second.url
        assert Unsent.objects.count() == 1

    def test_what_is_refused_stands_on_its_page_and_is_kept_no_longer(self, client, chief):
        answer = log_in(client, chief, send_too_late(client, TYPED | {"first_day": "昨日"}))
        response = send_again(client, client.get(answer.url))
        assert response.status_code == 400
        assert 'value="昨日"' in text(response)
        assert not Unsent.objects.exists()

    @pytest.mark.parametrize("address", ["/sections/A99/new/", "/nothing-here/"])
    def test_what_cannot_be_sent_any_more_stays(self, client, chief, address):
        row = make.unsent(user=chief, path=address, **TYPED)
        page = client.get(f"/unsent/{row.public_id}/")
        assert send_again(client, page).status_code == 404
        assert Unsent.objects.exists()

    def test_too_late_once_more_it_is_still_the_same(self, client, chief):
        answer = log_in(client, chief, send_too_late(client))
        page = client.get(answer.url)
        end(client)
        assert send_again(client, page).url.startswith("/login/")
        assert Unsent.objects.count() == 1

    def test_it_can_be_thrown_away(self, client, chief):
        answer = log_in(client, chief, send_too_late(client))
        assert client.post(answer.url).url == "/"
        assert not Unsent.objects.exists()
        assert not Section.objects.exists()

    def test_its_page_tells_which_and_when_and_the_account_lists_all(self, client, chief):
        rows = [make.unsent(user=chief, **{unsent.TITLE: f"課室{n}の設置"}) for n in (1, 2)]
        page = text(client.get(f"/unsent/{rows[0].public_id}/"))
        at = timezone.localtime(rows[0].at)
        assert "課室1の設置" in page
        assert f"{at:%Y年}{at.month}月{at.day}日{at.hour}時{at:%M}分" in page
        assert f'<a href="/unsent/{rows[1].public_id}/">課室2の設置</a>' in page
        account = text(client.get("/account/"))
        assert all(f"/unsent/{row.public_id}/" in account for row in rows)

    def test_as_many_as_are_kept_are_listed_without_asking_more_often(self, client, chief):
        asked = []
        for number in (1, 19):
            rows = [make.unsent(user=chief) for _ in range(number)]
            for address in ("/account/", f"/unsent/{rows[0].public_id}/"):
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(address).status_code == 200
                asked.append(len(queries))
        assert asked[:2] == asked[2:]

    def test_who_signs_in_elsewhere_is_told_of_it(self, chief):
        make.unsent(user=chief)
        client = Client()
        sent = {"username": chief.username, "password": make.PASSWORD, "next": "/account/"}
        page = client.post("/login/", sent, follow=True)
        assert page.redirect_chain[-1][0] == "/account/"
        assert "まだ送っていない入力が1件あります" in text(page)
        assert '<a href="/account/#unsent">確かめる</a>' in text(page)
        assert "まだ送っていない入力が" not in text(client.get("/contracts/"))

    def test_what_the_form_of_a_page_carries_names_the_page(self, client):
        page = client.get(ADDRESS)
        assert ("of-page", page.context["title"]) in fields_of(page)


class TestNobodyElse:
    def test_another_who_signs_in_sees_nothing_of_it(self, client, agency):
        other = make.user(role=Role.CHIEF, agency=agency, name="other")
        response = log_in(client, other, send_too_late(client))
        assert response.url == "/"
        page = client.get("/account/")
        assert "まだ送っていない入力" not in text(page)
        address = f"/unsent/{Unsent.objects.get().public_id}/"
        assert client.get(address).status_code == client.post(address).status_code == 404
        assert Unsent.objects.count() == 1

    def test_another_cannot_take_it_away_by_naming_it(self, chief, agency):
        row = make.unsent(user=chief)
        other = client_of(make.user(role=Role.CHIEF, agency=agency))
        assert other.post(ADDRESS, TYPED | {"unsent": row.public_id}).status_code == 302
        assert other.post(ADDRESS, TYPED | {"unsent": "x", "code": "102"}).status_code == 302
        assert Unsent.objects.count() == 1

    def test_what_is_sent_after_another_has_signed_in_is_not_kept_for_the_first(
        self, client, agency
    ):
        other = make.user(role=Role.CHIEF, agency=agency, name="other")
        end(client)
        log_in(client, other, client.get("/contracts/"))
        client.post("/logout/")
        client.post(ADDRESS, TYPED)
        assert not Unsent.objects.exists()

    def test_nothing_is_kept_for_an_account_that_has_ended(self, client, chief):
        end(client)
        client.get("/session/")
        chief.is_active = False
        chief.save()
        assert client.post(ADDRESS, TYPED).url.startswith("/login/")
        assert not Unsent.objects.exists()

    def test_nor_where_nobody_was_signed_in_or_the_password_was_changed(self, client, chief):
        assert Client().post(ADDRESS, TYPED).url.startswith("/login/?next=")
        chief.set_password("another-secret-of-mine")
        chief.save()
        assert "ended=void" in client.post(ADDRESS, TYPED).url
        assert not Unsent.objects.exists()


class TestWhatIsNeverKept:
    def test_a_password_whatever_page_it_is_sent_to(self, client):
        secret = dict.fromkeys(("password", "old_password", "new-passphrase", "otp_token"), "x")
        send_too_late(client, TYPED | secret)
        assert set(Unsent.objects.get().sent["fields"]) == set(TYPED)

    def test_pages_of_signing_in(self, client):
        assert {pattern.name for pattern in pages_of_signing_in} <= unsent.NEVER
        for address in ("/account/password/", "/account/second-factor/set-up/"):
            send_too_late(client, {"code": "123456", "password": "x"}, address)
        assert not Unsent.objects.exists()

    def test_no_field_for_a_password_has_a_name_that_would_be_kept(self):
        assert get_resolver().url_patterns  # so that all forms are loaded
        for form in subclasses(BaseForm):
            for name, field in getattr(form, "base_fields", {}).items():
                if isinstance(field.widget, forms.PasswordInput):
                    assert unsent.SECRET.search(name), form
                if field.widget.attrs.get("autocomplete") == "one-time-code":
                    # Named "code", as those of sections are: known by the page.
                    assert form.__module__ == "accounts.sign_in.forms"

    def test_a_file_is_asked_for_again(self, client, chief):
        file = SimpleUploadedFile("結果.pdf", b"%PDF-1.7 secret")
        answer = log_in(client, chief, send_too_late(client, TYPED | {"evidence": file}))
        assert "secret" not in str(Unsent.objects.get().sent)
        page = text(client.get(answer.url))
        assert "「結果.pdf」をもう一度選んでください" in page
        assert '<input type="file" name="evidence"' in page
        assert 'enctype="multipart/form-data"' in page

    @pytest.mark.parametrize("more", [{"HTTP_ACCEPT": "*/*"}, {"HTTP_ACCEPT": "application/json"}])
    def test_what_a_script_sends(self, client, more):
        assert send_too_late(client, **more).url.startswith("/login/")
        send_too_late(client, TYPED | {"fragment": "1", "check": "1"})
        assert not Unsent.objects.exists()

    @pytest.mark.parametrize(("length", "kept"), [(0, True), (1, False)])
    def test_more_than_a_million_characters(self, client, length, kept):
        used = len("name")
        response = send_too_late(client, {"name": "x" * (1_000_000 - used + length)})
        assert Unsent.objects.exists() is kept
        assert (
            "最後に送信した内容は保存されていません" in text(client.get(response.url))
        ) is not kept

    def test_an_address_too_long_to_keep(self, client):
        for length, kept in ((500, 1), (501, 1)):
            send_too_late(client, TYPED, ADDRESS + "?" + "x" * (length - len(ADDRESS) - 1))
            assert Unsent.objects.count() == kept

    def test_what_no_database_holds(self, client):
        send_too_late(client, {"name": "人\0事課"})
        assert Unsent.objects.get().sent["fields"] == {"name": ["人事課"]}

    def test_more_than_twenty_the_oldest_goes(self, chief):
        for number in range(21):
            actions.keep(by=chief, path=ADDRESS, sent={"n": number}, at=timezone.now())
        assert {row.sent["n"] for row in Unsent.objects.all()} == set(range(1, 21))


@pytest.mark.parametrize(("more", "there"), [(-1, True), (0, True), (1, False)])
def test_after_seven_days_it_is_gone(client, chief, more, there):
    row = make.unsent(user=chief)
    now = timezone.now()
    row.at = now - timedelta(days=7, seconds=more)
    row.save()
    actions.forget(before=now - unsent.KEPT_FOR)
    assert Unsent.objects.exists() is there
    if more:  # the clock goes on
        assert client.get(f"/unsent/{row.public_id}/").status_code == (200 if there else 404)


def test_a_form_that_counts_once_carries_its_key_again(client, chief):
    key = str(uuid4())
    answer = log_in(client, chief, send_too_late(client, TYPED | {"once": key}))
    page = client.get(answer.url)
    assert ("once", key) in fields_of(page)
    assert key not in page.context["sent"].typed


def test_pages_of_what_was_sent_too_late_hold_nothing_inline(client, chief):
    row = make.unsent(user=chief, files=["evidence"], **TYPED)
    assert Inline(text(client.get(reverse("unsent", args=[row.public_id])))).found == []
