"""契約, 第8-4(2): 「再委託…の制限又は事前承認等再委託に係る条件に関する事項」

A link breaks its contract on each of its days on which the clause in force forbids subcontracting,
whatever was approved, or asks prior approval and none is valid; unless the clause frees its kind
of work from approval (軽微な業務). A late approval ends the breach and never erases it; a withdrawn
one begins another. Subsidiaries are no exemption.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guideline.facts import ApprovalFact, ContractFact, LinkFact
from guideline.intervals import Span, intersect, subtract, union
from guideline.rules.base import Failure, Rule
from outsourcing.models import Clause


def fails(contract: ContractFact) -> Iterator[Failure]:
    for link in contract.links:
        days = breaking_days(contract, link)
        if days:
            yield Failure(f"link:{link.number}", days, link)


def breaking_days(contract: ContractFact, link: LinkFact) -> list[Span]:
    """The days of ``link`` that break the clause in force, sorted and disjoint."""
    days: list[Span] = []
    for clause in contract.clauses:
        if link.work in clause.exempt:
            continue
        under = intersect([(link.since, link.until)], clause.since, clause.until)
        if clause.clause == Clause.FORBIDDEN:
            days += under
        elif clause.clause == Clause.PRIOR_APPROVAL:
            days += subtract(under, approved_days(link.approvals))
    return union(days)


def approved_days(approvals: Iterable[ApprovalFact]) -> list[Span]:
    """The days on which an approval is valid.

    It counts from its day of decision or its first valid day, the later; a withdrawal ends, from
    the day it takes effect, every approval decided by the day of the withdrawal.
    """
    given = [a for a in approvals if not a.withdrawn]
    withdrawals = [a for a in approvals if a.withdrawn]
    days = []
    for approval in given:
        cuts = [w.since for w in withdrawals if approval.decided <= w.decided]
        days.append((approval.since, min([approval.until, *cuts])))
    return union(days)


RULE = Rule(
    code="unapproved-subcontract",
    provision="8-4(2)",
    title="承認を受けない、又は禁止された再委託",
    severity="breach",
    fails=fails,
    judges_statistics=True,
)
