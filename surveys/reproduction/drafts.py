"""Contracts before they are written, with all that hangs on them, and what they are drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from outsourcing.bulk import new_row
from outsourcing.models import (
    Agency,
    Amendment,
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    ApprovalResult,
    CapabilityCheck,
    Contract,
    Contractor,
    ContractorReport,
    Disposal,
    FlowDownRecord,
    InspectionTarget,
    ManagementFault,
    Notification,
    Section,
    Subcontract,
    WrittenConfirmation,
)
from surveys.reproduction import vocabulary
from surveys.reproduction.companies import Companies

FIRST, LAST = date(2017, 4, 1), date(2018, 3, 31)  # the fiscal year that is made
DAY = timedelta(days=1)


@dataclass(slots=True)
class Draft:
    """Unsaved rows of one contract. ``visits`` are (day, method, target): what was inspected."""

    contract: Contract
    links: list[Subcontract] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    notices: list[Notification] = field(default_factory=list)
    amendments: list[Amendment] = field(default_factory=list)
    disposals: list[Disposal] = field(default_factory=list)
    reports: list[ContractorReport] = field(default_factory=list)
    faults: list[ManagementFault] = field(default_factory=list)
    checks: list[CapabilityCheck] = field(default_factory=list)
    papers: list[WrittenConfirmation] = field(default_factory=list)
    decisions: list[AnonymizationDecision] = field(default_factory=list)
    measures: list[AnonymizationMeasure] = field(default_factory=list)
    flow_down: list[FlowDownRecord] = field(default_factory=list)
    visits: list[tuple[date, str, InspectionTarget]] = field(default_factory=list)

    @property
    def last_day(self) -> date:
        """The last day as it will stand once amendments and termination are written."""
        contract = self.contract
        ends = [a.last_day for a in self.amendments if a.last_day]
        last = ends[-1] if ends else contract.agreed_last_day
        return min(last, contract.terminated_on or last)

    def link(self, contractor: Contractor, first_day: date, *, parent=None, **fields):
        link = new_row(
            Subcontract,
            contract=self.contract,
            parent=parent,
            contractor=contractor,
            first_day=first_day,
            **fields,
        )
        self.links.append(link)
        return link

    def approve(
        self,
        link: Subcontract,
        decided_on: date | None,
        *,
        result=ApprovalResult.APPROVED,
        **fields,
    ) -> None:
        self.approvals.append(
            new_row(Approval, subcontract=link, decided_on=decided_on, result=result, **fields)
        )

    def notify(self, link: Subcontract, received_on: date) -> None:
        self.notices.append(Notification(subcontract=link, received_on=received_on))

    def amend(self, effective_on: date, **fields) -> None:
        self.amendments.append(
            Amendment(contract=self.contract, effective_on=effective_on, **fields)
        )

    def terminate(self, day: date, reason: str) -> None:
        self.contract.terminated_on, self.contract.termination_reason = day, reason


class Workshop:
    """What drafts are drawn from: the seed's numbers, the companies, the agencies' sections."""

    def __init__(self, random: Random):
        self.random = random
        self.companies = Companies(random)
        self.new_sections: list[Section] = []
        self._sections: dict[int, list[Section]] = {}
        self._numbers: Counter[tuple[int, int]] = Counter()

    def section(self, agency: Agency) -> Section:
        """One of the agency's sections, which are opened when first asked for."""
        if agency.pk not in self._sections:
            names = self.random.sample(vocabulary.SECTIONS, self.random.randrange(2, 5))
            self._sections[agency.pk] = [
                Section(agency=agency, code=f"S{number:02d}", name=f"架空{name}", synthetic=True)
                for number, name in enumerate(names, 1)
            ]
            self.new_sections += self._sections[agency.pk]
        return self.random.choice(self._sections[agency.pk])

    def contract_number(self, agency: Agency, year: int) -> str:
        self._numbers[agency.pk, year] += 1
        return f"架空{vocabulary.heisei(year)}契第{self._numbers[agency.pk, year]:05d}号"

    def company(self, work: str, *others: Contractor) -> Contractor:
        return self.companies.subcontractor(work, *others)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, *choices):
        return self.random.choice(choices)

    def weighted(self, choices):
        """One of (value, weight) pairs."""
        values, weights = zip(*choices, strict=True)
        return self.random.choices(values, weights)[0]


class Target(NamedTuple):
    """How many contracts of one kind of information an agency had, as the ministry printed it."""

    agency: Agency
    information: str
    total: int
    breach: int
    unverifiable: int


Maker = Callable[[Workshop, Target], Draft]
