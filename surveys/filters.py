"""The contracts behind a number of a survey: its conditions stand in the address."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q

from guideline.models import Measure
from outsourcing.filters import ContractFilter
from outsourcing.models import Contract, ManagementFault
from surveys.classification import BREACH, NO_BREACH, PENDING, UNVERIFIABLE, breaching
from surveys.measures import measures_on
from surveys.sentences import to_wholly_owned
from surveys.sheets.base import HEADINGS

STATUSES = {
    BREACH: HEADINGS["breach"],
    NO_BREACH: HEADINGS["no_breach"],
    UNVERIFIABLE: HEADINGS["unverifiable"],
    PENDING: "確認中・未回答",
}


ANY, NO = "any", "none"  # of measures


class SurveyContractFilter(ContractFilter):
    """Of the population of one round, so of one year and one kind of information."""

    year = None
    information = None
    section = None
    officer = None
    ends = None
    status = filters.ChoiceFilter(
        label="再委託の状況", choices=tuple(STATUSES.items()), empty_label="すべて"
    )
    relation = filters.ChoiceFilter(
        label="契約に反する再委託の相手",
        method="breach_to",
        choices=[("wholly_owned", "100%子会社")],
        empty_label="すべて",
    )
    listing = filters.ChoiceFilter(
        label="掲載順",
        method="leave",
        choices=[("unlisted", "掲載順に登録のない機関")],
        empty_label="登録のある機関",
    )
    fault = filters.ChoiceFilter(
        label="管理体制",
        method="with_fault",
        choices=[("1", "不適切であることが確認されたもの")],
        empty_label="すべて",
    )

    measures = filters.ChoiceFilter(
        label="再発防止策",
        method="with_measures",
        choices=[
            (ANY, "契約に反する再委託に、講じたもの"),
            (NO, "契約に反する再委託に、まだ講じていないもの"),
            *((kind.value, f"うち{kind.label}") for kind in Measure),
        ],
        empty_label="すべて",
    )

    class Meta(ContractFilter.Meta):
        model = Contract

    def __init__(self, *args, survey, **kwargs):
        self.survey = survey
        super().__init__(*args, **kwargs)

    def filter_queryset(self, contracts):
        """Without contracts of agencies that the round does not list: no table counts them."""
        contracts = super().filter_queryset(contracts)
        listed = Q(agency__in=self.survey.listings.values("agency"))
        return contracts.filter(~listed if self.form.cleaned_data["listing"] else listed)

    def breach_to(self, contracts, name, value):
        breaches = contracts.filter(status=BREACH).values_list("pk", flat=True)
        return contracts.filter(pk__in=to_wholly_owned(self.survey, breaches))

    def with_measures(self, contracts, name, value):
        breaches = contracts.filter(pk__in=breaching(self.survey), status=BREACH)
        found = measures_on(self.survey, breaches.values_list("pk", flat=True))
        if value == NO:
            return breaches.exclude(pk__in=list(found))
        return contracts.filter(
            pk__in=[pk for pk, kinds in found.items() if value == ANY or value in kinds]
        )

    def with_fault(self, contracts, name, value):
        faults = ManagementFault.objects.valid()
        return contracts.filter(pk__in=faults.values("contract"))

    def leave(self, contracts, name, value):
        return contracts  # see filter_queryset: it narrows when nothing is chosen, too
