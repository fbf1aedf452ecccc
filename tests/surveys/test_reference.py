"""Taking over the ministry's figures: once, and at every start anew."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from surveys.models import Listing, PublishedFigure
from trail.models import Change

pytestmark = pytest.mark.django_db


def load() -> None:
    call_command("load_reference", verbosity=0)


def test_the_same_figures_are_left_alone():
    load()
    before = Change.objects.count()
    load()
    assert Change.objects.count() == before
    assert PublishedFigure.objects.count() == 1002


def test_what_differs_from_the_file_is_put_right():
    load()
    PublishedFigure.objects.filter(row="A01", column="total").update(value=1)
    Listing.objects.filter(order=1).update(printed_name="別名")
    load()
    assert not PublishedFigure.objects.filter(row="A01", column="total", value=1).exists()
    assert not Listing.objects.filter(printed_name="別名").exists()
