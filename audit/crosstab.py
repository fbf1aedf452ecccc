"""Cross tables: what contracts are counted, and by what.

A contract belongs to a fiscal year when its term shares a day with it, as a survey takes it in, so
to several. With findings counted, it belongs to those in which it also has such a finding, and to
the rule, depth and relation of each. It is counted once in every cell and in every total.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Least

from audit.crosstab_sql import FiscalYear
from guideline.models import Finding
from guideline.rules import RULES
from outsourcing import fiscal_year
from outsourcing.models import Agency, AgencyKind, Contract, Subcontract
from outsourcing.scope import Scope
from surveys.models import Listing
from surveys.sheets.base import STATISTICS_AGENCIES

YEAR, AGENCY, KIND, GROUP, WORK = "year", "agency", "kind", "group", "work"
RULE, DEPTH, RELATION = "rule", "depth", "relation"
AXES = {
    YEAR: "年度",
    AGENCY: "機関",
    KIND: "機関の種別",
    GROUP: "法人区分",
    WORK: "業務の種類",
    RULE: "規則",
    DEPTH: "再委託の段階",
    RELATION: "委託先との関係",
}
ONLY_OF_FINDINGS = (RULE, RELATION)
ANY = "any"
OF = {
    ANY: "所見のある契約",
    "breach": "契約に反する再委託のある契約",
    "violation": "指針不適合のある契約",
    "attention": "注意のある契約",
}
ORGAN, UNGROUPED = "organ", "ungrouped"
UNPRINTED_GROUPS = {ORGAN: "行政機関", UNGROUPED: "法人区分のない独立行政法人等"}
DEPTHS = {"0": "委託（契約そのもの）", "1": "再委託", "2": "再々委託以降"}
CHAINS = {"0": "再委託なし", "1": "再委託まで", "2": "再々委託以降まで"}
ITSELF = "contract"
RELATIONS = {
    "wholly_owned": "100%子会社",
    "subsidiary": "子会社（100%を除く）",
    "none": "非該当",
    "unknown": "不明",
    ITSELF: "再委託でない（契約そのもの）",
}
# Rules that contracts can fail; the others are those of 8-1 to 8-3.
OF_CONTRACTS = {
    rule.code: rule.title for rule in RULES if rule.contract or rule.link or rule.window
}
# Years of a table: so many before and after that of the day. Beyond, contracts only add to totals.
BEFORE, AFTER = 60, 10


class Place(NamedTuple):
    """An agency as cross tables know it."""

    pk: int
    code: str
    name: str
    kind: str
    group: str


def places(scope: Scope) -> list[Place]:
    """The agencies that may be read, in the printed order of the latest round: first those of its
    tables, then whoever is in none, by code."""
    listed = Listing.objects.exclude(table=STATISTICS_AGENCIES)
    latest = listed.order_by("-survey__fiscal_year").values("survey__fiscal_year")[:1]
    rows = listed.filter(survey__fiscal_year=latest).order_by("table", "order")
    printed = {
        agency: (place, group)
        for place, (agency, group) in enumerate(rows.values_list("agency_id", "group"))
    }
    agencies = Agency.objects.visible_to(scope).order_by("code")
    found = [
        Place(pk, code, name, kind, _group(kind, printed.get(pk, (0, ""))[1]))
        for pk, code, name, kind in agencies.values_list("pk", "code", "name", "kind")
    ]
    last = len(printed)
    return sorted(found, key=lambda p: (printed.get(p.pk, (last, ""))[0], p.code))


def _group(kind: str, printed: str) -> str:
    return ORGAN if kind == AgencyKind.ORGAN else printed or UNGROUPED


def holds_real(scope: Scope) -> bool:
    """Whether any contract that may be read is a real one: then only these are counted. (Every kind
    of information is named, so that an index answers.)"""
    return (
        Contract.objects.visible_to(scope)
        .filter(
            information__in=Contract.Information.values,
            synthetic__in=[False],
            voided_on__isnull=True,
            last_day__gte=F("first_day"),
        )
        .exists()
    )


class Asked(NamedTuple):
    """What is counted. ``of``: nothing for all contracts, or a key of ``OF``. ``within``: findings
    in a fiscal year of the term alone. ``on``: findings that have begun by that day."""

    scope: Scope
    synthetic: bool
    on: date
    places: list[Place]
    of: str = ""
    within: str = ""
    year: int | None = None
    information: str = ""
    agency: str = ""
    kind: str = ""
    group: str = ""
    work: str = ""
    rule: str = ""
    depth: str = ""
    relation: str = ""

    def by(self, axes: Iterable[str]) -> Asked:
        """As a table by these axes counts: some belong to findings alone, and a table by years
        knows no finding outside the years of a contract."""
        of_findings = any(self.has(name) or name in axes for name in ONLY_OF_FINDINGS)
        of = self.of or (ANY if of_findings else "")
        return self._replace(of=of, within="years" if of and YEAR in axes else self.within)

    def has(self, name: str) -> bool:
        return getattr(self, name) not in ("", None)

    @property
    def conditions(self) -> dict[str, str]:
        """As they stand in an address."""
        names = ("of", "within", "information", *AXES)
        found = {name: str(getattr(self, name)) for name in names if self.has(name)}
        if YEAR in found or not self.of:
            found.pop("within", None)
        return found | {"as_of": self.on.isoformat()}

    @property
    def years(self) -> range:
        """That a table can tell apart; the first and the last stand for all beyond."""
        of_day = fiscal_year.fiscal_year_of(self.on)
        return range(of_day - BEFORE - 1, of_day + AFTER + 2)

    def contracts(self) -> QuerySet:
        """The contracts that are counted."""
        rows = Contract.objects.visible_to(self.scope).filter(self._of_contract())
        if self.of:
            return rows.filter(pk__in=self.findings().order_by().values("contract"))
        if self.depth:
            links, deep = links_of(self.scope), links_of(self.scope).filter(parent__isnull=False)
            has_links, has_deep = (Q(pk__in=found.values("contract")) for found in (links, deep))
            of_depth = {"0": ~has_links, "1": has_links & ~has_deep, "2": has_deep}
            rows = rows.filter(of_depth[self.depth])
        return rows

    def findings(self, *, by_years: bool = False) -> QuerySet:
        """The findings for which contracts are counted, of these contracts alone. ``by_years``: who
        asks takes the years apart itself, and leaves what lies in none."""
        rows = Finding.objects.visible_to(self.scope).filter(
            self._of_contract("contract__"), since__lte=self.on
        )
        if self.of != ANY:
            rows = rows.filter(severity=self.of)
        if self.year is not None:
            rows = rows.overlapping(*days_of(self.year))
        elif self.within and not by_years:
            first, last = self.shared_years()
            rows = rows.annotate(first_year=first, last_year=last)
            rows = rows.filter(first_year__lte=F("last_year"))
        if self.rule:
            rows = rows.filter(rule=self.rule)
        if self.depth:
            rows = rows.filter(depth__gte=2) if self.depth == "2" else rows.filter(depth=self.depth)
        if self.relation:
            rows = rows.filter(relation="" if self.relation == ITSELF else self.relation)
        return rows

    def shared_years(self) -> tuple:
        """The first and the last fiscal year in which both a finding and its contract have a day;
        none where the first is the later one."""
        years = self.years
        begun = When(
            since__lt=F("contract__first_day"), then=FiscalYear("contract__first_day", years)
        )
        over = When(ends__gt=F("contract__last_day"), then=FiscalYear("contract__last_day", years))
        return (
            Case(begun, default=FiscalYear("since", years)),
            Case(over, default=FiscalYear("ends", years, before=True)),
        )

    def _of_contract(self, to: str = "") -> Q:
        """The conditions of the contract, whose columns are found by the prefix ``to``."""
        found = Q(
            **{
                f"{to}voided_on__isnull": True,
                f"{to}last_day__gte": F(f"{to}first_day"),
                f"{to}synthetic__in": [self.synthetic],
            }
        )
        if self.year is not None:
            first, last = days_of(self.year)
            found &= Q(**{f"{to}first_day__lte": last, f"{to}last_day__gte": first})
        if self.agency or self.kind or self.group:
            chosen = [place.pk for place in self.chosen_places]
            found &= Q(**{f"{to}agency__in": chosen})
        for name in ("work", "information"):
            if value := getattr(self, name):
                found &= Q(**{f"{to}{name}": value})
        return found

    @property
    def chosen_places(self) -> list[Place]:
        return [
            place
            for place in self.places
            if self.agency in ("", place.code)
            and self.kind in ("", place.kind)
            and self.group in ("", place.group)
        ]


def days_of(year: int) -> tuple[date, date]:
    return fiscal_year.first_day(year), fiscal_year.last_day(year)


def links_of(scope: Scope) -> QuerySet:
    return Subcontract.objects.visible_to(scope).valid().order_by()


def depth_of_finding():
    return Least(F("depth"), Value(2), output_field=IntegerField())
