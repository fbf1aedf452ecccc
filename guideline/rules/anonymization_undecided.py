"""第8-8: 「委託する業務の内容、保有個人情報の秘匿性等…などを考慮し、必要に応じ…匿名化措置を講ずる」

Whether it is needed must have been decided: fails from the first day until a decision is on record,
for contracts and for information provided to others. Since 2018-10-22.
"""

from __future__ import annotations

from guideline.facts import ContractFact, DisclosureFact
from guideline.intervals import intersect
from guideline.rules.base import BY_DAY, VIOLATION, Failure, Failures, Remedy, Rule, by

CODE = "anonymization-undecided"


def fails(subject: ContractFact | DisclosureFact, law) -> Failures:
    since, until = subject.since, subject.until
    if subject.decisions:
        until = min(until, subject.decisions[0][0])
    if not intersect(law.days_of(CODE), since, until):
        return ()  # long over before it was asked, or decided in time
    return (Failure(subject.subject, [(since, until)]),)


def remedy(subject: ContractFact | DisclosureFact, link, finding, law) -> Remedy:
    return Remedy("decision", finding.since, f"{by(finding.since)}の、匿名化措置の要否の判断の記録")


RULE = Rule(
    code=CODE,
    title="匿名化措置の要否が判断されていない",
    severity=VIOLATION,
    judged=BY_DAY,
    contract=fails,
    disclosure=fails,
    remedy=remedy,
    evidence=("contract", "disclosure", "decisions"),
)
