"""Fields that read what people type; their errors name it and give an example."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from outsourcing import wareki

FIRST_YEAR, LAST_YEAR = 1900, 2100


class DayField(forms.Field):
    """A day in either calendar."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return wareki.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


class YearField(forms.Field):
    """A year of four digits."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        text = unicodedata.normalize("NFKC", str(value)).strip()
        if not re.fullmatch("[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
            raise ValidationError(
                f"「{value}」は年度として読めません。西暦で{FIRST_YEAR}から{LAST_YEAR}までの"
                "4桁の数字を入力してください（例：2017）。",
                code="invalid",
            )
        return int(text)


class AsOfForm(forms.Form):
    """The day a page is read as of."""

    as_of = DayField(label="基準日", required=False, help_text="例：2018-03-31、平成30年3月31日")
