"""Forms of 検査計画, and the list from which targets are chosen."""

from __future__ import annotations

from datetime import timedelta

import django_filters as filters
from django import forms
from django.contrib.auth import get_user_model

from outsourcing.conflicts import VersionedForm
from outsourcing.draft_forms import PickField, TextField
from outsourcing.filters import OFFICERS, in_charge, mentioning
from outsourcing.forms import DAY_HELP, CodeField, DayField
from outsourcing.models import Contract, InspectionMethod, PlannedInspection
from outsourcing.once import OnceForm
from outsourcing.targets import TargetsField

RECENT = timedelta(days=90)  # paper comes after the contract has ended


class PlanFields(forms.Form):
    planned_on = DayField(label="予定日", help_text=DAY_HELP)
    method = PickField(
        InspectionMethod, label="検査の方法", empty="", initial=InspectionMethod.ON_SITE
    )
    officer = CodeField(
        get_user_model().objects.none(),
        code="username",
        label="担当者",
        required=False,
        empty_label="契約の保護担当者（いなければ自分）",
    )
    inspectors = TextField(PlannedInspection, "inspectors", help_text="例：総務課 試験花子")
    note = TextField(PlannedInspection, "note", help_text="例：本社の移転後に実施")


class PlanForm(PlanFields, OnceForm):
    """Plans the same for many targets, each a plan of its own."""

    targets = TargetsField(label="検査の対象")

    def __init__(self, data=None, *, contracts, writers, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["targets"].contracts = contracts
        self.fields["officer"].queryset = writers


class ChangePlanForm(PlanFields, VersionedForm):
    """Plans it otherwise."""

    def __init__(self, row, data=None, *, writers):
        super().__init__(row, data)
        self.fields["officer"].queryset = writers


class TargetFilter(filters.FilterSet):
    """Narrows the contracts of which targets are chosen."""

    q = filters.CharFilter(
        label="契約を探す",
        method="search",
        help_text="件名、契約コード、契約番号、委託先名、よみ、法人番号",
        max_length=200,
    )
    officer = filters.ChoiceFilter(
        label="保護担当者", choices=OFFICERS, method="of_officer", empty_label="すべて"
    )
    over = filters.BooleanFilter(
        label=f"終わって{RECENT.days}日を過ぎた契約も示す",
        method="keep",
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = Contract
        fields = ()

    @property
    def qs(self):
        """Nothing where a condition cannot be understood."""
        if not self.is_valid():
            return self.queryset.none()
        found = super().qs
        if self.form.cleaned_data.get("over"):
            return found
        return found.open_on(self.request.as_of() - RECENT)

    def search(self, contracts, name, value):
        return mentioning(contracts, value)

    def of_officer(self, contracts, name, value):
        return in_charge(contracts, value, self.request.user)

    def keep(self, contracts, name, value):
        """Joined in ``qs``."""
        return contracts
