"""Forms of one's work that refer to anything, for tests/test_foreign_keys_of_forms.py: how each is
made for somebody who writes, and what is named in each of its fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

from accounts.access import access_of
from guideline.work_filters import ApprovalFilter, DueFilter
from outsourcing.abilities import Ability
from outsourcing.approval_forms import ApprovalsForm
from outsourcing.models import Contract, Draft
from outsourcing.renewal_forms import RenewalForm
from outsourcing.work_filters import DraftFilter, OwnContractFilter, RenewalFilter, WorkFilter
from outsourcing.writing import contracts_to_write
from tests import factories as make

DAY = date(2018, 4, 1)


def writer(made) -> SimpleNamespace:
    access = access_of(make.officer(made.agency), on=DAY)
    scope = access.scope(Ability.READ_LEDGER)
    return SimpleNamespace(access=access, scope=scope, as_of=lambda: DAY)


def filtered(filter_class: type, model: type) -> Callable:
    return lambda made, data: (
        filter_class(data, queryset=model.objects.all(), request=writer(made)).form
    )


FORMS_OF_WORK = {
    **{
        one: (filtered(one, Draft if one is DraftFilter else Contract), {"section": "coded"})
        for one in (
            WorkFilter,
            OwnContractFilter,
            RenewalFilter,
            DueFilter,
            ApprovalFilter,
            DraftFilter,
        )
    },
    RenewalForm: (
        lambda made, data: RenewalForm(data, offered=contracts_to_write(writer(made))),
        {"contracts": "contracts"},
    ),
    ApprovalsForm: (
        lambda made, data: ApprovalsForm(data, contracts=contracts_to_write(writer(made))),
        {"targets": "links"},
    ),
}
