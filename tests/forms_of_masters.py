"""Forms of the masters that refer to anything, for tests/test_foreign_keys_of_forms.py."""

from __future__ import annotations

from outsourcing.abilities import Ability
from outsourcing.master_forms import (
    AbolishForm,
    HoldingFields,
    HoldingForm,
    NewContractorForm,
    NewHoldingForm,
)
from outsourcing.models import Agency, Contractor
from tests import factories as make


def known(made):
    return Contractor.objects.visible_to(made.access.scope(Ability.READ_LEDGER))


def holding(made, data):
    row = make.holding(holder=make.contractor(), held=make.contractor())
    return HoldingForm(row, data, contractors=known(made))


def fields(made, data):
    form = HoldingFields(data)
    form.refer_to(known(made))
    return form


FORMS_OF_MASTERS = {
    HoldingFields: (fields, {"holder": "companies", "held": "companies"}),
    # Asked of who adds contractors for several agencies.
    NewContractorForm: (
        lambda made, data: NewContractorForm(
            data,
            known=known(made),
            agencies=Agency.objects.filter(pk__in=[made.agency.pk, made.body.pk]).order_by("code"),
        ),
        {"agency": "agencies"},
    ),
    NewHoldingForm: (
        lambda made, data: NewHoldingForm(data, contractors=known(made)),
        {"holder": "companies", "held": "companies"},
    ),
    HoldingForm: (holding, {"holder": "companies", "held": "companies"}),
    # The survey office's alone, to which all agencies are known: one that is none to be chosen.
    AbolishForm: (
        lambda made, data: AbolishForm(
            made.body, data, others=Agency.objects.exclude(pk=made.body.pk)
        ),
        {"successor": "organs"},
    ),
}
