"""What lists of inspections and of their plans can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from outsourcing import fiscal_year
from outsourcing.filters import OFFICERS, YearFilter, by_agency, in_charge, mentioning
from outsourcing.models import (
    Contract,
    Inspection,
    InspectionMethod,
    InspectionResult,
    InspectionTarget,
    PlannedInspection,
    split_code,
)

WAITING = (("yes", "改善の確認を待つ指摘がある"), ("no", "指摘がないか、改善を確認した"))
STATES = (("open", "これから"), ("done", "実施済み"))


def waiting():
    """Targets whose points are not cleared yet."""
    rows = InspectionTarget.objects.valid().filter(cleared_on=None)
    return rows.exclude(result=InspectionResult.GOOD)


def counted(visits):
    """With how many targets each has, and how many of these wait for a correction."""

    def number(rows):
        of_visit = rows.filter(inspection=OuterRef("pk")).order_by().values("inspection")
        return Coalesce(Subquery(of_visit.annotate(number=Count("*")).values("number")), 0)

    return visits.annotate(
        number=number(InspectionTarget.objects.valid()), waiting=number(waiting())
    )


class InspectionFilter(filters.FilterSet):
    q = filters.CharFilter(
        label="検索",
        method="search",
        help_text="検査コード、場所、検査した者、対象の契約の件名・コード・委託先",
        max_length=200,
    )
    agency = by_agency()
    year = YearFilter(label="検査日の年度", method="in_year", help_text="西暦（例：2017）")
    method = filters.ChoiceFilter(
        label="検査の方法", choices=InspectionMethod, empty_label="すべて"
    )
    result = filters.ChoiceFilter(
        label="結果", choices=InspectionResult, method="with_result", empty_label="すべて"
    )
    waits = filters.ChoiceFilter(
        label="指摘の改善", choices=WAITING, method="that_wait", empty_label="すべて"
    )

    class Meta:
        model = Inspection
        fields = ()

    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, visits, name, value):
        contracts = mentioning(Contract.objects.visible_to(self.request.scope), value)
        mentioned = Q(place__icontains=value.strip()) | Q(inspectors__icontains=value.strip())
        if code := split_code(value.strip().upper(), Inspection.CODE):
            agency, year, serial = code
            mentioned |= Q(agency__code=agency, fiscal_year=year, serial=serial)
        return visits.filter(mentioned | _with(contract__in=contracts.values("pk")))

    def in_year(self, visits, name, value):
        days = fiscal_year.first_day(value), fiscal_year.last_day(value)
        return visits.filter(day__range=days)

    def with_result(self, visits, name, value):
        return visits.filter(_with(result=value))

    def that_wait(self, visits, name, value):
        waits = Exists(waiting().filter(inspection=OuterRef("pk")))
        return visits.filter(waits if value == "yes" else ~waits)


class PlanFilter(filters.FilterSet):
    q = filters.CharFilter(
        label="検索", method="search", help_text="契約の件名、コード、委託先", max_length=200
    )
    agency = by_agency()
    officer = filters.ChoiceFilter(
        label="担当者", choices=OFFICERS, method="of_officer", empty_label="すべて"
    )
    year = YearFilter(label="予定日の年度", method="in_year", help_text="西暦（例：2017）")
    state = filters.ChoiceFilter(
        label="状態", choices=STATES, method="in_state", empty_label="すべて"
    )

    class Meta:
        model = PlannedInspection
        fields = ()

    @property
    def qs(self):
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, plans, name, value):
        contracts = mentioning(Contract.objects.visible_to(self.request.scope), value)
        return plans.filter(contract__in=contracts.values("pk"))

    def of_officer(self, plans, name, value):
        return in_charge(plans, value, self.request.user)

    def in_year(self, plans, name, value):
        days = fiscal_year.first_day(value), fiscal_year.last_day(value)
        return plans.filter(planned_on__range=days)

    def in_state(self, plans, name, value):
        return plans.filter(inspection__isnull=value == "open")


def _with(**asked) -> Exists:
    rows = InspectionTarget.objects.valid().filter(inspection=OuterRef("pk"), **asked)
    return Exists(rows)
