"""What recording or changing a measure would come to, told while one types: the state that its
findings would have, and what looks odd. Nothing of it is refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db.models import Q

from guideline.corrections import State, answers, is_closed, needs_none, state_with
from guideline.models import CorrectiveAction, Finding, Measure

BY_INSPECTION = {"yearly-inspection", "on-site", "inspection-scope", "link-inspection"}
BY_APPROVAL = {"unapproved-subcontract", "unnotified-subcontract"}
LONG = 365  # days to a due day


class CorrectionTrial:
    """As ``components/trial.html`` takes it. ``pairs``: each finding with the action it would
    have; none where too little can be read yet."""

    template = "guideline/correction_trial.html"
    label = "保存した場合の是正の状態"

    def __init__(self, pairs: Iterable[tuple[Finding, CorrectiveAction]] = (), *, on: date):
        self.pairs, self.on = list(pairs), on

    def states(self) -> list[tuple[State, int]]:
        """How many findings would be in which state."""
        known = actions_on(finding for finding, _ in self.pairs)
        found = Counter(
            state_with(finding, [*(a for a in known[key_of(finding)] if a.pk != new.pk), new],
                       self.on)
            for finding, new in self.pairs
        )  # fmt: skip
        return [(state, found[state]) for state in State if found[state]]

    def remarks(self) -> list[str]:
        return list(_remarks(self.pairs, self.on)) if self.pairs else []


def key_of(finding: Finding) -> tuple:
    return finding.contract_id, finding.disclosure_id, finding.rule, finding.subject, finding.since


def actions_on(findings: Iterable[Finding]) -> Mapping[tuple, list[CorrectiveAction]]:
    """By finding, the actions that answer it: one query."""
    findings = list(findings)
    rows = CorrectiveAction.objects.valid().filter(
        Q(contract__in={f.contract_id for f in findings if f.contract_id})
        | Q(disclosure__in={f.disclosure_id for f in findings if f.disclosure_id})
    )
    return answering(findings, rows.order_by("started_on", "pk"))


def answering(findings, actions) -> Mapping[tuple, list[CorrectiveAction]]:
    """By finding, those of the actions that answer it."""
    of = defaultdict(list)
    for action in actions:
        of[action.contract_id, action.disclosure_id, action.rule, action.subject].append(action)
    found = defaultdict(list)
    for finding in findings:
        key = key_of(finding)
        found[key] = [action for action in of[key[:-1]] if answers(action, finding)]
    return found


def _remarks(pairs, on: date) -> Iterator[str]:
    action = pairs[0][1]  # what was typed is the same for all
    findings = [finding for finding, _ in pairs]
    if number := sum(needs_none(finding) for finding in findings):
        yield f"是正を要しない所見（理由書のあるもの、特に留意）が{number}件あります。"
    if number := sum(finding.since > action.started_on for finding in findings):
        yield f"着手日「{action.started_on}」より後に始まる所見が{number}件あります。"
    if number := sum(not _suits(action.measure, finding) for finding in findings):
        label = Measure(action.measure).label
        yield f"措置の種類「{label}」では解消しないと思われる所見が{number}件あります。"
    yield from _days(action, on)
    if is_closed(action, on):
        going = [f for f in findings if f.since <= action.closed_on and _goes_on(f, on)]
        if going:
            yield (
                f"完了としても、{on}に該当したままの所見が{len(going)}件あります。承認、検査など、"
                "所見を解消する事実も台帳に記録してください。"
            )


def _days(action: CorrectiveAction, on: date) -> Iterator[str]:
    if is_closed(action, on):
        if action.due_on and action.closed_on > action.due_on:
            yield f"完了日「{action.closed_on}」は期限「{action.due_on}」より後です。"
    elif action.due_on is None:
        yield "期限がありません。仕事の一覧には出ず、期限超過にもなりません。"
    elif action.due_on < on:
        yield f"期限「{action.due_on}」は既に過ぎています。保存すると期限超過になります。"
    elif (action.due_on - action.started_on).days > LONG:
        yield f"期限「{action.due_on}」は着手日から1年より後です。"


def _goes_on(finding: Finding, on: date) -> bool:
    return finding.since <= on and (finding.until is None or finding.until > on)


def _suits(measure: str, finding: Finding) -> bool:
    """Whether the measure can be about what the finding is of."""
    if measure == Measure.APPROVED_AFTERWARDS:
        return finding.rule in BY_APPROVAL
    if measure == Measure.SUBCONTRACT_ENDED:
        return finding.subject.startswith("link:")
    if measure == Measure.INSPECTED:
        return finding.rule in BY_INSPECTION
    if measure in (Measure.TERMINATED, Measure.CONTRACT_CHANGED):
        return finding.contract_id is not None
    return True
