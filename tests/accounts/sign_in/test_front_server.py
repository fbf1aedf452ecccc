"""Signing in by the word of the front server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.sign_in import clock
from tests import factories as make
from tests.pages import text

pytestmark = pytest.mark.django_db
HEADER = "HTTP_X_REMOTE_USER"


@pytest.fixture
def front_server(settings):
    settings.REMOTE_USER_HEADER = HEADER


def client_named(name: str) -> Client:
    return Client(**{HEADER: name})


def test_while_it_is_off_a_forged_header_does_nothing():
    user = make.user()
    client = client_named(user.username)
    assert client.get("/account/").status_code == 302
    page = client.get("/login/")
    assert page.status_code == 200
    assert "パスワード" in text(page)
    assert client.get("/account/").status_code == 302


@pytest.mark.usefixtures("front_server")
class TestOn:
    def test_the_named_account_is_signed_in_and_led_to_its_page(self):
        client = client_named(make.user(name="taro").username)
        response = client.get("/contracts/?q=a", follow=True)
        assert response.redirect_chain[-1][0] == "/contracts/?q=a"
        assert response.context["user"].username == "taro"

    def test_without_the_header_the_password_is_asked_for(self):
        user = make.user()
        client = Client()
        assert "パスワード" in text(client.get("/login/"))
        data = {"username": user.username, "password": make.PASSWORD}
        assert client.post("/login/", data).status_code == 302
        assert client.get("/account/").status_code == 200

    @pytest.mark.parametrize("name", ["", " "])
    def test_a_header_that_names_nobody_signs_nobody_in(self, name):
        assert client_named(name).get("/account/", follow=True).context["user"].is_anonymous

    def test_an_account_that_is_not_here_is_refused_and_not_made(self):
        response = client_named("hanako").get("/account/", follow=True)
        assert response.status_code == 403
        assert "hanako" in text(response)
        assert "アカウントがないか、利用の期間が過ぎています" in text(response)

    def test_an_account_that_has_ended_is_refused(self):
        user = make.user()
        user.last_day = timezone.localdate() - timedelta(days=1)
        user.save()
        assert client_named(user.username).get("/account/", follow=True).status_code == 403

    def test_when_the_header_goes_the_session_ends(self):
        client = client_named(make.user().username)
        assert client.get("/account/", follow=True).status_code == 200
        del client.defaults[HEADER]
        assert client.get("/account/").status_code == 302

    def test_when_the_header_names_another_the_session_is_theirs(self):
        client = client_named(make.user(name="taro").username)
        client.get("/account/", follow=True)
        client.defaults[HEADER] = make.user(name="hanako").username
        response = client.get("/account/", follow=True)
        assert response.context["user"].username == "hanako"

    def test_an_ended_session_starts_anew_only_by_a_click(self):
        client = client_named(make.user().username)
        client.get("/account/", follow=True)
        session = client.session
        past = timezone.now() - timedelta(hours=12)
        session[clock.SIGNED_IN] = past.timestamp()
        session.save()
        client.cookies.pop(clock.WORKED)
        page = client.get("/account/", follow=True)
        assert "12時間が経ったため" in text(page)
        assert "_auth_user_id" not in client.session
        address = page.redirect_chain[-1][0]
        response = client.post(address, {"next": page.context["next"]}, follow=True)
        assert response.redirect_chain[-1][0] == "/account/"
        assert response.status_code == 200

    def test_nobody_is_asked_for_a_password_or_a_code_that_is_kept_elsewhere(self, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        user = make.user()
        user.must_change_password = True
        user.save()
        page = client_named(user.username).get("/account/", follow=True)
        assert page.status_code == 200
        assert "所属機関の認証" in text(page)
