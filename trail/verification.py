"""Whether the trail is as it was sealed: from the first record to the last, in little memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from trail.models import Seal
from trail.seals import Digest, digests, hash_of, unpack

LOWEST, HIGHEST = -(2**63), 2**63 - 1  # of a number


class Verified(NamedTuple):
    """How many records and seals hold, and how many records no seal covers yet."""

    records: int
    seals: int
    unsealed: int


class Bent(Exception):
    """What is wrong first. ``record`` or ``seal`` is its number; the other is None."""

    def __init__(self, message: str, *, record: int | None = None, seal: int | None = None):
        self.record, self.seal = record, seal
        super().__init__(message)


class Records:
    """The records by number, one at a time, with a look at the next."""

    def __init__(self, entries: Iterable[Digest]):
        self._entries = iter(entries)
        self.next = next(self._entries, None)

    def take(self) -> Digest:
        taken, self.next = self.next, next(self._entries, None)
        return taken

    def up_to(self, number: int) -> Iterator[Digest]:
        while self.next is not None and self.next.number <= number:
            yield self.take()


def verify(*, exported: dict | None = None, using: str = DEFAULT_DB_ALIAS) -> Verified:
    """Hold all records against their seals, and the seals against each other.

    Without ``exported`` (``seals.as_exported``) a trail whose end was cut off, or whose seals were
    all made anew, cannot be told from a true one. Raises Bent.
    """
    records = Records(digests(using, after=LOWEST))
    seals = Seal.objects.using(using)
    before, counted = None, 0
    for number in list(seals.order_by("number").values_list("number", flat=True)):
        seal = seals.get(number=number)
        _check_seal(seal, before, exported)
        counted += _check_records(seal, records)
        before = seal
    last = before.number if before else 0
    if exported and last < exported["number"]:
        raise Bent(
            f"封印{last + 1}から後がありません（持ち出した封印は{exported['number']}です）。"
            "末尾が切り取られています。",
            seal=last + 1,
        )
    return Verified(records=counted, seals=last, unsealed=sum(1 for _ in records.up_to(HIGHEST)))


def _check_seal(seal: Seal, before: Seal | None, exported: dict | None) -> None:
    expected = before.number + 1 if before else 1
    if seal.number < expected:
        raise Bent(f"封印{seal.number}は外から加えられています。", seal=seal.number)
    if seal.number > expected:
        raise Bent(f"封印{expected}がありません。", seal=expected)
    joined = (before.hash, before.last + 1) if before else ("", 1)
    if hash_of(seal) != seal.hash or (seal.previous, seal.first) != joined:
        raise Bent(f"封印{seal.number}が書き換えられています。", seal=seal.number)
    if exported and seal.number == exported["number"] and seal.hash != exported["hash"]:
        raise Bent(
            f"封印{seal.number}が持ち出した封印と違います。封印が作り直されています。",
            seal=seal.number,
        )


def _check_records(seal: Seal, records: Records) -> int:
    counted = 0
    for sealed, found in zip_longest(unpack(seal.digests), records.up_to(seal.last)):
        if sealed is None or (found is not None and found.number < sealed.number):
            raise Bent(
                f"記録{found.number}は封印の後に外から加えられています。", record=found.number
            )
        if found is None or found.number > sealed.number:
            raise Bent(f"記録{sealed.number}が失われています。", record=sealed.number)
        if found.digest != sealed.digest:
            raise Bent(f"記録{found.number}が書き換えられています。", record=found.number)
        counted += 1
    return counted
