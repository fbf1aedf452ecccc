"""What the auditor's pages ask for: two days, two agencies or sections."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django import forms

from outsourcing.forms import DayField, Refers
from outsourcing.models import Agency, Section


class BetweenForm(forms.Form):
    """Two days: a month before the day of the page and that day, unless others are asked for."""

    first = DayField(label="前の日", help_text="例：2018-03-31、平成30年3月31日")
    last = DayField(label="後の日")

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    @classmethod
    def of(cls, data, *, on: date) -> BetweenForm:
        """Of an address that may hold other conditions alone."""
        return cls(data if {"first", "last"} & data.keys() else None, on=on)

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", f"後の日「{last}」が前の日「{first}」より前です。")
        return self.cleaned_data

    def days(self) -> tuple[date, date]:
        if self.is_bound and self.is_valid():
            return self.cleaned_data["first"], self.cleaned_data["last"]
        return self.on - timedelta(days=30), self.on


class Part(NamedTuple):
    """Whose ledger: an agency's, or a section's of it."""

    agency: Agency
    section: Section | None = None

    @property
    def code(self) -> str:
        if self.section is None:
            return self.agency.code
        return f"{self.agency.code}/{self.section.code}"

    @property
    def label(self) -> str:
        return f"{self.agency}　{self.section}" if self.section else str(self.agency)


class PartField(Refers, forms.ChoiceField):
    """One of the parts that may be compared, by its code."""

    def clean(self, value) -> Part:
        code = super().clean(value)
        return self.parts[code]

    def offer(self, parts: list[Part]) -> None:
        self.parts = {part.code: part for part in parts}
        self.choices = [(part.code, part.label) for part in parts]


def _part(label: str) -> PartField:
    return PartField(
        label=label,
        error_messages={
            "required": f"{label}を選んでください。",
            "invalid_choice": f"{label}「%(value)s」は選べません。",
        },
    )


class PartsForm(forms.Form):
    """Two of them, each on a day; the second on the day of the first unless one is named."""

    left = _part("一つ目")
    left_on = DayField(label="一つ目の日", help_text="例：2018-03-31、平成30年3月31日")
    right = _part("二つ目")
    right_on = DayField(
        label="二つ目の日", required=False, help_text="空欄なら、一つ目と同じ日です。"
    )

    def __init__(self, data=None, *, parts: list[Part], **kwargs):
        super().__init__(data, **kwargs)
        for name in ("left", "right"):
            self.fields[name].offer(parts)

    @property
    def sides(self) -> list[tuple[Part, date]]:
        """What was chosen; nothing where it cannot be understood."""
        if not self.is_bound or not self.is_valid():
            return []
        asked = self.cleaned_data
        right_on = asked["right_on"] or asked["left_on"]
        return [(asked["left"], asked["left_on"]), (asked["right"], right_on)]
