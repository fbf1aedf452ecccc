"""是正の状態: from corrective actions to what a finding carries of them. Pure but for reading.

A finding is settled when its actions are closed, and not before, also when its days are over; what
nothing is to be done about, marks and what a reason excuses, is settled as it arises.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from guideline.models import CorrectiveAction
from outsourcing import fiscal_year
from outsourcing.prepared import Prepared

MARKS = ("medical-attention",)  # nothing clears these
NEVER = date.max


class Action(NamedTuple):
    """Its finding's days [first, last], both included; when it was begun and closed."""

    first: date
    last: date
    started: date
    closed: date  # NEVER: not yet


class Correction(NamedTuple):
    """As a finding carries it: see ``Finding``."""

    acted_on: date
    settled_on: date
    leaves_on: date


def correction_of(
    rule: str, *, excused: bool, since: date, until: date | None, actions: Iterable[Action]
) -> Correction:
    """What actions make of a finding of the days [since, until)."""
    answering = [a for a in actions if a.last >= since and (until is None or a.first < until)]
    acted = min((a.started for a in answering), default=NEVER)
    if excused or rule in MARKS:
        settled = since
    else:
        settled = max((a.closed for a in answering), default=NEVER)
    arose_in = fiscal_year.last_day(fiscal_year.fiscal_year_of(since))
    return Correction(acted, settled, max(settled, arose_in + timedelta(days=1)))


def _read(column: str) -> Prepared:
    rows = CorrectiveAction.objects.valid().values_list(
        column, "rule", "subject", "first_day", "last_day", "started_on", "closed_on"
    )
    return Prepared(lambda among: rows.filter(among(column)))


READ = {column: _read(column) for column in ("contract_id", "disclosure_id")}


def actions_of(column: str, ids: list[int]) -> dict[tuple[int, str, str], list[Action]]:
    """By row judged, rule and subject: the actions on record. One query."""
    found = defaultdict(list)
    for key, rule, subject, first, last, started, closed in READ[column](ids):
        action = Action(first, last or NEVER, started, closed or NEVER)
        found[key, rule, subject].append(action)
    return found
