"""Fields that are lists: items of a contract, kinds of work, boxes to tick. What the guideline asks
for is drawn by the template of the field, since this app knows no law; a code of a later edition is
taken as it comes."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError

from outsourcing.models import LinkWork

ITEM = re.compile(r"[0-9]+-[0-9]+\([0-9]+\)注?")
LONGEST_ARTICLE, LONGEST_QUOTE = 60, 1000
SAID, OUT = "said", "out"


class Boxes(forms.Field):
    """Codes that were ticked. ``asks``: which list of the guideline is drawn."""

    CODE = re.compile(r"[0-9A-Za-z_()注-]{1,40}")
    template = "outsourcing/fields/boxes.html"
    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, asks: str, label: str, **kwargs):
        self.asks = asks
        super().__init__(label=label, **kwargs)
        self.error_messages["required"] = f"{label}を一つ以上選んでください。"

    def to_python(self, value):
        for code in value or ():
            if not self.CODE.fullmatch(code):
                raise ValidationError(
                    f"{self.label}「{code}」は選べません。", code="invalid_choice"
                )
        return list(dict.fromkeys(value or ()))


class ItemsInput(forms.Widget):
    """``items-8-4(1)-said``, ``-article`` and ``-quote`` of each item, as they were typed."""

    use_fieldset = True

    def value_from_datadict(self, data, files, name):
        found: dict[str, dict[str, str]] = {}
        for key in data:
            code, _, part = key.removeprefix(f"{name}-").rpartition("-")
            if key.startswith(f"{name}-") and part in (SAID, "article", "quote"):
                found.setdefault(code, {SAID: ""})[part] = data[key]
        return found

    def value_omitted_from_data(self, data, files, name):
        return False

    def render(self, name, value, attrs=None, renderer=None):
        return ""  # the field's template draws it


class ItemsField(forms.Field):
    """What a contract says and where: {"8-4(1)": {"article": "第5条", "quote": "…"}}. In an
    amendment (``amends``) an item left alone is not there, and one that is taken out is None."""

    widget = ItemsInput
    template = "outsourcing/fields/items.html"

    def __init__(self, *, amends: bool, implied: bool = False, **kwargs):
        """``implied``: an article or words are enough, and need no tick beside them."""
        self.amends, self.implied = amends, implied
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value):
        """Typed texts as they are; what is stored in their form."""
        return {
            code: {SAID: OUT} if row is None else {SAID: SAID} | row
            for code, row in (value or {}).items()
        }

    def clean(self, value):
        found, wrong = {}, []
        for code, row in value.items():
            said, article, quote = (row.get(p, "").strip() for p in (SAID, "article", "quote"))
            if self.implied and (article or quote):
                said = SAID
            if not ITEM.fullmatch(code) or said not in ("", SAID, OUT):
                wrong.append(f"記載事項「{code}」は選べません（例：8-4(1)）。")
            elif len(article) > LONGEST_ARTICLE or len(quote) > LONGEST_QUOTE:
                wrong.append(
                    f"第{code}：条番号は{LONGEST_ARTICLE}字、文言は{LONGEST_QUOTE:,}字までです"
                    f"（今は{len(article)}字と{len(quote):,}字）。"
                )
            elif said != SAID and (article or quote):
                wrong.append(
                    f"第{code}：条番号か文言「{article or quote}」がありますが、"
                    f"「{'明記する' if self.amends else '記載あり'}」が選ばれていません。"
                    "選ぶか、条番号と文言を消してください。"
                )
            elif said == SAID:
                found[code] = {k: v for k, v in (("article", article), ("quote", quote)) if v}
            elif said == OUT and self.amends:
                found[code] = None
        if wrong:
            raise ValidationError(wrong)
        return found

    def in_words(self, value) -> str:
        """For who compares two versions."""

        def where(row) -> str:
            if row is None:
                return "（削除）"
            return f"（{row['article']}）" if row.get("article") else ""

        return "、".join(f"第{code}{where(row)}" for code, row in sorted(value.items())) or "—"


class ExemptInput(forms.Widget):
    """The article for each kind of work: ``exempt_work-core`` …"""

    use_fieldset = True

    def value_from_datadict(self, data, files, name):
        return {work: data.get(f"{name}-{work}", "") for work in LinkWork.values}

    def value_omitted_from_data(self, data, files, name):
        return False

    def render(self, name, value, attrs=None, renderer=None):
        return ""


class _WithRows(forms.BoundField):
    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """(name of the input, kind of work, article)"""
        value = self.value() or {}
        return [(f"{self.html_name}-{w}", label, value.get(w, "")) for w, label in LinkWork.choices]


class ExemptField(forms.Field):
    """軽微な業務: which kinds of work the clause frees, and the article that says so."""

    widget = ExemptInput
    template = "outsourcing/fields/exempt.html"

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def get_bound_field(self, form, field_name):
        return _WithRows(form, self, field_name)

    def clean(self, value):
        found = {work: article.strip() for work, article in value.items() if article.strip()}
        for work, article in found.items():
            if len(article) > LONGEST_ARTICLE:
                raise ValidationError(
                    f"{LinkWork(work).label}の条番号「{article}」は長すぎます。"
                    f"{LONGEST_ARTICLE}字までです（例：第8条第2項）。"
                )
        return found

    def in_words(self, value) -> str:
        return "、".join(f"{LinkWork(w).label}（{a}）" for w, a in value.items()) or "—"
