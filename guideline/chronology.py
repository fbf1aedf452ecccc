"""What was agreed, done and found in one contract, in days, lane by lane: both the picture of it
(``guideline.timeline``) and the text beside it are made out of this. No query of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from guideline.facts import approval_fact
from guideline.intervals import FOREVER
from guideline.models import Finding, Severity
from guideline.provisions import Editions
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.days import end_of
from outsourcing.models import (
    ApprovalResult,
    Contract,
    InspectionMethod,
    InspectionTarget,
    Subcontract,
)

LAYERS = {1: "再委託", 2: "再々委託"}
RULES = {code: order for order, code in enumerate(BY_CODE)}
SEVERITIES = {severity: order for order, severity in enumerate(Severity.values)}
DECISIONS = {
    ApprovalResult.APPROVED: "decided",
    ApprovalResult.CONDITIONAL: "decided",
    ApprovalResult.REJECTED: "rejected",
    ApprovalResult.WITHDRAWN: "withdrawn",
}


class Fact(NamedTuple):
    """One thing on the days [since, until): empty where its days are none; without ``since`` where
    its day is not known. ``kind`` says how it is drawn (``timeline.KINDS``), ``what`` it is in
    words."""

    kind: str
    since: int | None
    until: int
    what: str

    @classmethod
    def on(cls, kind: str, day, what: str) -> Fact:
        """A fact of a single day, or of a day that is not known."""
        since = day and day.toordinal()
        return cls(kind, since, 0 if since is None else since + 1, what)


@dataclass
class Lane:
    label: str
    facts: list[Fact]


@dataclass
class Group:
    """Everything of the contract itself (``depth`` 0), or of one link. The first lane is its
    term."""

    whom: str
    name: str
    depth: int
    lanes: list[Lane] = field(default_factory=list)

    @property
    def facts(self) -> Iterator[Fact]:
        return (fact for lane in self.lanes for fact in lane.facts)


def chronology(
    contract: Contract,
    targets: Iterable[InspectionTarget],
    findings: Iterable[Finding],
    law: Editions,
) -> list[Group]:
    """The contract, read ``with_chain()``, then its links in the order of the tree. ``targets``:
    what was inspected, with the visits."""
    inspected, found = defaultdict(list), defaultdict(list)
    for target in targets:
        inspected[target.subcontract_id].append(target)
    for finding in findings:
        of_link = finding.subject.startswith("link:")
        found[finding.subject if of_link else "contract"].append(finding)
    since, until = contract.first_day.toordinal(), end_of(contract.last_day)
    windowed = contract.information == Contract.Information.PERSONAL
    group = Group("契約", contract.contractor.name, 0, [_term(contract), *_changes(contract)])
    windows = _windows(law, since, until) if windowed else []
    group.lanes += _inspections(windows, inspected[None])
    group.lanes += _findings(found["contract"])
    groups = [group]
    for link, depth, end in in_tree_order(contract):
        layer = LAYERS.get(depth, f"第{depth}層")
        group = Group(f"再委託{link.number}", f"{link.contractor.name}（{layer}）", depth)
        first = link.first_day.toordinal()
        group.lanes += [_term_of(link, first, end), *_approvals(link, first, end)]
        windows = []
        if windowed and link.handles_information:
            windows = _windows(law, max(since, first), min(until, end))
        group.lanes += _inspections(windows, inspected[link.pk])
        group.lanes += _findings(found[link.subject])
        groups.append(group)
    return groups


def in_tree_order(contract: Contract) -> list[tuple[Subcontract, int, int]]:
    """The links as the tree has them, each with its depth, and its end: its own, else that of who
    passed the work on. Links whose giver is no fact stand as if the prime contractor gave them."""
    links = list(contract.subcontracts.all())
    known = {link.pk for link in links}
    below = defaultdict(list)
    for link in links:
        below[link.parent_id if link.parent_id in known else None].append(link)
    ordered = []
    waiting = [(link, 1, end_of(contract.last_day)) for link in reversed(below[None])]
    while waiting:
        link, depth, inherited = waiting.pop()
        end = inherited if link.last_day is None else end_of(link.last_day)
        ordered.append((link, depth, end))
        waiting += [(child, depth + 1, end) for child in reversed(below[link.pk])]
    return ordered


def _days(kind: str, since: int, until: int, what: str) -> Fact:
    if since < until:
        return Fact(kind, since, until, what)
    return Fact(kind, since, since, f"{what}（期間に日がない）")


def _term(contract: Contract) -> Lane:
    first, end = contract.first_day.toordinal(), end_of(contract.last_day)
    facts = [_days("term", first, end, "契約期間")]
    if (agreed := end_of(contract.agreed_last_day)) > end:
        facts.append(Fact("lost", max(first, end), agreed, "当初の契約期間のうち、なくなった部分"))
    return Lane("", facts)


def _changes(contract: Contract) -> list[Lane]:
    facts = []
    for amendment in contract.amendments.all():
        if amendment.voided_on is None:
            said = [amendment.get_clause_display()] if amendment.clause else []
            said += [f"第{item}" for item in sorted(amendment.items)]
            said += ["末日"] if amendment.last_day else []
            words = f"変更契約の効力（{'、'.join(said)}）"
            facts.append(Fact.on("amendment", amendment.effective_on, words))
    if contract.last_day != contract.agreed_last_day:
        facts.append(Fact.on("agreed", contract.agreed_last_day, "当初の末日"))
    if contract.terminated_on:
        words = f"解除：{contract.termination_reason}"
        facts.append(Fact.on("terminated", contract.terminated_on, words))
    return [Lane("変更契約・解除", facts)] if facts else []


def _term_of(link: Subcontract, first: int, end: int) -> Lane:
    if link.last_day is not None:
        return Lane("", [_days("link", first, end, "再委託の期間")])
    return Lane("", [_days("inherited", first, end, "再委託の期間（末日は再委託元の末日）")])


def _approvals(link: Subcontract, first: int, end: int) -> list[Lane]:
    """The days on which approvals are valid, each for itself, and what was decided, and when."""
    rows = [row for row in link.approvals.all() if row.voided_on is None]
    counted = [
        approval_fact(row.decided_on, row.first_day, row.last_day, row.result) for row in rows
    ]
    withdrawn = [fact for fact in counted if fact and fact.withdrawn]
    valid = []
    for fact in counted:
        if fact is None or fact.withdrawn:
            continue
        until = min([fact.until, *(w.since for w in withdrawn if fact.decided <= w.decided)])
        what = "承認が有効な期間"
        if until == FOREVER:
            until, what = end, f"{what}（承認に末日の定めはなく、再委託の末日まで）"
        if fact.since < until:
            valid.append(Fact("approved", fact.since, until, what))
    facts = [Fact.on(DECISIONS[row.result], row.decided_on, _decision(row)) for row in rows] + [
        Fact.on("notice", row.received_on, "事前届出の受理")
        for row in link.notifications.all()
        if row.voided_on is None
    ]
    lanes = [Lane("", valid)] if valid else []
    return [*lanes, Lane("承認・届出", facts)] if facts else []


def _decision(row) -> str:
    words = f"{row.get_result_display()}の決定"
    words += f"（{row.document_number}）" if row.document_number else ""
    return words if row.decided_on else f"{words}（決定日が不明のため数えない）"


def _windows(law: Editions, since: int, until: int) -> list[Fact]:
    return [
        Fact("window", window.since, window.last + 1, "検査を要する期間")
        for window in law.windows(since, until)
    ]


def _inspections(windows: list[Fact], targets: list[InspectionTarget]) -> list[Lane]:
    lanes = [Lane("" if targets else "検査", windows)] if windows else []
    if targets:
        lanes.append(Lane("検査", [_inspection(target) for target in targets]))
    return lanes


def _inspection(target: InspectionTarget) -> Fact:
    visit = target.inspection
    words = f"検査（{visit.get_method_display()}、{target.get_result_display()}）"
    if visit.method == InspectionMethod.ON_SITE:
        return Fact.on("on-site", visit.day, words)
    if visit.not_on_site_reason:
        return Fact.on("reasoned", visit.day, f"{words}（実地によらない理由あり）")
    return Fact.on("off-site", visit.day, words)


def _findings(findings: Iterable[Finding]) -> list[Lane]:
    """A lane for each rule, and each item it is about: its days never overlap."""
    lanes: dict[tuple, Lane] = {}
    for finding in sorted(findings, key=_order):
        title = BY_CODE[finding.rule].title
        if finding.subject.startswith("item:"):
            title = f"{subject_in_words(finding.subject)}：{title}"
        lane = lanes.setdefault((finding.rule, finding.subject), Lane(title, []))
        severity = Severity(finding.severity)
        words = "特に留意" if finding.rule == "medical-attention" else severity.label
        lane.facts.append(
            Fact(
                "excused" if finding.excused else severity.value,
                finding.since.toordinal(),
                FOREVER if finding.until is None else finding.until.toordinal(),
                f"{words}{'（理由書あり）' if finding.excused else ''}：{title}",
            )
        )
    return list(lanes.values())


def _order(finding: Finding) -> tuple:
    by_rule = SEVERITIES[finding.severity], RULES[finding.rule], finding.subject
    return *by_rule, finding.since
