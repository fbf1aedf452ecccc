"""What lists of findings can be narrowed by; every condition stands in the address."""

from __future__ import annotations

from datetime import timedelta

import django_filters as filters
from django import forms

from guideline.models import Finding, Severity
from guideline.rules import RULES
from outsourcing.filters import DayFilter, by_agency
from outsourcing.models import Contract

DUE = (("30", "30日以内"), ("90", "90日以内"), ("180", "180日以内"))
EXCUSED = (("no", "理由書のないもの"), ("yes", "理由書のあるもの"))
OWED = (("yes", "改正によってはじめて生じたもの"),)


class TimeForm(forms.Form):
    """A period is whole, in order, and the only time that is asked for."""

    def clean(self):
        asked = self.cleaned_data
        first, last = asked.get("since"), asked.get("until")
        if {"since", "until"} & self.errors.keys():
            return asked
        if (first is None) != (last is None):
            self.add_error("until", "期間は、初日と末日の両方を入力してください。")
        elif first and last < first:
            self.add_error("until", f"期間の末日「{last}」が初日「{first}」より前です。")
        elif first and asked.get("due"):
            self.add_error("due", "期間と対応期限は、どちらか一方を指定してください。")
        return asked


class FindingFilter(filters.FilterSet):
    """Findings of a day, of a period, or those that will begin unless something is done."""

    as_of = DayFilter(label="基準日", method="keep", help_text="例：2018-03-31、平成30年3月31日")
    since = DayFilter(label="期間の初日", method="keep", help_text="期間中に一日でも該当したもの")
    until = DayFilter(label="期間の末日", method="keep")
    due = filters.ChoiceFilter(
        label="対応期限", choices=DUE, method="keep", empty_label="指定しない"
    )
    rule = filters.ChoiceFilter(
        label="規則", choices=[(rule.code, rule.title) for rule in RULES], empty_label="すべて"
    )
    severity = filters.ChoiceFilter(label="区分", choices=Severity, empty_label="すべて")
    agency = by_agency()
    work = filters.ChoiceFilter(
        label="業務の種類",
        field_name="contract__work",
        choices=Contract.Work,
        empty_label="すべて",
    )
    excused = filters.ChoiceFilter(
        label="理由書", choices=EXCUSED, method="excusing", empty_label="すべて"
    )
    owed = filters.ChoiceFilter(
        label="指針の改正", choices=OWED, method="owing", empty_label="指定しない"
    )

    class Meta:
        model = Finding
        fields = ()
        form = TimeForm

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        if not self.is_valid():
            return self.queryset.none()
        found = super().qs
        asked = self.form.cleaned_data
        if asked.get("due"):
            ahead = self.on + timedelta(days=int(asked["due"]))
            return found.arising(self.on + timedelta(days=1), ahead)
        if asked.get("since"):
            return found.overlapping(asked["since"], asked["until"])
        return found.on(self.on)

    def keep(self, findings, name, value):
        """Conditions of time are joined in ``qs``."""
        return findings

    def excusing(self, findings, name, value):
        return findings.filter(excused=value == "yes")

    def owing(self, findings, name, value):
        return findings.filter(owed_to__isnull=False)
