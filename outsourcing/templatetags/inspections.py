"""How files of evidence are called."""

from __future__ import annotations

from django import template

from outsourcing.evidence_files import KINDS, size_in_words

register = template.Library()


@register.filter
def file_kind(kind: str) -> str:
    """PDF"""
    return KINDS[kind][0] if kind in KINDS else kind


@register.filter
def file_size(size: int) -> str:
    """1.2MB"""
    return size_in_words(size)
