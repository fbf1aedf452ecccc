"""What lists of findings can be narrowed by; every condition stands in the address. What it asks
of the database: ``audit.conditions``."""

from __future__ import annotations

from copy import copy, deepcopy
from datetime import date
from functools import cached_property, lru_cache

import django_filters as filters
from django import forms
from django.core.cache import cache
from django.db.models import Min

from audit.conditions import WITH_ITEMS, Conditions, rested_on
from guideline.models import Finding, Severity
from guideline.rules import RULES
from outsourcing.abilities import Ability
from outsourcing.contractor_fields import ContractorField
from outsourcing.filters import DayFilter, by_agency, by_section
from outsourcing.models import AgencyKind, Contract, Contractor
from surveys.models import Listing

WHEN = (("standing", "その日に該当するもの"),)
DUE = (("30", "30日以内"), ("90", "90日以内"), ("180", "180日以内"))
LONGER = (("30", "30日以上"), ("90", "90日以上"), ("365", "365日以上"), ("1095", "3年以上"))
EXCUSED = (("no", "理由書のないもの"), ("yes", "理由書のあるもの"))
OWED = (("yes", "改正によってはじめて生じたもの"),)
RELATIONS = (
    ("subsidiary", "子会社（100%を含む）"),
    ("wholly_owned", "100%子会社"),
    ("none", "非該当"),
    ("unknown", "不明"),
)
DEPTHS = (("0", "委託（契約そのもの）"), ("1", "再委託"), ("2", "再々委託以降"))
REACHES = (("prime", "委託先として"), ("link", "再委託先として"))
STATES = (
    ("none", "未着手"),
    ("open", "是正中"),
    ("overdue", "期限超過"),
    ("settled", "是正済み"),
    ("unneeded", "是正を要しない"),
)


# Looked at together, so that what is wrong is told at the one that lacks.
TOGETHER = ({"since", "until", "due"}, {"contractor", "reach"})


class FindingForm(forms.Form):
    """A period is whole, in order, and the only time that is asked for."""

    def clean(self):
        asked = self.cleaned_data
        first, last = asked.get("since"), asked.get("until")
        if {"since", "until"} & self.errors.keys():
            return asked
        if (first is None) != (last is None):
            self.add_error("until", "期間は、初日と末日の両方を入力してください。")
        elif first and last < first:
            self.add_error("until", f"期間の末日「{last}」が初日「{first}」より前です。")
        elif first and asked.get("due"):
            self.add_error("due", "期間と対応期限は、どちらか一方を指定してください。")
        if asked.get("reach") and not asked.get("contractor"):
            self.add_error("contractor", "関わり方を選ぶときは、事業者も入力してください。")
        return asked


class ContractorFilter(filters.Filter):
    field_class = ContractorField


class Asked(dict):
    """Some filters by name. A set copies them deeply, with all that they hold; those that are the
    same for every reader hold nothing that a set changes."""

    def __deepcopy__(self, memo):
        return {
            name: copy(filter_) if _is_alike(filter_) else deepcopy(filter_, memo)
            for name, filter_ in self.items()
        }

    @property
    def are_alike(self) -> bool:
        return all(map(_is_alike, self.values()))


def _is_alike(filter_: filters.Filter) -> bool:
    # Not one of a class below these, which may choose among what a reader may see.
    return type(filter_) in (DayFilter, filters.ChoiceFilter)


def provisions() -> list[tuple[str, str]]:
    """What can be asked for: a provision, and one with all its items."""
    found = []
    for code in rested_on():
        if any(other.startswith(f"{code}(") for other in rested_on()):
            found.append((f"{code}{WITH_ITEMS}", f"第{code}（各号を含む）"))
            found.append((code, f"第{code}（各号を除く）"))
        else:
            found.append((code, f"第{code}"))
    return found


def has_sections(request) -> bool:
    """Whether the reader belongs to agencies, whose sections can be asked for."""
    return bool(request.access.agencies(Ability.READ_LEDGER))


REMEMBERED_FOR = 60  # seconds; printed tables change once a year


def groups(request=None) -> list[tuple[str, str]]:
    """法人区分, as the latest round prints them."""
    return cache.get_or_set("audit.filters.groups", _printed_groups, REMEMBERED_FOR)


