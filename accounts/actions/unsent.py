"""The verbs of what a form sent when the sign-in was over: it is kept for its user, and goes once
it has been sent again, given up, or got old. No record, so nothing is voided."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Unsent

MOST = 20  # of one user: the oldest goes


@transaction.atomic
def keep(*, by, path: str, sent: dict, at: datetime) -> Unsent:
    """Keep what ``by`` sent to ``path``; what was sent twice, once."""
    held = Unsent.objects.filter(user=by).order_by("-at", "-pk")
    for row in held.filter(path=path):
        if row.sent == sent:
            return row
    for old in held[MOST - 1 :]:
        old.delete()
    return Unsent.objects.create(user=by, path=path, sent=sent, at=at)


def drop(*, by, public_id) -> None:
    """It has been sent again, or is given up."""
    Unsent.objects.filter(user=by, public_id=public_id).delete()


def forget(*, before: datetime) -> None:
    """What nobody has sent again for so long."""
    Unsent.objects.filter(at__lt=before).delete()
