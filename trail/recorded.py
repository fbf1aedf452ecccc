"""Which tables are recorded, read off the registry: those of ``TRAIL_APPS``, save those that
``TRAIL_EXCEPT`` names with its reason. Names of columns, not of fields."""

from __future__ import annotations

from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import models


class Table(NamedTuple):
    """``agency``: the column that says whose row it is, "" where none does."""

    model: type[models.Model]
    name: str
    key: str
    agency: str
    columns: tuple[models.Field, ...]
    excepted: tuple[str, ...]


def tables() -> list[Table]:
    """Every recorded table, those between many and many included."""
    return [
        _table(model)
        for label in settings.TRAIL_APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        if model._meta.label not in settings.TRAIL_EXCEPT
    ]


def is_recorded(model: type[models.Model]) -> bool:
    return (
        model._meta.app_label in settings.TRAIL_APPS
        and model._meta.label not in settings.TRAIL_EXCEPT
    )


def _table(model: type[models.Model]) -> Table:
    excepted = tuple(settings.TRAIL_EXCEPT_COLUMNS.get(model._meta.label, ()))
    fields = model._meta.local_concrete_fields
    return Table(
        model=model,
        name=model._meta.db_table,
        key=model._meta.pk.column,
        agency=_agency_column(model),
        columns=tuple(field for field in fields if field.column not in excepted),
        excepted=excepted,
    )


def _agency_column(model: type[models.Model]) -> str:
    agency = apps.get_model(settings.TRAIL_AGENCY)
    if model is agency:
        return model._meta.pk.column
    for field in model._meta.local_concrete_fields:
        if field.name == agency._meta.model_name and field.related_model is agency:
            return field.column
    return ""
