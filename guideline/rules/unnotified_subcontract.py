"""契約, 第8-4(2): 「再委託…の制限又は事前承認等再委託に係る条件に関する事項」

Where the clause in force asks notice before work is passed on (事前届出), a link breaks its
contract on each of its days by which no notice was received, unless the clause frees its kind of
work.
"""

from __future__ import annotations

from collections.abc import Iterator

from guideline.facts import ContractFact, LinkFact
from guideline.intervals import FOREVER, Span, intersect, union
from guideline.rules.base import Failure, Rule
from outsourcing.models import Clause


def fails(contract: ContractFact) -> Iterator[Failure]:
    for link in contract.links:
        days = silent_days(contract, link)
        if days:
            yield Failure(f"link:{link.number}", days, link)


def silent_days(contract: ContractFact, link: LinkFact) -> list[Span]:
    """The days of ``link`` on which notice was owed and not yet received."""
    asking = [clause for clause in contract.clauses if clause.clause == Clause.PRIOR_NOTICE]
    if not asking:
        return []
    received = min(link.notices, default=FOREVER)
    silent = [(link.since, min(link.until, received))]
    return union(
        span
        for clause in asking
        if link.work not in clause.exempt
        for span in intersect(silent, clause.since, clause.until)
    )


RULE = Rule(
    code="unnotified-subcontract",
    provision="8-4(2)",
    title="届出のない再委託",
    severity="breach",
    fails=fails,
    judges_statistics=True,
)
