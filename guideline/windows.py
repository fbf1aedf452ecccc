"""Inspection windows (8-5 「少なくとも年1回」): a term cut into years. Pure.

``rolling``: years from the term's first day; ``fiscal``: at each April 1st. A first or last window
shorter than ``short`` days joins its neighbour.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from guideline.intervals import Span

ROLLING, FISCAL = "rolling", "fiscal"
YEAR = 365  # no year is shorter


def windows(since: int, until: int, kind: str, short: int) -> tuple[Span, ...]:
    """The windows of a term [since, until), in order and without gap; none of an empty term."""
    if since >= until:
        return ()
    if kind == ROLLING and until - since <= YEAR:  # like most
        return ((since, until),)
    cuts = _anniversaries(since, until) if kind == ROLLING else _new_years(since, until)
    edges = [since, *cuts, until]
    if len(edges) > 2 and edges[-1] - edges[-2] < short:
        del edges[-2]
    if len(edges) > 2 and edges[1] - edges[0] < short:
        del edges[1]
    return tuple(pairwise(edges))


def _anniversaries(since: int, until: int) -> list[int]:
    """The days after ``since`` and before ``until`` on which another year begins. Years from
    29 February begin on 1 March in common years."""
    first = date.fromordinal(since)
    cuts = []
    for year in range(first.year + 1, _year(until) + 1):
        try:
            cuts.append(first.replace(year=year).toordinal())
        except ValueError:
            cuts.append(date(year, 3, 1).toordinal())
    return [cut for cut in cuts if since < cut < until]


def _new_years(since: int, until: int) -> list[int]:
    years = range(_year(since), _year(until) + 1)
    cuts = (date(year, 4, 1).toordinal() for year in years)
    return [cut for cut in cuts if since < cut < until]


def _year(day: int) -> int:
    return date.fromordinal(min(day, date.max.toordinal())).year
