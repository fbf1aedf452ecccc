"""What a violation report says beside each finding, and by which names: read in slices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from audit.anonymous import Letters, Names
from audit.exports import STATE_WORDS, Row, slices
from audit.violation_report_lacks import lacking
from guideline.intervals import FOREVER
from guideline.models import CorrectiveAction, Justification, Severity
from guideline.reading import facts_for
from guideline.rules import BY_CODE
from outsourcing.models import Subcontract


class Told(NamedTuple):
    """A finding under the report's names. ``lacking``: what was missing, of a breach; ``reasons``:
    of what a reason excuses; ``measures`` begun by the day of the report."""

    row: Row
    days: int
    last_day: date | None  # by the day of the report; None: it goes on
    lacking: str
    reasons: list[str]
    measures: list[str]

    @property
    def rule(self) -> str:
        return BY_CODE[self.row.rule].title

    @property
    def severity(self) -> str:
        return Severity(self.row.severity).label

    @property
    def state(self) -> str:
        return STATE_WORDS[self.row.state]


def details_of(rows: list[Row], *, names: Names, on: date) -> list[Told]:
    """At most a dozen queries for each thousand of findings."""
    return [told for some in slices(rows) for told in _details(some, names, on)]


def _details(rows: tuple[Row, ...], names: Names, on: date) -> Iterator[Told]:
    breaking = sorted({row.contract for row in rows if row.severity == Severity.BREACH})
    facts = {fact.id: fact for fact in facts_for(breaking)} if breaking else {}
    actions = _by_subject(
        CorrectiveAction.objects.filter(started_on__lte=on).select_related("officer"), rows
    )
    excused = any(row.excused for row in rows)
    reasons = _by_subject(Justification.objects.exclude(approved_on=None), rows) if excused else {}
    for row in rows:
        yield Told(
            row=names.row(row),
            days=row.days(on),
            last_day=row.last_day if row.until and row.last_day <= on else None,
            lacking=_lacking(row, facts.get(row.contract)),
            reasons=[_reason(a, names) for a in _sharing_days(reasons, row)] if row.excused else [],
            measures=[_measure(a, names, on) for a in _sharing_days(actions, row)],
        )


def _by_subject(records: QuerySet, rows: Iterable[Row]) -> dict[tuple, list]:
    """(contract, disclosure, rule, subject) → what is on record about it, in order."""
    found = defaultdict(list)
    for name in ("contract", "disclosure"):
        keys = {getattr(row, name) for row in rows} - {None}
        of = records.valid().filter(**{f"{name}__in": keys}).order_by("first_day", "pk")
        for record in of if keys else ():
            key = record.contract_id, record.disclosure_id, record.rule, record.subject
            found[key].append(record)
    return found


def _sharing_days(found: dict[tuple, list], row: Row) -> list:
    records = found.get((row.contract, row.disclosure, row.rule, row.subject), ())
    return [
        record
        for record in records
        if (record.last_day is None or record.last_day >= row.since)
        and (row.until is None or record.first_day < row.until)
    ]


def _lacking(row: Row, fact) -> str:
    link = (
        next((link for link in fact.links if link.subject == row.subject), None) if fact else None
    )
    if link is None:
        return ""
    until = FOREVER if row.until is None else row.until.toordinal()
    return lacking(fact, link, row.rule, row.since.toordinal(), until)


def _reason(record: Justification, names: Names) -> str:
    number = f"（{record.document_number}）" if record.document_number else ""
    days = f"{record.first_day}から{record.last_day}まで"
    return f"{names.text(record.reason)}{number}　{days}、{record.approved_on}承認"


def _measure(record: CorrectiveAction, names: Names, on: date) -> str:
    told = record.get_measure_display()
    if record.description:
        told += f"：{names.text(record.description)}"
    told += f"　担当 {record.officer}" if record.officer else ""
    told += f"　着手 {record.started_on}"
    if record.closed_on and record.closed_on <= on:
        told += f"　完了 {record.closed_on}"
        return told + (f"（{names.text(record.outcome)}）" if record.outcome else "")
    return told + (f"　期限 {record.due_on}" if record.due_on else "")


def meet_all(names: Letters, sections: list[QuerySet]) -> Letters:
    """Lets companies be met in the order of the sections; then whoever else stands in the chains of
    these contracts, as free text may name them."""
    rest: list[tuple[int, str]] = []
    for findings in sections:
        of_contracts = findings.filter(contract__isnull=False)
        links: dict[int, dict[str, tuple[int, str]]] = defaultdict(dict)
        chains = Subcontract.objects.valid().filter(
            contract__in=of_contracts.order_by().values("contract")
        )
        for contract, number, *company in chains.order_by("contract", "number").values_list(
            "contract", "number", "contractor", "contractor__name"
        ):
            links[contract][f"link:{number}"] = tuple(company)
        rest += [company for chain in links.values() for company in chain.values()]
        names.meet(_named(of_contracts, links))
    names.meet(rest)
    return names


def _named(findings: QuerySet, links) -> Iterator[tuple[int, str]]:
    for contract, subject, *company in findings.values_list(
        "contract", "subject", "contract__contractor", "contract__contractor__name"
    ):
        yield tuple(company)
        if (below := links.get(contract, {}).get(subject)) is not None:
            yield below
