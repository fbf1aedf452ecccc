"""The verbs for 注意喚起: sent, read, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError

from audit.models import Addressee, Advisory, Reading
from outsourcing.actions.base import insert, recording, void
from outsourcing.models import Agency


def send(*, by, addressees: Iterable[Agency], agency: Agency | None = None, **fields) -> Advisory:
    """Send a warning: the ministry's to any agencies, an ``agency``'s own within itself.

    ``fields``: title, body, sent_on, conditions. Raises ValidationError, by field.
    """
    to = list(dict.fromkeys(addressees))
    if not to:
        raise ValidationError({"targets": "宛先の機関を一つ以上選んでください。"})
    if agency is not None and to != [agency]:
        raise ValidationError({"targets": "ほかの機関には発出できません。"})
    with recording():
        row = insert(Advisory(agency=agency, **fields), by=by)
        Addressee.objects.bulk_create(Addressee(advisory=row, agency=one) for one in to)
    return row


def mark_read(advisory: Advisory, *, by, agencies: Iterable[int], at: datetime) -> None:
    """Somebody of these agencies has read it. Said again, it stays with the first time."""
    if advisory.voided_on:
        raise ValidationError(f"この注意喚起は「{advisory.voided_on}」に取り消されています。")
    with recording():
        Reading.objects.bulk_create(
            (Reading(advisory=advisory, agency_id=one, reader=by, read_at=at) for one in agencies),
            ignore_conflicts=True,
        )


def take_back(advisory: Advisory, *, by, on: date, reason: str, version: int) -> Advisory:
    """It stays, marked so, and asks nobody to read it any more."""
    with recording():
        return void(advisory, by=by, on=on, reason=reason, version=version)
