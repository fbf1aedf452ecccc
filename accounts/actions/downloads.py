"""The verbs of what is taken out: set a limit, see a notice. The trail records who did."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import DownloadLimit, DownloadNotice
from outsourcing.actions.base import Conflict
from outsourcing.models import Agency


@transaction.atomic
def set_limit(agency: Agency, *, by, version: int, warn_above: int, ask_above: int) -> None:
    """Set above how many rows a day an agency's users are warned, and asked for a reason.

    ``version`` is the one the writer saw, 0 where no limit was set; if somebody else has set one
    since, Conflict is raised.
    """
    if ask_above < warn_above:
        raise ValidationError(
            {
                "ask_above": f"理由を求める件数「{ask_above:,}」が、警告する件数「{warn_above:,}」"
                "より小さくなっています。"
            }
        )
    # One setter at a time, also of the first limit.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    row = DownloadLimit.objects.filter(agency=agency).first()
    row = row or DownloadLimit(agency=agency, version=0)
    if row.version != version:
        raise Conflict(row)
    row.warn_above, row.ask_above, row.version = warn_above, ask_above, version + 1
    row.save()


def see_notice(notice: DownloadNotice, *, by, at: datetime) -> None:
    """Say that a notice has been seen; who was first stays."""
    DownloadNotice.objects.filter(pk=notice.pk, seen_at=None).update(seen_by=by, seen_at=at)
