"""What a violation report is of, and what is typed onto it: nothing of it is kept."""

from __future__ import annotations

from django import forms

from audit.violation_report import Asked
from outsourcing import fiscal_year
from outsourcing.forms import DayField, YearField
from outsourcing.paper_forms import PaperForm

NAMES = (("", "そのまま示す"), ("letters", "Ａ社、Ｂ社…とする"))


class ViolationReportForm(PaperForm):
    """A fiscal year, or the day of the page."""

    as_of = DayField(label="基準日", required=False, help_text="例：2018-03-31、平成30年3月31日")
    year = YearField(
        label="年度", required=False, help_text="西暦（例：2017）。空欄なら、基準日に該当するもの"
    )
    names = forms.ChoiceField(label="事業者の名称", choices=NAMES, required=False)

    field_order = ("year", "as_of", "names", "document_number", "decided_on")

    def __init__(self, data=None, *, on):
        super().__init__(data)
        self.on = on

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year is not None and self.on < fiscal_year.first_day(year):
            raise forms.ValidationError(
                f"年度「{year}」は、基準日「{self.on}」にはまだ始まっていません。"
                f"{fiscal_year.fiscal_year_of(self.on)}までの年度を入力してください"
                f"（例：{fiscal_year.fiscal_year_of(self.on)}）。"
            )
        return year

    def asked(self, agency) -> Asked | None:
        """None where what was asked for cannot be read; what is typed onto the paper may be."""
        self.is_valid()
        if self.errors.keys() & {"as_of", "year", "names"}:
            return None
        chosen = self.cleaned_data
        return Asked(agency, self.on, chosen["year"], hides_names=bool(chosen["names"]))
