"""The field that names a contractor: by name, by 法人番号, or as a suggestion writes it.

A suggestion is typed text like any other, so that the field works without scripts, and a draft
keeps it as it stands: 「株式会社見本（8999999000001）」, or of who has no number
「見本 太郎［3f2a9c01b7de］」.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from outsourcing import corporate_numbers
from outsourcing.folding import fold, spelled_out
from outsourcing.forms import Refers
from outsourcing.models import Contractor
from outsourcing.name_parts import LEADING, LONGEST
from outsourcing.querysets import ContractorQuerySet

SHOWN = 5  # candidates that an error names
EXAMPLE = f"例：株式会社見本、{corporate_numbers.EXAMPLE}"
_NUMBER = re.compile(r"(?:\(|^)([0-9]{13})\)?$")
_SHORT = re.compile(r"\[([0-9a-f]{12})\]$")


def as_typed(contractor: Contractor) -> str:
    """How a suggestion writes a contractor; read back, it names nobody else."""
    if contractor.corporate_number:
        return f"{contractor.name}（{contractor.corporate_number}）"
    return f"{contractor.name}［{contractor.public_id.hex[:12]}］"


def named(contractors: ContractorQuerySet, text: str) -> list[Contractor]:
    """The contractors that ``text`` names: one as a rule, several where names are alike."""
    if number := number_in(text):
        return list(contractors.filter(corporate_number=number))
    if match := _SHORT.search(unicodedata.normalize("NFKC", text).strip()):
        first = uuid.UUID(match[1] + "0" * 20)
        last = uuid.UUID(match[1] + "f" * 20)
        return list(contractors.filter(public_id__gte=first, public_id__lte=last)[:SHOWN])
    found = _by_name(contractors, name := fold(text))
    return found or (_by_name(contractors, full) if (full := spelled_out(name)) != name else [])


def _by_name(contractors: ContractorQuerySet, name: str) -> list[Contractor]:
    whole = Q(search_name=name) | Q(search_name__startswith=f"{name} ")
    whole |= Q(search_name__endswith=f" {name}")
    begins = {"parts__place": LEADING, "parts__part": name[:LONGEST]}  # answered by an index
    return list(contractors.filter(whole, **begins).order_by("search_name", "pk")[: SHOWN + 1])


def number_in(text: str) -> str | None:
    """The 法人番号 that ``text`` is, or ends with as a suggestion does."""
    if match := _NUMBER.search(unicodedata.normalize("NFKC", text).strip()):
        return match[1]
    number = corporate_numbers.compact(text)
    return number if number.isdigit() and len(number) == 13 else None


def numbered(contractors: ContractorQuerySet, texts: Iterable[str]) -> dict[str, Contractor]:
    """By 法人番号, the contractors that several texts name: one query for all."""
    numbers = {number for text in texts if (number := number_in(text))}
    found = contractors.filter(corporate_number__in=numbers) if numbers else ()
    return {contractor.corporate_number: contractor for contractor in found}


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
        self.known: dict[str, Contractor] = {}  # by number, where they were read at once
        kwargs.setdefault("help_text", f"名称、よみ、法人番号のどれでも探せます。{EXAMPLE}")
        super().__init__(label=label, required=required, max_length=300, **kwargs)
        self.error_messages["required"] = f"{label}を入力してください（{EXAMPLE}）。"

    def prepare_value(self, value):
        return as_typed(value) if isinstance(value, Contractor) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        if known := self.known.get(number_in(text) or ""):
            return known
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
