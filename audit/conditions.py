"""What a list of findings asks of the database, by its conditions.

The same findings are asked for in three ways: ``found`` as such; ``parts``, which share nothing and
are each counted from an index; ``ordered``, which leaves the index of an order nothing else to be
taken for. ``by_shape`` counts them. Of two indexes SQLite often takes the wrong one: see
``guideline.lookups``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from datetime import date
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from audit import timing
from audit.timing import Timing
from guideline import standing
from guideline.corrections import MARKS
from guideline.law import law
from guideline.models import CorrectiveAction
from guideline.shapes import Shape, known, of_shapes
from outsourcing.filters import NO_SECTION
from outsourcing.models import Agency, Contract, Disclosure, Subcontract
from outsourcing.prepared import Composed, filled, places
from outsourcing.scope import Scope
from surveys.models import Listing

WITH_ITEMS = "*"  # behind a provision: and its items
SUBSIDIARIES = ("subsidiary", "wholly_owned")
AGENCIES = Composed(planned_once=True)
RARE = frozenset({("severity", "breach")})
# The conditions on what shapes tell.
TOLD = ("severity", "provision", "rule", "work", "depth", "relation", "excused", "owed")


class Conditions:
    """``asked`` is what FindingFilter understood, read as of the day ``on`` by who may read
    ``scope``."""

    def __init__(self, findings: QuerySet, asked: Mapping[str, Any], scope: Scope, on: date):
        self.findings, self.scope, self.on = findings, scope, on
        self.asked = {name: value for name, value in asked.items() if value not in (None, "")}

    def also(self, **asked) -> Conditions:
        """Together with others, of the same shapes."""
        more = Conditions(self.findings, self.asked | asked, self.scope, self.on)
        more.known = self.known
        return more

    @cached_property
    def known(self) -> dict[int, Shape]:
        """All shapes there are."""
        return known()

    @property
    def key(self) -> Hashable | None:
        """Says all that follows from the conditions; None where the ledger has a say in it."""
        if {"kind", "group"} & self.asked.keys():  # whose agencies can change
            return None
        asked = tuple(sorted(self.asked.items(), key=itemgetter(0)))
        return self.scope, self.on, asked, self.shapes

    @property
    def found(self) -> QuerySet:
        if self.is_narrow:
            state = timing.STATES.get(self.asked.get("state"), Timing())
            days = (self._time + self._length).as_of(self.on, plain=True)
            found = self._timeless(self._carried("__plain"), self._begun("__plain"))
            return found.filter(state.as_of(self.on), days)
        begun = self._begun("__plain" if "due" in self.asked else "")
        return self._timeless(self._carried(), begun).filter(self.timing.as_of(self.on))

    @property
    def parts(self) -> list[QuerySet]:
        if self.is_narrow or self._time is not timing.STANDING or self._has_index:
            return [self.found]
        rest = self._timeless(self._carried(), self._begun("__plain"))
        rest = rest.filter(self._beside.as_of(self.on, plain=True))
        return [rest.filter(arm) for arm in standing.arms(self.on)]

    def ordered(self, first: str) -> QuerySet:
        """In the order of a column, or of days ("")."""
        if self.is_narrow:
            return self.found
        # What is due begins on few days, and by day an agency has an index of its own.
        carried = self._carried("__plain", agency="" if first in ("", "agency_id") else "__plain")
        begun = self._begun("__plain" if "due" in self.asked else "")
        return self._timeless(carried, begun).filter(self.timing.as_of(self.on))

    def by_shape(self, *, few: bool) -> Counter[Shape]:
        """How many findings of each shape; ``few``: better found by what narrows them than along
        the index of shapes, whose every finding is then looked at."""
        if few:
            # Not grouped by the database, which would walk along the shapes for it.
            return Counter(self.known[number] for number in self.few_values("shape"))
        # What no shape tells is asked of the database, the rest below.
        unshaped = self._of_agencies("__plain", "__plain")
        everything = self._timeless(unshaped, self._begun("__plain"), "__plain")
        found = of_shapes(everything.filter(self.timing.as_of(self.on, plain=True)))
        return Counter({shape: n for shape, n in found.items() if _meets(shape, self._told)})

    def few_values(self, column: str) -> list:
        """A column of each finding, where these are few."""
        parts = (part.order_by().values_list(column, flat=True) for part in self.parts)
        return [value for part in parts for value in part]

    @cached_property
    def shapes(self) -> tuple[int, ...] | None:
        """The numbers of the shapes that meet what is asked of what shapes tell; None: nothing is,
        or breaches alone, which have an index of their own."""
        if not self._told or self._told == RARE:
            return None
        return _numbers_of(self._told, tuple(self.known.items()))

    @cached_property
    def _told(self) -> frozenset[tuple[str, str]]:
        """What is asked of what shapes tell."""
        told = {(name, value) for name, value in self.asked.items() if name in TOLD}
        if self.asked.get("state") in ("none", "unneeded"):  # the others have begun
            told.add(("state", self.asked["state"]))
        return frozenset(told)

    @property
    def timeless(self) -> QuerySet:
        """Without what depends on the day: see ``timing`` and ``overdue``."""
        return self._timeless(self._carried(), self._begun(), late=False)

    @property
    def timing(self) -> Timing:
        """As of which days a finding is on the list."""
        return self._time + self._beside

    @property
    def overdue(self) -> bool:
        """Whether only findings are asked for of which an action is overdue: the days on which one
        is are no interval, as several may be."""
        return self.asked.get("state") == "overdue"

    @property
    def is_narrow(self) -> bool:
        """Whether something narrows the list far more than any day does."""
        few = {"contractor", "section"} & self.asked.keys()
        return bool(few) or self.asked.get("state") in ("open", "overdue", "settled")

    @property
    def is_rare(self) -> bool:
        """Whether findings of a severity are asked for of which there are few, and nothing else
        that shapes tell."""
        return self._told == RARE

    @property
    def _has_index(self) -> bool:
        """Whether fewer findings have a value that is asked for than stand on a day, as a rule."""
        some = {"rule", "provision", "agency", "work", "relation", "owed"} & self.asked.keys()
        rare = {"severity": ("breach",), "excused": ("yes",), "depth": ("1", "2")}
        return bool(some) or any(self.asked.get(name) in few for name, few in rare.items())

    @cached_property
    def provisions(self) -> list[str]:
        """The provisions that what is asked for can rest on, in order."""
        among = set(rested_on())
        if "provision" in self.asked:
            among &= set(with_items(self.asked["provision"]))
        if "rule" in self.asked:
            among &= provisions_of_rule(self.asked["rule"])
        return sorted(among)

    @property
    def _time(self) -> Timing:
        if "due" in self.asked:
            return timing.falling_due(int(self.asked["due"]))
        if "since" in self.asked:
            return Timing()
        return timing.STANDING if "when" in self.asked else timing.OPEN

    @property
    def _beside(self) -> Timing:
        return self._length + timing.STATES.get(self.asked.get("state"), Timing())

    @property
    def _length(self) -> Timing:
        longer = self.asked.get("longer")
        return timing.lasting(int(longer)) if longer else Timing()

    def _begun(self, plain: str = "") -> Q:
        begun = self.asked.get("begun")
        return Q(**{f"since{plain}__gte": begun}) if begun else Q()

    def _timeless(self, carried: Q, begun: Q, plain: str = "", *, late: bool = True) -> QuerySet:
        found = self.findings.filter(carried, begun, *self._related(late=late))
        if "since" in self.asked:
            first, last = self.asked["since"], self.asked["until"]
            found = found.filter(**{f"since{plain}__lte": last, f"ends{plain}__gt": first})
        return found

    def _carried(self, plain: str = "", *, agency: str = "") -> Q:
        """What findings carry."""
        found = self._of_agencies(plain, agency)
        if self.is_rare:  # whose index is taken wherever nothing else narrows the list
            found &= Q(**{f"severity{plain if self.is_narrow else ''}": "breach"})
        elif self.shapes is not None:
            found &= Q(**{f"shape__id{plain}__in": self.shapes})
        return found

    def _of_agencies(self, plain: str, agency: str) -> Q:
        asked, found = self.asked, Q()
        if "agency" in asked:
            found &= Q(**{f"agency__id{agency}": asked["agency"].pk})
        for name in {"kind", "group"} & asked.keys():
            found &= Q(**{f"agency__id{plain}__in": AGENCIES_OF[name](asked[name])})
        return found

    def _related(self, *, late: bool) -> list[Q]:
        """What other tables tell; ``late``: also whether an action is overdue."""
        found = []
        if "contractor" in self.asked:
            found.append(self._concerning(self.asked["contractor"], self.asked.get("reach")))
        if "section" in self.asked:
            found.append(_of_section(self.asked["section"]))
        if self.overdue and late:
            found.append(answered_by(CorrectiveAction.objects.overdue_on(self.on, plain=True)))
        return found

    def _concerning(self, contractor, reach: str | None) -> Q:
        contracts = Contract.objects.visible_to(self.scope).valid()
        links = Subcontract.objects.visible_to(self.scope).valid()
        prime = contracts.filter(contractor=contractor).order_by().values("pk")
        below = links.filter(contractor=contractor).order_by().values("contract")
        if reach:
            return Q(contract__in=prime if reach == "prime" else below)
        return Q(contract__in=prime.union(below))


def _of_section(section) -> Q:
    """A section's: of its contracts, and of provisions of information; NO_SECTION: nobody's."""
    if section == NO_SECTION:
        return Q(contract__section=None, disclosure__section=None)
    return Q(contract__in=Contract.objects.filter(section=section).order_by().values("pk")) | Q(
        disclosure__in=Disclosure.objects.filter(section=section).order_by().values("pk")
    )


@lru_cache(maxsize=512)
def _numbers_of(told: frozenset, shapes: tuple[tuple[int, Shape], ...]) -> tuple[int, ...]:
    return tuple(number for number, shape in shapes if _meets(shape, told))


def _meets(shape: Shape, told: frozenset[tuple[str, str]]) -> bool:
    """Whether a shape meets what is asked."""
    asked = dict(told)
    same = all(getattr(shape, n) == asked[n] for n in ("severity", "rule", "work", "depth")
               if n in asked)  # fmt: skip
    if not same or shape.provision not in with_items(asked.get("provision", shape.provision)):
        return False
    if "relation" in asked and shape.relation not in related(asked["relation"]):
        return False
    if "excused" in asked and (shape.excused == "1") != (asked["excused"] == "yes"):
        return False
    if "state" in asked and is_to_correct(shape) == (asked["state"] == "unneeded"):
        return False
    return "owed" not in asked or shape.owed == "1"


def is_to_correct(shape: Shape) -> bool:
    """Whether something is to be done about findings of a shape."""
    return shape.excused != "1" and shape.rule not in MARKS


def related(relation: str) -> tuple[str, ...]:
    """「子会社」 takes in the 100% ones."""
    return SUBSIDIARIES if relation == "subsidiary" else (relation,)


def _of_kind(kind: str) -> list[int]:
    rows = AGENCIES.rows(("kind", kind), lambda: Agency.objects.filter(kind=kind).values_list("pk"))
    return [key for (key,) in rows]


def _of_group(group: str) -> list[int]:
    """By the group that the latest round prints an agency in."""

    def listed():
        latest = Listing.objects.exclude(group="").order_by("-survey__fiscal_year")
        year = latest.values("survey__fiscal_year")[:1]
        return Listing.objects.filter(group=group, survey__fiscal_year=year).values_list("agency")

    return sorted({key for (key,) in AGENCIES.rows(("group", group), listed)})


AGENCIES_OF = {"kind": _of_kind, "group": _of_group}


@cache
def rested_on() -> list[str]:
    """The code of every provision that a finding can rest on first, in order."""
    editions = law().editions
    codes = {code for edition in editions for of in edition.rules.values() for code in of}
    codes |= {item for edition in editions for item in edition.parameters.items}
    return sorted(codes)


def with_items(provision: str) -> list[str]:
    """「8-4*」 is a provision with all its items, anything else itself."""
    whole = provision.removesuffix(WITH_ITEMS)
    if whole == provision:
        return [provision]
    return [code for code in rested_on() if code.startswith(whole)]


@cache
def provisions_of_rule(rule: str) -> set[str]:
    """What findings of a rule can rest on first: its provisions, or items of one of them."""
    codes = {code for edition in law().editions for code in edition.rules.get(rule, ())}
    return {p for p in rested_on() if p in codes or p.partition("(")[0] in codes}


def answered_by(actions: QuerySet) -> Q:
    """Findings, few, that share a day with one of the actions, of their rule and subject."""
    same = actions.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=OuterRef("since")),
        rule=OuterRef("rule"),
        subject=OuterRef("subject"),
        first_day__lt=OuterRef("ends"),
    )
    found = Q()
    for of in ("contract", "disclosure"):
        found |= Q(**{f"{of}__isnull": False}) & Exists(same.filter(**{of: OuterRef(of)}))
    return found


def overdue_among(rows: list[dict], on: date) -> frozenset[int]:
    """The keys of those of the findings whose actions are overdue on a day. No query where none has
    been acted upon."""
    rows = [row for row in rows if row["acted_on"] <= on < row["settled_on"]]
    days = defaultdict(list)
    for of in ("contract_id", "disclosure_id"):
        for key, rule, subject, first, last in _late_of(of, {row[of] for row in rows} - {None}, on):
            days[of, key, rule, subject].append((first, last or date.max))
    return frozenset(
        row["pk"]
        for row in rows
        for of in ("contract_id", "disclosure_id")
        for first, last in days.get((of, row[of], row["rule"], row["subject"]), ())
        if row["since"] <= last and first < row["ends"]
    )


def _late_of(of: str, keys: set[int], on: date) -> list[tuple]:
    """The overdue actions of so many contracts, or provisions."""
    if not keys:
        return []
    among = places(1 << max(4, (len(keys) - 1).bit_length()))

    def actions():
        late = CorrectiveAction.objects.overdue_on(on, plain=True).order_by()
        return late.filter(**{f"{of}__in": among}).values_list(
            of, "rule", "subject", "first_day", "last_day"
        )

    return LATE.rows((of, len(among), on), actions, filled(among, list(keys)))


LATE = Composed(planned_once=True)
