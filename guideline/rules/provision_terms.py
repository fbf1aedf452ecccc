"""第8-1: 「提供先における利用目的…利用形態等について書面を取り交わす」

Information is provided and no written terms are agreed: until they are, or to the end. Of a public
body terms are asked from the day on which they were found necessary (8-3).
"""

from __future__ import annotations

from guideline.facts import DisclosureFact
from guideline.intervals import FOREVER
from guideline.rules.base import BY_DAY, VIOLATION, Failure, Failures, Remedy, Rule, by


def fails(disclosure: DisclosureFact, law) -> Failures:
    since = asked_from(disclosure)
    until = min(disclosure.terms, disclosure.until)
    return (Failure(disclosure.subject, [(since, until)]),) if since < until else ()


def asked_from(disclosure: DisclosureFact) -> int:
    """From when the measures of 8-1 and 8-2 are due; never, of a public body that needs none."""
    if not disclosure.public:
        return disclosure.since
    if not disclosure.measures_needed:
        return FOREVER
    return max(disclosure.since, disclosure.measures_decided)


def remedy(disclosure: DisclosureFact, link, finding, law) -> Remedy:
    return Remedy("terms", finding.since, f"{by(finding.since)}に取り交わした書面")


RULE = Rule(
    code="provision-terms",
    title="提供について書面の取り交わしがない",
    severity=VIOLATION,
    judged=BY_DAY,
    disclosure=fails,
    remedy=remedy,
    evidence=("disclosure", "terms"),
)
