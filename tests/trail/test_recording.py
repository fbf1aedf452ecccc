"""Every change of every recorded table is in the trail, however it was written."""

from __future__ import annotations

import pytest
from django.db import connection

from outsourcing.models import Section
from tests import factories as make
from trail.context import acting
from trail.models import Change

pytestmark = pytest.mark.django_db


def test_try():
    agency = make.agency()
    with acting(user="山田", user_id=3, request="abc", reason="試し"):
        s = Section.objects.create(agency=agency, code="1", name="課", recorded_by=make.recorder())
        Section.objects.filter(pk=s.pk).update(name="室")
        Section.objects.filter(pk=s.pk).update(id=s.pk + 100)
        Section.objects.filter(pk=s.pk + 100).delete()
    for change in Change.objects.all():
        print(change.number, change.at, change.who, change.reason, change.agency_id, change, change.before, change.after)
