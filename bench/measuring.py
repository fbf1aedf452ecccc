"""Medians of several runs, side by side: these machines are noisy."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple


class Measure(NamedTuple):
    """One measured value beside its limit; ``limit`` None: told, not judged. ``pace``: what
    ``pace()`` said right after."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""
    pace: float | None = None

    @property
    def holds(self) -> bool | None:
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def pace() -> float:
    """How fast the machine is just now, which changes twofold within minutes: the milliseconds that
    a million additions take in a plain loop, the best of three."""

    def additions():
        total = 0
        for number in range(1_000_000):
            total += number

    return min(seconds(additions) for _ in range(3)) * 1000


def side_by_side(works: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Median seconds of each, all run in turn in every round, after one round to warm up."""
    for work in works.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: median(found) for name, found in times.items()}
