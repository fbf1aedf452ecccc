"""How many of a list's findings have each value, beside the conditions they could be narrowed by.

Counted by shape (``guideline.shapes``): one query tells the number of every value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.http import QueryDict

from audit.conditions import is_to_correct, rested_on
from audit.filters import DEPTHS, EXCUSED, RELATIONS, STATES, FindingFilter
from audit.listing import PAGING, address_of
from audit.paging import COUNTED, counted
from guideline.models import Severity
from guideline.rules import RULES
from guideline.shapes import Shape
from outsourcing.filters import without
from outsourcing.models import Agency, AgencyKind, Contract


class Value(NamedTuple):
    """``number`` is COUNTED + 1 for more than that; ``address``: the list narrowed by it."""

    label: str
    number: int
    address: str

    @property
    def is_exact(self) -> bool:
        return self.number <= COUNTED


class Facet(NamedTuple):
    title: str
    values: list[Value]


class _Kind(NamedTuple):
    """One way to narrow a list: the condition's name, its values in words, and which of them a
    finding of some shape has."""

    name: str
    title: str
    values: Callable[[], Iterable[tuple[str, str]]]
    of: Callable[[Shape], Iterable[str]]


def _relations(shape: Shape) -> list[str]:
    closest = shape.relation
    return ["subsidiary", closest] if closest == "wholly_owned" else [closest]


def _provisions() -> list[tuple[str, str]]:
    return [(code, f"第{code}") for code in rested_on()]


def _rules() -> list[tuple[str, str]]:
    return [(rule.code, rule.title) for rule in RULES]


KINDS = (
    _Kind("severity", "区分", lambda: Severity.choices, lambda shape: [shape.severity]),
    _Kind("provision", "指針の条項", _provisions, lambda shape: [shape.provision]),
    _Kind("rule", "規則", _rules, lambda shape: [shape.rule]),
    _Kind("work", "業務の種類", lambda: Contract.Work.choices, lambda shape: [shape.work]),
    _Kind("depth", "再委託の段階", lambda: DEPTHS, lambda shape: [shape.depth]),
    _Kind("relation", "委託先との関係", lambda: RELATIONS, _relations),
    _Kind("excused", "理由書", lambda: EXCUSED, lambda s: ["yes" if s.excused == "1" else "no"]),
)


def facets(found: FindingFilter) -> list[Facet]:
    """The values that findings of the list have, by each condition that is not chosen yet; none
    where a condition cannot be understood."""
    if not found.is_valid():
        return []
    asked = found.conditions.asked
    kinds = [kind for kind in KINDS if kind.name not in asked]
    few = counted(found.conditions.parts) <= COUNTED
    by_shape = found.conditions.by_shape(few=few)
    numbers = {kind.name: Counter() for kind in kinds}
    for shape, number in by_shape.items():
        for kind in kinds:
            for value in kind.of(shape):
                numbers[kind.name][value] += number
    made = [
        Facet(kind.title, _values(kind.name, kind.values(), numbers[kind.name], found.data))
        for kind in kinds
    ]
    if "state" not in asked:
        made.append(_of_states(found, by_shape))
    if few and "agency" not in asked:
        made += _of_agencies(found)
    return [facet for facet in made if facet.values]


def _values(name: str, labels, numbers: Mapping[str, int], data: QueryDict) -> list[Value]:
    rest = without(data, *PAGING, name)
    return [
        Value(str(label), numbers[value], address_of(rest, **{name: value}))
        for value, label in labels
        if numbers.get(value)
    ]


def _of_states(found: FindingFilter, by_shape: Mapping[Shape, int]) -> Facet:
    """The states of correction: of each as many as its list counts, since no shape tells the days
    on which one changes; but for what needs none."""
    numbers = {
        state: counted(found.conditions.also(state=state).parts)
        for state, _ in STATES
        if state != "unneeded"
    }
    numbers["unneeded"] = sum(
        number for shape, number in by_shape.items() if not is_to_correct(shape)
    )
    return Facet("是正の状態", _values("state", STATES, numbers, found.data))


def _of_agencies(found: FindingFilter) -> list[Facet]:
    """The agencies in the order of their codes, and before them their kinds, unless one is chosen;
    of few findings, since no shape tells them."""
    numbers = Counter(found.conditions.few_values("agency_id"))
    rows = Agency.objects.filter(pk__in=numbers).order_by("code")
    labels, by_code, by_kind = [], {}, Counter()
    for pk, code, name, kind in rows.values_list("pk", "code", "name", "kind"):
        labels.append((code, name))
        by_code[code] = numbers[pk]
        by_kind[kind] += numbers[pk]
    agencies = Facet("機関", _values("agency", labels, by_code, found.data))
    if "kind" in found.conditions.asked:
        return [agencies]
    kinds = _values("kind", AgencyKind.choices, by_kind, found.data)
    return [Facet("機関の種別", kinds), agencies]
