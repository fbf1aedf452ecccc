"""How provisions stand on pages."""

from __future__ import annotations

from django import template

from guideline.provisions import Provision

register = template.Library()


@register.filter
def paragraphs(provision: Provision) -> list[str]:
    return provision.text.split("\n")


@register.filter
def depth(provision: Provision) -> str:
    """paragraph, item or note: how far in it stands."""
    if provision.code.endswith("注"):
        return "note"
    return "item" if provision.code.endswith(")") else "paragraph"


@register.filter
def number_of(counts: dict[str, int], code: str) -> int:
    return counts[code]
