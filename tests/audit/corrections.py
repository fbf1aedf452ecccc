"""What is done about findings, as the tests of lists and papers need it."""

from __future__ import annotations

from datetime import date, timedelta

from guideline.models import CorrectiveAction, Finding, Measure
from guideline.refresh import refresh
from tests import factories as make


def act_on(finding: Finding, *, started_on: date, **fields) -> CorrectiveAction:
    """A measure about one finding of a contract, which is to be done, or done."""
    fields.setdefault("measure", Measure.GUIDANCE)
    row = CorrectiveAction.objects.create(
        contract=finding.contract,
        agency=finding.agency,
        rule=finding.rule,
        subject=finding.subject,
        first_day=finding.since,
        last_day=finding.until and finding.until - timedelta(days=1),
        started_on=started_on,
        recorded_by=make.recorder(),
        **fields,
    )
    refresh([finding.contract_id])
    return row
