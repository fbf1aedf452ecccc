"""第8-6: 「再委託される場合には、委託先に4の措置を講じさせる」, at every tier

The checklist that the edition of the day names (selection, the items of the contract, the written
confirmation) is not complete: from the link's first day until all of it is recorded.
"""

from __future__ import annotations

from guideline.facts import ContractFact, LinkFact, first_day_of
from guideline.intervals import FOREVER, Span, union
from guideline.rules.base import BY_DAY, VIOLATION, Failure, Failures, Remedy, Rule, by

CODE = "flow-down"


def fails(contract: ContractFact, link: LinkFact, law) -> Failures:
    if not link.handles:
        return ()
    days: list[Span] = []
    for edition in law.having(CODE):
        since, until = link.since, link.until
        if until <= edition.since or edition.until <= since:
            continue
        checklist, since = edition.parameters.flow_down, max(since, edition.since)
        for listed in link.flow_down:
            if listed.day <= since and listed.things >= checklist:  # like most
                break
        else:
            days.append((since, min(until, edition.until, completed(link, checklist))))
    return (Failure(link.subject, days),) if days and (days := union(days)) else ()


def completed(link: LinkFact, checklist: frozenset[str]) -> int:
    """The day all of the checklist is recorded."""
    if not checklist.issubset(item for listed in link.flow_down for item in listed.things):
        return FOREVER
    return max((first_day_of(item, link.flow_down) for item in checklist), default=0)


def remedy(contract: ContractFact, link: LinkFact, finding, law) -> Remedy:
    checklist = law.first(finding.since).parameters.flow_down
    late = sorted(i for i in checklist if first_day_of(i, link.flow_down) > finding.since)
    names = "、".join(item_in_words(item) for item in late)
    return Remedy(
        "flow_down", finding.since, f"{by(finding.since)}の、{names}の確認の記録", ",".join(late)
    )


def item_in_words(item: str) -> str:
    words = {"capability": "再委託先の選定の確認", "written_confirmation": "書面による確認"}
    return words.get(item, f"第{item}の記載")


RULE = Rule(
    code=CODE,
    title="再委託先に求めるべき措置の確認がそろわない",
    severity=VIOLATION,
    judged=BY_DAY,
    link=fails,
    remedy=remedy,
    evidence=("link", "flow_down"),
    reads=("flow_down",),
)
