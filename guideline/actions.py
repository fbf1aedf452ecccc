"""The verbs for reasons (理由書): asked for by one person, approved by another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from guideline.facts import ContractFact, DisclosureFact
from guideline.intervals import FOREVER, Span
from guideline.models import Justification
from guideline.reading import disclosure_facts_for, facts_for
from guideline.rules import BY_CODE
from outsourcing.actions.base import (
    Change,
    batches,
    change,
    change_many,
    each,
    insert,
    insert_many,
    recording,
    void,
)
from outsourcing.models import Contract, Disclosure
from outsourcing.wareki import both_of


def ask(*, by, contract: Contract | None = None, disclosure: Disclosure | None = None, **fields):
    """Ask for days of a rule's findings to be excused. It counts once approved.

    ``fields``: rule, subject, first_day, last_day, reason, asked_on, document_number. Raises
    ValidationError, by field, where the days are not the subject's or no reason is given.
    """
    of = contract or disclosure
    row = Justification(
        contract=contract,
        disclosure=disclosure,
        agency_id=of.agency_id,
        synthetic=of.synthetic,
        asked_by=by,
        **fields,
    )
    with recording() as touched:
        _within_its_subject(row)
        insert(row, by=by)
        _touch(touched, row)
    return row


def record_many(*, by, new: Iterable[Justification] = (), changes: Iterable[Change] = ()) -> None:
    """Record unsaved reasons, each with who asked for it and, where it is approved, who approved
    it; and change others. All or none, and a fixed number of queries."""
    new, changes = list(new), list(changes)
    with recording() as touched:
        for row in new:
            _of_what_it_is_about(row)
        insert_many(new, by=by)
        rows = [*new, *change_many(changes, by=by)]
        facts = _facts(rows)
        each(rows, lambda row: _within(row, facts.get((row.contract_id, row.disclosure_id))))
        for row in rows:
            _touch(touched, row)


def _of_what_it_is_about(row: Justification) -> None:
    of = row.contract or row.disclosure
    row.agency_id, row.synthetic = of.agency_id, of.synthetic


def _facts(rows: Iterable[Justification]) -> dict:
    """By keys of contract and provision of information."""
    found = {}
    for keys in batches({row.contract_id for row in rows} - {None}):
        found |= {(fact.id, None): fact for fact in facts_for(keys)}
    for keys in batches({row.disclosure_id for row in rows} - {None}):
        found |= {(None, fact.id): fact for fact in disclosure_facts_for(keys)}
    return found


def approve(row: Justification, *, by, on: date) -> Justification:
    """Approve a reason: another person than asked for it."""
    if row.approved_on:
        raise ValidationError(f"この理由書は「{row.approved_on}」に承認されています。")
    with recording() as touched:
        change(row, by=by, approved_by=by, approved_on=on)
        _touch(touched, row)
    return row


def void_justification(row: Justification, *, by, on: date, reason: str) -> Justification:
    """Take a reason back; its days are findings again."""
    with recording() as touched:
        void(row, by=by, on=on, reason=reason)
        _touch(touched, row)
    return row


def _touch(touched, row: Justification) -> None:
    if row.contract_id is not None:
        touched.add(row.contract_id)
    else:
        touched.disclosures.add(row.disclosure_id)


def _within_its_subject(row: Justification) -> None:
    _within(row, _facts([row]).get((row.contract_id, row.disclosure_id)))


def _within(row: Justification, fact: ContractFact | DisclosureFact | None) -> None:
    """The days lie where the rule may fail for the subject."""
    if row.rule not in BY_CODE:
        raise ValidationError({"rule": f"規則「{row.rule}」は知られていません。"})
    if fact is None:
        raise ValidationError("無効とされた契約又は提供に理由書は付けられません。")
    days = days_of_subject(fact, row.rule, row.subject)
    if days is None:
        raise ValidationError({"subject": f"対象「{row.subject}」はありません。"})
    for name in ("first_day", "last_day"):
        day = getattr(row, name)
        if day is not None and not days[0] <= day.toordinal() < days[1]:
            end = "" if days[1] >= FOREVER else both_of(days[1] - 1)
            named = Justification._meta.get_field(name).verbose_name
            raise ValidationError(
                {name: f"{named}「{day}」は、対象の期間（{both_of(days[0])}から{end}）の外です。"}
            )


def days_of_subject(fact: ContractFact | DisclosureFact, rule: str, subject: str) -> Span | None:
    """The days on which a rule may fail for a subject; None where there is no such subject.

    Its term; of the check of the contractor from the conclusion on, of proofs of disposal after the
    end.
    """
    since, until = fact.since, fact.until
    if subject.startswith("link:"):
        link = next((link for link in fact.links if link.subject == subject), None)
        if link is None:
            return None
        since, until = link.since, link.until
    elif not subject.startswith("item:") and subject != fact.subject:
        return None
    if rule == "disposal-proof":
        return until, FOREVER
    if rule == "capability-check":
        return min(since, fact.concluded), until
    return since, until
