"""How days and addresses stand on pages."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

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


@register.simple_tag
@cache
def address(name: str) -> str:
    """As ``url``, of a page with nothing more to say: looked up once."""
    return reverse(name)


@register.simple_tag(takes_context=True)
def remembered(context, name: str) -> SafeString:
    """A template that depends on nothing but ``access.abilities`` and the name of the ``page`` that
    is open, made once for all who may do the same: looking up dozens of addresses takes long."""
    request = context.get("request")
    match, access = (getattr(request, key, None) for key in ("resolver_match", "access"))
    page = match.url_name if match else ""
    key = name, page, access and access.abilities
    made = REMEMBERED.get(key)
    if made is None:
        made = mark_safe(get_template(name).render({"page": page, "access": access}))
        if len(REMEMBERED) >= MOST_REMEMBERED:
            REMEMBERED.clear()
        REMEMBERED[key] = made  # as the template made it, escaped
    return made


REMEMBERED: dict[tuple, SafeString] = {}
MOST_REMEMBERED = 4096
