"""The two contract rules, for one link on one day."""

from __future__ import annotations

from datetime import date

from tests.guideline.oracle.law import Law, binds
from tests.guideline.oracle.ledger import Contract, Decided, Link
from tests.guideline.oracle.terms import clause_on, done, runs


def approved(link: Link, day: date) -> bool:
    """Whether any approval is valid at the end of ``day``."""
    return any(
        decision.result in ("approved", "conditional")
        and decision.day is not None
        and decision.day <= day
        and (decision.first is None or decision.first <= day)
        and (decision.last is None or day <= decision.last)
        and not taken_back(decision, link, day)
        for decision in link.decisions
    )


def taken_back(approval: Decided, link: Link, day: date) -> bool:
    return any(
        other.result == "withdrawn"
        and other.day is not None
        and approval.day <= other.day <= day
        and (other.first is None or other.first <= day)
        for other in link.decisions
    )


def unapproved(contract: Contract, link: Link, day: date, law: Law) -> bool:
    if not binds(law, "unapproved-subcontract", day) or not runs(contract, link, day):
        return False
    clause, exempt = clause_on(contract, day)
    if link.work in exempt:
        return False
    return clause == "forbidden" or (clause == "prior_approval" and not approved(link, day))


def unnotified(contract: Contract, link: Link, day: date, law: Law) -> bool:
    if not binds(law, "unnotified-subcontract", day) or not runs(contract, link, day):
        return False
    clause, exempt = clause_on(contract, day)
    return clause == "prior_notice" and link.work not in exempt and not done(link.notices, day)
