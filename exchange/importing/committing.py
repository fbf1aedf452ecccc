"""Carries a plan out: all of it in one transaction, or nothing.

Others go on writing meanwhile (PostgreSQL): serials are put aside in a short transaction before
this one, so that nobody who numbers waits for it, and nothing is locked but what the file itself
changes. Whoever wants to put a company into a chain waits where the file changes who holds it, and
whoever registers the very company that the file registers: how that ends is not known before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from exchange.importing.plan import Outcome, Plan
from exchange.importing.refusals import MovedOn, refusal
from exchange.importing.related import Work
from guideline import actions as reasons
from guideline import correction_actions
from guideline.refresh import current_law
from outsourcing.actions import (
    contractors,
    contracts,
    disclosures,
    inspections,
    records,
    subcontracts,
)
from outsourcing.actions.base import Conflict, batches, recording
from outsourcing.actions.holdings_lock import change_holdings, keep_holdings
from outsourcing.actions.numbering import put_aside
from outsourcing.bulk import give_keys, roomy, without_collector
from outsourcing.models import Contract, Contractor, Disclosure, Inspection, Subcontract
from outsourcing.planner import learn_statistics
from outsourcing.row_security import seen_by
from outsourcing.scope import Scope
from surveys import actions as surveying
from trail.context import acting

EVERYTHING = Scope.everything()
MANY = 5_000  # rows after which the planner should know more


class Counts(NamedTuple):
    """How many rows were added and changed, and the same by the key of their sheet."""

    added: int
    changed: int
    sheets: dict[str, tuple[int, int]]


def carry_out(
    plan: Plan,
    *,
    by,
    fresh: bool = False,
    scope: Scope = EVERYTHING,
    reason: str = "",
    then: Callable[[], object] = lambda: None,
) -> Counts:
    """Write what a plan adds and changes. ``fresh``: serials and numbers that its rows have are
    kept. ``scope``: whose rows the database lets it see. ``reason``: what the trail says of it;
    ``then`` is called last within the transaction, so that what it writes stands or falls with it.

    To be called within no transaction: on PostgreSQL others who number rows of these agencies would
    then wait for its end, and on SQLite every writer for what is prepared before. A plan is carried
    out once, whatever came of it.

    Raises ``MovedOn`` where somebody has written since the plan was made, ValidationError where the
    ledger refuses a row: both name it.
    """
    work = Work(plan, fresh=fresh)
    who = {"user": str(by), "user_id": by.pk} | ({"reason": reason} if reason else {})
    try:
        with without_collector(), roomy(), acting(**who):
            _prepare(work, scope)
            with seen_by(scope), recording(whole=True):
                _write(work, by=by)
                if work.number >= MANY:
                    learn_statistics(roughly=True)
                then()
    except (Conflict, ValidationError, IntegrityError) as error:
        raise refusal(error, work) from error
    return _counts(plan)


def _prepare(work: Work, scope: Scope) -> None:
    """What needs no lock, or one of its own for a moment."""
    if work.carried_out:
        raise MovedOn("この取込みは、既に反映されています。")
    with seen_by(scope):
        work.read_related()
    if not connection.in_atomic_block:
        with recording():
            current_law()  # which a long transaction would keep others from
    for rows, day in work.numbered():
        put_aside(rows, by_day=day, scope=scope)


def _write(work: Work, *, by) -> None:
    _lock(work)
    _masters(work, by)
    _contracts(work, by)
    _on_contracts(work, by)
    _inspections(work, by)
    disclosures.disclose_many(work.added("disclosures"), by=by)
    disclosures.correct_many(work.changes("disclosures"), by=by)
    for key, record in (
        ("justifications", reasons.record_many),
        ("corrections", correction_actions.record_many),
    ):
        record(by=by, new=work.added(key), changes=work.changes(key))
    surveying.confirm_many(work.added("surveyed"), by=by)
    surveying.confirm_anew(work.changes("surveyed"), by=by)


def _lock(work: Work) -> None:
    """Everything that others might want as well, in the order in which they ask for it."""
    give_keys(work.added("companies"))
    if changed := work.companies_with_other_holders():
        change_holdings(changed)
    keep_holdings(work.companies_of_chains())
    contracts.locked_many(work.recorded(Contract))
    for model in (Contract, Subcontract, Inspection, Disclosure, Contractor):
        for keys in batches(work.recorded(model)):
            gone = model.objects.filter(pk__in=keys, voided_on__isnull=False).first()
            if gone is not None:
                raise MovedOn.because(work, gone, f"「{gone}」は無効とされています。")


def _masters(work: Work, by) -> None:
    contractors.add_many(work.added("companies"), by=by)
    contractors.correct_many(work.changes("companies"), by=by)
    if work.added("holdings"):
        contractors.hold_many(work.added("holdings"), by=by)
    if work.changes("holdings"):
        contractors.correct_holdings(work.changes("holdings"), by=by)


def _contracts(work: Work, by) -> None:
    """The terms follow from contracts and amendments together."""
    give_keys(work.added("contracts"))  # one may go on from another
    contracts.register_many(work.added("contracts"), by=by)
    subcontracts.pass_on_many(work.added("links"), by=by)
    subcontracts.correct_many(work.changes("links"), by=by)
    contracts.revise_many(
        by=by,
        changes=work.changes("contracts"),
        new=work.added("amendments"),
        amended=work.changes("amendments"),
    )


RECORDS = (
    *("approvals", "notices", "flow-down", "selections", "confirmations", "decisions", "measures"),
    *("disposals", "reports", "faults", "incidents"),
)


def _on_contracts(work: Work, by) -> None:
    for key in RECORDS:
        records.record_many(work.added(key), by=by)
        records.correct_many(work.changes(key), by=by)


def _inspections(work: Work, by) -> None:
    new, others = work.targets()
    records.inspect_many(new, by=by)
    records.look_at(others, by=by)
    visits, targets = work.changed_visits(), work.changes("inspections")
    inspections.correct_many(by=by, visits=visits, targets=targets)
    inspections.plan_rows(by=by, new=work.added("plans"), changes=work.changes("plans"))


def _counts(plan: Plan) -> Counts:
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for sheet in plan:
        added, changed = found[sheet.sheet.key]
        found[sheet.sheet.key] = (
            added + len(sheet.of(Outcome.ADDED)),
            changed + len(sheet.of(Outcome.CHANGED)),
        )
    return Counts(sum(a for a, _ in found.values()), sum(c for _, c in found.values()), dict(found))
