"""The ledger as it stands, what was refused, and what the ledger's signal told: to show that what
was refused left nothing behind, and that what was written was told once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from outsourcing.signals import ledger_changed

APPS = ("outsourcing", "guideline", "surveys")


def snapshot() -> dict[str, list[dict]]:
    """Every row of every table of the ledger, of the findings and of the surveys."""
    return {
        model.__name__: list(model._base_manager.order_by("pk").values())
        for app in APPS
        for model in apps.get_app_config(app).get_models()
    }


@contextmanager
def refused(*said: str):
    """The action is refused in words that contain each of ``said``."""
    with pytest.raises(ValidationError) as error:
        yield error
    words = str(error.value)
    missing = [part for part in said if part not in words]
    assert not missing, words


@contextmanager
def signals() -> Iterator[list[frozenset[int]]]:
    """The contracts that each signal sent meanwhile named."""
    sent: list[frozenset[int]] = []

    def receive(sender, contract_ids, **kwargs):
        sent.append(contract_ids)

    ledger_changed.connect(receive)
    try:
        yield sent
    finally:
        ledger_changed.disconnect(receive)
