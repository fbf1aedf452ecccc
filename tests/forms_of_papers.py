"""The form above a plan of inspections, for tests/test_foreign_keys_of_forms.py."""

from __future__ import annotations

from outsourcing.models import Agency
from outsourcing.paper_forms import PlanPaperForm
from tests import factories as make


def plan_paper(made, data):
    make.plan(contract=made.contract, officer=made.contract.officer)
    agencies = Agency.objects.visible_to(made.request.scope)
    return PlanPaperForm(data, agencies=agencies, agency=made.agency)


FORMS_OF_PAPERS = {
    PlanPaperForm: (
        plan_paper,
        {"agency": "agencies", "section": "sections", "officer": "officers"},
    ),
}
