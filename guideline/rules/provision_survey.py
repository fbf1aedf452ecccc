"""第8-2: 「必要があると認めるときは、提供前又は随時に実地の調査等を行い、措置状況を確認して
その結果を記録する」

No decision whether to survey on site, or one that it is needed and no survey: until the decision,
or the survey, or to the end.
"""

from __future__ import annotations

from guideline.facts import DisclosureFact
from guideline.intervals import union
from guideline.rules.base import BY_DAY, VIOLATION, Failure, Failures, Remedy, Rule, by
from guideline.rules.provision_terms import asked_from


def fails(disclosure: DisclosureFact, law) -> Failures:
    since, until = asked_from(disclosure), disclosure.until
    decided = disclosure.survey_decided
    days = [(since, min(decided, until))]
    if disclosure.survey_needed:
        days.append((max(decided, since), min(disclosure.surveyed, until)))
    days = union(days)
    return (Failure(disclosure.subject, days),) if days else ()


def remedy(disclosure: DisclosureFact, link, finding, law) -> Remedy:
    if disclosure.survey_needed and disclosure.survey_decided <= finding.since:
        return Remedy("surveyed", finding.since, f"{by(finding.since)}に行った実地の調査等の記録")
    text = f"{by(finding.since)}の、実地の調査の要否の判断（要とした場合はその調査も）"
    return Remedy("survey", finding.since, text)


RULE = Rule(
    code="provision-survey",
    title="実地の調査の要否が判断されず、又は調査が行われていない",
    severity=VIOLATION,
    judged=BY_DAY,
    disclosure=fails,
    remedy=remedy,
    evidence=("disclosure", "survey"),
)
