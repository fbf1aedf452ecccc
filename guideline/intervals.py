"""Sets of days as sorted, disjoint half-open spans of day numbers. Pure.

A day number is ``date.toordinal()``. ``FOREVER`` stands for "no end known".
"""

from __future__ import annotations

from collections.abc import Iterable

from outsourcing.days import FOREVER

__all__ = ["FOREVER", "Span", "intersect", "subtract", "union"]

Span = tuple[int, int]


def union(spans: Iterable[Span]) -> list[Span]:
    """The days in any of ``spans``; spans that overlap or touch become one, empty ones vanish."""
    spans = sorted(spans)
    if len(spans) == 1 and spans[0][0] < spans[0][1]:  # like most
        return spans
    merged: list[Span] = []
    for since, until in spans:
        if since >= until:
            continue
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((since, until))
    return merged


def intersect(days: Iterable[Span], since: int, until: int) -> list[Span]:
    """The days of ``days`` that lie in ``[since, until)``."""
    clipped = ((max(a, since), min(b, until)) for a, b in days)
    return [(a, b) for a, b in clipped if a < b]


def subtract(days: list[Span], holes: Iterable[Span]) -> list[Span]:
    """The days of ``days`` (sorted, disjoint) that are in none of ``holes``."""
    for hole_since, hole_until in union(holes):
        days = [
            part
            for since, until in days
            for part in ((since, min(until, hole_since)), (max(since, hole_until), until))
            if part[0] < part[1]
        ]
    return days
