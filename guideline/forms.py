"""What pages of the law ask for: two editions, two days."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms

from guideline.law import law
from guideline.provisions import Edition
from outsourcing.forms import DayField


def editions_to_choose() -> list[tuple[str, str]]:
    return [(e.key, f"{e.key} {e.number}") for e in law().editions]


class EditionsForm(forms.Form):
    """Two editions to set side by side: the oldest and the newest unless others are asked for."""

    old = forms.ChoiceField(label="旧", choices=editions_to_choose)
    new = forms.ChoiceField(label="新", choices=editions_to_choose)
    all = forms.BooleanField(label="変更のない条項も示す", required=False)

    def chosen(self) -> tuple[Edition, Edition]:
        by_key = {e.key: e for e in law().editions}
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        keys = list(by_key)
        return by_key[asked.get("old") or keys[0]], by_key[asked.get("new") or keys[-1]]

    def wants_all(self) -> bool:
        return bool(self.is_bound and self.is_valid() and self.cleaned_data["all"])


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
