"""The records of use, as those see them who audit them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from tests import factories as make
from tests.pages import client_of, text
from trail.accesses import record
from trail.context import acting
from trail.models import Kind, Seal
from trail.verification import verify

pytestmark = pytest.mark.django_db
LIST = reverse("access-records")


def objects(client, **conditions) -> set[str]:
    response = client.get(LIST, conditions)
    found = {row.record.object for row in response.context["table"].page.object_list}
    return found - {""}  # the test's own signing in


@pytest.fixture
def two():
    """Two agencies; somebody of each has opened a contract there, and signed in."""
    agencies = make.agency(), make.agency()
    for name, agency in zip(("own", "other"), agencies, strict=True):
        with acting(user=name, user_id=make.officer(agency).pk):
            record(Kind.READ, object=f"{name} contract", agency_id=agency.pk)
            record(Kind.SIGN_IN, object=f"{name} sign-in")
    record(Kind.SIGN_IN_FAILED, object="nobody's")
    return agencies


def test_an_auditor_sees_what_was_done_in_the_own_agency_and_by_its_people(two):
    auditor = client_of(make.user(role=Role.AUDITOR, agency=two[0]))
    assert objects(auditor) == {"own contract", "own sign-in"}


def test_what_somebody_of_two_agencies_does_for_the_other_is_not_shown(two):
    both = make.officer(two[0])
    make.membership(user=both, role=Role.OFFICER, agency=two[1])
    with acting(user="both", user_id=both.pk):
        record(Kind.READ, object="for the other", agency_id=two[1].pk)
    assert "for the other" not in objects(client_of(make.user(role=Role.CHIEF, agency=two[0])))


def test_the_survey_office_sees_all(two):
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    assert objects(office) >= {"own contract", "other contract", "other sign-in", "nobody's"}


def test_they_can_be_narrowed(two):
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    assert objects(office, kind="read") == {"own contract", "other contract"}
    assert objects(office, who="own") == {"own contract", "own sign-in"}
    assert objects(office, object="nobody") == {"nobody's"}
    today = timezone.localdate()
    day = {-1: today - timedelta(days=1), 0: today, 1: today + timedelta(days=1)}
    assert objects(office, since=day[0]) == objects(office, until=day[0]) == objects(office)
    assert objects(office, since=day[1]) == objects(office, until=day[-1]) == set()


def test_the_newest_seal_can_be_taken_out_by_the_survey_office(two):
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    exported = json.loads(office.post(reverse("export-seal")).content)
    newest = Seal.objects.get(number=exported["number"])
    assert exported["hash"] == newest.hash
    assert verify(exported=exported).seals == newest.number
    assert "封印を書き出す" in text(office.get(LIST))
    assert "封印を書き出す" not in text(
        client_of(make.user(role=Role.AUDITOR, agency=two[0])).get(LIST)
    )
