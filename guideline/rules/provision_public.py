"""第8-3: 「行政機関又は独立行政法人等に保有個人情報を提供する場合において、必要があると認める
ときは、1及び2に規定する措置を講ずる」

Information is provided to a public body and it was not decided whether 8-1 and 8-2 are needed.
"""

from __future__ import annotations

from guideline.facts import DisclosureFact
from guideline.rules.base import BY_DAY, VIOLATION, Failure, Failures, Remedy, Rule, by


def fails(disclosure: DisclosureFact, law) -> Failures:
    if not disclosure.public:
        return ()
    until = min(disclosure.measures_decided, disclosure.until)
    days = disclosure.since, until
    return (Failure(disclosure.subject, [days]),) if disclosure.since < until else ()


def remedy(disclosure: DisclosureFact, link, finding, law) -> Remedy:
    return Remedy(
        "measures", finding.since, f"{by(finding.since)}の、第8-1及び第8-2の措置の要否の判断"
    )


RULE = Rule(
    code="provision-public",
    title="行政機関等への提供について措置の要否が判断されていない",
    severity=VIOLATION,
    judged=BY_DAY,
    disclosure=fails,
    remedy=remedy,
    evidence=("disclosure", "public"),
)
