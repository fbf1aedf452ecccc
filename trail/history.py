"""Changes in the words of the models: what was called how, before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Q, QuerySet

from trail.models import Change
from trail.recorded import tables

YES_NO = {True: "はい", False: "いいえ"}
NO_NAMES: Mapping = {}


class Alteration(NamedTuple):
    """One column. Values are texts, or days and points of time, or None for nothing."""

    label: str
    before: object
    after: object


class Event(NamedTuple):
    """One change of one row. ``kind`` is what such rows are called, ``name`` what this one is
    called today, "" where it is called nothing or is gone."""

    change: Change
    model: type[models.Model]
    kind: str
    name: str
    alterations: tuple[Alteration, ...]

    @property
    def action(self) -> str:
        return self.change.action


def changes_of(rows: Mapping[type[models.Model], Collection]) -> QuerySet[Change]:
    """All changes of rows, given by model and key, in the order they were made."""
    asked = Q(pk__in=[])
    for model, keys in rows.items():
        asked |= Q(table=model._meta.db_table, key__in=[str(key) for key in keys])
    return Change.objects.filter(asked).order_by("number")


def told(
    changes: Sequence[Change],
    *,
    without: Collection[str] = (),
    words: Mapping[str, str] = NO_NAMES,
) -> list[Event]:
    """What each change did, without the columns of these names, and with ``words`` for the codes
    in JSON. One query for each table that the changes are of or refer to, however many they are."""
    known = {table.name: table for table in tables()}
    names = _names(changes, known)
    events = []
    for change in changes:
        table = known[change.table]
        fields = [field for field in table.columns if field.column not in without]
        alterations = [
            Alteration(_label(field), *values)
            for field in fields
            if (values := _values(field, change, names, words))
        ]
        name = names[table.model].get(_key(table.model, change.key), "")
        kind = str(table.model._meta.verbose_name)
        events.append(Event(change, table.model, kind, name, tuple(alterations)))
    return events


def _values(field: models.Field, change: Change, names, words) -> tuple[object, object] | None:
    """Before and after, where they differ."""
    before, after = (
        _shown(field, row.get(field.column) if row else None, names, words)
        for row in (change.before, change.after)
    )
    return None if before == after else (before, after)


def _shown(field: models.Field, value, names, words):
    if value in (None, "", {}, []):
        return None
    if field.is_relation:
        key = _key(field.related_model, value)
        # Never the key itself: it would tell how many rows others have.
        return names[field.related_model].get(key) or str(field.related_model._meta.verbose_name)
    if isinstance(field, models.JSONField):
        return _text(value, words)
    value = field.to_python(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return YES_NO[value]
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return value if isinstance(field, models.DateField) else str(value)


def _text(value, words: Mapping[str, str]) -> str:
    """JSON as it can be read: 8-4(1)（条番号：第5条）、8-4(3)（条番号：第6条）"""
    if isinstance(value, dict):
        return "、".join(
            f"{words.get(name, name)}（{_text(part, words)}）"
            if isinstance(part, dict)
            else f"{words.get(name, name)}：{_text(part, words)}"
            for name, part in value.items()
        )
    if isinstance(value, list):
        return "、".join(_text(part, words) for part in value)
    return "—" if value is None else words.get(value, str(value))


def _label(field: models.Field) -> str:
    """Of a reference that was given no name of its own, what it refers to."""
    unnamed = field.verbose_name == field.name.replace("_", " ")
    if field.is_relation and unnamed:
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def _names(changes: Iterable[Change], known) -> Mapping[type[models.Model], Mapping]:
    """By model and key what rows are called, of all rows that the changes are of or refer to."""
    wanted: dict[type[models.Model], set] = defaultdict(set)
    for change in changes:
        table = known[change.table]
        wanted[table.model].add(_key(table.model, change.key))
        for field in table.columns:
            if field.is_relation:
                values = (row.get(field.column) for row in (change.before, change.after) if row)
                wanted[field.related_model].update(
                    _key(field.related_model, value) for value in values if value is not None
                )
    return defaultdict(dict, {model: _called(model, keys) for model, keys in wanted.items()})


def _called(model: type[models.Model], keys: set) -> Mapping:
    if model.__str__ is models.Model.__str__ or not keys:
        return NO_NAMES
    # Without names Django follows what cannot be empty; a model whose name needs more says so.
    rows = model._base_manager.select_related(*getattr(model, "named_with", ()))
    rows = rows.filter(pk__in=keys)
    return {row.pk: str(row) for row in rows}


def _key(model: type[models.Model], value):
    return model._meta.pk.to_python(value)
