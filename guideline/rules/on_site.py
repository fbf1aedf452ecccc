"""第8-5: 「原則として実地検査により確認する」; for links 第8-6

A window that holds inspections, but none on site and none with a reason for another method: from
its last day until the next inspection on site or with a reason. Since 2018-10-22.
"""

from __future__ import annotations

from guideline.facts import ContractFact, LinkFact
from guideline.intervals import FOREVER, Span, union
from guideline.rules.base import BY_WINDOW, VIOLATION, Failure, Failures, Remedy, Rule
from guideline.rules.yearly_inspection import PARAMETERS, remedy_in_windows, windows_of

CODE = "on-site"


def fails_link(contract: ContractFact, link: LinkFact, law) -> Failures:
    return not_on_site(link, law) if link.handles else ()


def not_on_site(subject: ContractFact | LinkFact, law) -> Failures:
    inspections = subject.inspections
    if not inspections:
        return ()
    days: list[Span] = []
    for since, last, latest, edition in law.windows(subject.since, subject.until):
        if CODE not in edition.rules:
            continue
        held = [seen for seen in inspections if since <= seen.day <= latest]
        if not held or any(seen.in_principle for seen in held):
            continue
        following = (seen.day for seen in inspections if seen.day > last and seen.in_principle)
        days.append((last, min(min(following, default=FOREVER), subject.until)))
    return (Failure(subject.subject, union(days)),) if days else ()


def remedy(contract: ContractFact, link: LinkFact | None, finding, law) -> Remedy:
    deed = "実地検査、又はその間の検査の記録に、実地によらない理由を記すこと"
    windows = windows_of(CODE, link or contract, finding, law)
    return remedy_in_windows("on_site", windows, deed)


RULE = Rule(
    code=CODE,
    title="検査が実地によらず、その理由がない",
    severity=VIOLATION,
    judged=BY_WINDOW,
    contract=not_on_site,
    link=fails_link,
    remedy=remedy,
    evidence=("contract", "link", "inspections"),
    reads=PARAMETERS,
)
