"""What the auditor's pages ask for: two days."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms

from outsourcing.forms import DayField


class BetweenForm(forms.Form):
    """Two days: a month before the day of the page and that day, unless others are asked for."""

    first = DayField(label="前の日", help_text="例：2018-03-31、平成30年3月31日")
    last = DayField(label="後の日")

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", f"後の日「{last}」が前の日「{first}」より前です。")
        return self.cleaned_data

    def days(self) -> tuple[date, date]:
        if self.is_bound and self.is_valid():
            return self.cleaned_data["first"], self.cleaned_data["last"]
        return self.on - timedelta(days=30), self.on
