"""1,000 random alterations of a sealed trail: all are detected, and the first bent record is named.

As who owns the tables and has taken away what refuses: the application cannot do any of this.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import NamedTuple

import pytest
from django.db import connections, models, transaction

from accounts.models import User
from tests import trails
from trail import accesses, seals
from trail.models import Access, Change, Kind, Seal
from trail.verification import Bent, Verified, verify

pytestmark = pytest.mark.django_db(databases="__all__")
ALTERATIONS = 1000
RECORDS, SEALED = (Change, Access), 7  # records a seal
PAST_ALL = 10_000


class Wrong(NamedTuple):
    """What must be named: a record or a seal, by number."""

    record: int | None = None
    seal: int | None = None


class Trail:
    """A sealed trail with a few numbers left out, and ways to bend it."""

    def __init__(self, using: str, random: Random):
        self.using, self.random = using, random
        for n in range(30):
            user = User.objects.using(using).create(username=f"u{n}", full_name="氏名")
            if n % 3 == 0:
                User.objects.using(using).filter(pk=user.pk).update(full_name="別名")
            if n % 4 == 0:
                accesses.record(Kind.READ, object=f"A01-2017-{n:05d}", rows=n, using=using)
            if n % 5 == 0:  # as after a rollback
                accesses._next_number(connections[using])
        seals.seal(using)
        self.exported = seals.as_exported(seals.newest(using))
        self.rows = {
            number: model
            for model in RECORDS
            for number in model.objects.using(using).values_list("number", flat=True)
        }
        self.numbers = sorted(self.rows)
        self.gaps = sorted(set(range(-2, self.numbers[-1])) - set(self.numbers))

    # Each alters something, and returns what must be named.

    def alter_a_record(self) -> Wrong:
        number = self.random.choice(self.numbers)
        self.alter(self.rows[number], number)
        return Wrong(record=number)

    def alter_a_seal(self) -> Wrong:
        number = self.random.randint(1, self.exported["number"])
        return Wrong(seal=number) if self.alter(Seal, number) else self.alter_a_seal()

    def delete_a_record(self) -> Wrong:
        number = self.random.choice(self.numbers)
        self.row(number).delete()
        return Wrong(record=number)

    def insert_a_record(self) -> Wrong:
        number = self.random.choice(self.gaps)
        self.copy(self.random.choice(self.numbers), number)
        return Wrong(record=number)

    def insert_among(self) -> None:
        among = [gap for gap in self.gaps if gap > 0]
        self.copy(self.random.choice(self.numbers), self.random.choice(among))

    def renumber_a_record(self) -> Wrong:
        number, other = self.random.choice(self.numbers), self.random.choice([*self.gaps, PAST_ALL])
        self.row(number).update(number=other)
        return Wrong(record=min(number, other))

    def swap_two_records(self) -> Wrong:
        one, other = self.random.sample(self.numbers, 2)
        for now, then in ((one, PAST_ALL), (other, one), (PAST_ALL, other)):
            for model in RECORDS:
                model.objects.using(self.using).filter(number=now).update(number=then)
        return Wrong(record=min(one, other))

    def cut_the_records(self) -> Wrong:
        first = self.random.choice(self.numbers)
        for model in RECORDS:
            model.objects.using(self.using).filter(number__gte=first).delete()
        return Wrong(record=first)

    def cut_the_seals(self) -> Wrong:
        """With the records they cover, or without."""
        first = self.random.randint(1, self.exported["number"])
        cut = Seal.objects.using(self.using).filter(number__gte=first)
        if self.random.random() < 0.5:
            for model in RECORDS:
                begin = cut.first().first
                model.objects.using(self.using).filter(number__gte=begin).delete()
        cut.delete()
        return Wrong(seal=first)

    def delete_a_seal(self) -> Wrong:
        number = self.random.randint(1, self.exported["number"])
        Seal.objects.using(self.using).filter(number=number).delete()
        return Wrong(seal=number)

    def alter_and_seal_all_anew(self) -> Wrong:
        """What nothing but the exported seal can tell."""
        self.random.choice([self.alter_a_record, self.delete_a_record, self.insert_among])()
        before = None
        for seal in list(Seal.objects.using(self.using)):
            after = before.last if before else 0
            entries = seals.digests(self.using, after=after)
            seal.digests = seals.pack([entry for entry in entries if entry.number <= seal.last])
            seal.first, seal.previous = after + 1, before.hash if before else ""
            seal.hash = seals.hash_of(seal)
            seal.save(using=self.using, force_update=True)
            before = seal
        return Wrong(seal=self.exported["number"])

    # What they are made of.

    def row(self, number: int):
        return self.rows[number].objects.using(self.using).filter(number=number)

    def copy(self, number: int, to: int) -> None:
        row = self.row(number).get()
        row.number = to
        row.save(using=self.using, force_insert=True)

    def alter(self, model, number: int) -> str:
        fields = [f for f in model._meta.local_fields if not f.primary_key]
        field = self.random.choice(fields)
        rows = model.objects.using(self.using).filter(number=number)
        rows.update(**{field.name: self.another(field, getattr(rows.get(), field.name))})
        return field.name

    def another(self, field: models.Field, value):
        if isinstance(field, models.JSONField):
            return {**(value or {}), self.random.choice(["full_name", "id", "x"]): "改"}
        if isinstance(field, models.BinaryField):
            value = bytearray(value)
            value[self.random.randrange(len(value))] ^= 1 << self.random.randrange(8)
            return bytes(value)
        if isinstance(field, models.DateTimeField):
            return value + timedelta(milliseconds=self.random.choice([-1, 1]))
        if isinstance(field, models.IntegerField):
            return self.random.choice([n for n in (0, 1, 2) if n != value])
        known = [choice for choice, _ in field.flatchoices if choice != value]
        if known:
            return self.random.choice(known)
        return value[:-1] if value and self.random.random() < 0.5 else (value + "x")[-64:]


WAYS = [
    *[Trail.alter_a_record] * 6,
    *[Trail.alter_a_seal] * 2,
    Trail.delete_a_record,
    Trail.insert_a_record,
    Trail.renumber_a_record,
    Trail.swap_two_records,
    Trail.cut_the_records,
    Trail.cut_the_seals,
    Trail.delete_a_seal,
    Trail.alter_and_seal_all_anew,
]


def test_every_alteration_is_detected_and_the_first_bent_record_named(monkeypatch):
    using, random = trails.owner_alias(), Random(2017)
    monkeypatch.setattr(seals, "MOST", SEALED)
    trail = Trail(using, random)
    whole = Verified(len(trail.numbers), trail.exported["number"], 0)
    assert verify(exported=trail.exported, using=using) == whole
    tried, unseen = Counter(), []
    with trails.unguarded(connections[using]):
        for _ in range(ALTERATIONS):
            way = random.choice(WAYS)
            with transaction.atomic(using=using):
                expected = way(trail)
                try:
                    found = verify(exported=trail.exported, using=using)
                except Bent as bent:
                    found = Wrong(bent.record, bent.seal)
                transaction.set_rollback(True, using=using)
            tried[way.__name__] += 1
            if found != expected:
                unseen.append((way.__name__, expected, found))
    assert unseen == []
    assert tried.keys() == {way.__name__ for way in WAYS}
    assert verify(exported=trail.exported, using=using) == whole


def test_without_the_exported_seal_a_trail_sealed_anew_would_pass(monkeypatch):
    """Why a seal is kept elsewhere."""
    using = trails.owner_alias()
    monkeypatch.setattr(seals, "MOST", SEALED)
    trail = Trail(using, Random(1))
    with trails.unguarded(connections[using]):
        trail.alter_and_seal_all_anew()
        verify(using=using)
        with pytest.raises(Bent, match="封印が作り直されています"):
            verify(exported=trail.exported, using=using)
