"""契約, 第8-4(2): 「再委託…の制限又は事前承認等再委託に係る条件に関する事項」

Where the clause in force asks notice before work is passed on (事前届出), a link breaks its
contract on each of its days by which no notice was received, unless the clause frees its kind of
work.
"""

from __future__ import annotations

from guideline.facts import ContractFact, LinkFact
from guideline.intervals import FOREVER, Span, intersect, union
from guideline.rules.base import BREACH, BY_DAY, Failure, Failures, Remedy, Rule, by
from guideline.rules.clauses import PRIOR_NOTICE


def fails(contract: ContractFact, link: LinkFact, law) -> Failures:
    days = silent_days(contract, link)
    return (Failure(link.subject, days),) if days else ()


def silent_days(contract: ContractFact, link: LinkFact) -> list[Span]:
    """The days of ``link`` on which notice was owed and not yet received."""
    asking = [clause for clause in contract.clauses if clause.clause == PRIOR_NOTICE]
    if not asking:
        return asking
    received = min(link.notices, default=FOREVER)
    silent = [(link.since, min(link.until, received))]
    return union(
        span
        for clause in asking
        if link.work not in clause.exempt
        for span in intersect(silent, clause.since, clause.until)
    )


def remedy(contract: ContractFact, link: LinkFact, finding, law) -> Remedy:
    return Remedy("notice", finding.since, f"{by(finding.since)}に受理した届出")


RULE = Rule(
    code="unnotified-subcontract",
    title="届出のない再委託",
    severity=BREACH,
    judged=BY_DAY,
    link=fails,
    remedy=remedy,
    evidence=("clause", "link", "notices", "holdings"),
    tells_relation=True,
    judges_statistics=True,
)
