"""Which findings stand on a day, found in an index at once however many there are. Pure.

``since <= day`` alone is half of a ledger on most days, and so is ``ends > day``. So each finding
is filed under one of its own days, its ``node``: of all its days the one whose number two divides
most often. Whatever holds a day D is filed under one of some forty nodes, which follow from D:
those no later than D, of which the ones count that have not ended by then, and those after it, of
which the ones that have begun. (The relational interval tree of Kriegel, Pötke and Seidl, 2000.)
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db.models import Q

LAYERS = date.max.toordinal().bit_length()


def node_of(since: date, ends: date) -> int:
    """The node of the days [since, ends)."""
    first, last = since.toordinal(), ends.toordinal() - 1
    layer = ((first - 1) ^ last).bit_length() - 1
    return last >> layer << layer


@lru_cache(maxsize=512)
def arms(day: date) -> tuple[Q, Q]:
    """Two conditions: what holds ``day`` meets the one or the other, and nothing meets both."""
    number = day.toordinal()
    earlier = sorted({number >> layer << layer for layer in range(LAYERS)} - {0})
    later = sorted({(number >> layer << layer) + (1 << layer) for layer in range(LAYERS)})
    return Q(node__in=earlier, ends__gt=day), Q(node__in=later, since__lte=day)
