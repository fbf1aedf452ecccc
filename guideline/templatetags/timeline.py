"""The time line of a contract, on pages of other apps: these import nothing of the law for it."""

from __future__ import annotations

from datetime import date

from django import template

from guideline.chronology import chronology
from guideline.law import law
from guideline.templatetags.findings import findings_of
from guideline.timeline import BAR_HEIGHT, HEAD, LEFT, RIGHT, ROW, THIN_HEIGHT, WIDTH, draw
from outsourcing.models import Contract

register = template.Library()

# What the picture's measures are, for the template.
MEASURES = {
    "width": WIDTH,
    "left": LEFT,
    "right": WIDTH - RIGHT,
    "head": HEAD,
    "row": ROW,
    "bar": BAR_HEIGHT,
    "thin": THIN_HEIGHT,
}


@register.inclusion_tag("guideline/timeline.html")
def timeline(contract: Contract, on: date, *, alone: bool = False):
    """The picture of a contract that was read ``with_chain()``, and the same in words: folded up,
    or ``alone`` on its page, not. One query, and one for the findings where none asked before."""
    targets = (
        contract.inspection_targets.valid()
        .filter(inspection__voided_on__isnull=True)
        .select_related("inspection")
        .order_by("inspection__day", "pk")
    )
    scene = draw(chronology(contract, targets, findings_of(contract), law()), on)
    return {"contract": contract, "scene": scene, "on": on, "alone": alone, **MEASURES}