def _printed_groups() -> list[tuple[str, str]]:
    rows = Listing.objects.exclude(group="")
    latest = rows.order_by("-survey__fiscal_year").values("survey__fiscal_year")[:1]
    rows = rows.filter(survey__fiscal_year=latest).values_list("group")
    return [(name, name) for name, _ in rows.annotate(first=Min("order")).order_by("first")]


class FindingFilter(filters.FilterSet):
    """Findings that are open as of a day, or true on it, or in a period, or about to begin."""

    as_of = DayFilter(label="基準日", help_text="例：2018-03-31、平成30年3月31日")
    when = filters.ChoiceFilter(
        label="時点",
        choices=WHEN,
        empty_label="今年度に生じた、又は是正が未済のもの",
    )
    since = DayFilter(label="期間の初日", help_text="期間中に一日でも該当したもの")
    until = DayFilter(label="期間の末日")
    due = filters.ChoiceFilter(label="対応期限", choices=DUE, empty_label="指定しない")
    severity = filters.ChoiceFilter(label="区分", choices=Severity, empty_label="すべて")
    rule = filters.ChoiceFilter(
        label="規則", choices=[(rule.code, rule.title) for rule in RULES], empty_label="すべて"
    )
    provision = filters.ChoiceFilter(label="指針の条項", choices=provisions, empty_label="すべて")
    agency = by_agency()
    kind = filters.ChoiceFilter(label="機関の種別", choices=AgencyKind, empty_label="すべて")
    group = filters.ChoiceFilter(label="法人区分", choices=groups, empty_label="すべて")
    section = by_section()
    work = filters.ChoiceFilter(label="業務の種類", choices=Contract.Work, empty_label="すべて")
    depth = filters.ChoiceFilter(label="再委託の段階", choices=DEPTHS, empty_label="すべて")
    relation = filters.ChoiceFilter(label="委託先との関係", choices=RELATIONS, empty_label="すべて")
    contractor = ContractorFilter(label="事業者")
    reach = filters.ChoiceFilter(
        label="事業者の関わり方", choices=REACHES, empty_label="契約のどこかに現れる"
    )
    begun = DayFilter(label="この日以後に生じた")
    longer = filters.ChoiceFilter(label="続いている日数", choices=LONGER, empty_label="指定しない")
    excused = filters.ChoiceFilter(label="理由書", choices=EXCUSED, empty_label="すべて")
    state = filters.ChoiceFilter(label="是正の状態", choices=STATES, empty_label="すべて")
    owed = filters.ChoiceFilter(label="指針の改正", choices=OWED, empty_label="指定しない")

    class Meta:
        model = Finding
        fields = ()
        form = FindingForm

    def __init__(self, data, *args, on: date, request, **kwargs):
        self.on = on
        # Of the conditions only those asked for: making all twenty takes longer than the list.
        asked = {name for name, value in data.items() if value}
        asked |= {name for names in TOGETHER if names & asked for name in names}
        if not has_sections(request):
            asked.discard("section")
        base = type(self).base_filters
        self.base_filters = Asked((name, base[name]) for name in base if name in asked)
        super().__init__(data, *args, request=request, **kwargs)

    def get_form_class(self):
        if self.base_filters.are_alike:
            return _form_class(self._meta.form, tuple(self.base_filters.items()))
        form = super().get_form_class()
        if "contractor" in form.base_fields:
            known = Contractor.objects.visible_to(self.request.scope)
            form.base_fields["contractor"].contractors = known
        return form

    @property
    def days(self) -> str:
        """Which days are asked for, by the name of the condition; "": what is open."""
        asked = self.form.cleaned_data
        return next((name for name in ("due", "since", "when") if asked.get(name)), "")

    @cached_property
    def conditions(self) -> Conditions:
        """What is asked of the database, where all conditions are understood."""
        return Conditions(self.queryset, self.form.cleaned_data, self.request.scope, self.on)

    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        return self.conditions.found if self.is_valid() else self.queryset.none()


@lru_cache(maxsize=256)  # lists ask by the same conditions again and again
def _form_class(base: type[forms.Form], asked: tuple[tuple[str, filters.Filter], ...]):
    return type(f"{base.__name__}OfReaders", (base,), {name: of.field for name, of in asked})
