"""What was done about the findings: about every breach, as the report says, and about some others.

Drawn by a seed of its own, so that the contracts are the same whether it is made or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from guideline.correction_actions import begin_many, unsaved
from guideline.correction_targets import Target
from guideline.corrections import MARKS
from guideline.models import CorrectiveAction, Finding, Measure, Severity
from outsourcing.models import Approval, ApprovalResult

DAY = timedelta(days=1)
ASKED, PUBLISHED = date(2018, 5, 7), date(2018, 10, 22)  # the survey went out; its report came
YEAR_ENDS = date(2018, 3, 31)
SHARE_OF_OTHERS = 0.08
INSPECTED = {"yearly-inspection", "on-site", "inspection-scope", "link-inspection"}
CHANGED = {"required-clause", "subsidiary-clause", "dispatch-clause"}

WORDS = {
    Measure.GUIDANCE: ("委託先を文書で指導した（架空）", "委託先から改善報告書を受領（架空）"),
    Measure.PREVENTION: (
        "再委託の前に承認を求める手順書を作り、契約の担当者に周知する（架空）",
        "手順書を施行（架空）",
    ),
    Measure.APPROVED_AFTERWARDS: ("再委託先を確かめて承認した（架空）", "承認書を交付（架空）"),
    Measure.INSPECTED: ("取扱状況を検査した（架空）", "検査を記録（架空）"),
    Measure.CONTRACT_CHANGED: ("変更契約に記載した（架空）", "変更契約を締結（架空）"),
    Measure.RECORDED: ("書面を整えた（架空）", "書面を確認（架空）"),
}


def write(*, seed: int, by) -> list[CorrectiveAction]:
    """Actions about findings of synthetic contracts, in bulk."""
    random = Random(f"corrections {seed}")
    findings = _chosen(random)
    approved = _approved({f.contract_id for f in findings if f.severity == Severity.BREACH})
    rows = [row for finding in findings for row in _actions(finding, approved, random)]
    return begin_many(rows, by=by)


def _chosen(random: Random) -> list[Finding]:
    """Every breach, and a part of the others that had begun by the end of the survey."""
    rows = Finding.objects.filter(contract__synthetic=True, excused=False, since__lt=PUBLISHED)
    rows = rows.exclude(rule__in=MARKS).order_by("contract", "rule", "subject", "since")
    keys = [
        pk
        for pk, severity in rows.values_list("pk", "severity")
        if severity == Severity.BREACH or random.random() < SHARE_OF_OTHERS
    ]
    return list(rows.filter(pk__in=keys).select_related("contract"))


def _approved(contracts: set[int]) -> set[tuple]:
    """(contract, link, day) of approvals."""
    rows = Approval.objects.valid().filter(
        subcontract__contract__in=contracts, result=ApprovalResult.APPROVED
    )
    return {
        (contract, f"link:{number}", day)
        for contract, number, day in rows.values_list(
            "subcontract__contract", "subcontract__number", "decided_on"
        )
    }


def _actions(finding: Finding, approved: set, random: Random) -> Iterator[CorrectiveAction]:
    if finding.severity != Severity.BREACH:
        yield from _of_other(finding, random)
        return
    start = _noticed(finding, random)
    yield _guided(finding, start, random)
    if random.random() < 0.3:
        yield _guided(finding, start + 7 * DAY, random, Measure.PREVENTION)
    if (finding.contract_id, finding.subject, finding.until) in approved:
        yield _done(finding, Measure.APPROVED_AFTERWARDS, finding.until, finding.until)


def _noticed(finding: Finding, random: Random) -> date:
    """By the office itself within the year, or when the survey asked."""
    own = finding.since + random.randrange(20, 120) * DAY
    if own < YEAR_ENDS and random.random() < 0.4:
        return own
    return max(ASKED, finding.since) + random.randrange(0, 100) * DAY


def _guided(finding, start: date, random: Random, measure=Measure.GUIDANCE) -> CorrectiveAction:
    """Closed by the day of the report, but for some that go on."""
    due = start + random.randrange(45, 90) * DAY
    closed = start + random.randrange(14, 75) * DAY
    if closed > PUBLISHED or random.random() < 0.12:
        return _open(finding, measure, start, due)
    return _done(finding, measure, start, closed, due)


def _of_other(finding: Finding, random: Random) -> Iterable[CorrectiveAction]:
    """What ended within the contract was put right; of others the contractor was told."""
    until = finding.until
    if until is not None and until <= min(finding.contract.last_day, PUBLISHED):
        start = max(finding.since, until - random.randrange(5, 45) * DAY)
        return [_done(finding, _measure(finding.rule), start, until)]
    start = finding.since + random.randrange(1, 30) * DAY
    return [_guided(finding, start, random)]


def _measure(rule: str) -> Measure:
    if rule in INSPECTED:
        return Measure.INSPECTED
    return Measure.CONTRACT_CHANGED if rule in CHANGED else Measure.RECORDED


def _open(finding: Finding, measure: Measure, start: date, due: date) -> CorrectiveAction:
    description, _ = WORDS[measure]
    return unsaved(
        Target(finding.contract, finding),
        measure=measure,
        description=description,
        started_on=start,
        due_on=due,
    )


def _done(finding, measure: Measure, start: date, closed: date, due: date | None = None):
    row = _open(finding, measure, start, due)
    row.closed_on, row.outcome = closed, WORDS[measure][1]
    return row
