"""A form under an old token, as after signing in again in another tab: shown again, never done."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Role, Unsent
from outsourcing.models import Section
from tests import factories as make
from tests.accounts.sign_in.test_unsent import ADDRESS, TYPED, end, fields_of
from tests.config.test_hardening import Inline

pytestmark = pytest.mark.django_db

SAME = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def strict():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.user(role=Role.CHIEF, agency=make.agency(code="A01")))
    return client


def post(client, typed=TYPED, address=ADDRESS, **headers):
    return client.post(address, typed | {"csrfmiddlewaretoken": "x" * 64}, **headers)


@pytest.mark.parametrize(
    "headers",
    [SAME, {"HTTP_ORIGIN": "http://testserver"}, SAME | {"HTTP_ORIGIN": "http://testserver"}],
)
def test_shows_what_was_typed_and_does_nothing(strict, headers):
    answer = post(strict, **headers)
    assert answer.status_code == 403
    assert set(TYPED.items()) < set(fields_of(answer))
    assert "csrfmiddlewaretoken" in answer.content.decode()
    assert not Section.objects.exists()
    assert not Unsent.objects.exists()


def test_sent_again_with_the_new_token_it_counts(strict):
    answer = post(strict, **SAME)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())[1]
    sent = dict(fields_of(answer)) | {"csrfmiddlewaretoken": token}
    assert strict.post(ADDRESS, sent, **SAME).status_code == 302
    assert Section.objects.get().name == "人事課"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "https://testserver"},
        SAME | {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://testserver"},
        {"HTTP_REFERER": "http://testserver/sections/A01/new/"},
    ],
)
def test_from_elsewhere_nothing_of_it_is_shown(strict, headers):
    answer = post(strict, **headers)
    assert answer.status_code == 403
    assert "人事課" not in answer.content.decode()
    assert "送信を受け付けられませんでした" in answer.content.decode()


@pytest.mark.parametrize("address", ["/login/", "/account/password/", "/logout/", "/nothing/"])
def test_nor_what_was_sent_to_a_page_of_signing_in(strict, address):
    answer = post(strict, {"password": "geheim"}, address, **SAME)
    assert answer.status_code in (403, 404)
    assert "geheim" not in answer.content.decode()


def test_a_visitor_is_shown_nothing():
    answer = post(Client(enforce_csrf_checks=True), **SAME)
    assert "人事課" not in answer.content.decode()


def test_when_the_session_is_over_as_well_it_is_kept(strict):
    end(strict)
    answer = post(strict, **SAME)
    assert answer.url.startswith("/login/")
    assert Unsent.objects.get().sent["fields"]["name"] == ["人事課"]


def test_when_it_is_over_and_another_page_sent_it_nothing_is(strict):
    end(strict)
    assert post(strict, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert not Unsent.objects.exists()


def test_what_is_shown_cannot_become_script(strict):
    answer = post(strict, {"name": '"><script>alert(1)</script>'}, **SAME)
    assert answer.status_code == 403
    assert Inline(answer.content.decode()).found == []
