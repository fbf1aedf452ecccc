"""What lists of the ledger can be narrowed by; every condition stands in the address."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import django_filters as filters
from django.db.models import Q

from outsourcing import plausibility
from outsourcing.models import Agency, AgencyKind, Clause, Contract


def visible_agencies(request):
    return Agency.objects.visible_to(request.scope).order_by("code")


class ContractFilter(filters.FilterSet):
    q = filters.CharFilter(
        label="検索", method="search", help_text="件名、契約番号、委託先名、法人番号"
    )
    agency = filters.ModelChoiceFilter(
        label="機関", queryset=visible_agencies, to_field_name="code", empty_label="すべて"
    )
    kind = filters.ChoiceFilter(
        label="機関の種別", field_name="agency__kind", choices=AgencyKind, empty_label="すべて"
    )
    information = filters.ChoiceFilter(
        label="情報の種類", choices=Contract.Information, empty_label="すべて"
    )
    work = filters.ChoiceFilter(label="業務の種類", choices=Contract.Work, empty_label="すべて")
    clause = filters.ChoiceFilter(label="再委託の条項", choices=Clause, empty_label="すべて")
    on = filters.DateFilter(label="契約期間に含む日", method="in_force")
    year = filters.NumberFilter(
        label="年度（西暦）", method="in_fiscal_year", min_value=1900, max_value=2100
    )
    implausible = filters.ChoiceFilter(
        label="確かめたい記録",
        method="marked",
        choices=[(check.code, check.title) for check in plausibility.CHECKS],
        empty_label="指定しない",
    )

    class Meta:
        model = Contract
        fields = ()

    def search(self, contracts, name, value):
        """Words are looked for in title, number and contractor, full and half width alike."""
        for word in unicodedata.normalize("NFKC", value).split():
            contracts = contracts.filter(
                Q(title__icontains=word)
                | Q(number__icontains=word)
                | Q(contractor__search_name__icontains=word.casefold())
                | Q(contractor__corporate_number=word)
            )
        return contracts

    def in_force(self, contracts, name, value):
        return contracts.in_force(value)

    def in_fiscal_year(self, contracts, name, value):
        return contracts.in_fiscal_year(int(value))

    def marked(self, contracts, name, value):
        marks = plausibility.BY_CODE[value].marks(self.request.scope)
        return contracts.filter(pk__in=marks.values("pk"))


class Condition(NamedTuple):
    """A condition that was chosen, in words, and the address without it."""

    label: str
    value: str
    without: str


def chosen(filterset: filters.FilterSet) -> list[Condition]:
    """The conditions of a filter set as tags that can be taken off."""
    data = filterset.form.cleaned_data if filterset.form.is_valid() else {}
    found = []
    for name, value in data.items():
        if value in (None, ""):
            continue
        rest = filterset.data.copy()
        rest.pop(name, None)
        rest.pop("page", None)
        label = filterset.form.fields[name].label
        found.append(
            Condition(label, _in_words(filterset.form.fields[name], value), rest.urlencode())
        )
    return found


def _in_words(field, value) -> str:
    choices = dict(getattr(field, "choices", ())) if isinstance(value, str) else {}
    return str(choices.get(value, value))
