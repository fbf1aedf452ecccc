"""Addresses of the contracts behind a number."""

from __future__ import annotations

from django import template
from django.urls import reverse

from surveys.links import conditions

register = template.Library()


@register.simple_tag
def behind(cell, year: int) -> str:
    return reverse("survey-contracts", args=[year, cell.information]) + conditions(cell)
