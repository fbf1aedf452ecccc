"""第8-8: 「必要に応じ、氏名を番号に置き換える等の匿名化措置を講ずる」

Decided to be needed, and no measure in place: from the decision or the first day, the later, until
the measure. A later decision that it is not needed ends it. Since 2018-10-22.
"""

from __future__ import annotations

from guideline.facts import ContractFact, DisclosureFact
from guideline.intervals import union
from guideline.rules.base import BY_DAY, VIOLATION, Failure, Failures, Remedy, Rule, by


def fails(subject: ContractFact | DisclosureFact, law) -> Failures:
    if not subject.decisions or subject.measured <= subject.since:
        return ()
    until = min(subject.until, subject.measured)
    ends = [day for day, _ in subject.decisions[1:]] + [until]
    days = union(
        (max(day, subject.since), min(end, until))
        for (day, needed), end in zip(subject.decisions, ends, strict=True)
        if needed
    )
    return (Failure(subject.subject, days),) if days else ()


def remedy(subject: ContractFact | DisclosureFact, link, finding, law) -> Remedy:
    return Remedy("measure", finding.since, f"{by(finding.since)}に講じた匿名化措置の記録")


RULE = Rule(
    code="anonymization-missing",
    title="必要とされた匿名化措置が講じられていない",
    severity=VIOLATION,
    judged=BY_DAY,
    contract=fails,
    disclosure=fails,
    remedy=remedy,
    evidence=("contract", "disclosure", "decisions", "measures"),
)
