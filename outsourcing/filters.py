"""What lists of the ledger can be narrowed by; every condition stands in the address."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django_filters.fields import ModelChoiceField

from outsourcing import plausibility, wareki
from outsourcing.abilities import Ability
from outsourcing.corporate_numbers import compact
from outsourcing.folding import words
from outsourcing.forms import DayField, YearField
from outsourcing.models import (
    Agency,
    AgencyKind,
    Basis,
    Clause,
    Contract,
    Disclosure,
    Section,
    split_code,
)

DUE = (("30", "30日以内"), ("90", "90日以内"), ("180", "180日以内"))
OFFICERS = (("mine", "自分"), ("nobody", "決まっていない"))
NO_SECTION = "none"  # in an address: what no section answers for

# What is kept as it was typed is looked for in both widths of letters and digits, and both kana.
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
KATAKANA = {kana: code for code, kana in HIRAGANA.items()}


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


class SectionField(ModelChoiceField):
    """A section by its agency's code and its own, A01/002: two agencies may use the same."""

    def prepare_value(self, value):
        return f"{value.agency.code}/{value.code}" if isinstance(value, Section) else value

    def label_from_instance(self, section):
        return f"{section.code}　{section}"

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, Section):
            return value or None
        if value == self.null_value:
            return value
        agency, _, code = str(value).partition("/")
        found = self.queryset.filter(agency__code=agency, code=code).first()
        if found is None:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            )
        return found


class SectionFilter(filters.ModelChoiceFilter):
    field_class = SectionField


def own_sections(request):
    """Sections of the agencies in which the reader has a role. Who reads all agencies by an office
    would have to choose among thousands."""
    agencies = request.access.agencies(Ability.READ_LEDGER)
    sections = Section.objects.visible_to(request.scope).valid().filter(agency__in=agencies)
    return sections.select_related("agency").order_by("agency__code", "code")


def by_section(sections=own_sections) -> SectionFilter:
    return SectionFilter(
        field_name="section",
        label="課室",
        queryset=sections,
        empty_label="すべて",
        null_label="課室の定めのないもの",
        null_value=NO_SECTION,
        error_messages={"invalid_choice": "課室「%(value)s」は選べません。"},
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
    section = by_section()
    officer = filters.ChoiceFilter(
        label="保護担当者", choices=OFFICERS, method="in_charge", empty_label="すべて"
    )
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
    ends = filters.ChoiceFilter(
        label="契約期間の末日まで", choices=DUE, method="ending_within", empty_label="指定しない"
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "section" in self.filters and not self.request.access.agencies(Ability.READ_LEDGER):
            del self.filters["section"], self.filters["officer"]

    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, contracts, name, value):
        return mentioning(contracts, value)

    def in_charge(self, contracts, name, value):
        return in_charge(contracts, value, self.request.user)

    def ending_within(self, contracts, name, value):
        return ending_within(contracts, value, self.request.as_of())

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
            kana = {narrow.translate(HIRAGANA), narrow.translate(KATAKANA)}
            found = Q()
            for form in {word, narrow, *wide, *kana}:
                found |= Q(recipient__icontains=form) | Q(purpose__icontains=form)
            disclosures = disclosures.filter(found)
        return disclosures

    def to_public(self, disclosures, name, value):
        return disclosures.filter(recipient_is_public=value == "yes")


def mentioning(contracts, text: str):
    """Contracts in which every word is found, however it was typed: in full or half width, in
    カナ or かな, in capitals or not."""
    for word in words(text):
        contracts = contracts.filter(_mentions(word))
    return contracts


def in_charge(rows, value: str, user):
    """Of ``OFFICERS``."""
    return rows.filter(officer=user if value == "mine" else None)


def ending_within(contracts, value: str, on: date):
    """Of ``DUE``: contracts whose last day is one of so many from the day ``on`` on."""
    return contracts.filter(last_day__gte=on, last_day__lte=on + timedelta(days=int(value)))


def _mentions(word: str) -> Q:
    """``word`` is folded, as are title and number, name and reading."""
    found = (
        Q(search_text__contains=word)
        | Q(contractor__search_name__contains=word)
        | Q(contractor__corporate_number=compact(word))
    )
    if code := split_code(word.upper()):
        agency, year, serial = code
        found |= Q(agency__code=agency, fiscal_year=year, serial=serial)
    return found


def without(asked: QueryDict, *names: str) -> str:
    """What an address asks but for some names, as the address has it."""
    rest = (pair for pair in asked.lists() if pair[0] not in names)
    return urlencode([(name, value) for name, values in rest for value in values])


class Condition(NamedTuple):
    """A condition that was chosen, in words, and the address without it."""

    label: str
    value: str
    without: str


def chosen(filterset: filters.FilterSet) -> list[Condition]:
    """The conditions of a filter set as tags that can be taken off."""
    found = []
    filterset.is_valid()  # so that what was typed is understood
    for name, value in filterset.form.cleaned_data.items():
        if value in (None, ""):
            continue
        field = filterset.form.fields[name]
        rest = without(filterset.data, name, "page")
        found.append(Condition(field.label, _in_words(field, value), rest))
    return found


def _in_words(field, value) -> str:
    if isinstance(value, date):
        return wareki.both(value)
    choices = dict(getattr(field, "choices", ())) if isinstance(value, str) else {}
    return str(choices.get(value, value))
