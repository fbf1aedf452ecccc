"""違反報告書: what an agency's contracts broke, on a day or in a fiscal year, in one document.

Every number of findings has the address of the list whose length it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode

from audit.anonymous import Letters, Names
from audit.exports import STATE_WORDS, Row, keys_of, rows_of
from audit.timing import STATES
from audit.violation_report_details import Told, details_of, meet_all
from guideline.corrections import MARKS
from guideline.models import CorrectiveAction, Finding, Measure, Severity
from guideline.rules import BY_CODE
from outsourcing import fiscal_year, wareki
from outsourcing.models import Agency, Contract, Incident, IncidentKind, ManagementFault

LISTED = 500  # rows of a section that are printed; of more, how many there are
HEALTH, MEDICAL = Contract.Work.STAFF_HEALTH_CHECK, Contract.Work.MEDICAL_EXAMINATION
EXCUSED = "excused"
TITLES = {
    Severity.BREACH.value: "契約に反する再委託",
    Severity.VIOLATION.value: "指針不適合",
    Severity.ATTENTION.value: "注意",
    EXCUSED: "理由書のある所見",
}
ORDER = ("breach", "violation", "attention")


class Asked(NamedTuple):
    """An agency as of the day ``on``: what is so on that day, or what was in a fiscal year by
    then."""

    agency: Agency
    on: date
    year: int | None = None
    hides_names: bool = False

    @property
    def first(self) -> date:
        return self.on if self.year is None else fiscal_year.first_day(self.year)

    @property
    def last(self) -> date:
        """What lies ahead of the day has not been broken yet."""
        return self.on if self.year is None else min(self.on, fiscal_year.last_day(self.year))

    @property
    def in_words(self) -> str:
        if self.year is None:
            return f"{wareki.both(self.on)}現在"
        days = f"{wareki.both(self.first)}から{wareki.both(self.last)}まで"
        return f"{fiscal_year.label(self.year)}（{days}）"

    @property
    def conditions(self) -> dict[str, str]:
        """As the list of findings takes them."""
        found = {"agency": self.agency.code, "as_of": self.on.isoformat()}
        if self.year is None:
            return found | {"when": "standing"}
        return found | {"since": self.first.isoformat(), "until": self.last.isoformat()}


class Number(NamedTuple):
    """So many findings, of so many contracts, and the list of them."""

    label: str
    findings: int
    contracts: int | None = None
    href: str = ""


class Line(NamedTuple):
    """A line of the summary: one provision and rule of one severity."""

    severity: str
    provision: str
    rule: str
    number: Number


class Taken(NamedTuple):
    """A kind of measure: how many were begun, for how many contracts, how many are done."""

    label: str
    actions: int
    contracts: int
    closed: int


class Section(NamedTuple):
    """``rows`` is None where there are too many to be printed."""

    key: str
    number: Number
    rows: list[Told] | None

    @property
    def title(self) -> str:
        return TITLES[self.key]

    @property
    def most(self) -> int:
        return LISTED

    @property
    def is_excused(self) -> bool:
        return self.key == EXCUSED

    @property
    def by_provision(self) -> list[tuple[str, list[Told]]]:
        found: dict[str, list[Told]] = {}
        for told in self.rows or ():
            found.setdefault(told.row.provision, []).append(told)
        return list(found.items())


class Sentences(NamedTuple):
    """As the ministry's report says it; numbers of contracts, but for the last three."""

    contracts: int  # all there are
    breaches: int
    health: int
    medical: int
    other: int
    wholly_owned: int
    wholly_owned_medical: int
    faults: int
    faults_terminated: int
    leaks: int
    findings: Number
    health_findings: Number
    wholly_owned_findings: Number


