"""Records what was opened, taken out or refused. The only writer of ``Access``."""

from __future__ import annotations

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from trail import context
from trail.models import Access, Change, Kind
from trail.postgresql import LOCK


def record(
    kind: str,
    *,
    object: str = "",
    agency_id: int | None = None,
    rows: int | None = None,
    status: int | None = None,
    note: str = "",
    user=None,
    using: str = DEFAULT_DB_ALIAS,
) -> Access:
    """Record one access, of who acts (``context.acting``) or of ``user``.

    ``rows``: how many rows of data were taken out. Kept, or not, with the transaction it is in.
    """
    acting = context.current()
    if user is not None:
        acting = acting._replace(user=str(user), user_id=user.pk)
    with transaction.atomic(using=using):
        return Access.objects.using(using).create(
            number=_next_number(connections[using]),
            at=timezone.now(),
            kind=Kind(kind),
            who=_within(Access, "who", acting.user),
            who_id=acting.user_id,
            request=acting.request,
            address=acting.address,
            reason=acting.reason,
            agency_id=agency_id,
            object=_within(Access, "object", object),
            rows=rows,
            status=status,
            note=_within(Access, "note", note),
        )


def listen() -> None:
    """To who signs in and out."""
    user_logged_in.connect(_signed_in, dispatch_uid="trail")
    user_logged_out.connect(_signed_out, dispatch_uid="trail")
    user_login_failed.connect(_failed, dispatch_uid="trail")


def _signed_in(sender, user, **kwargs):
    record(Kind.SIGN_IN, user=user)


def _signed_out(sender, user, **kwargs):
    if user is not None:
        record(Kind.SIGN_OUT, user=user)


def _failed(sender, credentials, **kwargs):
    record(Kind.SIGN_IN_FAILED, object=str(credentials.get("username", "")))


def _next_number(connection) -> int:
    """The number the next change would have got."""
    table = Change._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT pg_advisory_xact_lock_shared({LOCK}),"
                f" nextval(pg_get_serial_sequence('{table}', 'number'))"
            )
            return cursor.fetchone()[1]
        # The last number given, which AUTOINCREMENT keeps and no rollback of others changes.
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = %s", [table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 1)", [table])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        return cursor.fetchone()[0]


def _within(model, field: str, text: str) -> str:
    return text[: model._meta.get_field(field).max_length]
