"""Accounts that end on a day, which still counts, in Japan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests import factories as make
from tests.pages import client_of

DAY = timedelta(days=1)


def test_the_last_day_still_counts():
    last = date(2027, 3, 31)
    user = User(last_day=last)
    assert not user.has_ended(last - DAY)
    assert not user.has_ended(last)
    assert user.has_ended(last + DAY)
    assert not User().has_ended(last)


def until(last_day: date | None) -> User:
    user = make.user()
    user.last_day = last_day
    user.save()
    return user


def can_sign_in(user) -> bool:
    data = {"username": user.username, "password": make.PASSWORD}
    return Client().post("/login/", data).status_code == 302


@pytest.mark.django_db
def test_at_the_sign_in():
    today = timezone.localdate()
    assert can_sign_in(until(None))
    assert can_sign_in(until(today + DAY))
    assert can_sign_in(until(today))
    assert not can_sign_in(until(today - DAY))


@pytest.mark.django_db
def test_at_each_request():
    user = until(timezone.localdate())
    client = client_of(user)
    assert client.get("/account/").status_code == 200
    user.last_day -= DAY
    user.save()
    response = client.get("/account/")
    assert response.status_code == 302
    assert "ended=void" in response.url
    assert not client.session.keys()


@pytest.mark.django_db
def test_an_account_that_was_switched_off_is_out_at_once():
    user = until(None)
    client = client_of(user)
    user.is_active = False
    user.save()
    assert client.get("/account/").status_code == 302
    assert not can_sign_in(user)
