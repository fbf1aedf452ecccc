"""是正の状態: from corrective actions to what a finding carries of them. Pure but for reading.

A finding is settled when its actions are closed, and not before, also when its days are over; what
nothing is to be done about, marks and what a reason excuses, is settled as it arises.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import TextChoices

from guideline.models import CorrectiveAction, Finding
from outsourcing import fiscal_year
from outsourcing.prepared import Prepared

MARKS = ("medical-attention",)  # nothing clears these
NEVER = date.max


class State(TextChoices):
    """Of the correction of a finding, on a day."""

    NONE = "none", "未着手"
    OPEN = "open", "是正中"
    OVERDUE = "overdue", "期限超過"
    SETTLED = "settled", "是正済み"
    UNNEEDED = "unneeded", "是正を要しない"


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
    if not actions and not excused and rule not in MARKS:
        return Correction(NEVER, NEVER, NEVER)
    if excused or rule in MARKS:  # nothing is to be done: settled, and never begun
        acted, settled = NEVER, since
    else:
        answering = [a for a in actions if a.last >= since and (until is None or a.first < until)]
        acted = min((a.started for a in answering), default=NEVER)
        settled = max((a.closed for a in answering), default=NEVER)
    arose_in = fiscal_year.last_day(fiscal_year.fiscal_year_of(since))
    return Correction(acted, settled, max(settled, arose_in + timedelta(days=1)))


def answers(action: CorrectiveAction, finding: Finding) -> bool:
    """Whether an action is about a finding: of its rule and subject, and of one of its days."""
    return (
        (action.contract_id, action.disclosure_id) == (finding.contract_id, finding.disclosure_id)
        and (action.rule, action.subject) == (finding.rule, finding.subject)
        and (action.last_day or NEVER) >= finding.since
        and (finding.until is None or action.first_day < finding.until)
    )


def needs_none(finding: Finding) -> bool:
    """Whether nothing is to be done about it: a mark, or what a reason excuses."""
    return finding.excused or finding.rule in MARKS


def state_of(finding: Finding, answering: Iterable[CorrectiveAction], on: date) -> State:
    """The state of its correction on a day, by what it carries and the actions that answer it."""
    late = any(is_overdue(action, on) for action in answering)
    carried = Correction(finding.acted_on, finding.settled_on, finding.leaves_on)
    return state(carried, needs_none(finding), late, on)


def state_with(finding: Finding, actions: Iterable[CorrectiveAction], on: date) -> State:
    """What the state would be, were these all the actions that answer it, saved or not."""
    actions = list(actions)
    carried = correction_of(
        finding.rule,
        excused=finding.excused,
        since=finding.since,
        until=finding.until,
        actions=[
            Action(a.first_day, a.last_day or NEVER, a.started_on, a.closed_on or NEVER)
            for a in actions
        ],
    )
    late = any(is_overdue(action, on) for action in actions)
    return state(carried, needs_none(finding), late, on)


def state(carried: Correction, unneeded: bool, late: bool, on: date) -> State:
    if unneeded:
        return State.UNNEEDED
    if carried.settled_on <= on:
        return State.SETTLED
    if late:
        return State.OVERDUE
    return State.OPEN if carried.acted_on <= on else State.NONE


def is_closed(action: CorrectiveAction, on: date) -> bool:
    return action.closed_on is not None and action.closed_on <= on


def is_overdue(action: CorrectiveAction, on: date) -> bool:
    """Whether it was to be done before the day, and is not."""
    return action.due_on is not None and action.due_on < on and not is_closed(action, on)


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
