"""型: what lists of findings are narrowed by, of one finding in one word, and that by a number.

Hundreds of thousands of findings have some hundreds of shapes. Their indexes carry the number in
place of eight columns; a condition on these asks for the numbers of the shapes that meet it, and
counted by shape along an index findings tell how many have each value of everything that a shape
says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, QuerySet

from guideline.models import FindingShape
from outsourcing.prepared import Composed

SEPARATOR = "|"
DEEPEST = 2  # 再々委託以降


class Shape(NamedTuple):
    """``depth``: DEEPEST for that and more; ``excused``, ``owed``: "1" or "0"."""

    severity: str
    provision: str
    rule: str
    work: str
    depth: str
    relation: str
    excused: str
    owed: str


@lru_cache(maxsize=8192)
def shape_of(
    rule: str,
    severity: str,
    provision: str,
    work: str,
    depth: int,
    relation: str,
    excused: bool,
    owed_to: date | None,
) -> Shape:
    """Of what a finding carries."""
    deep, reason, owed = (str(int(n)) for n in (min(depth, DEEPEST), excused, owed_to is not None))
    return Shape(severity, provision, rule, work, deep, relation, reason, owed)


@lru_cache(maxsize=8192)
def read(text: str) -> Shape:
    """As it is stored."""
    return Shape(*text.split(SEPARATOR))


KNOWN = Composed()


def known() -> dict[int, Shape]:
    """The shapes that findings have, by number, in order. Asked anew each time: another process may
    just have written one."""
    shapes = FindingShape.objects.order_by("pk")
    rows = KNOWN.rows("", lambda: shapes.values_list("pk", "text"))
    return {number: read(text) for number, text in rows}


class Numbers:
    """The numbers of shapes; those that no finding had yet are given one.

    Two writers may give a shape two at the same moment, neither waiting for the other. Whoever
    reads takes both for the same.
    """

    def __init__(self):
        self._known: dict[Shape, int] = {}

    def of(self, shapes: Set[Shape]) -> Mapping[Shape, int]:
        if shapes and not self._known:
            self._known = {shape: number for number, shape in reversed(known().items())}
        new = [FindingShape(text=SEPARATOR.join(s)) for s in sorted(shapes - self._known.keys())]
        FindingShape.objects.bulk_create(new)
        self._known |= {read(row.text): row.pk for row in new}
        return self._known


def of_shapes(*parts: QuerySet) -> Counter[Shape]:
    """How many findings of each shape, of parts that share nothing, each from the index that finds
    them."""
    return Counter({shape: number for (shape,), number in counted(parts).items()})


def counted(parts: Iterable[QuerySet], *columns: str) -> Counter:
    """{(shape, *values of the columns): findings}"""
    rows, found = [], Counter()
    for part in parts:
        counts = part.order_by().values_list("shape", *columns)
        rows += counts.annotate(number=Count("*"))
    shapes = known()  # only now: some may just have been written
    for shape, *values, number in rows:
        found[shapes[shape], *values] += number
    return found


def folded(shapes: Mapping[Shape, int], *names: str) -> Counter:
    """{what shapes say under these names: findings}"""
    found = Counter()
    for shape, number in shapes.items():
        found[tuple(getattr(shape, name) for name in names)] += number
    return found
