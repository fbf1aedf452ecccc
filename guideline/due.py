"""期限: what falls due on the contracts somebody works on, of six kinds, by day.

One query joins the kinds by day, so that a page of them can be cut out of any number; what a page
shows is then read kind by kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, Value

from guideline.corrections import MARKS
from guideline.facts import ContractFact
from guideline.models import CorrectiveAction, Finding, Severity
from guideline.proofs import remedy_of
from guideline.reading import facts_for
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.actions.renewals import with_whether_renewed
from outsourcing.models import Contract, ContractorReport, InspectionTarget, PlannedInspection
from outsourcing.querysets import ContractQuerySet

FINDING, END, POINTS, PLAN, REPORT = "finding", "end", "points", "plan", "report"
CORRECTION = "correction"
KINDS = {
    FINDING: "所見",
    CORRECTION: "是正",
    POINTS: "検査の指摘",
    PLAN: "検査の予定",
    REPORT: "体制報告",
    END: "契約の末日",
}
ORDER = ("of_kind", "row")  # of what falls due on one day
# What clears a finding of a rule: a visit, or a decision.
BY_INSPECTION = {"yearly-inspection", "on-site", "inspection-scope", "link-inspection"}
BY_APPROVAL = {"unapproved-subcontract", "unnotified-subcontract"}
OF_A_LINK = Q(subcontract__isnull=True) | Q(subcontract__voided_on__isnull=True)


class Due(NamedTuple):
    """One thing to be done by a day. ``target`` names what of the contract it is about, as forms
    take it; ``by`` says where it is cleared: "inspection", "approval", "renewal", "points" (of the
    visit with the code ``visit``), "correction" (the measure ``correction``) or "contract"."""

    kind: str
    day: date
    contract: Contract
    subject: str
    target: str
    what: str
    how: str = ""
    severity: Severity | None = None
    by: str = "contract"
    visit: str = ""
    correction: UUID | None = None

    @property
    def kind_in_words(self) -> str:
        return KINDS[self.kind]

    @property
    def ends_a_fiscal_year(self) -> bool:
        return (self.day.month, self.day.day) == (3, 31)


class DueList:
    """What falls due in ``within`` days from ``on`` on, or with None what should have been done
    before. As a paginator wants it."""

    ordered = True

    def __init__(self, contracts: ContractQuerySet, *, on: date, within: int | None, kind=""):
        self.contracts, self.on, self.within, self.kind = contracts, on, within, kind
        first, *rest = (self._of_kind(one) for one in KINDS if kind in ("", one))
        self.union = first.union(*rest, all=True)

    def count(self) -> int:
        return self.union.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Due]:
        rows = [(row["of_kind"], row["row"]) for row in self.union.order_by("by_day", *ORDER)[part]]
        keys = defaultdict(list)
        for kind, key in rows:
            keys[kind].append(key)
        read = {kind: READERS[kind](found) for kind, found in keys.items()}
        return [read[kind][key] for kind, key in rows]

    def _of_kind(self, kind: str) -> QuerySet:
        rows, day = SOURCES[kind](self)
        found = rows.order_by()
        return found.values(of_kind=Value(kind, CharField()), row=F("pk"), by_day=F(day))

    def in_days(self, rows: QuerySet, field: str) -> QuerySet:
        """Rows whose day is one of the coming, or is past."""
        if self.within is None:
            return rows.filter(**{f"{field}__lt": self.on})
        last = self.on + timedelta(days=self.within)
        return rows.filter(**{f"{field}__gte": self.on, f"{field}__lte": last})


def standing(contracts: ContractQuerySet, on: date) -> QuerySet[Finding]:
    """Findings of a day that something can clear and no reason excuses."""
    return _to_clear(contracts).on(on)


def _to_clear(contracts: ContractQuerySet) -> QuerySet[Finding]:
    found = Finding.objects.filter(contract__in=contracts.order_by().values("pk"))
    return found.filter(excused=False).exclude(rule__in=MARKS)


def _findings(due: DueList):
    if due.within is None:
        return standing(due.contracts, due.on), "since"
    tomorrow = due.on + timedelta(days=1)
    return _to_clear(due.contracts).arising(tomorrow, due.on + timedelta(days=due.within)), "since"


def _ends(due: DueList):
    """A contract that has ended asks for nothing any more. Those that end with a fiscal year are
    hundreds, and have a page of their own: here only where ends are asked for."""
    rows = ending(due.contracts) if due.within is not None else due.contracts.none()
    if not due.kind:
        rows = rows.exclude(last_day__month=3, last_day__day=31)
    return due.in_days(rows, "last_day"), "last_day"


def ending(contracts: ContractQuerySet) -> ContractQuerySet:
    """Contracts that nothing goes on from, and that were not ended on purpose."""
    return with_whether_renewed(contracts).filter(terminated_on__isnull=True, is_renewed=False)


def _points(due: DueList):
    rows = InspectionTarget.objects.valid().filter(
        OF_A_LINK,
        contract__in=due.contracts.order_by().values("pk"),
        inspection__voided_on__isnull=True,
        due_on__isnull=False,
        cleared_on__isnull=True,
    )
    return due.in_days(rows, "due_on"), "due_on"


def _plans(due: DueList):
    rows = PlannedInspection.objects.open_on(due.on).filter(
        OF_A_LINK, contract__in=due.contracts.order_by().values("pk")
    )
    return due.in_days(rows, "planned_on"), "planned_on"


def _reports(due: DueList):
    rows = ContractorReport.objects.valid().filter(
        OF_A_LINK,
        contract__in=due.contracts.order_by().values("pk"),
        due_on__isnull=False,
        received_on__isnull=True,
    )
    return due.in_days(rows, "due_on"), "due_on"


def overdue(contracts: ContractQuerySet, on: date) -> QuerySet[CorrectiveAction]:
    """Measures that should have been done before the day."""
    return CorrectiveAction.objects.open_on(on).filter(
        contract__in=contracts.order_by().values("pk"), due_on__lt=on
    )


def _corrections(due: DueList):
    rows = CorrectiveAction.objects.open_on(due.on).filter(
        contract__in=due.contracts.order_by().values("pk"), due_on__isnull=False
    )
    return due.in_days(rows, "due_on"), "due_on"


SOURCES: dict[str, Callable] = {
    FINDING: _findings,
    CORRECTION: _corrections,
    POINTS: _points,
    PLAN: _plans,
    REPORT: _reports,
    END: _ends,
}
WITH_CONTRACT = tuple(f"contract__{name}" for name in ("agency", "contractor", "officer"))


def _read_findings(keys: list[int]) -> dict[int, Due]:
    rows = Finding.objects.filter(pk__in=keys).select_related(*WITH_CONTRACT)
    facts = _facts({row.contract_id for row in rows})
    return {row.pk: _of_finding(row, facts[row.contract_id]) for row in rows}


def _facts(ids: set[int]) -> dict[int, ContractFact]:
    return {fact.id: fact for fact in facts_for(sorted(ids))} if ids else {}


def _of_finding(row: Finding, fact: ContractFact) -> Due:
    remedy = remedy_of(row, fact)
    by = "inspection" if row.rule in BY_INSPECTION else "contract"
    if row.rule in BY_APPROVAL:
        by = "approval"
    return Due(
        FINDING,
        row.since,
        row.contract,
        subject_in_words(row.subject),
        _target(row.contract, row.subject),
        BY_CODE[row.rule].title,
        remedy.text if remedy else "",
        Severity(row.severity),
        by,
    )


def _target(contract: Contract, subject: str) -> str:
    return f"{contract.code}:{subject}" if subject.startswith("link:") else contract.code


def _read_ends(keys: list[int]) -> dict[int, Due]:
    rows = Contract.objects.filter(pk__in=keys).select_related("agency", "contractor", "officer")
    what = "契約が終わる（更新も下書きもない）"
    return {
        row.pk: Due(END, row.last_day, row, "契約", row.code, what, by="renewal") for row in rows
    }


def _read_corrections(keys: list[int]) -> dict[int, Due]:
    rows = CorrectiveAction.objects.filter(pk__in=keys).select_related(*WITH_CONTRACT)
    return {row.pk: _of_correction(row) for row in rows}


def _of_correction(row: CorrectiveAction) -> Due:
    return Due(
        CORRECTION,
        row.due_on,
        row.contract,
        subject_in_words(row.subject),
        _target(row.contract, row.subject),
        f"是正を終える（{row.get_measure_display()}）",
        "：".join(filter(None, (BY_CODE[row.rule].title, row.description))),
        by=CORRECTION,
        correction=row.public_id,
    )


def _on_contract(model, kind: str, day: str, say: Callable, *related, by="contract") -> Callable:
    """Reads rows that hang on a contract, or on one of its links."""

    def read(keys: list[int]) -> dict[int, Due]:
        rows = model.objects.filter(pk__in=keys)
        rows = rows.select_related(*WITH_CONTRACT, "subcontract", *related)
        found = {}
        for row in rows:
            subject = row.subcontract.subject if row.subcontract else "contract"
            words, target = subject_in_words(subject), _target(row.contract, subject)
            what, how = say(row)
            found[row.pk] = Due(
                *(kind, getattr(row, day), row.contract, words, target, what, how),
                by=by,
                visit=row.inspection.code if by == POINTS else "",
            )
        return found

    return read


READERS: dict[str, Callable[[list[int]], dict[int, Due]]] = {
    FINDING: _read_findings,
    CORRECTION: _read_corrections,
    END: _read_ends,
    POINTS: _on_contract(
        InspectionTarget,
        POINTS,
        "due_on",
        lambda row: (
            "検査の指摘事項の改善を確かめる",
            f"{row.points or '（指摘事項の記載なし）'}（{row.inspection.day}の検査）",
        ),
        "inspection__agency",
        by=POINTS,
    ),
    PLAN: _on_contract(
        PlannedInspection,
        PLAN,
        "planned_on",
        lambda row: (f"検査をする（{row.get_method_display()}）", row.note),
        by="inspection",
    ),
    REPORT: _on_contract(
        ContractorReport,
        REPORT,
        "due_on",
        lambda row: (f"体制報告を受ける（{row.get_kind_display()}）", row.content),
    ),
}
