"""The guideline as dated law: provisions, editions, and how editions follow each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from guideline.intervals import FOREVER, Span, union
from guideline.windows import windows

KEPT = 16_384  # answers to each question: days lie close together in a slice of contracts


class Provision(NamedTuple):
    """One numbered piece of the text, or a note on one (code ending in 注).

    ``mark`` is what stands before it in print: "4", "(2)", "(注)". ``editor`` is ours, not the
    ministry's. Paragraphs are parted by a line break.
    """

    code: str
    mark: str
    caption: str
    text: str
    editor: str

    @property
    def chapter(self) -> str:
        return chapter_of(self.code)

    @property
    def label(self) -> str:
        return label_of(self.code)


class Chapter(NamedTuple):
    number: str
    heading: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """What an edition leaves to be counted: days, and lists of codes."""

    inspection_windows: str
    short_window_days: int
    short_term_days: int
    inspection_grace_days: int
    disposal_proof_days: int
    items: frozenset[str]
    written_matters: frozenset[str]
    inspection_scopes: frozenset[str]
    flow_down: frozenset[str]


@dataclass(frozen=True, slots=True)
class Edition:
    """One text of the guideline, in force on the days [since, until) (day numbers).

    ``rules`` maps the code of each rule that binds to the provisions it rests on.
    """

    title: str
    number: str
    issued: date
    since: int
    until: int
    addressed_to: str
    note: str
    chapters: tuple[Chapter, ...]
    provisions: dict[str, Provision]
    parameters: Parameters
    rules: dict[str, tuple[str, ...]]

    @property
    def first_day(self) -> date:
        return date.fromordinal(self.since)

    @property
    def last_day(self) -> date | None:
        """None: no later edition is held."""
        return None if self.until >= FOREVER else date.fromordinal(self.until - 1)

    @property
    def key(self) -> str:
        """How addresses name it: the day it came into force."""
        return self.first_day.isoformat()

    def in_chapter(self, number: str) -> list[Provision]:
        return [p for p in self.provisions.values() if p.chapter == number]


@dataclass(frozen=True, slots=True)
class Window:
    """An inspection window [since, last] under the ``edition`` in force on its last day, which may
    or may not have the rule asked about; an inspection by ``latest`` counts as made in it."""

    since: int
    last: int
    latest: int
    edition: Edition

    def held(self, inspections: Iterable) -> list:
        """What of ``inspections`` was made in it."""
        return [seen for seen in inspections if self.since <= seen.day <= self.latest]

    def following(self, inspections: Iterable) -> int:
        """The first day after it on which one of ``inspections`` was made."""
        last, following = self.last, FOREVER
        for seen in inspections:
            if last < seen.day < following:
                following = seen.day
        return following


def asks(edition: Edition, rule: str, item: str | None = None) -> bool:
    """Whether an edition has a rule, and where an item is named, lists it."""
    return rule in edition.rules and (item is None or item in edition.parameters.items)


class Editions:
    """The editions that follow each other, oldest first: the law that findings are made under.

    What rules ask again and again of the same days is kept, as most contracts share their days with
    thousands of others.
    """

    def __init__(self, editions: Iterable[Edition]):
        self.editions = tuple(editions)
        codes = {code for edition in self.editions for code in edition.rules}
        self._days = {
            code: tuple(union((e.since, e.until) for e in self.editions if code in e.rules))
            for code in codes
        }
        self._having = {code: tuple(e for e in self.editions if code in e.rules) for code in codes}
        self.at = lru_cache(KEPT)(self._at)
        self.first = lru_cache(KEPT)(self._first)
        self.binds = lru_cache(KEPT)(self._binds)
        self.windows = lru_cache(KEPT)(self._windows)
        self.without = lru_cache(KEPT)(self._without)

    def _at(self, day: int) -> Edition | None:
        """The edition of a day number; None on a day of none."""
        for edition in reversed(self.editions):
            if edition.since <= day:
                return edition if day < edition.until else None
        return None

    def _first(self, day: int) -> Edition:
        """The edition of a day, the oldest for days before it."""
        return self.at(day) or self.editions[0]

    def days_of(self, rule: str) -> tuple[Span, ...]:
        """The days on which an edition in force has ``rule``."""
        return self._days.get(rule, ())

    def having(self, rule: str) -> tuple[Edition, ...]:
        """The editions that have ``rule``."""
        return self._having.get(rule, ())

    def _binds(self, rule: str, day: int) -> Edition | None:
        """The edition of ``day`` if it has ``rule``."""
        edition = self.at(day)
        return edition if edition is not None and rule in edition.rules else None

    def _windows(self, since: int, until: int) -> tuple[Window, ...]:
        """The inspection windows of a term on whose last day an edition is in force. How they are
        cut is said, for all of them, by the edition of the term's first day."""
        cut = self.first(since).parameters
        found = windows(since, until, cut.inspection_windows, cut.short_window_days)
        return tuple(
            Window(begin, end - 1, end - 1 + cut.inspection_grace_days, edition)
            for begin, end in found
            if (edition := self.at(end - 1)) is not None
        )

    def asked(
        self, rule: str, judged: int, since: int, until: int, item: str | None = None
    ) -> list[Span]:
        """The days of [since, until) on which a text of the day ``judged`` should say what ``rule``
        asks (of its items, ``item``): by the edition of that day. No edition speaks of days before
        it came into force: there it must be asked by the one in force as well."""
        edition = self.at(judged)
        if edition is None or not asks(edition, rule, item):
            return []
        if edition.since <= since:
            return [(since, until)] if since < until else []
        days = [
            (max(since, then.since), min(until, then.until, edition.since))
            for then in self.editions
            if asks(then, rule, item)
        ]
        return union([*days, (max(since, edition.since), until)])

    def before(self, edition: Edition) -> Edition | None:
        """The edition that ``edition`` replaced."""
        return next((e for e in self.editions if e.until == edition.since), None)

    def _without(self, since: int) -> Editions:
        """The same law had the edition of the day ``since`` never been: the one before it goes on
        in its place."""
        gone = self.at(since)
        return Editions(
            replace(e, until=gone.until) if e.until == gone.since else e
            for e in self.editions
            if e is not gone
        )


def chapter_of(code: str) -> str:
    """ "8" of "8-4(2)", "1" of "1注"."""
    return code.partition("-")[0].removesuffix("注")


def label_of(code: str) -> str:
    """第8-4(2)"""
    return f"第{code}"
