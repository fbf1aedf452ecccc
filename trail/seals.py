# ruff: noqa: S608  (names of tables and columns; nothing that was typed)
"""Seals: what makes a bent record show.

What is hashed (SHA-256 throughout), so that another program can check it:

- A record: the JSON text of a list, without spaces and with characters outside of ASCII as they are
  (RFC 8259): "change" or "access", then the values of the columns ``FIELDS`` names, in that order.
  ``at``, ``before`` and ``after`` are strings: what SQLite keeps as text; of PostgreSQL
  2026-11-24T00:03:05.123456+00:00 and the text it gives a jsonb value.
- A seal: the same of a list of its number, first, last, previous, made_at and the hexadecimal
  digest of its ``digests``. ``previous`` is the hash of the seal before, "" for the first.

Seals leave no number out: one that no record had when it was sealed was rolled back, and a record
found under it later was put in from outside.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.utils import timezone

from trail import session_variables
from trail.models import Access, Change, Seal
from trail.postgresql import LOCK

MOST = 10_000  # records in a seal
MANY = 5_000  # records that wait for one
TRIES = 5
ENTRY = 8 + 32  # bytes of a record in ``digests``

WHO = ("number", "at", "who", "who_id", "request", "address", "reason", "agency_id")
FIELDS = {
    Change: (*WHO, "table", "key", "action", "before", "after"),
    Access: (*WHO, "kind", "object", "rows", "status", "note"),
}
log = logging.getLogger("django.trail")


class Busy(Exception):
    """Writers were in flight at every try."""


class Digest(NamedTuple):
    number: int
    digest: bytes


def seal(using: str = DEFAULT_DB_ALIAS) -> list[Seal]:
    """Seal all records not yet sealed, and return the seals made.

    Raises Busy where writers were in flight at every try (PostgreSQL).
    """
    made = []
    while (one := _seal_some(using)) is not None:
        made.append(one)
    return made


def seal_if_due(*, now: datetime | None = None) -> None:
    """After a writing request: seal what has waited long enough, or is much. Never fails."""
    try:
        # Not on SQLite, where a transaction would wait for who is writing.
        postgresql = connections[DEFAULT_DB_ALIAS].vendor == "postgresql"
        with seeing_all(DEFAULT_DB_ALIAS) if postgresql else nullcontext():
            due = _is_due(now or timezone.now())
        if due:
            _seal_some(DEFAULT_DB_ALIAS)
    except Busy:
        log.info("記録の封印は、書込みが終わってから行います。")
    except DatabaseError:
        log.exception("記録を封印できませんでした。")


def newest(using: str = DEFAULT_DB_ALIAS) -> Seal | None:
    return Seal.objects.using(using).defer("digests").order_by("-number").first()


def as_exported(seal: Seal) -> dict:
    """What is kept elsewhere."""
    return {
        "number": seal.number,
        "first": seal.first,
        "last": seal.last,
        "made_at": _written(seal.made_at),
        "hash": seal.hash,
    }


def digests(using: str, *, after: int, most: int | None = None) -> Iterator[Digest]:
    """The digests of all records with numbers greater than ``after``, by number."""
    streams = [_digests(using, model, after, most) for model in FIELDS]
    return merge(*streams)


def hash_of(seal: Seal) -> str:
    digest = hashlib.sha256(seal.digests).hexdigest()
    values = (seal.number, seal.first, seal.last, seal.previous, _written(seal.made_at), digest)
    return _sha256(values).hex()


def pack(entries: list[Digest]) -> bytes:
    return b"".join(entry.number.to_bytes(8, "big") + entry.digest for entry in entries)


def unpack(packed: bytes) -> Iterator[Digest]:
    for start in range(0, len(packed), ENTRY):
        number = int.from_bytes(packed[start : start + 8], "big")
        yield Digest(number, bytes(packed[start + 8 : start + ENTRY]))


def _is_due(now: datetime) -> bool:
    last = newest()
    waiting = _last_number() - (last.last if last else 0)
    if not waiting:
        return False
    if last is None or waiting > MANY:
        return True
    return now - last.made_at > timedelta(minutes=settings.TRAIL_SEAL_MINUTES)


def _last_number() -> int:
    return max(
        (model.objects.order_by("-number").values_list("number", flat=True).first() or 0)
        for model in FIELDS
    )


def _seal_some(using: str) -> Seal | None:
    """One more seal over at most ``MOST`` records; None where nothing waits."""
    for _ in range(TRIES):
        with seeing_all(using):
            if _alone(connections[using]):
                return _seal_next(using)
    raise Busy


@contextmanager
def seeing_all(using: str) -> Iterator[None]:
    """A transaction that reads the records of every agency, whoever asks."""
    with transaction.atomic(using=using):
        session_variables.put(connections[using], settings.TRAIL_READS_ALL_WITH)
        yield


def _alone(connection) -> bool:
    """Whether nobody is writing. Asked without waiting: who waited would hold up all writers."""
    if connection.vendor != "postgresql":
        return True  # SQLite has one writer at a time
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})")
        return cursor.fetchone()[0]


def _seal_next(using: str) -> Seal | None:
    before = newest(using)
    after = before.last if before else 0
    entries = []
    for entry in digests(using, after=after, most=MOST):
        entries.append(entry)
        if len(entries) == MOST:
            break
    if not entries:
        return None
    made = Seal(
        number=before.number + 1 if before else 1,
        first=after + 1,
        last=entries[-1].number,
        digests=pack(entries),
        previous=before.hash if before else "",
        made_at=timezone.now(),
    )
    made.hash = hash_of(made)
    made.save(using=using, force_insert=True)
    return made


def _digests(using: str, model, after: int, most: int | None) -> Iterator[Digest]:
    """Read by the thousand: neither database need hold a cursor open, nor the memory the rows."""
    kind, fields = model._meta.model_name, FIELDS[model]
    at, columns = fields.index("at"), ", ".join(_column(connections[using], f) for f in fields)
    query = (
        f"SELECT {columns} FROM {model._meta.db_table} WHERE number > %s ORDER BY number LIMIT 1000"
    )
    left = most
    while left is None or left > 0:
        with connections[using].cursor() as cursor:
            cursor.execute(query, [after])
            rows = cursor.fetchall()
        for row in rows:
            values = [kind, *row]
            values[at + 1] = _written(row[at])
            yield Digest(row[0], _sha256(values))
        if len(rows) < 1000:
            return
        after = rows[-1][0]
        left = None if left is None else left - len(rows)


def _column(connection, field: str) -> str:
    """As the database keeps it, so that nothing in it can change unseen."""
    if field in ("before", "after") and connection.vendor == "postgresql":
        return f"{field}::text"
    if field == "at" and connection.vendor == "sqlite":
        return "CAST(at AS text)"
    return f'"{field}"'


def _written(moment: datetime | str) -> str:
    if isinstance(moment, str):  # as SQLite keeps it
        return moment
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _sha256(values) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()
