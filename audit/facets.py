"""How many of a list's findings have each value, beside the conditions they could be narrowed by.

Of few findings, and of those that stand on a day, all values are counted at once; of more, each
value by itself, as far as one counts: a list opened by it tells the same number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.db.models import Count, Q
from django.http import QueryDict

from audit.conditions import Conditions, rested_on
from audit.filters import DEPTHS, EXCUSED, RELATIONS, FindingFilter
from audit.listing import PAGING
from audit.paging import COUNTED, counted
from guideline.models import Severity
from outsourcing.models import Agency, Contract

COLUMNS = ("severity", "provision", "work", "depth", "relation", "excused", "agency_id")


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
    """One way to narrow a list: the condition's name, its values in words, what a value asks of a
    finding, and which value one has that was counted by COLUMNS."""

    name: str
    title: str
    values: Callable[[], Iterable[tuple[str, str]]]
    asks: Callable[[str], Q]
    of: Callable[[Mapping], list[str]]


def _depths(row: Mapping) -> list[str]:
    return [str(min(row["depth"], 2))]


def _relations(row: Mapping) -> list[str]:
    closest = row["relation"]
    return ["subsidiary", closest] if closest == "wholly_owned" else [closest]


def _asks_depth(value: str) -> Q:
    return Q(depth__gte=2) if value == "2" else Q(depth=int(value))


def _asks_relation(value: str) -> Q:
    return Q(relation__in=["subsidiary", "wholly_owned"] if value == "subsidiary" else [value])


KINDS = (
    _Kind(
        "severity",
        "区分",
        lambda: Severity.choices,
        lambda v: Q(severity=v),
        lambda row: [row["severity"]],
    ),
    _Kind(
        "provision",
        "指針の条項",
        lambda: [(code, f"第{code}") for code in rested_on()],
        lambda v: Q(provision=v),
        lambda row: [row["provision"]],
    ),
    _Kind(
        "work",
        "業務の種類",
        lambda: Contract.Work.choices,
        lambda v: Q(work=v),
        lambda row: [row["work"]],
    ),
    _Kind("depth", "再委託の段階", lambda: DEPTHS, _asks_depth, _depths),
    _Kind("relation", "委託先との関係", lambda: RELATIONS, _asks_relation, _relations),
    _Kind(
        "excused",
        "理由書",
        lambda: EXCUSED,
        lambda v: Q(excused__in=[v == "yes"]),
        lambda row: ["yes" if row["excused"] else "no"],
    ),
)


def facets(found: FindingFilter) -> list[Facet]:
    """The values that findings of the list have, by each condition that is not chosen yet; none
    where a condition cannot be understood."""
    if not found.is_valid():
        return []
    kinds = [kind for kind in KINDS if kind.name not in found.conditions.asked]
    numbers = _numbers(found.conditions, kinds)
    made = [
        Facet(kind.title, _values(kind.name, kind.values(), numbers[kind.name], found.data))
        for kind in kinds
    ]
    if "agency" not in found.conditions.asked and (by_agency := numbers.get("agency")):
        made.append(_of_agencies(by_agency, found))
    return [facet for facet in made if facet.values]


def _values(name: str, labels, numbers: Mapping[str, int], data: QueryDict) -> list[Value]:
    return [
        Value(str(label), numbers[value], _address(data, name, value))
        for value, label in labels
        if numbers.get(value)
    ]


def _of_agencies(numbers: Mapping[str, int], found: FindingFilter) -> Facet:
    """The agencies in the order of their codes."""
    rows = Agency.objects.filter(pk__in=numbers).order_by("code").values_list("pk", "code", "name")
    labels = [(code, name) for _, code, name in rows]
    by_code = {code: numbers[pk] for pk, code, _ in rows}
    return Facet("機関", _values("agency", labels, by_code, found.data))


def _address(data: QueryDict, name: str, value: str) -> str:
    query = data.copy()
    for gone in PAGING:
        query.pop(gone, None)
    query[name] = value
    return f"?{query.urlencode()}"


def _numbers(asked: Conditions, kinds: list[_Kind]) -> dict[str, Mapping]:
    standing = asked.asked.get("when") and not asked.is_narrow
    if standing or counted(asked.parts) <= COUNTED:
        return _at_once(asked, kinds)
    return {kind.name: _one_by_one(asked, kind) for kind in kinds}


def _at_once(asked: Conditions, kinds: list[_Kind]) -> dict[str, Counter]:
    numbers = {name: Counter() for name in ("agency", *(kind.name for kind in kinds))}
    for part in asked.parts:
        rows = part.order_by().values(*COLUMNS).annotate(number=Count("pk"))
        for row in rows:
            numbers["agency"][row["agency_id"]] += row["number"]
            for kind in kinds:
                for value in kind.of(row):
                    numbers[kind.name][value] += row["number"]
    return numbers


def _one_by_one(asked: Conditions, kind: _Kind) -> dict[str, int]:
    found = asked.found
    return {value: counted([found.filter(kind.asks(value))]) for value, _ in kind.values()}
