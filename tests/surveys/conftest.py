"""The reproduced ledger, made once for the tests that share it and rolled back after them."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction

from surveys import rounds
from surveys.reproduction import reproduce


@pytest.fixture(scope="module")
def reproduction(django_db_setup, django_db_blocker):
    """The round of fiscal 2017 with its 22,618 synthetic contracts.

    Costs some twenty seconds: modules that use it share one process by the mark
    ``xdist_group("reproduction")``.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", verbosity=0)
        round_ = rounds.find(2017)
        reproduce(round_)
        yield round_
        transaction.set_rollback(True)


@pytest.fixture
def recorder(db):
    return get_user_model().objects.create_user("recorder")
