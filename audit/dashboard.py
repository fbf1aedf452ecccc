"""概況: the numbers that the dashboard shows, each with the address of the list it counts.

Of the ledgers that a reader may see, as of a day. What is counted by agency, by section or over
time asks the database once, however much there is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from audit import timing
from audit.conditions import answered_by, is_to_correct
from audit.dashboard_rows import Group, Number, Provision, Row, caption
from audit.filters import rested_on
from audit.paging import counted
from guideline.corrections import MARKS
from guideline.law import law
from guideline.models import CorrectiveAction, Finding, Severity
from guideline.provisions import label_of
from guideline.rules import RULES
from guideline.shapes import Shape, folded, known, of_shapes
from guideline.standing import arms
from outsourcing.filters import NO_SECTION
from outsourcing.models import Agency, Contract, Disclosure, Section
from outsourcing.scope import Scope
from surveys import rounds

FAILING = (Severity.BREACH, Severity.VIOLATION)
SOON, AHEAD = 30, 90  # days within which something falls due
CHANGES = 30  # days over which what came and went is told
SECTION = Coalesce("contract__section", "disclosure__section")


class Dashboard:
    """``own``: the sections that a user who writes for some alone writes for."""

    def __init__(self, scope: Scope, on: date, *, own: Iterable[Section] = ()):
        self.scope, self.on, self.own = scope, on, list(own)
        self._findings, self._contracts = reverse("findings"), reverse("contracts")
        self._day = on.isoformat()

    @property
    def is_of_one_agency(self) -> bool:
        return not self.scope.is_everything and len(self.scope.agency_ids) == 1

    @cached_property
    def findings(self) -> QuerySet:
        return Finding.objects.visible_to(self.scope).order_by()

    def number(self, value: int, **conditions) -> Number:
        return Number(value, self.listed(**conditions))

    def listed(self, **conditions) -> str:
        """The list of findings under these conditions, as of the day unless another is named."""
        return f"{self._findings}?{urlencode({'as_of': self._day} | conditions)}"

    def contracts_listed(self, **conditions) -> str:
        return f"{self._contracts}?{urlencode(conditions | {'on': self._day})}"

    # What stands

    def standing(self, *columns, on: date | None = None, **conditions) -> Counter:
        """{values of the columns: findings of the day}"""
        found = Counter()
        for part in self._parts(on or self.on):
            found.update(counted_by(self.findings.filter(part, **conditions), *columns))
        return found

    def shapes(self, on: date | None = None) -> Counter[Shape]:
        """{shape: findings of the day}"""
        return of_shapes(*(self.findings.filter(part) for part in self._parts(on or self.on)))

    def _parts(self, on: date) -> tuple[Q, ...]:
        """Of one agency, its own index has less to read."""
        return arms(on) if self.scope.is_everything else (timing.STANDING.as_of(on),)

    def arisen(self, first: date, last: date) -> QuerySet:
        return self.findings.arising(first, last)

    def ended(self, first: date, last: date) -> QuerySet:
        if self.scope.is_everything:
            return self.findings.ending(first, last)
        return self.findings.filter(ends__plain__gte=first, ends__plain__lte=last)

    @cached_property
    def _of_today(self) -> Counter[Shape]:
        return self.shapes()

    @cached_property
    def _by_provision(self) -> Counter:
        return folded(self._of_today, "provision", "severity")

    @cached_property
    def year_before(self) -> date:
        try:
            return self.on.replace(year=self.on.year - 1)
        except ValueError:  # 29 February
            return self.on.replace(year=self.on.year - 1, day=28)

    @cached_property
    def _stood(self) -> Counter:
        """{(provision,): findings of the same day a year before}"""
        return folded(self.shapes(self.year_before), "provision")

    @property
    def severities(self) -> list[tuple[Severity, Number]]:
        of = Counter()
        for (_, severity), number in self._by_provision.items():
            of[severity] += number
        return [(s, self.number(of[s], when="standing", severity=s.value)) for s in Severity]

    @property
    def provisions(self) -> list[Provision]:
        """In the order of the guideline, each beside the same day a year before."""
        newest = law().editions[-1].provisions
        then, marks, found = self.year_before.isoformat(), Severity.ATTENTION, []
        for code in rested_on():
            now = sum(self._by_provision[code, severity] for severity in Severity.values)
            of = {"when": "standing", "provision": code}
            found.append(
                Provision(
                    label_of(code),
                    caption(newest, code),
                    self.number(now, **of),
                    self.number(self._by_provision[code, marks], **of, severity=marks.value),
                    self.number(self._stood[code,], **of, as_of=then),
                )
            )
        return found

    @property
    def changes(self) -> tuple[Number, Number]:
        """What has come in the last days, and what has gone."""
        first = self.on - timedelta(days=CHANGES)
        days = first + timedelta(days=1), self.on
        come = self.arisen(*days).filter(ends__plain__gt=self.on).count()
        gone = self.ended(*days).filter(since__plain__lte=first).count()
        asked = {"first": first.isoformat(), "last": self._day}
        changed = reverse("finding-changes")
        return (
            Number(come, f"{changed}?{urlencode(asked | {'show': 'come'})}"),
            Number(gone, f"{changed}?{urlencode(asked | {'show': 'gone'})}"),
        )

    # What is to be done

    @cached_property
    def due(self) -> list[Row]:
        """What arises in the coming days unless something is done, by rule."""
        last = self.on + timedelta(days=AHEAD)
        soon = Count("since", filter=Q(since__lte=self.on + timedelta(days=SOON)))
        rows = self.findings.arising(self.on + timedelta(days=1), last).values_list("shape")
        rows = list(rows.annotate(soon=soon, ahead=Count("*")))
        shapes, found = known(), defaultdict(Counter)
        for shape, *numbers in rows:
            found[shapes[shape].rule].update(dict(zip(("soon", "ahead"), numbers, strict=True)))
        return [
            Row(rule.title, self._due(of["soon"], of["ahead"], rule=rule.code))
            for rule in RULES
            if (of := found.get(rule.code))
        ]

    @property
    def all_due(self) -> tuple[Number, ...]:
        by_rule = [[number.value for number in row.numbers] for row in self.due]
        return self._due(*map(sum, zip(*by_rule, strict=True))) if by_rule else self._due(0, 0)

    def _due(self, soon: int, ahead: int, **conditions) -> tuple[Number, Number]:
        numbers = ((SOON, soon), (AHEAD, ahead))
        return tuple(self.number(value, due=days, **conditions) for days, value in numbers)

    @property
    def corrections(self) -> dict[str, Number]:
        """Of what is open: whose correction is late, going on, or not begun."""
        # Few have been acted upon, beside all that have begun.
        begun = timing.STATES["open"].as_of(self.on) & timing.OPEN.as_of(self.on, plain=True)
        not_begun = (timing.OPEN + timing.STATES["none"]).as_of(self.on)
        found = {
            "overdue": counted([self._late()]),
            "open": counted([self.findings.filter(begun)]),
            "none": counted([self._to_correct(not_begun)]),
        }
        return {state: Number(n, self.listed(state=state), True) for state, n in found.items()}

    def _to_correct(self, when: Q) -> QuerySet:
        asked = [number for number, shape in known().items() if is_to_correct(shape)]
        return self.findings.filter(when, shape__id__plain__in=asked)

    def _late(self) -> QuerySet:
        """Open findings of which an action is overdue."""
        going_on = timing.STATES["overdue"].as_of(self.on)
        late = answered_by(CorrectiveAction.objects.overdue_on(self.on, plain=True))
        return self.findings.filter(going_on, late, timing.OPEN.as_of(self.on, plain=True))

    @property
    def own_sections(self) -> list[Row]:
        """What the user's own sections have to do: late, going on, not begun, due."""
        keys = {section.pk for section in self.own}
        of_own = _of_sections(Contract, keys) | _of_sections(Disclosure, keys)
        late = Counter(self._late().filter(of_own).values_list(SECTION, flat=True))
        to_correct = Q(excused=False) & ~Q(rule__in=MARKS)
        asked = {
            "open": (timing.OPEN + timing.STATES["open"]).as_of(self.on) & to_correct,
            "none": (timing.OPEN + timing.STATES["none"]).as_of(self.on) & to_correct,
            "soon": timing.falling_due(SOON).as_of(self.on),
            "ahead": timing.falling_due(AHEAD).as_of(self.on),
        }
        rows = (
            self.findings.filter(of_own)
            .values(of_section=SECTION)
            .annotate(**{name: Count("since", filter=q) for name, q in asked.items()})
        )
        of = {row["of_section"]: row for row in rows}
        found = []
        for section in self.own:
            row = of.get(section.pk, dict.fromkeys(asked, 0))
            code = {"section": _code(section)}
            numbers = (
                self.number(late[section.pk], state="overdue", **code),
                *(self.number(row[s], state=s, **code) for s in ("open", "none")),
                *self._due(row["soon"], row["ahead"], **code),
            )
            found.append(Row(section.name, numbers))
        return found

    # Where

    @property
    def works(self) -> list[Row]:
        """Kinds of work, in the order of the survey's report: its breaches, and all."""
        of = defaultdict(Counter)
        for (work, severity), number in folded(self._of_today, "work", "severity").items():
            of[work][severity] += number
        found = []
        for work in Contract.Work:
            asked = {"when": "standing", "work": work.value}
            breaches = of[work][Severity.BREACH]
            numbers = (
                self.number(breaches, **asked, severity=Severity.BREACH.value),
                self.number(sum(of[work].values()), **asked),
            )
            found.append(Row(work.label, numbers))
        return found

    @property
    def agencies(self) -> list[Group]:
        """In printed order: breaches, violations, and the contracts in force that day."""
        standing = self._failing("agency_id")
        in_force = self._in_force("agency_id")
        printed = self._printed()
        groups: dict[str, list[Row]] = {}
        agencies = {row.pk: row for row in Agency.objects.visible_to(self.scope).order_by("code")}
        for key in [key for key in printed if key in agencies]:
            listed, name = printed[key]
            groups.setdefault(listed, []).append(
                self._place(name, standing[key], in_force[key], agency=agencies[key].code)
            )
        for key, agency in agencies.items():
            if key not in printed and (standing[key] or in_force[key] or not agency.abolished_on):
                groups.setdefault("調査の表に掲載のない機関", []).append(
                    self._place(agency.name, standing[key], in_force[key], agency=agency.code)
                )
        return [Group(label, rows) for label, rows in groups.items()]

    def _printed(self) -> dict[int, tuple[str, str]]:
        """{agency: (group, printed name)} in the order of the newest round's tables."""
        known = rounds.years()
        found: dict[int, tuple[str, str]] = {}
        for row in rounds.listed(rounds.find(known[0]), self.scope) if known else ():
            kind = Agency.Kind(row.agency_kind).label
            found.setdefault(row.agency_id, (row.group or kind, row.printed_name))
        return found

    @property
    def sections(self) -> list[Group]:
        """The same of one agency, by section; what no section answers for stands last."""
        standing, in_force = self._failing(SECTION), self._in_force("section_id")
        sections = Section.objects.visible_to(self.scope).valid().select_related("agency")
        rows = [
            self._place(row.name, standing[row.pk], in_force[row.pk], section=_code(row))
            for row in sections.order_by("code")
            if standing[row.pk] or in_force[row.pk] or not (row.last_day and row.last_day < self.on)
        ]
        rows.append(
            self._place("（課室の定めなし）", standing[None], in_force[None], section=NO_SECTION)
        )
        return [Group("", rows)]

    def _failing(self, place) -> Mapping:
        """By place: {severity: findings of the day that something is wrong with}."""
        found = defaultdict(Counter)
        standing = self.standing("severity", place, severity__in=FAILING)
        for (severity, where), number in standing.items():
            found[where][severity] += number
        return found

    def _in_force(self, place: str) -> Counter:
        contracts = Contract.objects.visible_to(self.scope).valid().in_force(self.on).order_by()
        # All there are: so the index of the survey's count answers.
        of = {"information__in": Contract.Information.values, "synthetic__in": (False, True)}
        rows = contracts.filter(**of).values_list("information", "synthetic", place)
        found = Counter()
        for _, _, where, number in rows.annotate(number=Count("*")):
            found[where] += number
        return found

    def _place(self, label: str, standing: Mapping, in_force: int, **place) -> Row:
        numbers = (
            self.number(standing[s], when="standing", severity=s.value, **place) for s in FAILING
        )
        return Row(label, (*numbers, Number(in_force, self.contracts_listed(**place))))


def counted_by(findings: QuerySet, *columns) -> Counter:
    rows = findings.values_list(*columns).annotate(number=Count("*"))
    return Counter({tuple(values): number for *values, number in rows})


def _of_sections(model, keys: set[int]) -> Q:
    rows = model.objects.filter(section__in=keys).order_by()
    return Q(**{f"{model._meta.model_name}__in": rows.values("pk")})


def _code(section: Section) -> str:
    return f"{section.agency.code}/{section.code}"