class ViolationReport:
    """``findings``: those of the agency that the reader may see, whatever their days."""

    def __init__(self, asked: Asked, scope):
        self.asked, self.scope = asked, scope
        findings = Finding.objects.visible_to(scope).filter(agency=asked.agency)
        self.findings = findings.overlapping(asked.first, asked.last)

    # How many

    @cached_property
    def lines(self) -> list[Line]:
        rows = self.findings.filter(excused=False).order_by()
        rows = rows.values_list("severity", "provision", "rule").annotate(
            number=Count("*"), contracts=Count("contract", distinct=True)
        )
        return [
            Line(
                Severity(severity).label, provision, BY_CODE[rule].title,
                self._number("", found, contracts, severity=severity, provision=provision,
                             rule=rule, excused="no"),
            )
            for severity, provision, rule, found, contracts in sorted(
                rows, key=lambda row: (ORDER.index(row[0]), *row[1:3])
            )
        ]  # fmt: skip

    @cached_property
    def totals(self) -> dict[str, Number]:
        """By severity without those with a reason, which are counted apart."""
        rows = self.findings.order_by().values_list("severity", "excused")
        rows = list(rows.annotate(number=Count("*"), contracts=Count("contract", distinct=True)))
        found = {}
        for key in ORDER:
            _, _, number, contracts = next(
                (row for row in rows if row[:2] == (key, False)), (key, False, 0, 0)
            )
            found[key] = self._number(TITLES[key], number, contracts, severity=key, excused="no")
        excused = sum(row[2] for row in rows if row[1])
        contracts = self.findings.filter(excused=True).aggregate(n=Count("contract", distinct=True))
        found[EXCUSED] = self._number(TITLES[EXCUSED], excused, contracts["n"], excused="yes")
        return found

    @property
    def number(self) -> int:
        """All findings of the report: as many rows as its workbook has."""
        return sum(total.findings for total in self.totals.values())

    @cached_property
    def contracts(self) -> QuerySet:
        """Those whose term shares a day with the report's days: what its numbers are out of."""
        rows = Contract.objects.visible_to(self.scope).valid().filter(agency=self.asked.agency)
        return rows.sharing_a_day_with(self.asked.first, self.asked.last)

    @property
    def contracts_href(self) -> str:
        """Empty where the list of contracts knows no such days."""
        asked = self.asked
        if asked.year is None:
            return self._address("contracts", agency=asked.agency.code, on=asked.on.isoformat())
        if asked.last == fiscal_year.last_day(asked.year):
            return self._address("contracts", agency=asked.agency.code, year=asked.year)
        return ""

    @cached_property
    def synthetic(self) -> bool:
        return self.contracts.filter(synthetic=True).exists()

    @cached_property
    def sentences(self) -> Sentences:
        broken = self.findings.filter(severity=Severity.BREACH, excused=False).order_by()
        rows = list(broken.values_list("contract_id", "work", "relation"))
        contracts, health, medical = (
            {contract for contract, work, _ in rows if kind in (None, work)}
            for kind in (None, HEALTH, MEDICAL)
        )
        wholly = {contract for contract, _, relation in rows if relation == "wholly_owned"}
        faulty = ManagementFault.objects.valid().values("contract")
        faults = list(self.contracts.filter(pk__in=faulty).values_list("terminated_on", flat=True))
        leaks = Incident.objects.valid().exclude(kind=IncidentKind.RISK)
        plain = {"severity": "breach", "excused": "no"}
        return Sentences(
            contracts=self.contracts.count(),
            breaches=len(contracts),
            health=len(health),
            medical=len(medical),
            other=len(contracts) - len(health) - len(medical),
            wholly_owned=len(wholly),
            wholly_owned_medical=len(wholly & medical),
            faults=len(faults),
            faults_terminated=sum(day is not None for day in faults),
            leaks=leaks.filter(contract__in=broken.values("contract")).count(),
            findings=self._number("", len(rows), **plain),
            health_findings=self._number(
                "", sum(work == HEALTH for _, work, _ in rows), work=HEALTH, **plain
            ),
            wholly_owned_findings=self._number(
                "", sum(relation == "wholly_owned" for *_, relation in rows),
                relation="wholly_owned", **plain,
            ),
        )  # fmt: skip

    @cached_property
    def states(self) -> list[Number]:
        """By state of correction, as of the day of the report."""
        plain = self.findings.exclude(excused=True).exclude(rule__in=MARKS)
        of = ("none", "open", "settled")
        found = {key: plain.filter(STATES[key].as_of(self.asked.on)) for key in of}
        return [
            self._number(STATE_WORDS[key], rows.count(), state=key) for key, rows in found.items()
        ]

    @cached_property
    def measures(self) -> list[Taken]:
        """What was done about the findings, begun by the day of the report."""
        actions = CorrectiveAction.objects.visible_to(self.scope).valid()
        answered = self.findings.filter(
            rule=OuterRef("rule"),
            subject=OuterRef("subject"),
            since__lte=Coalesce(OuterRef("last_day"), Value(date.max)),
            ends__gt=OuterRef("first_day"),
        )
        of_contract = answered.filter(contract=OuterRef("contract"))
        of_disclosure = answered.filter(disclosure=OuterRef("disclosure"))
        on = self.asked.on
        rows = (
            actions.filter(Exists(of_contract) | Exists(of_disclosure))
            .filter(agency=self.asked.agency, started_on__lte=on)
            .order_by()
            .values_list("measure")
            .annotate(
                actions=Count("*"),
                contracts=Count("contract", distinct=True),
                done=Count("pk", filter=Q(closed_on__lte=on)),
            )
        )
        known = {measure: Taken(Measure(measure).label, *rest) for measure, *rest in rows}
        return [known[measure] for measure in Measure.values if measure in known]

    # One by one

    def in_order(self, key: str) -> QuerySet:
        """The findings of a section as they are printed."""
        rows = self.findings.filter(excused=key == EXCUSED)
        if key != EXCUSED:
            rows = rows.filter(severity=key)
        before = () if key == Severity.BREACH else ("provision", "rule")
        code = ("contract__fiscal_year", "contract__serial", "disclosure__fiscal_year",
                "disclosure__serial")  # fmt: skip
        last = [F(name).asc(nulls_last=True) for name in code]
        return rows.order_by(*before, *last, "rule", "subject", "since")

    @cached_property
    def names(self) -> Names:
        if not self.asked.hides_names:
            return Names()
        printed = [key for key in TITLES if self._is_printed(key)]
        beyond = [key for key in TITLES if key not in printed]
        return meet_all(Letters(), [self.in_order(key) for key in (*printed, *beyond)])

    @cached_property
    def sections(self) -> list[Section]:
        return [self._section(key) for key in TITLES]

    def _section(self, key: str) -> Section:
        rows = None
        if self._is_printed(key):
            rows = details_of(list(self.rows(key)), names=self.names, on=self.asked.on)
        return Section(key, self.totals[key], rows)

    def rows(self, key: str) -> Iterator[Row]:
        return rows_of(keys_of(self.in_order(key)), self.asked.on)

    def all_rows(self) -> Iterator[Row]:
        """Of all sections, under the names that the report gives."""
        for key in TITLES:
            for row in self.rows(key):
                yield self.names.row(row)

    def _is_printed(self, key: str) -> bool:
        """Breaches always are."""
        return key == Severity.BREACH or self.totals[key].findings <= LISTED

    def _number(self, label: str, findings: int, contracts: int | None = None, **more) -> Number:
        chosen = {name: value for name, value in more.items() if value}
        return Number(
            label, findings, contracts,
            self._address("findings", **self.asked.conditions, **chosen),
        )  # fmt: skip

    def _address(self, name: str, **query) -> str:
        return f"{reverse(name)}?{urlencode(query)}"


def numbers_of(report: ViolationReport) -> Iterable[Number]:
    """Every number of findings that the report tells."""
    yield from (line.number for line in report.lines)
    yield from report.totals.values()
    yield from report.states
    told = report.sentences
    yield from (told.findings, told.health_findings, told.wholly_owned_findings)
