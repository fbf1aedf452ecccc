"""A contract with all that hangs on it, as rows in memory: as it stands, as it would be with what
is being typed, or as it has been typed from nothing. What rules would say of it is ``guideline``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from outsourcing.models import (
    Amendment,
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    CapabilityCheck,
    Contract,
    Disposal,
    FlowDownRecord,
    InspectionTarget,
    Notification,
    Subcontract,
    WrittenConfirmation,
)


@dataclass
class Entry:
    """Rows need not be saved. Each refers to the others here by the object, not by its key: a
    link's ``parent``, a decision's ``subcontract`` and a target's ``subcontract`` are among
    ``links``, in which parents come before children; a target has its ``inspection``."""

    contract: Contract
    amendments: list[Amendment] = field(default_factory=list)
    links: list[Subcontract] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    notices: list[Notification] = field(default_factory=list)
    flow_down: list[FlowDownRecord] = field(default_factory=list)
    targets: list[InspectionTarget] = field(default_factory=list)
    checks: list[CapabilityCheck] = field(default_factory=list)
    confirmations: list[WrittenConfirmation] = field(default_factory=list)
    decisions: list[AnonymizationDecision] = field(default_factory=list)
    measures: list[AnonymizationMeasure] = field(default_factory=list)
    disposals: list[Disposal] = field(default_factory=list)
    last_number: int = 0  # of its links, also of one that is no fact: it is not given again

    @classmethod
    def of(cls, contract: Contract) -> Entry:
        """A contract as it is recorded, without what is voided: a fixed number of queries."""
        numbered = list(contract.subcontracts.select_related("contractor").order_by("number"))
        links = [link for link in numbered if link.voided_on is None]
        by_key = {link.pk: link for link in links}
        for link in links:
            link.parent = by_key.get(link.parent_id)

        def hanging(model, *related):
            """Rows on the contract or on its links, which are those above."""
            on_contract = any(f.name == "contract" for f in model._meta.local_fields)
            path = "contract" if on_contract else "subcontract__contract"
            rows = model.objects.valid().filter(**{path: contract}).select_related(*related)
            found = []
            for row in rows.order_by("pk"):
                if getattr(row, "subcontract_id", None) is not None:
                    if row.subcontract_id not in by_key:
                        continue  # of a link that is no fact
                    row.subcontract = by_key[row.subcontract_id]
                found.append(row)
            return found

        return cls(
            contract=contract,
            amendments=list(contract.amendments.valid().order_by("effective_on", "pk")),
            links=links,
            approvals=hanging(Approval),
            notices=hanging(Notification),
            flow_down=hanging(FlowDownRecord),
            targets=[
                target
                for target in hanging(InspectionTarget, "inspection")
                if target.inspection.voided_on is None
            ],
            checks=hanging(CapabilityCheck),
            confirmations=hanging(WrittenConfirmation),
            decisions=hanging(AnonymizationDecision),
            measures=hanging(AnonymizationMeasure),
            disposals=hanging(Disposal),
            last_number=numbered[-1].number if numbered else 0,
        )

    @property
    def rows(self) -> list[list]:
        """Everything beside the contract and its chain, kind by kind."""
        return [
            *(self.approvals, self.notices, self.flow_down, self.targets, self.checks),
            *(self.confirmations, self.decisions, self.measures, self.disposals),
        ]


@dataclass
class Trial:
    """What a form that is not sent yet would make of a contract: the entry as it stands, and the
    change to it, which the page carries out once it has seen what stands. Without a change, an
    entry that is all new."""

    entry: Entry
    change: Callable[[Entry], None] | None = None
    # What could not be looked at, since it is not typed yet or cannot be read.
    left_out: tuple[str, ...] = ()
