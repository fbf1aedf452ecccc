"""The forms of inspections that refer to anything, for tests/test_foreign_keys_of_forms.py."""

from __future__ import annotations

from datetime import date

from django.utils.datastructures import MultiValueDict

from accounts.people import writers
from guideline.calendar_views import CalendarForm, officers
from outsourcing.inspection_filters import InspectionFilter, PlanFilter
from outsourcing.inspection_forms import VisitForm
from outsourcing.models import Contract, Inspection, PlannedInspection
from outsourcing.plan_forms import ChangePlanForm, PlanFields, PlanForm
from tests import factories as make

DAY = date(2018, 4, 1)


def named_plans(own: Contract, theirs: Contract) -> tuple[str, str, str]:
    """(an own plan, another agency's, one that there is not)"""
    plans = [make.plan(contract=contract, officer=contract.officer) for contract in (own, theirs)]
    return *(str(plan.public_id) for plan in plans), "00000000-0000-0000-0000-000000000000"


def _filtered(filter_class, model):
    def form(made, data):
        rows = model.objects.visible_to(made.request.scope)
        return filter_class(data, queryset=rows, request=made.request).form

    return form


def _contracts(made):
    return Contract.objects.filter(agency=made.agency)


def _visit(made, data):
    codes = data.getlist("targets") or [made.contract.code]
    given = {"codes": codes, "contracts": _contracts(made), "today": DAY}
    return VisitForm(data, MultiValueDict(), **given)


def _able(made):
    return writers(made.agency, on=DAY)


def _fields(made, data):
    form = PlanFields(data)
    form.fields["officer"].queryset = _able(made)
    return form


FORMS_OF_INSPECTIONS = {
    PlanFields: (_fields, {"officer": "officers"}),
    InspectionFilter: (_filtered(InspectionFilter, Inspection), {"agency": "agencies"}),
    PlanFilter: (_filtered(PlanFilter, PlannedInspection), {"agency": "agencies"}),
    VisitForm: (_visit, {"targets": "links", "plans": "plans"}),
    PlanForm: (
        lambda made, data: PlanForm(data, contracts=_contracts(made), writers=_able(made)),
        {"targets": "contracts", "officer": "officers"},
    ),
    ChangePlanForm: (
        lambda made, data: ChangePlanForm(
            PlannedInspection.objects.get(public_id=made.plans.own), data, writers=_able(made)
        ),
        {"officer": "officers"},
    ),
    CalendarForm: (
        lambda made, data: CalendarForm(data, officers=officers(made.request.scope)),
        {"officer": "officers"},
    ),
}
