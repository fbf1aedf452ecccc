"""The verbs of what is taken out: set a limit, see a notice. The trail records who did."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import DownloadLimit, DownloadNotice
from outsourcing.models import Agency


@transaction.atomic
def set_limit(agency: Agency, *, by, warn_above: int, ask_above: int) -> DownloadLimit:
    """Set above how many rows a day an agency's users are warned, and asked for a reason."""
    # One setter at a time, also of the first limit.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    row, _ = DownloadLimit.objects.update_or_create(
        agency=agency,
        defaults={"warn_above": warn_above, "ask_above": ask_above, "version": F("version") + 1},
        create_defaults={"warn_above": warn_above, "ask_above": ask_above},
    )
    return row


def see_notice(notice: DownloadNotice, *, by, at: datetime) -> None:
    """Say that a notice has been seen; who was first stays."""
    DownloadNotice.objects.filter(pk=notice.pk, seen_at=None).update(seen_by=by, seen_at=at)
