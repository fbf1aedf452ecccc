"""The page that maps 第6 to what this ledger does."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from guideline.law import law
from guideline.safeguards import SAFEGUARDS
from tests import factories as make
from tests.pages import client_of, text


def test_every_item_of_chapter_6_is_answered_once_and_in_order():
    items = [code for code in law().editions[-1].provisions if re.fullmatch(r"6-\d+", code)]
    assert len(items) == 18  # as the guideline counts them
    assert [safeguard.code for safeguard in SAFEGUARDS] == items


def test_each_says_what_is_left_to_the_office():
    assert all(safeguard.left for safeguard in SAFEGUARDS)


@pytest.mark.django_db
def test_the_page_shows_each_beside_its_provision():
    page = text(client_of(make.user()).get(reverse("guideline-safety")))
    for safeguard in SAFEGUARDS:
        assert safeguard.left in page
        assert reverse("guideline-provision", args=["2018-10-22", safeguard.code]) in page
