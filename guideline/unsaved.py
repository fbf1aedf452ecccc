"""What the rules would say of a contract that is not saved, or not saved so: the same engine, on
rows in memory (``outsourcing.entries``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import NamedTuple

from guideline.evaluation import FindingValue, evaluate
from guideline.facts import ContractFact
from guideline.intervals import FOREVER
from guideline.law import law
from guideline.models import Justification, Severity
from guideline.proofs import provisions_of, remedy_of_days
from guideline.provisions import Provision
from guideline.reading import CONTRACT_FIELDS, amended_texts, contract_fact
from guideline.records import SCOPES, Recorded, gathered
from guideline.rules import BY_CODE
from guideline.rules.base import Rule
from guideline.subjects import subject_in_words
from outsourcing.entries import Entry
from outsourcing.models import (
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    CapabilityCheck,
    Disposal,
    FlowDownRecord,
    InspectionMethod,
    InspectionTarget,
    Notification,
    WrittenConfirmation,
)
from outsourcing.recorded_holdings import holdings_above

NOBODY = -1  # the key of a company that is not chosen yet
HERE = 0  # stands for the contract's key


class Expected(NamedTuple):
    """A finding that would be, in words. ``last_day`` is None where no end is known."""

    rule: Rule
    severity: Severity
    subject: str
    since: date
    last_day: date | None
    excused: bool
    remedy: str
    provisions: list[Provision]

    @property
    def key(self) -> tuple:
        """What it is about, whatever its days."""
        return self.rule.code, self.subject


def fact_of(entry: Entry) -> ContractFact:
    """What rules see of an entry; of one that is saved just what ``facts_for`` reads. Two queries:
    the holdings, and of a saved contract the reasons."""
    numbers = _numbers(entry)
    rows = [_link_row(link, numbers) for link in entry.links]
    found = gathered(_records(entry), {HERE: rows}).get(HERE, Recorded())
    companies = [link.contractor for link in entry.links if link.contractor_id is not None]
    contract = entry.contract
    values = {name: getattr(contract, name) for name in CONTRACT_FIELDS}
    values["contractor_id"] = contract.contractor_id or NOBODY
    amended = amended_texts(
        (HERE, a.effective_on, a.concluded_on, a.clause, a.exempt_work, a.items)
        for a in sorted(entry.amendments, key=lambda a: (a.effective_on, a.pk or FOREVER))
    )
    return contract_fact(
        tuple(values.values()),
        amended[HERE],
        rows,
        found,
        holdings_above({company.pk: company.dissolved_on for company in companies}),
    )


def expected(entry: Entry) -> list[Expected]:
    """The findings an entry would have, the earliest first, with the smallest change that clears
    each."""
    fact = fact_of(entry)
    found = [_in_words(value, fact) for value in evaluate([fact])]
    return sorted(found, key=lambda one: (one.since, one.rule.code, one.subject))


def _in_words(value: FindingValue, fact: ContractFact) -> Expected:
    remedy = remedy_of_days(value.rule, value, fact)
    until = value.until
    return Expected(
        rule=BY_CODE[value.rule],
        severity=Severity(value.severity),
        subject=subject_in_words(value.subject),
        since=date.fromordinal(value.since),
        last_day=None if until >= FOREVER else date.fromordinal(until - 1),
        excused=value.excused,
        remedy=remedy.text if remedy else "",
        provisions=provisions_of(value.rule, value.subject, law().first(value.edition)),
    )


def _numbers(entry: Entry) -> dict[int, int]:
    """By identity, the number each link has, or would be given."""
    last = max([entry.last_number, *(link.number for link in entry.links if link.number)])
    numbers = {}
    for link in entry.links:
        if not link.number:
            last += 1
        numbers[id(link)] = link.number or last
    return numbers


def _link_row(link, numbers: dict[int, int]) -> dict:
    return {
        "id": id(link),
        "parent_id": link.parent and id(link.parent),
        "number": numbers[id(link)],
        "contractor_id": link.contractor_id or NOBODY,
        "work": link.work,
        "declared_relation": link.declared_relation,
        "first_day": link.first_day,
        "last_day": link.last_day,
        "handles_information": link.handles_information,
    }


def _records(entry: Entry) -> Iterator[tuple]:
    """(kind, key, contract, link, day, first, last, text), as ``records.EVERYTHING`` has them. What
    is not saved yet is recorded after all that is, in its order."""
    new = count(FOREVER)
    for rows in entry.rows:
        for row in rows:
            link = getattr(row, "subcontract", None)
            said = SAID[type(row)](row)
            if said is not None:
                yield said[0], row.pk or next(new), HERE, link and id(link), *said[1:]
    yield from _reasons(entry)


def _reasons(entry: Entry) -> Iterator[tuple]:
    if entry.contract.pk is None:
        return
    reasons = Justification.objects.valid().filter(contract=entry.contract.pk)
    for reason in reasons.filter(approved_on__isnull=False).order_by("pk"):
        days = reason.first_day, reason.last_day
        text = f"{reason.rule} {reason.subject}"
        yield "justification", reason.pk, HERE, None, reason.approved_on, *days, text


def _approval(row: Approval):
    return "approval", row.decided_on, row.first_day, row.last_day, str(row.result)


def _inspection(row: InspectionTarget):
    visit = row.inspection
    in_principle = visit.method == InspectionMethod.ON_SITE or visit.not_on_site_reason != ""
    covered = (in_principle, *(getattr(row, name) for _, name in SCOPES))
    return "inspection", visit.day, None, None, "".join(map(_mark, covered))


def _proof(row: Disposal):
    received = row.certificate_received_on
    return ("proof", received, None, None, "") if received else None


# (kind, day, first, last, text) of a row of each kind; None where it says nothing.
SAID: dict[type, Callable] = {
    Approval: _approval,
    Notification: lambda row: ("notice", row.received_on, None, None, ""),
    InspectionTarget: _inspection,
    CapabilityCheck: lambda row: ("capability", row.checked_on, None, None, ""),
    WrittenConfirmation: lambda row: (
        "confirmation",
        row.confirmed_on,
        None,
        None,
        json.dumps(row.matters),
    ),
    AnonymizationDecision: lambda row: ("decision", row.decided_on, None, None, _mark(row.needed)),
    AnonymizationMeasure: lambda row: ("measure", row.done_on, None, None, ""),
    Disposal: _proof,
    FlowDownRecord: lambda row: ("flow_down", row.recorded_on, None, None, json.dumps(row.items)),
}


def _mark(holds: bool) -> str:
    return "1" if holds else "0"
