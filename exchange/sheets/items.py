"""The items of 8-4 that a contract or an amendment says: an article and its words for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exchange.columns import Column, Text, text_of
from guideline.law import law
from guideline.provisions import label_of
from guideline.rules.flow_down import item_in_words
from guideline.rules.written_confirmation import matter_in_words
from guideline.templatetags.asked import CLAUSE_ITEM, asked, asked_items
from outsourcing.folding import fold
from outsourcing.listed_fields import LONGEST_ARTICLE
from outsourcing.models import LinkWork

SAID, OUT = "記載あり", "削除"
ITEMS = "items"
_ARTICLE, _QUOTE = ("article", "quote")


@dataclass(frozen=True)
class Article(Column):
    """Where a contract says the item ``code``."""

    code: str = ""
    amends: bool = False

    @property
    def field(self) -> str:
        return f"{self.code} {_ARTICLE}"

    def cell(self, items):
        if self.code not in items:
            return None
        said = items[self.code]
        return OUT if said is None else said.get(_ARTICLE) or SAID

    def parse(self, typed):
        text = text_of(typed).strip()
        if text == OUT and not self.amends:
            raise self.refusal(typed, "は変更契約にだけ使えます。記載がなければ空欄にします")
        if len(text) > LONGEST_ARTICLE:
            raise self.refusal(typed, f"は{LONGEST_ARTICLE}字を超えています")
        return text


@dataclass(frozen=True)
class Quote(Text):
    """The words of it."""

    code: str = ""

    @property
    def field(self) -> str:
        return f"{self.code} {_QUOTE}"

    def cells(self, values):
        return [(items.get(self.code) or {}).get(_QUOTE) for items in values[0]]


def columns(*, amends: bool) -> tuple[Column, ...]:
    """A pair for each item that any edition asks for, but the clause, which has its own."""
    found: list[Column] = []
    for code in sorted(asked_items() - {CLAUSE_ITEM}):
        label = label_of(code)
        note = f"{_text(code)}を定める条番号。条番号がなければ「{SAID}」。"
        note += f"契約から削ったときは「{OUT}」、変えないときは空欄。" if amends else ""
        found += [
            Article(f"{label}の条番号", ITEMS, note, "第5条", code=code, amends=amends),
            Quote(f"{label}の文言", ITEMS, f"{label}に当たる契約書の文言。", code=code, width=24),
        ]
    return tuple(found)


def _text(code: str) -> str:
    """The newest wording of an item."""
    found = [e.provisions[code].text for e in law().editions if code in e.provisions]
    return found[-1].partition("\n")[0] if found else label_of(code)


def gathered(values: dict[str, Any]) -> dict[str, Any]:
    """What the columns of items say together, as the ledger keeps it."""
    kept, items = {}, {}
    named = False
    for field, value in values.items():
        code, _, part = field.rpartition(" ")
        if part not in (_ARTICLE, _QUOTE) or not code:
            kept[field] = value
            continue
        named = True
        if value == OUT and part == _ARTICLE:
            items[code] = None
        elif value:
            said = items.setdefault(code, {})
            if said is not None and not (part == _ARTICLE and value == SAID):
                said[part] = value
    return kept | {ITEMS: items} if named else kept


@dataclass(frozen=True)
class Exempt(Column):
    """軽微な業務: a line for each kind of work that the clause frees, with its article."""

    blank: Any = None
    example: Any = "データ入力：第8条第2項"
    width: float = 24

    def cell(self, works):
        return "\n".join(f"{LinkWork(work).label}：{where}" for work, where in works.items())

    def parse(self, typed):
        known = {fold(label): work for work, label in LinkWork.choices}
        found = {}
        for line in filter(None, map(str.strip, text_of(typed).splitlines())):
            name, _, article = line.replace(":", "：", 1).partition("：")
            work = known.get(fold(name))
            if work is None:
                raise self.refusal(
                    name, f"は業務の種類にありません（{'、'.join(LinkWork.labels)}）"
                )
            if not article.strip():
                raise self.refusal(line, "に条番号がありません")
            found[work] = article.strip()
        return found

    def read(self, typed):
        return super().read(typed) or {}


def written_matters() -> dict[str, str]:
    """By code, what 8-4 wants confirmed in writing."""
    return {box.code: matter_in_words(box.code) for box in asked("written_matters")}


def flow_down() -> dict[str, str]:
    """By code, what 8-6 wants seen to of a subcontractor."""
    return {box.code: item_in_words(box.code) for box in asked("flow_down")}
