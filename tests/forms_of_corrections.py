"""The forms of 是正・再発防止策 that refer to anything, for tests/test_foreign_keys_of_forms.py."""

from __future__ import annotations

from datetime import date

from django.utils.datastructures import MultiValueDict

from accounts.people import writers
from guideline.correction_filters import CorrectionFilter, ranked
from guideline.correction_forms import CorrectForm, StartForm
from guideline.correction_targets import Writable, target_code
from guideline.models import CorrectiveAction
from outsourcing.models import Contract, Disclosure
from tests import factories as make

DAY = date(2018, 4, 1)


def named_findings(own: Contract, theirs: Contract) -> tuple[str, str, str]:
    """(an own finding, another agency's, one that there is not)"""
    rows = [contract.findings.order_by("pk").first() for contract in (own, theirs)]
    codes = [target_code(row.contract.code, row) for row in rows]
    return *codes, f"{own.code}~unapproved-subcontract~link:9~2017-04-01"


def _able(made):
    return writers(made.agency, on=DAY)


def _start(made, data):
    own = Writable(
        Contract.objects.filter(agency=made.agency), Disclosure.objects.filter(agency=made.agency)
    )
    return StartForm(data, MultiValueDict(), writable=own, writers=_able(made), today=DAY)


def _correct(made, data):
    row = make.corrective_action(finding=made.contract.findings.order_by("pk").first())
    return CorrectForm(row, data, writers=_able(made), today=DAY)


def _filter(made, data):
    rows = ranked(CorrectiveAction.objects.visible_to(made.request.scope), DAY)
    return CorrectionFilter(data, queryset=rows, request=made.request).form


FORMS_OF_CORRECTIONS = {
    StartForm: (_start, {"findings": "findings", "officer": "officers"}),
    CorrectForm: (_correct, {"officer": "officers"}),
    CorrectionFilter: (_filter, {"agency": "agencies"}),
}
