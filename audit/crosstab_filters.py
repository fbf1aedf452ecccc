"""What a cross table is asked for, and the list behind one of its numbers."""

from __future__ import annotations

from datetime import date

import django_filters as filters
from django import forms

from audit.crosstab import (
    AXES,
    CHAINS,
    DEPTHS,
    OF,
    OF_CONTRACTS,
    RELATIONS,
    UNPRINTED_GROUPS,
    Asked,
    holds_real,
    places,
)
from audit.filters import groups
from outsourcing.filters import DayFilter, YearFilter, by_agency
from outsourcing.models import AgencyKind, Contract
from outsourcing.scope import Scope

WITHIN = (("years", "契約期間のある年度に該当したもの"),)
DEPTH_NAMES = [(code, f"{name}／{CHAINS[code]}") for code, name in DEPTHS.items()]


def all_groups() -> list[tuple[str, str]]:
    organ, ungrouped = UNPRINTED_GROUPS.items()
    return [organ, *groups(), ungrouped]


class CrosstabForm(forms.Form):
    def clean(self):
        asked = self.cleaned_data
        axis = asked.get("rows")
        if axis and axis == asked.get("columns"):
            said = f"行と列の両方に「{AXES[axis]}」は選べません。列には別のものを選んでください。"
            self.add_error("columns", said)
        return asked


class CrosstabContractFilter(filters.FilterSet):
    """The contracts of a cell: its conditions are those of the table, its row and its column."""

    of = filters.ChoiceFilter(
        label="数えるもの", choices=tuple(OF.items()), method="keep", empty_label="すべての契約"
    )
    year = YearFilter(label="年度", method="keep", help_text="西暦（例：2017）")
    information = filters.ChoiceFilter(
        label="情報の種類", choices=Contract.Information, method="keep", empty_label="すべて"
    )
    agency = by_agency()
    kind = filters.ChoiceFilter(
        label="機関の種別", choices=AgencyKind, method="keep", empty_label="すべて"
    )
    group = filters.ChoiceFilter(
        label="法人区分", choices=all_groups, method="keep", empty_label="すべて"
    )
    work = filters.ChoiceFilter(
        label="業務の種類", choices=Contract.Work, method="keep", empty_label="すべて"
    )
    rule = filters.ChoiceFilter(
        label="規則", choices=tuple(OF_CONTRACTS.items()), method="keep", empty_label="すべて"
    )
    depth = filters.ChoiceFilter(
        label="再委託の段階", choices=DEPTH_NAMES, method="keep", empty_label="すべて"
    )
    relation = filters.ChoiceFilter(
        label="委託先との関係",
        choices=tuple(RELATIONS.items()),
        method="keep",
        empty_label="すべて",
    )
    within = filters.ChoiceFilter(
        label="所見の時期", choices=WITHIN, method="keep", empty_label="指定しない"
    )
    as_of = DayFilter(
        label="基準日", method="keep", help_text="この日までに生じた所見を数えます。例：2018-03-31"
    )

    class Meta:
        model = Contract
        fields = ()
        form = CrosstabForm

    def __init__(self, *args, on: date, scope: Scope, **kwargs):
        super().__init__(*args, **kwargs)
        self.on, self.scope = on, scope

    @property
    def asked(self) -> Asked:
        """Once the conditions are understood."""
        known = self.form.cleaned_data
        named = {
            name: known[name]
            for name in Asked._fields
            if name not in ("scope", "synthetic", "on", "places", "agency") and known[name]
        }
        return Asked(
            scope=self.scope,
            synthetic=not holds_real(self.scope),
            on=self.on,
            places=places(self.scope),
            agency=known["agency"].code if known["agency"] else "",
            **named,
        )

    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        if not self.is_valid():
            return self.queryset.none()
        counted = self.asked.by(())
        return self.queryset.filter(pk__in=counted.contracts().order_by().values("pk"))

    def keep(self, contracts, name, value):
        """Conditions are joined in ``Asked``."""
        return contracts


class CrosstabFilter(CrosstabContractFilter):
    """The table: its rows, its columns, and what is counted in it."""

    rows = filters.ChoiceFilter(
        label="行", choices=tuple(AXES.items()), method="keep", empty_label=None
    )
    columns = filters.ChoiceFilter(
        label="列", choices=tuple(AXES.items()), method="keep", empty_label=None
    )

    class Meta(CrosstabContractFilter.Meta):
        pass

    @property
    def axes(self) -> tuple[str, str]:
        known = self.form.cleaned_data
        return known["rows"], known["columns"]
