"""A contract with a row on every sheet, whose texts are all ``text``."""

from __future__ import annotations

from datetime import date

from django.db.models import CharField

from guideline.models import CorrectiveAction, Justification
from outsourcing.actions import contractors, contracts, records, subcontracts
from outsourcing.models import (
    Agency,
    Amendment,
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    CapabilityCheck,
    Contract,
    ContractorReport,
    Disposal,
    FlowDownRecord,
    Incident,
    Inspection,
    InspectionTarget,
    ManagementFault,
    Notification,
    PlannedInspection,
    Subcontract,
    WrittenConfirmation,
)
from tests import factories as make

DAY = date(2017, 5, 1)
# Written for whoever reads, or kept by the ledger itself.
NOT_TYPED = {"search_name", "search_text", "void_reason", "corporate_number", "rule", "subject"}


def texts(model, text: str, **others) -> dict[str, str]:
    """``text`` in every field that takes any text."""
    named = {
        field.name: text[: field.max_length or 2000]
        for field in model._meta.local_concrete_fields
        if isinstance(field, CharField) and not field.choices and field.name not in NOT_TYPED
    }
    return named | others


def full_contract(*, agency: Agency, text: str, synthetic: bool = False) -> Contract:
    by = make.recorder()
    section = make.section(agency=agency, name=text)
    company = contractors.add(
        by=by, no_number_reason="individual", agency=agency, **texts(make.Contractor, text)
    )
    contract = make.contract(
        agency=agency,
        contractor=company,
        section=section,
        officer=make.officer(agency),
        persons=12,
        exempt_work={"data_entry": text[:60]},
        items={"8-4(1)": {"article": text[:60], "quote": text}, "8-4(3)": {},
               **{key: {"quote": text} for key in ("8-4(2)注", "8-4(4)", "8-4(5)", "8-4(6)")}},
        terminated_on=date(2018, 1, 31),
        synthetic=synthetic,
        **texts(Contract, text),
    )  # fmt: skip
    link = make.link(contract=contract, contractor=company, **texts(Subcontract, text))
    below = make.link(contract=contract, parent=link, declared_relation="subsidiary")
    subcontracts.approve(link, by=by, result="approved", decided_on=DAY, **texts(Approval, text))
    subcontracts.notify(below, by=by, received_on=DAY, **texts(Notification, text))
    items = {"8-4(1)": {"quote": text}, "8-4(3)": None, "8-4(4)": {}}
    amended = {"last_day": date(2018, 2, 28), "items": items}
    contracts.amend(
        contract, by=by, effective_on=DAY, clause="prior_notice", exempt_work={"other": "第9条"},
        **amended, **texts(Amendment, text),
    )  # fmt: skip
    on = {"contract": contract}
    for row in (
        FlowDownRecord(subcontract=link, items=["capability", "8-4(1)"], recorded_on=DAY),
        CapabilityCheck(**on, checked_on=DAY, **texts(CapabilityCheck, text)),
        WrittenConfirmation(
            **on, matters=["management"], confirmed_on=DAY, **texts(WrittenConfirmation, text)
        ),
        AnonymizationDecision(
            **on, decided_on=DAY, needed=True, **texts(AnonymizationDecision, text)
        ),
        AnonymizationMeasure(**on, done_on=DAY, **texts(AnonymizationMeasure, text)),
        Disposal(**on, subcontract=link, method="erased", done_on=DAY, **texts(Disposal, text)),
        ContractorReport(**on, kind="periodic", due_on=DAY, **texts(ContractorReport, text)),
        ManagementFault(**on, found_on=DAY, **texts(ManagementFault, text)),
        Incident(**on, kind="loss", noticed_on=DAY, persons=3, **texts(Incident, text)),
    ):
        records.record(row, by=by)
    targets = [
        InspectionTarget(**on, subcontract=at, result="points", **texts(InspectionTarget, text))
        for at in (None, link)
    ]
    visit = texts(Inspection, text)
    records.inspect(by=by, agency=agency, synthetic=synthetic, targets=targets, day=DAY,
                    method="documents", **visit)  # fmt: skip
    make.plan(contract=contract, link=link, **texts(PlannedInspection, text))
    make.disclosure(agency=agency, section=section, **texts(make.Disclosure, text))
    _reasons(contract, text)
    return contract


def _reasons(contract: Contract, text: str) -> None:
    asked, approved = make.user(), make.user()
    kept = {
        "agency": contract.agency,
        "contract": contract,
        "rule": "capability-check",
        "subject": "contract",
        "recorded_by": asked,
    }
    Justification.objects.create(
        **kept, first_day=DAY, last_day=DAY, asked_by=asked, asked_on=DAY, approved_by=approved,
        approved_on=DAY, **texts(Justification, text),
    )  # fmt: skip
    CorrectiveAction.objects.create(
        **kept, first_day=DAY, measure="guidance", officer=asked, started_on=DAY,
        **texts(CorrectiveAction, text),
    )  # fmt: skip
