"""Findings of a list, by key: where the same is asked again and again, each statement is composed
once. That takes Django longer than it takes the database to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import BooleanField, Case, Q, QuerySet, When

from audit.conditions import answered_by
from audit.paging import PER_PAGE, Order
from audit.tables import READ
from guideline.models import CorrectiveAction, Finding
from outsourcing.prepared import Composed, filled, places

STATEMENTS = Composed(planned_once=True)


@dataclass(frozen=True)
class Rows:
    """What ``make`` gives, narrowed by ``where``, as of the day ``on``. ``key`` says all that
    ``make`` looks at; None where that cannot be said."""

    make: Callable[[], QuerySet]
    on: date
    key: Hashable = None
    where: tuple[Q, ...] = ()

    def filter(self, condition: Q) -> Rows:
        return replace(self, where=(*self.where, condition))

    def keys(self, order: Order, start: int, stop: int) -> list[int]:
        """Those of the rows numbered from ``start`` up to ``stop``, in an order."""

        def compose():
            return order.of(self._queryset)[start:stop].values_list("pk")

        if self.key is None:
            return [key for (key,) in compose()]
        found = STATEMENTS.rows((self.key, self.where, order, start, stop), compose)
        return [key for (key,) in found]

    def read(self, order: Order, start: int, stop: int) -> list[dict]:
        """The same rows, as a table shows them. Their keys first, which an index has."""
        return self.of_keys(self.keys(order, start, stop))

    def of_keys(self, keys: list[int]) -> list[dict]:
        return of_keys(keys, self.on)

    @property
    def _queryset(self) -> QuerySet:
        return self.make().filter(*self.where)


def of_keys(keys: list[int], on: date) -> list[dict]:
    """What a table shows of findings as of a day, in the order of their keys."""
    found = {}
    for start in range(0, len(keys), PER_PAGE):
        some = keys[start : start + PER_PAGE]
        # SQLite is given days as text.
        values = filled(PLACES, some) | {DAY: on, str(DAY): str(on)}
        for row in ROWS.rows("page", _of_places, values):
            found[row[0]] = dict(zip(SHOWN, row, strict=True))
    return [found[key] for key in keys if key in found]


ROWS = Composed(planned_once=True)
PLACES = places(PER_PAGE)
DAY = date(1, 1, 2)  # stands for a day
SHOWN = (*READ, "overdue")


def _of_places() -> QuerySet:
    """``overdue``: whether an action that answers a finding is, of those acted upon."""
    begun = Q(acted_on__lte=DAY, settled_on__gt=DAY)
    late = answered_by(CorrectiveAction.objects.overdue_on(DAY, plain=True))
    overdue = Case(When(begun & late, then=True), default=False, output_field=BooleanField())
    return Finding.objects.filter(pk__in=PLACES).annotate(overdue=overdue).values_list(*SHOWN)
