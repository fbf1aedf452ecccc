"""What must have been done by a day: the edition in force on that day asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from tests.guideline.oracle.law import Law, binds, edition_on, edition_or_oldest
from tests.guideline.oracle.ledger import Contract, Disclosure, Judged, Link, Recorded
from tests.guideline.oracle.terms import done, given, in_force, runs, term
from tests.guideline.oracle.texts import concluded


def unchecked(contract: Contract, _, day: date, law: Law) -> bool:
    _, last = term(contract)
    between = concluded(contract) <= day <= last
    return between and binds(law, "capability-check", day) and not done(contract.checks, day)


def unconfirmed(contract: Contract, matter: str, day: date, law: Law) -> bool:
    if not binds(law, "written-confirmation", day) or not in_force(contract, day):
        return False
    asked = edition_on(law, day).matters
    return matter in asked and matter not in _recorded(contract.confirmed, day)


def not_passed_down(contract: Contract, link: Link, day: date, law: Law) -> bool:
    if not binds(law, "flow-down", day) or not (link.handles and runs(contract, link, day)):
        return False
    return not edition_on(law, day).checklist <= _recorded(link.checklist, day)


def _recorded(records: Iterable[Recorded], day: date) -> set[str]:
    return {thing for record in records if record.day <= day for thing in record.things}


def undecided(subject: Contract | Disclosure, _, day: date, law: Law) -> bool:
    asked = binds(law, "anonymization-undecided", day) and _going_on(subject, day)
    return asked and _last_judged(subject, day) is None


def not_anonymized(subject: Contract | Disclosure, _, day: date, law: Law) -> bool:
    asked = binds(law, "anonymization-missing", day) and _going_on(subject, day)
    judged = _last_judged(subject, day)
    needed = judged is not None and judged.needed
    return asked and needed and not done(subject.measures, day)


def _going_on(subject: Contract | Disclosure, day: date) -> bool:
    return given(subject, day) if isinstance(subject, Disclosure) else in_force(subject, day)


def _last_judged(subject: Contract | Disclosure, day: date) -> Judged | None:
    judged = [judgement for judgement in subject.judgements if judgement.day <= day]
    return sorted(judged, key=lambda judgement: judgement.day)[-1] if judged else None


def unproved(contract: Contract, link: Link | None, day: date, law: Law) -> bool:
    """The last good day is the first bad one, if no proof comes by its end. What had no day at all
    has nothing to give back."""
    first, last = term(contract, link)
    if last < first or (link and not link.handles):
        return False
    deadline = last + timedelta(days=edition_or_oldest(law, last).disposal_days)
    over = deadline <= day and binds(law, "disposal-proof", day)
    return over and not done((link or contract).proofs, day)


def medical(contract: Contract, _, day: date, law: Law) -> bool:
    return contract.medical and in_force(contract, day) and binds(law, "medical-attention", day)
