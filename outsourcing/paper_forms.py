"""What is typed above a paper, to stand on it: nothing of it is kept."""

from __future__ import annotations

from django import forms
from django.contrib.auth import get_user_model

from outsourcing.forms import CodeField, DayField
from outsourcing.models import Agency, PlannedInspection, Section


class PaperForm(forms.Form):
    """文書番号 and 決裁日. What is left blank stays blank on the paper, to be written by hand."""

    document_number = forms.CharField(
        label="文書番号", max_length=60, required=False, help_text="例：情総第12号"
    )
    decided_on = DayField(label="決裁日", required=False, help_text="例：平成30年4月2日")


class PlanPaperForm(PaperForm):
    """Whose plan of a year it is: an agency's, or of one of its sections or officers."""

    agency = CodeField(label="機関", required=False)
    section = CodeField(label="課室", required=False, empty_label="すべて")
    officer = CodeField(label="担当者", code="username", required=False, empty_label="すべて")

    field_order = ("agency", "section", "officer", "document_number", "decided_on")

    def __init__(self, data=None, *, agencies, agency: Agency | None):
        super().__init__(data)
        self.fields["agency"].queryset = agencies
        plans = PlannedInspection.objects.valid().filter(agency=agency)
        self.fields["section"].queryset = Section.objects.valid().filter(agency=agency)
        self.fields["officer"].queryset = get_user_model().objects.filter(
            pk__in=plans.order_by().values("officer")
        )

    def narrowed(self, plans):
        """The plans that were asked for; none where that cannot be read."""
        if not self.is_valid():
            return plans.none()
        section, officer = self.cleaned_data["section"], self.cleaned_data["officer"]
        if section:
            plans = plans.filter(contract__section=section)
        return plans.filter(officer=officer) if officer else plans
