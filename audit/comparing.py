"""What differs between two days, between two agencies or sections, and between two editions: as
numbers, of which each is the length of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Min, QuerySet
from django.http import QueryDict

from audit.filters import FindingFilter
from guideline import standing
from guideline.law import law
from guideline.models import Finding
from guideline.provisions import Edition, label_of
from guideline.rules import RULES
from guideline.rules.flow_down import item_in_words
from guideline.rules.written_confirmation import matter_in_words
from guideline.shapes import Shape, folded, known, of_shapes
from outsourcing.models import Contract, InspectionScope

DAY = timedelta(days=1)
BY = {"rule": "規則", "provision": "条項"}
LISTS = {
    "items": ("契約書に記載する事項", label_of),
    "written_matters": ("書面で確認する事項", matter_in_words),
    "inspection_scopes": ("検査する事項", lambda code: InspectionScope(code).label),
    "flow_down": ("再委託先に求める措置", item_in_words),
}
TITLES = {rule.code: rule.title for rule in RULES}


class ChangeFilter(FindingFilter):
    """The conditions of the list of findings, but for those that speak of days: these are two."""

    as_of = None
    when = None
    since = None
    until = None
    due = None
    begun = None
    longer = None
    state = None

    @property
    def qs(self):
        return self.conditions.timeless if self.is_valid() else self.queryset.none()


class Change(NamedTuple):
    """Of one rule or provision: findings on the first day, those that came and went until the last,
    those of both days, and those of the last."""

    key: str
    label: str
    before: int
    came: int
    went: int
    stayed: int
    after: int


def came(findings: QuerySet, first: date, last: date) -> QuerySet:
    """True on the last day, and not on the first."""
    return findings.arising(first + DAY, last).filter(ends__gt=last)


def went(findings: QuerySet, first: date, last: date) -> QuerySet:
    """The other way round."""
    return findings.ending(first + DAY, last).filter(since__lte=first)


def stayed(findings: QuerySet, first: date, last: date) -> QuerySet:
    """True on both, and on all days between them."""
    return findings.filter(since__lte=first, ends__gt=last)


def changes(findings: QuerySet, first: date, last: date, *, by: str) -> list[Change]:
    """By rule or provision, in their order. What stayed is what stands on the last day without what
    came: standing findings are found at once (``guideline.standing``), and the two others lie in
    ranges of an index."""
    come = _counted([came(findings, first, last)], by)
    gone = _counted([went(findings, first, last)], by)
    after = _counted([findings.filter(arm) for arm in standing.arms(last)], by)
    found = []
    for key in _in_order(come.keys() | gone.keys() | after.keys(), by):
        kept = after[key] - come[key]
        found.append(
            Change(
                *(key, _label(key, by), kept + gone[key]),
                *(come[key], gone[key], kept, after[key]),
            )
        )
    return found


def total(rows: list[Change]) -> Change | None:
    """Of all rows; None of one alone, or of none."""
    if len(rows) < 2:
        return None
    return Change("", "計", *(sum(numbers) for numbers in zip(*(r[2:] for r in rows), strict=True)))


def number(findings: QuerySet, first: date, last: date) -> dict[str, int]:
    """How many findings each of the three lists has."""
    come = came(findings, first, last).count()
    after = sum(findings.filter(arm).count() for arm in standing.arms(last))
    return {
        "come": come,
        "gone": went(findings, first, last).count(),
        "stayed": after - come,
    }


class Side(NamedTuple):
    """An agency, or a section of it, on a day: its findings, beside the contracts in force."""

    label: str
    on: date
    conditions: QueryDict
    by_rule: Counter
    by_work: Counter
    contracts: Counter  # by kind of work

    @property
    def findings(self) -> int:
        return self.by_rule.total()

    @property
    def in_force(self) -> int:
        return self.contracts.total()


def side(label: str, conditions: QueryDict, contracts: QuerySet, *, on: date, request) -> Side:
    """``conditions``: whose findings, as the list of findings is asked for them."""
    rows = Finding.objects.visible_to(request.scope)
    found = FindingFilter(conditions, queryset=rows, request=request, on=on)
    parts = found.conditions.parts if found.is_valid() else [found.qs]
    in_force = contracts.in_force(on).order_by().values_list("work").annotate(number=Count("*"))
    shapes = of_shapes(*parts)
    by_rule, by_work = _by(shapes, "rule"), _by(shapes, "work")
    return Side(label, on, conditions, by_rule, by_work, Counter(dict(in_force)))


def rules_of(*counts: Counter) -> list[tuple[str, str]]:
    """(code, title) of the rules that any of them counts."""
    return [(key, TITLES[key]) for key in _in_order(set().union(*counts), "rule")]


def works_of(*counts: Counter) -> list[tuple[str, str]]:
    return [(v, name) for v, name in Contract.Work.choices if any(c[v] for c in counts)]


class Owed(NamedTuple):
    """Findings of a rule that would not be without later editions, of all that stand on the day;
    and the first day of the earliest of them."""

    key: str
    label: str
    owed: int
    since: date
    all: int


def owed(findings: QuerySet, on: date) -> list[Owed]:
    """Of a day, by rule. To which edition: to any but the first, as the condition ``owed`` asks."""
    rows = []
    for arm in standing.arms(on):
        counts = findings.filter(arm).order_by().values_list("shape")
        rows += counts.annotate(number=Count("*"), first=Min("since"))
    shapes, every, later, since = known(), Counter(), Counter(), {}
    for key, number, first in rows:
        shape = shapes[key]
        every[shape.rule] += number
        if shape.owed == "1":
            later[shape.rule] += number
            since[shape.rule] = min(since.get(shape.rule, first), first)
    return [
        Owed(key, TITLES[key], later[key], since[key], every[key])
        for key in _in_order(later.keys(), "rule")
    ]


def concerns(old: Edition, new: Edition) -> bool:
    """Whether what is owed to any edition but the first is what lies between these two."""
    return (old, new) == (law().editions[0], law().editions[-1]) and old != new


class Altered(NamedTuple):
    """What one edition has and the other has not, or says otherwise."""

    label: str
    old: str
    new: str


def rules_changed(old: Edition, new: Edition) -> list[Altered]:
    """Rules, with the provisions they rest on."""
    found = []
    for rule in RULES:
        before, after = old.rules.get(rule.code, ()), new.rules.get(rule.code, ())
        if before != after:
            found.append(Altered(rule.title, _labels(before), _labels(after)))
    return found


def lists_changed(old: Edition, new: Edition) -> list[Altered]:
    """What is to be written, confirmed, inspected and passed down, item by item."""
    found = []
    for name, (label, in_words) in LISTS.items():
        before, after = (getattr(edition.parameters, name) for edition in (old, new))
        if before != after:
            words = (
                "、".join(map(in_words, sorted(codes))) or "（なし）" for codes in (before, after)
            )
            found.append(Altered(label, *words))
    return found


def _labels(codes: Iterable[str]) -> str:
    return _words(label_of, codes)


def _words(in_words, codes: Iterable[str]) -> str:
    return "、".join(map(in_words, sorted(codes))) or "（なし）"


def _counted(parts: Iterable[QuerySet], by: str) -> Counter:
    return _by(of_shapes(*parts), by)


def _by(shapes: Counter[Shape], name: str) -> Counter:
    return Counter({key: number for (key,), number in folded(shapes, name).items()})


def _in_order(keys: Iterable[str], by: str) -> list[str]:
    if by == "provision":
        return sorted(keys)
    places = {code: place for place, code in enumerate(TITLES)}
    return sorted(keys, key=places.__getitem__)


def _label(key: str, by: str) -> str:
    return TITLES[key] if by == "rule" else label_of(key)
