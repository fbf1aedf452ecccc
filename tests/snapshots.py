"""The ledger and its findings as they stand, to show that what was refused left nothing behind."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

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
