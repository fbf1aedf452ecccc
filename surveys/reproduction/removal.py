"""Takes synthetic data out again. It is nobody's record, so this alone deletes."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction

from guideline.models import CorrectionEvidence, CorrectiveAction, Finding, Justification
from outsourcing import models as ledger
from surveys.models import Confirmation, Response

# Each before what it refers to.
MODELS = (
    Confirmation,
    Response,
    Justification,
    CorrectionEvidence,
    CorrectiveAction,
    ledger.Disclosure,
    ledger.Draft,
    ledger.PlannedInspection,
    ledger.Evidence,
    ledger.InspectionTarget,
    ledger.Inspection,
    ledger.Disposal,
    ledger.ContractorReport,
    ledger.ManagementFault,
    ledger.Incident,
    ledger.Approval,
    ledger.Notification,
    ledger.FlowDownRecord,
    ledger.CapabilityCheck,
    ledger.WrittenConfirmation,
    ledger.AnonymizationDecision,
    ledger.AnonymizationMeasure,
    ledger.SectionTransfer,
    ledger.Amendment,
)


class StillNeeded(Exception):
    """Something that is not synthetic refers to synthetic rows; the message is in Japanese."""


@transaction.atomic
def remove_synthetic() -> None:
    """Delete every synthetic row of the ledger; agencies and rounds stay.

    Raises StillNeeded, and deletes nothing, where other rows still refer to them.
    """
    try:
        with transaction.atomic():
            _remove()
            connection.check_constraints()  # both databases would only look at the end
    except IntegrityError as error:
        raise StillNeeded(
            f"合成データを参照している記録があるため、合成データを消せません（{error}）。"
        ) from error


def _remove() -> None:
    for of in ("contract", "disclosure"):
        Finding.objects.filter(**{f"{of}__synthetic": True})._raw_delete(connection.alias)
    for model in MODELS:
        _delete(model.objects.filter(synthetic=True))
    links = ledger.Subcontract.objects.filter(synthetic=True)
    links.update(parent=None)
    for rows in (
        links,
        ledger.Contract.objects.filter(synthetic=True),
        ledger.Section.objects.filter(synthetic=True),
        ledger.Shareholding.objects.filter(synthetic=True),
        ledger.NamePart.objects.filter(contractor__synthetic=True),
        ledger.Contractor.objects.filter(synthetic=True),
    ):
        _delete(rows)


def _delete(rows) -> None:
    """One statement: the order above leaves nothing for Django to collect."""
    rows._raw_delete(rows.db)
