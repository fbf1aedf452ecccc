"""Which rule asks what of which subject, and the days on which it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from tests.guideline.oracle import conduct, disclosures, inspections, subcontracts, texts
from tests.guideline.oracle.law import LAW, Edition, Law, edition_on
from tests.guideline.oracle.ledger import Contract, Disclosure
from tests.guideline.oracle.terms import days


class Rule(NamedTuple):
    """``subjects``: name → what ``fails`` is asked about beside the contract. ``asks``: which
    edition decides, on a day on which it fails; unless said, the one in force on that day."""

    subjects: Callable[[Contract, Law], dict[str, object]]
    fails: Callable[[Contract, object, date, Law], object]
    asks: Callable[[Contract, object, date, Law], Edition | None] | None = None


def itself(contract: Contract, law: Law):
    return {"contract": None}


def links(contract: Contract, law: Law):
    return {f"link:{link.number}": link for link in contract.links}


def itself_and_links(contract: Contract, law: Law):
    return {"contract": None, **links(contract, law)}


def items(contract: Contract, law: Law):
    return {f"item:{item}": item for edition in law for item in edition.items}


def matters(contract: Contract, law: Law):
    return {f"item:{matter}": matter for edition in law for matter in edition.matters}


def by_window(subjects, fails: Callable[..., list[Edition]]) -> Rule:
    """``fails`` says under which editions; the first window of a day decides."""
    return Rule(subjects, fails, lambda *asked: fails(*asked)[0])


# The rules that bind whatever information a contract is about.
CONTRACT_RULES = {
    "unapproved-subcontract": Rule(links, subcontracts.unapproved),
    "unnotified-subcontract": Rule(links, subcontracts.unnotified),
}
RULES = {
    **CONTRACT_RULES,
    "capability-check": Rule(itself, conduct.unchecked),
    "required-clause": Rule(items, texts.item_missing, texts.item_asked),
    "subsidiary-clause": Rule(itself, texts.note_missing, texts.note_asked),
    "written-confirmation": Rule(matters, conduct.unconfirmed),
    "yearly-inspection": by_window(itself, inspections.uninspected),
    "on-site": by_window(itself_and_links, inspections.not_on_site),
    "inspection-scope": by_window(itself_and_links, inspections.scope_missed),
    "flow-down": Rule(links, conduct.not_passed_down),
    "link-inspection": by_window(links, inspections.uninspected),
    "dispatch-clause": Rule(itself, texts.dispatch_unsaid, texts.dispatch_asked),
    "anonymization-undecided": Rule(itself, conduct.undecided),
    "anonymization-missing": Rule(itself, conduct.not_anonymized),
    "disposal-proof": Rule(itself_and_links, conduct.unproved),
    "medical-attention": Rule(itself, conduct.medical),
}
DISCLOSURE_RULES = {
    "provision-terms": disclosures.no_terms,
    "provision-safety": disclosures.no_safety,
    "provision-survey": disclosures.no_survey,
    "provision-public": disclosures.measures_undecided,
    "anonymization-undecided": conduct.undecided,
    "anonymization-missing": conduct.not_anonymized,
}


def failing(
    of: Contract | Disclosure, rule: str, first: date, last: date, law: Law = LAW
) -> dict[str, set[date]]:
    """Subject → the days of first..last on which it fails the rule and nothing excuses it; without
    those that never do."""
    return failing_on(of, rule, days(first, last), law)


def failing_on(
    of: Contract | Disclosure, rule: str, walk: Iterable[date], law: Law = LAW
) -> dict[str, set[date]]:
    """The same on some days only."""
    return _kept(
        {
            subject: found - _covered(of, rule, subject, found)
            for subject, found in _broken(of, rule, walk, law).items()
        }
    )


def excused(
    of: Contract | Disclosure, rule: str, walk: Iterable[date], law: Law = LAW
) -> dict[str, set[date]]:
    """Subject → the days on which it fails the rule, and a justification covers it."""
    return _kept(
        {
            subject: _covered(of, rule, subject, found)
            for subject, found in _broken(of, rule, walk, law).items()
        }
    )


def attention(contract: Contract, rule: str, subject: str, law: Law = LAW) -> bool:
    """Whether a finding only asks for attention."""
    if rule in ("disposal-proof", "medical-attention"):
        return True
    if rule not in ("yearly-inspection", "link-inspection"):
        return False
    return inspections.is_short(contract, itself_and_links(contract, law)[subject], law)


def deciding(
    of: Contract | Disclosure, rule: str, subject: str, day: date, law: Law = LAW
) -> Edition:
    """The edition that decides that ``subject`` fails the rule on ``day``, as it does."""
    asks = None if isinstance(of, Disclosure) else RULES[rule].asks
    if asks is None:
        return edition_on(law, day)
    return asks(of, RULES[rule].subjects(of, law)[subject], day, law)


def _broken(
    of: Contract | Disclosure, rule: str, walk: Iterable[date], law: Law
) -> dict[str, set[date]]:
    walk = list(walk)
    if isinstance(of, Disclosure):
        subjects, fails = {"disclosure": None}, DISCLOSURE_RULES[rule]
    elif of.information == "statistics" and rule not in CONTRACT_RULES:
        return {}
    else:
        subjects, fails = RULES[rule].subjects(of, law), RULES[rule].fails
    return {
        subject: {day for day in walk if fails(of, what, day, law)}
        for subject, what in subjects.items()
    }


def _covered(of: Contract | Disclosure, rule: str, subject: str, found: set[date]) -> set[date]:
    return {
        day
        for day in found
        if any(
            (excuse.rule, excuse.subject) == (rule, subject) and excuse.first <= day <= excuse.last
            for excuse in of.excuses
        )
    }


def _kept(found: dict[str, set[date]]) -> dict[str, set[date]]:
    return {subject: found_ for subject, found_ in found.items() if found_}
