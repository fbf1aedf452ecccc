"""Forms of the page of a draft that refer to anything, for tests/test_foreign_keys_of_forms.py."""

from __future__ import annotations

from outsourcing.draft_forms import ContractPart, DraftStartForm, LinkPart
from tests.forms_of_contract import known

FORMS_OF_DRAFTS = {
    ContractPart: (
        lambda made, data: ContractPart(
            data, sections=made.own_sections(), contractors=known(made), judged=True
        ),
        {"section": "sections", "contractor": "companies"},
    ),
    LinkPart: (
        lambda made, data: LinkPart(data, contractors=known(made), judged=True),
        {"contractor": "companies"},
    ),
    DraftStartForm: (
        lambda made, data: DraftStartForm(data, agencies=[made.agency, made.body]),
        {"agency": "agencies"},
    ),
}
