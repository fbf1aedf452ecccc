"""What is wrong with a row whatever its unreadable cells mean: it is tried with many meanings of
each, and told is what is wrong with all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from math import prod
from random import Random
from typing import Any, NamedTuple

from django.db import models

from exchange.importing.impossible import problems

MOST = 250  # meanings of a row that are tried; where there are more, so many by chance
# What follows from another field.
DERIVED = {"agreed_last_day": "last_day"}


class Unknown(NamedTuple):
    """A field that is not known, of the row itself or of one that it looks at."""

    row: models.Model
    field: models.Field


def certain_problems(
    row: models.Model, today: date | None, unknown: Sequence[Unknown]
) -> list[tuple[str, str]]:
    """By field. Of those that are not known nothing is told: that is said already."""
    own = {one.field.name for one in unknown if one.row is row}
    own |= {DERIVED[name] for name in own & DERIVED.keys()}
    meanings = [_meanings(one.field, -1_000 - at) for at, one in enumerate(unknown)]
    found: list[tuple[str, str]] | None = None
    before = [one.row.__dict__[one.field.attname] for one in unknown]
    for said in _each(meanings):
        _put(unknown, said)
        told = [one for one in problems(row, today) if one[0] not in own]
        found = told if found is None else [one for one in found if one in told]
        if not found:
            break
    _put(unknown, before)
    return found or []


def _each(meanings: list[list[Any]]) -> Iterator[Sequence[Any]]:
    """Together."""
    if prod(map(len, meanings)) <= MOST:
        yield from product(*meanings)
        return
    chance = Random(MOST)
    for _ in range(MOST):
        yield [chance.choice(some) for some in meanings]


def _put(unknown: Sequence[Unknown], said: Sequence[Any]) -> None:
    for (row, field), value in zip(unknown, said, strict=True):
        row.__dict__[field.attname] = value
        if field.name in DERIVED:
            row.__dict__[DERIVED[field.name]] = value
        row._state.fields_cache.pop(field.name, None)


def _meanings(field: models.Field, key: int) -> list[Any]:
    """All that may make a difference, and last that there is nothing: a row that lacks what it
    must have takes longest to try."""
    nothing = None if field.is_relation else field.get_default()
    return [*(value for value in _others(field, key) if value != nothing), nothing]


def _others(field: models.Field, key: int) -> Iterator[Any]:
    if field.is_relation:
        yield key  # of somebody whom nothing else names
    elif field.flatchoices:
        yield from (value for value, _ in field.flatchoices)
    elif isinstance(field, models.DateField):
        yield from (date.min, date.max)
    elif isinstance(field, models.BooleanField):
        yield from (False, True)
    elif isinstance(field, models.JSONField):
        yield ["…"] if field.default is list else {"other": "…"}
    elif isinstance(field, models.CharField):
        yield "…"
