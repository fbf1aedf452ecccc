"""What the guideline asks for, item by item: lists to tick, and what a contract says of each."""

from __future__ import annotations

from typing import NamedTuple

from django import template

from guideline.law import law
from guideline.provisions import label_of
from guideline.rules.flow_down import item_in_words
from guideline.rules.written_confirmation import matter_in_words
from outsourcing.models import Clause

register = template.Library()

CLAUSE_ITEM, NOTE = "8-4(2)", "8-4(2)注"


class Box(NamedTuple):
    code: str
    name: str


@register.simple_tag
def asked(of: str) -> list[Box]:
    """The codes of a list that any edition asks for: "flow_down" or "written_matters"."""
    in_words = {"flow_down": _passed_down, "written_matters": matter_in_words}[of]
    codes = {code for edition in law().editions for code in getattr(edition.parameters, of)}
    return [Box(code, in_words(code)) for code in sorted(codes, key=_place)]


@register.filter
def passed_down(codes: list[str]) -> list[str]:
    """The same in words, short; in one where nothing that any edition asks for is left out."""
    if all(edition.parameters.flow_down <= set(codes) for edition in law().editions):
        return ["全項目"]
    return [item_in_words(code) for code in sorted(codes, key=_place)]


@register.filter
def matters(codes: list[str]) -> list[str]:
    return [matter_in_words(code) for code in codes]


@register.simple_tag
def item_rows(field) -> list[dict]:
    """The rows of a field of items (``outsourcing.listed_fields``): each that any edition asks for
    but the clause, which has a field of its own, and what is recorded beside them."""
    value = field.value() or {}
    codes = (asked_items() | set(value)) - {CLAUSE_ITEM}
    return [
        {
            "name": f"{field.html_name}-{code}",
            "label": label_of(code),
            "text": _text(code),
            "said": (value.get(code) or {}).get("said", ""),
            "article": (value.get(code) or {}).get("article", ""),
            "quote": (value.get(code) or {}).get("quote", ""),
        }
        for code in sorted(codes)
    ]


@register.simple_tag
def item_checklist(terms) -> list[dict]:
    """What the text in force (``outsourcing.terms``) says of each item that the edition of its
    conclusion asks for, and of any other it names."""
    edition = law().first(terms.concluded_on.toordinal())
    codes = edition.parameters.items | set(terms.items)
    if "subsidiary-clause" in edition.rules:
        codes |= {NOTE}
    return [
        {
            "code": code,
            "label": label_of(code),
            "text": _text(code),
            "said": terms.clause != Clause.NOT_STATED
            if code == CLAUSE_ITEM
            else terms.items.get(code) is not None,
            "where": {"article": terms.clause_article, "quote": terms.clause_quote}
            if code == CLAUSE_ITEM
            else terms.items.get(code) or {},
            "since": terms.since.get(code),
        }
        for code in sorted(codes)
    ]


def asked_items() -> set[str]:
    """The items of 8-4 that any edition asks a contract for."""
    items = {item for edition in law().editions for item in edition.parameters.items}
    noted = any("subsidiary-clause" in edition.rules for edition in law().editions)
    return items | {NOTE} if noted else items


def _passed_down(code: str) -> str:
    words = item_in_words(code)
    return f"{words}（{text}）" if (text := _text(code)) else words


def _text(code: str) -> str:
    """The newest wording of an item, without what stands in brackets."""
    if code == CLAUSE_ITEM:
        return "再委託の制限又は事前承認等再委託に係る条件に関する事項"
    found = [e.provisions[code].text for e in law().editions if code in e.provisions]
    return found[-1] if found else ""


def _place(code: str) -> tuple:
    order = ["capability", "responsible_person", "management", "work_structure", "inspection"]
    if code in order:
        return 0, order.index(code), code
    return (2, 0, code) if code == "written_confirmation" else (1, 0, code)
