"""第8-2: 「安全確保の措置を要求する」

Information is provided and no safety measures are asked for: until they are, or to the end.
"""

from __future__ import annotations

from guideline.facts import DisclosureFact
from guideline.rules.base import BY_DAY, VIOLATION, Failure, Failures, Remedy, Rule, by
from guideline.rules.provision_terms import asked_from


def fails(disclosure: DisclosureFact, law) -> Failures:
    since = asked_from(disclosure)
    until = min(disclosure.safety, disclosure.until)
    return (Failure(disclosure.subject, [(since, until)]),) if since < until else ()


def remedy(disclosure: DisclosureFact, link, finding, law) -> Remedy:
    return Remedy("safety", finding.since, f"{by(finding.since)}に行った安全確保の措置の要求")


RULE = Rule(
    code="provision-safety",
    title="提供先に安全確保の措置を要求していない",
    severity=VIOLATION,
    judged=BY_DAY,
    disclosure=fails,
    remedy=remedy,
    evidence=("disclosure", "safety"),
)
