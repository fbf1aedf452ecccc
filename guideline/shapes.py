"""型: what lists of findings are narrowed by, of one finding in one word.

Hundreds of thousands of findings have some hundreds of shapes. Counted by shape along an index they
tell how many have each value of everything that a shape says. Pure.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

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
    severity: str,
    provision: str,
    rule: str,
    work: str,
    depth: int,
    relation: str,
    excused: bool,
    owed: bool,
) -> str:
    """As it is stored."""
    return "|".join(
        (severity, provision, rule, work, str(min(depth, DEEPEST)), relation,
         str(int(excused)), str(int(owed)))
    )  # fmt: skip


@lru_cache(maxsize=8192)
def read(text: str) -> Shape:
    return Shape(*text.split("|"))
