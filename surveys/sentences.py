"""The figures in the report's sentences, computed from the ledger."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

from guideline.models import Finding, Severity
from outsourcing.models import Contract, Incident, IncidentKind, ManagementFault
from outsourcing.scope import Scope
from surveys import sheets
from surveys.classification import BREACH, breaching, classified, counts, population
from surveys.measures import Taken, by_kind, measures_on
from surveys.models import Survey
from surveys.rounds import Round, listed
from surveys.sheets.base import TOTAL

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


class KindSentences(NamedTuple):
    """What the report says of one kind of information, in numbers of contracts.

    ``to_wholly_owned_medical`` is counted in both ``to_wholly_owned`` and ``medical_examinations``.
    ``with_measures`` are those of ``breaches`` about which anything is done, ``measures`` by what.
    """

    information: str
    contracts: int
    breaches: int
    staff_health_checks: int
    medical_examinations: int
    other_work: int
    to_wholly_owned: int
    to_wholly_owned_medical: int
    faults: int
    faults_terminated: int
    leaks: int
    with_measures: int = 0
    measures: tuple[Taken, ...] = ()

    @property
    def share(self) -> Decimal | None:
        return percent(self.breaches, self.contracts)

    @property
    def without_measures(self) -> int:
        return self.breaches - self.with_measures


class Sentences(NamedTuple):
    """The report's sentences: both kinds of information and the two together."""

    personal: KindSentences
    statistics: KindSentences

    @property
    def contracts(self) -> int:
        return self.personal.contracts + self.statistics.contracts

    @property
    def breaches(self) -> int:
        return self.personal.breaches + self.statistics.breaches

    @property
    def staff_health_checks(self) -> int:
        return self.personal.staff_health_checks + self.statistics.staff_health_checks

    @property
    def leaks(self) -> int:
        return self.personal.leaks + self.statistics.leaks

    @property
    def with_measures(self) -> int:
        return self.personal.with_measures + self.statistics.with_measures

    @property
    def share(self) -> Decimal | None:
        return percent(self.breaches, self.contracts)


def percent(part: int, whole: int) -> Decimal | None:
    """A share in %, to one decimal place as the report prints it; None of nothing."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def sentences(round_: Round, scope: Scope) -> Sentences:
    """Compute the sentences of a round, as far as the reader may see."""
    counted, printed = counts(round_.surveys, scope), listed(round_, scope)
    contracts = {
        information: _total(sheets.build(f"summary-{information}", counted, printed, {}))
        for information in ("personal", "statistics")
    }
    return Sentences(
        *(
            _of_kind(round_.survey(information), contracts[information], scope)
            for information in ("personal", "statistics")
        )
    )


def _total(sheet: sheets.Sheet) -> int:
    return next(cell.value for cell in sheet.row(TOTAL).cells if cell.column == TOTAL)


def _of_kind(survey: Survey, contracts: int, scope: Scope) -> KindSentences:
    listings = survey.listings.values("agency")  # what no table counts, no sentence does
    breaches = dict(
        classified(survey, scope)
        .filter(pk__in=breaching(survey), status=BREACH, agency__in=listings)
        .values_list("pk", "work")
    )
    wholly = to_wholly_owned(survey, breaches)
    measures = measures_on(survey, breaches)
    by_work = list(breaches.values())
    health = by_work.count(Contract.Work.STAFF_HEALTH_CHECK)
    medical = by_work.count(Contract.Work.MEDICAL_EXAMINATION)
    faults = ManagementFault.objects.valid().values("contract")
    faulty = list(
        population(survey, scope)
        .filter(pk__in=faults, agency__in=listings)
        .values_list("terminated_on", flat=True)
    )
    return KindSentences(
        information=survey.information,
        contracts=contracts,
        breaches=len(breaches),
        staff_health_checks=health,
        medical_examinations=medical,
        other_work=len(breaches) - health - medical,
        to_wholly_owned=len(wholly),
        to_wholly_owned_medical=sum(
            breaches[pk] == Contract.Work.MEDICAL_EXAMINATION for pk in wholly
        ),
        faults=len(faulty),
        faults_terminated=sum(day is not None for day in faulty),
        leaks=_leaks(breaches),
        with_measures=len(measures),
        measures=by_kind(measures),
    )


def to_wholly_owned(survey: Survey, contract_ids) -> set[int]:
    """Of these contracts, those with a link that breaks its contract while it goes to a 100%
    subsidiary of the prime contractor, on some day of the fiscal year."""
    first, last = survey.first_day.isoformat(), survey.last_day.isoformat()
    rows = (
        Finding.objects.filter(severity=Severity.BREACH, contract_id__in=list(contract_ids))
        .overlapping(survey.first_day, survey.last_day)
        .values_list("contract_id", "relations")
    )
    return {
        contract
        for contract, parts in rows
        if any(
            part["relation"] == "wholly_owned"
            and part["since"] <= last
            and (part["until"] is None or part["until"] > first)
            for part in parts
        )
    }


def _leaks(contract_ids) -> int:
    """Leaks, losses and damage on the contracts in breach: the report's 「漏えい等はなかった」."""
    incidents = Incident.objects.valid().filter(contract_id__in=list(contract_ids))
    return incidents.exclude(kind=IncidentKind.RISK).count()


class PublishedSentence(NamedTuple):
    """One figure of a sentence as printed: ``value`` in ``unit``, and the words around it."""

    key: str
    value: Decimal
    unit: str
    quote: str


def published(year: int) -> dict[str, PublishedSentence]:
    """The sentences' figures as printed for a fiscal year; empty where none are known."""
    path = FIXTURES / f"published-sentences-{year}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["key"]: PublishedSentence(
                row["key"], Decimal(row["value"]), row["unit"], row["quote"]
            )
            for row in csv.DictReader(file)
        }
