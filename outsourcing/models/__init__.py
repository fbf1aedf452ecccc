"""The ledger: facts only. What the law makes of them is ``guideline``'s."""

from outsourcing.models.agencies import Agency, AgencyKind, AgencyName, ReservedSerial, Section
from outsourcing.models.contractors import Contractor, NamePart, NoNumber, Shareholding
from outsourcing.models.contracts import (
    Amendment,
    Clause,
    Contract,
    LinkWork,
    SectionTransfer,
    split_code,
)
from outsourcing.models.disclosures import Basis, Disclosure
from outsourcing.models.drafts import Draft, Submission
from outsourcing.models.handovers import Handover, handed_over
from outsourcing.models.inspections import (
    Evidence,
    Inspection,
    InspectionMethod,
    InspectionResult,
    InspectionScope,
    InspectionTarget,
    PlannedInspection,
    target_code,
)
from outsourcing.models.records import (
    ContractorReport,
    Disposal,
    DisposalMethod,
    Incident,
    IncidentKind,
    ManagementFault,
    ReportKind,
)
from outsourcing.models.safeguards import (
    AnonymizationDecision,
    AnonymizationMeasure,
    CapabilityCheck,
    Matter,
    WrittenConfirmation,
)
from outsourcing.models.subcontracts import (
    Approval,
    ApprovalResult,
    FlowDownRecord,
    Notification,
    Relation,
    Subcontract,
)

__all__ = [
    "Agency",
    "AgencyKind",
    "AgencyName",
    "Amendment",
    "AnonymizationDecision",
    "AnonymizationMeasure",
    "Approval",
    "ApprovalResult",
    "Basis",
    "CapabilityCheck",
    "Clause",
    "Contract",
    "Contractor",
    "ContractorReport",
    "Disclosure",
    "Disposal",
    "DisposalMethod",
    "Draft",
    "Evidence",
    "FlowDownRecord",
    "Handover",
    "Incident",
    "IncidentKind",
    "Inspection",
    "InspectionMethod",
    "InspectionResult",
    "InspectionScope",
    "InspectionTarget",
    "LinkWork",
    "ManagementFault",
    "Matter",
    "NamePart",
    "NoNumber",
    "Notification",
    "PlannedInspection",
    "Relation",
    "ReportKind",
    "ReservedSerial",
    "Section",
    "SectionTransfer",
    "Shareholding",
    "Subcontract",
    "Submission",
    "WrittenConfirmation",
    "handed_over",
    "split_code",
    "target_code",
]
