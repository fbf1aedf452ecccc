"""One synthetic contract before it is written, with all that hangs on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from outsourcing.models import (
    Amendment,
    Approval,
    ApprovalResult,
    Contract,
    ContractorReport,
    Disposal,
    InspectionTarget,
    ManagementFault,
    Notification,
    Subcontract,
)


@dataclass
class Draft:
    """Unsaved rows of one contract; ``terminated`` is (day, reason) or None."""

    contract: Contract
    links: list[Subcontract] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    notices: list[Notification] = field(default_factory=list)
    amendments: list[Amendment] = field(default_factory=list)
    disposals: list[Disposal] = field(default_factory=list)
    reports: list[ContractorReport] = field(default_factory=list)
    faults: list[ManagementFault] = field(default_factory=list)
    visits: list[tuple[date, str, InspectionTarget]] = field(default_factory=list)

    def link(self, contractor, first_day: date, *, parent=None, **fields) -> Subcontract:
        link = Subcontract(
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
            Approval(subcontract=link, decided_on=decided_on, result=result, **fields)
        )

    def notify(self, link: Subcontract, received_on: date) -> None:
        self.notices.append(Notification(subcontract=link, received_on=received_on))

    def amend(self, effective_on: date, **fields) -> None:
        self.amendments.append(
            Amendment(contract=self.contract, effective_on=effective_on, **fields)
        )
