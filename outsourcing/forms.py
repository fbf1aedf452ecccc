"""Fields that read what people type; their errors name it and give an example."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from outsourcing import wareki
from outsourcing.actions.sections import check_merge
from outsourcing.conflicts import ActionForm, VersionedForm

DAY_HELP = "例：2018-04-01、平成30年4月1日"
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


class Refers:
    """A field that names rows by a public code. What another agency has it refuses in the words for
    what there is not: tests/test_foreign_keys_of_forms.py tries each."""


class CodeField(Refers, forms.ModelChoiceField):
    """One of the rows that may be referred to."""

    def __init__(self, queryset=None, *, code="code", **kwargs):
        label = kwargs.get("label", "")
        kwargs.setdefault("empty_label", "選んでください")
        super().__init__(
            queryset,
            to_field_name=code,
            error_messages={
                "required": f"{label}を選んでください。",
                "invalid_choice": f"{label}「%(value)s」は選べません。",
            },
            **kwargs,
        )


class CodesField(Refers, forms.ModelMultipleChoiceField):
    """The same for several, each with its box to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset=None, *, code="code", **kwargs):
        label = kwargs.get("label", "")
        super().__init__(
            queryset,
            to_field_name=code,
            error_messages={
                "required": f"{label}を一つ以上選んでください。",
                "invalid_choice": f"{label}「%(value)s」は選べません。",
                "invalid_pk_value": f"{label}「%(pk)s」は選べません。",
            },
            **kwargs,
        )


class SupervisorForm(VersionedForm):
    """Who guides an independent agency (第11)."""

    supervisor = CodeField(label="所管府省", required=False, empty_label="なし（未登録）")

    def __init__(self, row, data=None, *, organs):
        super().__init__(row, data)
        self.fields["supervisor"].queryset = organs


class SectionForm(VersionedForm):
    """Renames a section, corrects its days, or closes it."""

    name = forms.CharField(label="課室名", max_length=200)
    kana = forms.CharField(label="よみ", max_length=400, required=False)
    first_day = DayField(label="設置日", required=False, help_text=DAY_HELP)
    last_day = DayField(
        label="廃止日", required=False, help_text="この日まで課室はあります。空欄なら続いています。"
    )


class NewSectionForm(ActionForm):
    code = forms.RegexField(
        r"^[0-9A-Za-z-]+$",
        label="課室コード",
        max_length=16,
        help_text="半角の英数字と「-」。例：001。後から変えられません。",
        error_messages={"invalid": "課室コードには、半角の英数字と「-」だけを使ってください。"},
    )
    name = forms.CharField(label="課室名", max_length=200)
    kana = forms.CharField(label="よみ", max_length=400, required=False)
    first_day = DayField(label="設置日", required=False, help_text=DAY_HELP)


class MergeForm(ActionForm):
    """課室の統合: which sections, into which, from which day on, and why."""

    sections = CodesField(label="統合する課室", help_text="統合日の前日に廃止されます。")
    into = CodeField(label="統合先の課室")
    on = DayField(label="統合日", help_text=DAY_HELP)
    reason = forms.CharField(label="統合の理由", max_length=500, help_text="例：平成30年の組織再編")

    def __init__(self, data=None, *, sections):
        super().__init__(data)
        self.fields["sections"].queryset = self.fields["into"].queryset = sections

    def clean(self):
        """What cannot be merged is refused before it is asked whether it shall."""
        values = super().clean()
        if not self.errors:
            check_merge(values["sections"], into=values["into"], on=values["on"])
        return values


class TransferForm(VersionedForm):
    """移管 of one contract."""

    section = CodeField(label="移管先の課室")
    on = DayField(label="移管日", help_text=DAY_HELP)
    reason = forms.CharField(label="移管の理由", max_length=500)

    def __init__(self, row, data=None, *, sections):
        super().__init__(row, data)
        self.fields["section"].queryset = sections
