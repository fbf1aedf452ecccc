"""Forms of 保存した条件. The conditions come from the address of a list and are not typed here."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from audit import reports
from audit.models import SavedReport
from outsourcing.conflicts import VersionedForm
from outsourcing.draft_forms import TextField
from outsourcing.forms import CodeField
from outsourcing.models import Agency
from outsourcing.once import OnceForm

NO_CONDITIONS = "指定なし（今年度に生じた、又は是正が未済のもの）"


class SharedField(forms.TypedChoiceField):
    """自分だけ, or all who read the same ledgers."""

    CHOICES = (("no", "自分だけが見る"), ("yes", "同じ台帳を閲覧できる人と共有する"))

    def __init__(self, **kwargs):
        super().__init__(
            label="見る人",
            choices=self.CHOICES,
            coerce=lambda value: value == "yes",
            widget=forms.RadioSelect,
            initial=False,
            help_text="共有しても、名前と条件を変えられるのは作った人だけです。",
            error_messages={"required": "見る人を選んでください（例：自分だけが見る）。"},
            **kwargs,
        )

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)

    def in_words(self, value: bool) -> str:
        return dict(self.CHOICES)[self.prepare_value(value)]


class ConditionsField(forms.CharField):
    """As they stand in the address of a list."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(label="条件", required=False, **kwargs)

    def in_words(self, value: str) -> str:
        return said(value)


class ReportFields(forms.Form):
    name = TextField(SavedReport, "name", required=True, help_text="例：承認のない再委託（総務課）")
    shared = SharedField()


class NewReportForm(ReportFields, OnceForm):
    """Keeps conditions under a name; who reads several ledgers says which are counted."""

    agency = CodeField(label="数える台帳", required=False, empty_label="すべての機関")
    conditions = ConditionsField()
    asks = False  # a name is kept once anyway

    field_order = ("name", "agency", "shared")

    def __init__(self, data=None, *, agencies, everything: bool, today: date, **kwargs):
        """``agencies``: those in which the user has a role; ``everything``: the ministry's."""
        super().__init__(data, **kwargs)
        self.today, self.only = today, None
        agencies = list(agencies)
        if len(agencies) + everything == 1:
            self.only = agencies[0] if agencies else None
            del self.fields["agency"]
            return
        field = self.fields["agency"]
        field.queryset = Agency.objects.filter(pk__in=[a.pk for a in agencies]).order_by("code")
        if not everything:
            field.required, field.empty_label = True, "選んでください"

    def clean(self):
        asked = super().clean()
        asked["agency"] = asked.get("agency") or self.only
        if self.errors:
            return asked
        try:
            asked["conditions"] = reports.normalised(
                asked["conditions"], asked["agency"], self.today
            )
        except ValidationError as refused:
            self.add_error(None, refused)
        return asked


class ReportForm(ReportFields, VersionedForm):
    """名前と共有."""


class ConditionsForm(VersionedForm):
    """Other conditions in place of those kept."""

    conditions = ConditionsField()

    def __init__(self, row, data=None, *, today: date, **kwargs):
        super().__init__(row, data, **kwargs)
        self.today = today

    def clean(self):
        asked = super().clean()
        try:
            asked["conditions"] = reports.normalised(
                asked["conditions"], self.row.agency, self.today
            )
        except ValidationError as refused:
            self.add_error(None, refused)
        return asked


class TakeBackReportForm(VersionedForm):
    """A page that asks whether it is meant."""


def said(conditions: str) -> str:
    """Conditions in words, in one line."""
    found = reports.in_words([conditions])[conditions]
    return "、".join(f"{label}：{value}" for label, value in found) or NO_CONDITIONS
