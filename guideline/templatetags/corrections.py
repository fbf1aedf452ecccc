"""How the correction of findings stands on pages."""

from __future__ import annotations

from datetime import date, timedelta

from django import template
from django.utils.html import format_html

from guideline.corrections import State

register = template.Library()
LOOKS = {State.OVERDUE: "breach", State.SETTLED: "success", State.NONE: "warning"}


@register.simple_tag
def correction_state(state: State) -> str:
    """是正中, as a mark."""
    look = LOOKS.get(state)
    return format_html(
        '<span class="badge{}">{}</span>', f" badge--{look}" if look else "", State(state).label
    )


@register.filter
def day_before(value: date | None) -> date | None:
    return value and value - timedelta(days=1)
