"""The field that names a contractor: by name, by 法人番号, or as a suggestion writes it.

A suggestion is typed text like any other, so that the field works without scripts, and a draft
keeps it as it stands: 「株式会社見本（1234567890123）」, or of who has no number
「見本 太郎［3f2a9c01b7de］」.
"""

from __future__ import annotations

import re
import unicodedata
import uuid

from django import forms
from django.core.exceptions import ValidationError

from outsourcing import corporate_numbers
from outsourcing.folding import fold, words
from outsourcing.forms import Refers
from outsourcing.models import Contractor
from outsourcing.querysets import ContractorQuerySet

SHOWN = 5  # candidates that an error names
EXAMPLE = "例：株式会社見本、1234567890123"
_NUMBER = re.compile(r"(?:\(|^)([0-9]{13})\)?$")
_SHORT = re.compile(r"\[([0-9a-f]{12})\]$")


def as_typed(contractor: Contractor) -> str:
    """How a suggestion writes a contractor; read back, it names nobody else."""
    if contractor.corporate_number:
        return f"{contractor.name}（{contractor.corporate_number}）"
    return f"{contractor.name}［{contractor.public_id.hex[:12]}］"


def named(contractors: ContractorQuerySet, text: str) -> list[Contractor]:
    """The contractors that ``text`` names: one as a rule, several where names are alike."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if match := _SHORT.search(plain):
        first = uuid.UUID(match[1] + "0" * 20)
        last = uuid.UUID(match[1] + "f" * 20)
        return list(contractors.filter(public_id__gte=first, public_id__lte=last)[:SHOWN])
    if match := _NUMBER.search(plain):
        return list(contractors.filter(corporate_number=match[1]))
    number = corporate_numbers.compact(text)
    if number.isdigit() and len(number) == 13:
        return list(contractors.filter(corporate_number=number))
    name = fold(text)
    found = contractors.filter(search_name__startswith=name).order_by("search_name", "pk")
    exact = [c for c in found[: 10 * SHOWN] if name in (fold(c.name), fold(c.kana))]
    return exact[: SHOWN + 1]


def suggestions(contractors: ContractorQuerySet, text: str, *, most: int) -> list[Contractor]:
    """Contractors in whose name, reading or number every word of ``text`` is found, those that
    begin with it first."""
    asked = words(text)
    if not asked:
        return []
    whole = "".join(asked)
    if whole.isdigit():
        return list(contractors.filter(corporate_number__startswith=whole).order_by("pk")[:most])
    rows = contractors.order_by("search_name", "pk")
    found = list(rows.filter(search_name__startswith=whole)[:most])
    if len(found) < most:
        for word in asked:
            rows = rows.filter(search_name__contains=word)
        rows = rows.exclude(pk__in=[c.pk for c in found])
        found += rows[: most - len(found)]
    return found


class ContractorInput(forms.TextInput):
    """``static/js/combobox.js`` makes it suggest while one types."""

    def __init__(self):
        super().__init__({"data-combobox": "contractors", "autocomplete": "off", "maxlength": 300})


class ContractorField(Refers, forms.CharField):
    """One of the ``contractors`` that may be referred to. What another agency alone knows it
    refuses like what there is not."""

    widget = ContractorInput

    def __init__(self, *, label: str, required: bool = True, **kwargs):
        self.contractors = Contractor.objects.none()
        kwargs.setdefault("help_text", f"名称、よみ、法人番号のどれでも探せます。{EXAMPLE}")
        super().__init__(label=label, required=required, max_length=300, **kwargs)
        self.error_messages["required"] = f"{label}を入力してください（{EXAMPLE}）。"

    def prepare_value(self, value):
        return as_typed(value) if isinstance(value, Contractor) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = named(self.contractors.valid(), text)
        if len(found) == 1:
            return found[0]
        raise ValidationError(self._refusal(text, found), code="invalid_choice")

    def _refusal(self, text: str, found: list[Contractor]) -> str:
        if not found:
            return (
                f"{self.label}「{text}」は登録されていません。名称か法人番号を確かめるか、"
                f"新しく登録してください（{EXAMPLE}）。"
            )
        names = "、".join(as_typed(contractor) for contractor in found[:SHOWN])
        more = "など" if len(found) > SHOWN else ""
        return (
            f"「{text}」に当たる{self.label}が複数あります。"
            f"どれかを入力してください：{names}{more}。"
        )
