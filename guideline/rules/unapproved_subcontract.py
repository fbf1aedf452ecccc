"""契約, 第8-4(2): 「再委託…の制限又は事前承認等再委託に係る条件に関する事項」

A link breaks its contract on each of its days on which the clause in force forbids subcontracting,
whatever was approved, or asks prior approval and none is valid; unless the clause frees its kind
of work from approval (軽微な業務). A late approval ends the breach and never erases it; a withdrawn
one begins another. Subsidiaries are no exemption.
"""

from __future__ import annotations

from collections.abc import Sequence

from guideline.facts import ApprovalFact, ContractFact, LinkFact
from guideline.intervals import Span, subtract, union
from guideline.rules.base import BREACH, BY_DAY, Failure, Failures, Remedy, Rule, by
from guideline.rules.clauses import FORBIDDEN, PRIOR_APPROVAL


def fails(contract: ContractFact, link: LinkFact, law) -> Failures:
    days = breaking_days(contract, link)
    return (Failure(link.subject, days),) if days else ()


def breaking_days(contract: ContractFact, link: LinkFact) -> list[Span]:
    """The days of ``link`` that break the clause in force, sorted and disjoint."""
    days: list[Span] = []
    for text in contract.clauses:
        if text.clause not in (PRIOR_APPROVAL, FORBIDDEN) or link.work in text.exempt:
            continue
        first, end = max(text.since, link.since), min(text.until, link.until)
        if first >= end:
            continue
        if text.clause == FORBIDDEN:
            days.append((first, end))
        elif not approved_throughout(link.approvals, first, end):
            days += subtract([(first, end)], approved_days(link.approvals))
    return union(days) if len(days) > 1 else days


def approved_throughout(approvals: Sequence[ApprovalFact], since: int, until: int) -> bool:
    """Whether the only decision there is approves all of these days, as it mostly does."""
    if len(approvals) != 1:
        return False
    (only,) = approvals
    return not only.withdrawn and only.since <= since and until <= only.until


def approved_days(approvals: Sequence[ApprovalFact]) -> list[Span]:
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


def remedy(contract: ContractFact, link: LinkFact, finding, law) -> Remedy:
    forbidding = [
        clause
        for clause in contract.clauses
        if clause.clause == FORBIDDEN
        and clause.since < finding.until
        and finding.since < clause.until
    ]
    if forbidding:
        text = (
            f"{by(finding.since)}に効力を生じ、この再委託を認める変更契約"
            "（承認を条件とする場合はその承認も）。承認だけでは解消しない。"
        )
        return Remedy("amendment", finding.since, text)
    if any(w.withdrawn and finding.since <= w.decided and w.since < finding.until
           for w in link.approvals):  # fmt: skip
        text = f"{by(finding.since - 1)}に再委託を終えること。取り消された承認は、遡って補えない。"
        return Remedy("end", finding.since - 1, text)
    return Remedy(
        "approval", finding.since, f"{by(finding.since)}の日付の、期間の末日まで有効な承認"
    )


RULE = Rule(
    code="unapproved-subcontract",
    title="承認を受けない、又は禁止された再委託",
    severity=BREACH,
    judged=BY_DAY,
    link=fails,
    remedy=remedy,
    evidence=("clause", "link", "approvals", "holdings"),
    tells_relation=True,
    judges_statistics=True,
)
