"""The reproduced ledger, made once for the tests that share it and rolled back after them."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from surveys import rounds
from surveys.reproduction import reproduce
from tests.shared import shared


@pytest.fixture(scope="package")
def reproduction(django_db_setup, django_db_blocker):
    """The round of fiscal 2017 with its 22,618 synthetic contracts, which costs some twenty
    seconds."""
    yield from shared(django_db_blocker, _reproduced)


def _reproduced() -> rounds.Round:
    call_command("load_reference", verbosity=0)
    round_ = rounds.find(2017)
    reproduce(round_)
    return round_


@pytest.fixture
def recorder(db):
    return get_user_model().objects.create_user("recorder")
