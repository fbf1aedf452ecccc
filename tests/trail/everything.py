"""One row of every recorded table, made from its fields alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts.models import DownloadLimit
from outsourcing.models import (
    Contract,
    Contractor,
    ContractorReport,
    Handover,
    InspectionTarget,
    NoNumber,
    Shareholding,
)
from tests import factories as make
from trail.recorded import tables

# What a constraint asks for that no field tells.
ASKED = {
    Contract: lambda made: {"fiscal_year": 2017},
    Contractor: lambda made: {"no_number_reason": NoNumber.values[0]},
    DownloadLimit: lambda made: {"ask_above": 1000},
    ContractorReport: lambda made: {"due_on": date(2017, 4, 1)},
    Handover: lambda made: {"to_officer": make.user()},
    InspectionTarget: lambda made: {"covers_work": True},
    Shareholding: lambda made: {"held": Contractor.objects.exclude(pk=made[Contractor].pk).get()},
}


def one_of_everything() -> dict[type[models.Model], models.Model]:
    made: dict[type[models.Model], models.Model] = {}
    kind = ContentType.objects.get_or_create(app_label="trail", model="everything")[0]
    for name in ("one", "other"):
        made[Group] = Group.objects.create(name=name)
        made[Permission] = Permission.objects.create(name=name, codename=name, content_type=kind)
    make.contractor()
    for table in tables():
        row_of(table.model, made)
    return made


def row_of(model: type[models.Model], made: dict) -> models.Model:
    """The row of this model, made where there is none, and what it needs before it."""
    if model not in made:
        values = {f.name: _value(f, made) for f in model._meta.local_concrete_fields[1:]}
        asked = ASKED[model](made) if model in ASKED else {}
        made[model] = model(**values | asked)
        models.Model.save_base(made[model], raw=True, force_insert=True)
    return made[model]


def _value(field: models.Field, made: dict):
    if field.is_relation and not field.null and field.related_model is not field.model:
        return row_of(field.related_model, made)
    if field.has_default():
        return field.get_default()
    if field.null or field.is_relation:
        needed = field.name in ("contract", "agency")
        return row_of(field.related_model, made) if needed else None
    if isinstance(field, models.BinaryField):
        return b"%PDF-1.7"
    if field.choices:
        return next(value for value, _ in field.flatchoices)
    if isinstance(field, models.DateTimeField):
        return datetime(2017, 4, 1, 12, 30, 15, 250, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date(2017, 4, 1)
    if isinstance(field, models.IntegerField | models.DecimalField):
        return 1
    if isinstance(field, models.BooleanField):
        return True
    return "" if field.blank else "あ"
