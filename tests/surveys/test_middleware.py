"""As of which day pages are read, and whether they must say that what they show is synthetic."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from outsourcing.actions import contracts
from outsourcing.scope import Scope
from surveys.middleware import default_day
from tests import factories as make
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db
BANNER = "合成データ"


def says_synthetic() -> bool:
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    return BANNER in text(office.get(reverse("contracts")))


def test_no_banner_without_contracts():
    assert not says_synthetic()


def test_no_banner_over_real_contracts():
    make.contract()
    assert not says_synthetic()


def test_a_banner_on_every_page_as_soon_as_one_contract_is_synthetic():
    make.contract()
    made = make.contract(synthetic=True)
    assert says_synthetic()
    contracts.void_contract(made, by=make.recorder(), on=date(2018, 5, 1), reason="誤登録")
    assert not says_synthetic()


def test_real_contracts_are_read_as_of_today():
    make.contract()
    make.survey_round(synthetic=True)
    assert default_day(Scope.everything()) == timezone.localdate()


def test_synthetic_ones_alone_as_of_the_last_day_of_their_round():
    make.contract(synthetic=True)
    make.survey_round(synthetic=True)
    assert default_day(Scope.everything()) == date(2018, 3, 31)
