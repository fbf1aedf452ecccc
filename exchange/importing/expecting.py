"""Which findings would appear, change or clear if a plan were carried out; nothing is written."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models

from exchange.importing.plan import Line, Plan, SheetPlan
from exchange.importing.related import Work
from guideline.foreseeing import Comes, Foreseen, foresee
from guideline.laid_over import LaidOver
from guideline.models import Severity
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.actions.base import batches
from outsourcing.bulk import without_collector
from outsourcing.models import Contract, Disclosure, Inspection

MOST = 300  # told in words, of each kind


@dataclass(frozen=True)
class Told:
    """A finding in words. ``of``: the code of its contract or provision of information, or what the
    file calls it; ``sheet`` and ``number``: the row of the file that brings it about, where one
    names it. ``last_day`` is None where no end is known."""

    of: str
    sheet: str
    number: int | None
    rule: str
    title: str
    subject: str
    severity: Severity
    since: date
    last_day: date | None
    excused: bool


@dataclass
class Part:
    """The findings that appear, change or clear: how many, by severity and by rule and severity,
    and the first of them in words, the worst first."""

    by_severity: Counter = field(default_factory=Counter)
    by_rule: Counter = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.by_severity.total()


@dataclass
class Expectation:
    appear: Part = field(default_factory=Part)
    change: Part = field(default_factory=Part)
    clear: Part = field(default_factory=Part)

    @property
    def parts(self) -> dict[Comes, Part]:
        return {
            Comes.APPEARS: self.appear, Comes.CHANGES: self.change, Comes.CLEARS: self.clear
        }  # fmt: skip


def expect(plan: Plan, *, most: int = MOST) -> Expectation:
    """What would come of the findings. A fixed number of queries per few thousand contracts."""
    with without_collector():
        work = Work(plan)
        laid = laid_over(work)
        expectation = Expectation()
        found: dict[Comes, list[Foreseen]] = {comes: [] for comes in Comes}
        for one in foresee(laid):
            found[one.comes].append(one)
        words = _Words(work, laid)
        for comes, part in expectation.parts.items():
            _fill(part, found[comes], words, most)
    return expectation


def laid_over(work: Work) -> LaidOver:
    work.read_related()
    return LaidOver(_as_they_would_be(work))


def _fill(part: Part, found: list[Foreseen], words: _Words, most: int) -> None:
    for one in found:
        part.by_severity[one.severity] += 1
        part.by_rule[one.rule, one.severity] += 1
    found.sort(key=words.order)
    part.told = words.tell(found[:most])


def _as_they_would_be(work: Work) -> Iterator[models.Model]:
    """New rows as they are; of changed ones a copy."""
    for row in work.rows:
        if row._state.adding and not isinstance(row, Inspection):
            yield row
    changes = [change for key in work.keys_changed for change in work.changes(key)]
    for row, values, _ in (*changes, *work.changed_visits()):
        changed = copy.copy(row)
        for name, value in values.items():
            if isinstance(value, models.Model):
                changed.__dict__[f"{name}_id"] = value.pk
                changed._state.fields_cache[name] = value
            else:
                setattr(changed, name, value)
        yield changed


class _Words:
    """What a finding is of, and which row of the file it comes of."""

    RANK = {severity: place for place, severity in enumerate(Severity.values)}

    def __init__(self, work: Work, laid: LaidOver):
        self.lines: dict[tuple[bool, int], tuple[SheetPlan, Line]] = {}
        self.places: dict[int, int] = {}
        for place, (sheet, line) in enumerate(work.lines.values()):
            row, self.places[id(line)] = line.row, place
            own = isinstance(row, Contract | Disclosure)
            keys = laid.about(row)
            for key in keys:
                if own:
                    self.lines[key] = sheet, line
                else:
                    self.lines.setdefault(key, (sheet, line))
        self.laid = laid

    def order(self, one: Foreseen) -> tuple:
        """The worst first, then as the file has them."""
        known = self.lines.get((one.on_disclosure, one.of))
        place = self.places[id(known[1])] if known else len(self.places)
        return self.RANK[one.severity], place, one.of, one.since, one.rule, one.subject

    def tell(self, found: list[Foreseen]) -> list[Told]:
        codes = self._codes(found)
        return [self._told(one, codes) for one in found]

    def _codes(self, found: list[Foreseen]) -> dict[tuple[bool, int], str]:
        codes = {}
        for on_disclosure, model in ((False, Contract), (True, Disclosure)):
            keys = {one.of for one in found if one.on_disclosure == on_disclosure and one.of > 0}
            for some in batches(keys):
                rows = model.objects.filter(pk__in=some).select_related("agency")
                codes |= {(on_disclosure, row.pk): row.code for row in rows}
        return codes

    def _told(self, one: Foreseen, codes: dict) -> Told:
        key = one.on_disclosure, one.of
        sheet, line = self.lines.get(key, (None, None))
        return Told(
            of=codes.get(key) or (line.named if line else ""),
            sheet=sheet.name if sheet else "",
            number=line.number if line else None,
            rule=one.rule,
            title=BY_CODE[one.rule].title,
            subject=subject_in_words(one.subject),
            severity=Severity(one.severity),
            since=one.since,
            last_day=one.until and one.until - timedelta(days=1),
            excused=one.excused,
        )
