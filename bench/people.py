"""Who measures: somebody who holds one role, made where there is none yet."""

from __future__ import annotations

from datetime import date

from django.contrib.auth import get_user_model
from django.test import Client

from accounts.models import Membership, Role
from outsourcing.models import Agency

SINCE = date(2000, 1, 1)


def officer_of(agency: Agency):
    """One who writes for the whole agency."""
    user, _ = get_user_model().objects.get_or_create(username=f"bench-officer-{agency.code}")
    Membership.objects.get_or_create(
        user=user,
        role=Role.OFFICER,
        agency=agency,
        defaults={"first_day": SINCE, "confirmed_on": SINCE},
    )
    return user


def client_of(user) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client
