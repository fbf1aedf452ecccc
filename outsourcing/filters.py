"""What lists of the ledger can be narrowed by; every condition stands in the address."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import NamedTuple

import django_filters as filters
from django.db.models import Q

from outsourcing import plausibility, wareki
from outsourcing.corporate_numbers import compact
from outsourcing.forms import DayField, YearField
from outsourcing.models import (
    Agency,
    AgencyKind,
    Basis,
    Clause,
    Contract,
    Disclosure,
    split_code,
)

# Titles stay as they were typed, so both widths of letters and digits are looked for.
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def visible_agencies(request):
    return Agency.objects.visible_to(request.scope).order_by("code")


def by_agency() -> filters.ModelChoiceFilter:
    return filters.ModelChoiceFilter(
        field_name="agency",
        label="機関",
        queryset=visible_agencies,
        to_field_name="code",
        empty_label="すべて",
        error_messages={"invalid_choice": "機関「%(value)s」は選べません。"},
    )


class DayFilter(filters.Filter):
    field_class = DayField


class YearFilter(filters.Filter):
    field_class = YearField


class ContractFilter(filters.FilterSet):
    q = filters.CharFilter(
        label="検索",
        method="search",
        help_text="件名、契約コード、契約番号、委託先名、法人番号",
        max_length=200,
    )
    agency = by_agency()
    kind = filters.ChoiceFilter(
        label="機関の種別", field_name="agency__kind", choices=AgencyKind, empty_label="すべて"
    )
    information = filters.ChoiceFilter(
        label="情報の種類", choices=Contract.Information, empty_label="すべて"
    )
    work = filters.ChoiceFilter(label="業務の種類", choices=Contract.Work, empty_label="すべて")
    clause = filters.ChoiceFilter(label="再委託の条項", choices=Clause, empty_label="すべて")
    on = DayFilter(
        label="契約期間に含む日", method="in_force", help_text="例：2018-03-31、平成30年3月31日"
    )
    year = YearFilter(
        label="契約期間に含む年度", method="in_fiscal_year", help_text="西暦（例：2017）"
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

    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, contracts, name, value):
        """Contracts in which every word is found: as typed, in half width or in full width."""
        for word in value.split():
            narrow = unicodedata.normalize("NFKC", word)
            contracts = contracts.filter(
                _mentions(word) | _mentions(narrow) | _mentions(narrow.translate(WIDE))
            )
        return contracts

    def in_force(self, contracts, name, value):
        return contracts.in_force(value)

    def in_fiscal_year(self, contracts, name, value):
        return contracts.in_fiscal_year(value)

    def marked(self, contracts, name, value):
        marks = plausibility.BY_CODE[value].marks(self.request.scope)
        return contracts.filter(pk__in=marks.values("pk"))


class DisclosureFilter(filters.FilterSet):
    q = filters.CharFilter(
        label="検索", method="search", help_text="提供先、利用目的", max_length=200
    )
    agency = by_agency()
    basis = filters.ChoiceFilter(label="提供の根拠", choices=Basis, empty_label="すべて")
    public = filters.ChoiceFilter(
        label="提供先の種別",
        method="to_public",
        choices=(("yes", "行政機関又は独立行政法人等"), ("no", "そのほか")),
        empty_label="すべて",
    )

    class Meta:
        model = Disclosure
        fields = ()

    @property
    def qs(self):
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, disclosures, name, value):
        for word in value.split():
            narrow = unicodedata.normalize("NFKC", word)
            # Neither database takes full-width letters of either case for the same.
            wide = {case.translate(WIDE) for case in (narrow.upper(), narrow.lower())}
            found = Q()
            for form in {word, narrow, *wide}:
                found |= Q(recipient__icontains=form) | Q(purpose__icontains=form)
            disclosures = disclosures.filter(found)
        return disclosures

    def to_public(self, disclosures, name, value):
        return disclosures.filter(recipient_is_public=value == "yes")


def _mentions(word: str) -> Q:
    found = (
        Q(title__icontains=word)
        | Q(number__icontains=word)
        | Q(contractor__search_name__icontains=word.casefold())
        | Q(contractor__corporate_number=compact(word))
    )
    if code := split_code(word.upper()):
        agency, year, serial = code
        found |= Q(agency__code=agency, fiscal_year=year, serial=serial)
    return found


class Condition(NamedTuple):
    """A condition that was chosen, in words, and the address without it."""

    label: str
    value: str
    without: str


def chosen(filterset: filters.FilterSet) -> list[Condition]:
    """The conditions of a filter set as tags that can be taken off."""
    filterset.form.full_clean()
    found = []
    for name, value in filterset.form.cleaned_data.items():
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
    if isinstance(value, date):
        return wareki.both(value)
    choices = dict(getattr(field, "choices", ())) if isinstance(value, str) else {}
    return str(choices.get(value, value))
