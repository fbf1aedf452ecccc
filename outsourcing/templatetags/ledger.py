"""How days and addresses stand on pages."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django import template
from django.utils.html import format_html

from outsourcing import fiscal_year, wareki

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """2018年10月22日（平成30年10月22日）; an em dash for no day."""
    return _day(value) if value else "—"


@lru_cache(maxsize=4096)  # pages say the same days again and again
def _day(value: date) -> str:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), wareki.both(value))


@register.filter
def short_day(value: date | None) -> str:
    """2018-10-22, for dense tables."""
    return value.isoformat() if value else "—"


@register.filter
def fiscal(year: int) -> str:
    """平成29年度"""
    return fiscal_year.label(year)
