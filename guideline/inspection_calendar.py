"""The year of an officer's inspections: what is planned, what was done, and by when the next is
due: the last days of windows, of which findings tell that are still to come, or that stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Q

from guideline.models import Finding
from guideline.rules import BY_CODE, inspection_scope, link_inspection, on_site, yearly_inspection
from guideline.subjects import subject_in_words
from outsourcing import fiscal_year
from outsourcing.models import Contract, Inspection, InspectionTarget, PlannedInspection
from outsourcing.scope import Scope

RULES = tuple(
    module.RULE.code for module in (yearly_inspection, link_inspection, on_site, inspection_scope)
)
MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)


class Due(NamedTuple):
    """That an inspection is due: of one contract or link, on one day. ``planned`` is the day that
    is planned for it, by then or later."""

    contract: Contract
    subject: str
    day: date
    titles: tuple[str, ...]
    planned: date | None

    @property
    def code(self) -> str:
        """As ``outsourcing.targets`` names it."""
        link = self.subject.startswith("link:")
        return f"{self.contract.code}:{self.subject}" if link else self.contract.code

    @property
    def part(self) -> str:
        return subject_in_words(self.subject) if self.subject.startswith("link:") else "委託先"

    @property
    def target(self) -> str:
        """A25-2017-00001, A25-2017-00001の再委託3"""
        link = self.subject.startswith("link:")
        return f"{self.contract.code}の{self.part}" if link else self.contract.code


class Month(NamedTuple):
    year: int
    month: int
    plans: list[PlannedInspection]
    done: list[tuple[Inspection, list[InspectionTarget]]]
    due: list[Due]

    @property
    def is_empty(self) -> bool:
        return not (self.plans or self.done or self.due)


class Year(NamedTuple):
    """A fiscal year; ``standing``: what was due before it, or before ``on``, and is still not
    done."""

    year: int
    on: date
    plans: list[PlannedInspection]
    done: list[tuple[Inspection, list[InspectionTarget]]]
    due: list[Due]
    standing: list[Due]

    def months(self) -> Iterator[Month]:
        for month in MONTHS:
            year = self.year if month >= 4 else self.year + 1

            def here(day: date, year=year, month=month) -> bool:
                return (day.year, day.month) == (year, month)

            yield Month(
                year,
                month,
                [plan for plan in self.plans if here(plan.planned_on)],
                [(visit, targets) for visit, targets in self.done if here(visit.day)],
                [due for due in self.due if here(due.day)],
            )


def year_of(officer, year: int, scope: Scope, *, on: date) -> Year:
    """As a reader may see it: three queries, however many inspections."""
    first, last = fiscal_year.first_day(year), fiscal_year.last_day(year)
    plans = PlannedInspection.objects.visible_to(scope).valid().filter(inspection=None)
    plans = plans.filter(officer=officer).select_related(
        "contract__agency", "contract__contractor", "subcontract__contractor"
    )
    open_plans = list(plans.order_by("planned_on", "pk"))
    done = (
        InspectionTarget.objects.visible_to(scope)
        .valid()
        .filter(
            Q(contract__officer=officer) | Q(inspection__plans__officer=officer),
            inspection__day__range=(first, last),
            inspection__voided_on=None,
        )
    )
    done = done.select_related(
        "inspection__agency",
        "contract__agency",
        "contract__contractor",
        "subcontract__contractor",
    )
    due = list(_due(officer, scope, open_plans, until=last, on=on))
    return Year(
        year,
        on,
        [plan for plan in open_plans if first <= plan.planned_on <= last],
        [
            (visit, list(targets))
            for visit, targets in groupby(
                done.distinct().order_by("inspection__day", "inspection__pk", "pk"),
                key=lambda target: target.inspection,
            )
        ],
        [one for one in due if max(first, on) <= one.day],
        [one for one in due if one.day < max(first, on)] if first <= on <= last else [],
    )


def _due(officer, scope: Scope, plans, *, until: date, on: date) -> Iterator[Due]:
    """What begins by ``until`` and is not over on the day ``on``."""
    findings = Finding.objects.visible_to(scope).filter(
        contract__officer=officer,
        contract__voided_on=None,
        rule__in=RULES,
        excused=False,
        since__lte=until,
        ends__gt=on,
    )
    findings = findings.select_related("contract__agency", "contract__contractor")
    planned: dict[str, list[date]] = {}
    for plan in plans:
        planned.setdefault(plan.code, []).append(plan.planned_on)
    found: dict[tuple, list[Finding]] = {}
    for finding in findings.order_by("since", "contract__agency", "contract", "subject", "rule"):
        found.setdefault((finding.since, finding.contract_id, finding.subject), []).append(finding)
    for (since, _, subject), alike in found.items():
        titles = tuple(BY_CODE[finding.rule].title for finding in alike)
        due = Due(alike[0].contract, subject, since, titles, None)
        yield due._replace(planned=min(planned.get(due.code, ()), default=None))
