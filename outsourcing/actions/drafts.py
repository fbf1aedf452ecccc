"""The verbs of a draft: start, keep as typed, discard, register."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from outsourcing.actions import entries
from outsourcing.actions.base import Conflict, change, insert, recording, void
from outsourcing.entries import Entry
from outsourcing.models import Agency, Contract, Draft, Section

LONGEST_TITLE = Draft._meta.get_field("title").max_length


def start(*, by, agency: Agency, section: Section | None = None) -> Draft:
    """An empty draft, in charge of who starts it."""
    typed = {"section": [section.code]} if section else {}
    with recording():
        row = Draft(agency=agency, section=section, officer=by, typed=typed)
        return insert(row, by=by)


def keep(draft: Draft, *, by, typed: dict, section: Section | None, version: int) -> Draft:
    """Keep what has been typed. Raises Conflict where somebody else, or another tab, has kept
    something else since ``version``."""
    with recording():
        return change(draft, by=by, version=version, **_kept(typed, section))


def register(
    draft: Draft, entry: Entry, *, by, typed: dict, section: Section | None, version: int
) -> Contract:
    """Make a contract of a draft, once: sent twice, even at the same moment, it gives the contract
    that there is. Raises Conflict like ``keep``."""
    try:
        with recording():
            contract = entries.register(entry, by=by)
            change(draft, by=by, version=version, contract=contract, **_kept(typed, section))
    except Conflict as conflict:
        if conflict.row.contract_id is None:
            raise
        return conflict.row.contract
    return contract


def discard(draft: Draft, *, by, on: date, version: int | None = None) -> Draft:
    """Throw a draft away. It stays, voided."""
    with recording():
        return void(draft, by=by, on=on, reason="下書きの破棄", version=version)


def _kept(typed: dict, section: Section | None) -> dict:
    title = " ".join(typed.get("title", ("",))[0].split())[:LONGEST_TITLE]
    return {"typed": typed, "title": title, "section": section, "saved_at": timezone.now()}
