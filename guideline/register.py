"""The table of rules, generated from rules and editions, never typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from guideline.intervals import FOREVER
from guideline.law import law
from guideline.models import Severity
from guideline.rules import RULES
from guideline.rules.base import Rule


class Entry(NamedTuple):
    """One rule, for as long as it rests on the same provisions: the days first..last."""

    rule: Rule
    provisions: tuple[str, ...]
    first_day: date
    last_day: date | None  # None: no later edition is held

    @property
    def severity(self) -> Severity:
        return Severity(self.rule.severity)

    @property
    def edition(self) -> str:
        """The edition whose text says so first."""
        return self.first_day.isoformat()

    @property
    def columns(self) -> tuple[str, ...]:
        """As ``manage.py rules`` prints it."""
        return (
            self.rule.code,
            " ".join(f"第{code}" for code in self.provisions),
            self.first_day.isoformat(),
            self.last_day.isoformat() if self.last_day else "-",
            self.rule.severity,
            self.rule.title,
        )


def register() -> Iterator[Entry]:
    """Every rule in order, with the days on which editions have it."""
    for rule in RULES:
        spans: list[tuple[int, int, tuple[str, ...]]] = []
        for edition in law().editions:
            rests_on = edition.rules.get(rule.code)
            if rests_on is None:
                continue
            if spans and spans[-1][1:] == (edition.since, rests_on):
                spans[-1] = (spans[-1][0], edition.until, rests_on)
            else:
                spans.append((edition.since, edition.until, rests_on))
        for since, until, rests_on in spans:
            last = None if until >= FOREVER else date.fromordinal(until - 1)
            yield Entry(rule, rests_on, date.fromordinal(since), last)


def entries_of(provision: str) -> list[Entry]:
    """The rules that rest on a provision."""
    return [entry for entry in register() if provision in entry.provisions]
