"""What lists of findings can be narrowed by; every condition stands in the address."""

from __future__ import annotations

from datetime import date
from functools import cache

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from audit import timing
from audit.timing import Timing
from guideline import standing
from guideline.corrections import MARKS
from guideline.law import law
from guideline.models import CorrectiveAction, Finding, Severity
from guideline.rules import RULES
from outsourcing.abilities import Ability
from outsourcing.contractor_fields import ContractorField
from outsourcing.filters import NO_SECTION, DayFilter, by_agency, by_section
from outsourcing.models import AgencyKind, Contract, Contractor, Disclosure, Subcontract
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
WITH_ITEMS = "*"


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


@cache
def rested_on() -> list[str]:
    """The code of every provision that a finding can rest on first, in order."""
    editions = law().editions
    codes = {code for edition in editions for of in edition.rules.values() for code in of}
    codes |= {item for edition in editions for item in edition.parameters.items}
    return sorted(codes)


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


def groups(request=None) -> list[tuple[str, str]]:
    """法人区分, as the latest round prints them."""
    rows = Listing.objects.exclude(group="").order_by("-survey__fiscal_year", "order")
    return [(name, name) for name in dict.fromkeys(rows.values_list("group", flat=True))]


class FindingFilter(filters.FilterSet):
    """Findings that are open as of a day, or true on it, or in a period, or about to begin."""

    as_of = DayFilter(label="基準日", method="keep", help_text="例：2018-03-31、平成30年3月31日")
    when = filters.ChoiceFilter(
        label="時点",
        choices=WHEN,
        method="keep",
        empty_label="今年度に生じた、又は是正が未済のもの",
    )
    since = DayFilter(label="期間の初日", method="keep", help_text="期間中に一日でも該当したもの")
    until = DayFilter(label="期間の末日", method="keep")
    due = filters.ChoiceFilter(
        label="対応期限", choices=DUE, method="keep", empty_label="指定しない"
    )
    severity = filters.ChoiceFilter(label="区分", choices=Severity, empty_label="すべて")
    rule = filters.ChoiceFilter(
        label="規則", choices=[(rule.code, rule.title) for rule in RULES], empty_label="すべて"
    )
    provision = filters.ChoiceFilter(
        label="指針の条項", choices=provisions, method="of_provision", empty_label="すべて"
    )
    agency = by_agency()
    kind = filters.ChoiceFilter(
        label="機関の種別", field_name="agency__kind", choices=AgencyKind, empty_label="すべて"
    )
    group = filters.ChoiceFilter(
        label="法人区分", choices=groups, method="of_group", empty_label="すべて"
    )
    section = by_section()
    section.method = "of_section"
    work = filters.ChoiceFilter(label="業務の種類", choices=Contract.Work, empty_label="すべて")
    depth = filters.ChoiceFilter(
        label="再委託の段階", choices=DEPTHS, method="at_depth", empty_label="すべて"
    )
    relation = filters.ChoiceFilter(
        label="委託先との関係", choices=RELATIONS, method="related", empty_label="すべて"
    )
    contractor = ContractorFilter(label="事業者", method="concerning")
    reach = filters.ChoiceFilter(
        label="事業者の関わり方", choices=REACHES, method="keep", empty_label="契約のどこかに現れる"
    )
    begun = DayFilter(label="この日以後に生じた", field_name="since", lookup_expr="gte")
    longer = filters.ChoiceFilter(
        label="続いている日数", choices=LONGER, method="keep", empty_label="指定しない"
    )
    excused = filters.ChoiceFilter(
        label="理由書", choices=EXCUSED, method="excusing", empty_label="すべて"
    )
    state = filters.ChoiceFilter(
        label="是正の状態", choices=STATES, method="in_state", empty_label="すべて"
    )
    owed = filters.ChoiceFilter(
        label="指針の改正", choices=OWED, method="owing", empty_label="指定しない"
    )

    class Meta:
        model = Finding
        fields = ()
        form = FindingForm

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        if not self.request.access.agencies(Ability.READ_LEDGER):
            del self.filters["section"]

    def get_form_class(self):
        form = super().get_form_class()
        form.base_fields["contractor"].contractors = Contractor.objects.visible_to(
            self.request.scope
        )
        return form

    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        if not self.is_valid():
            return self.queryset.none()
        if self.is_narrow:
            return self._narrow
        return self.timeless.filter(self.timing.as_of(self.on))

    @property
    def parts(self) -> list[QuerySet]:
        """``qs`` as querysets that share nothing, each answered by an index: to be counted."""
        if not self.is_valid() or self.is_narrow or not self._is_standing:
            return [self.qs]
        rest = self.timeless.filter(self._beside.as_of(self.on))
        return [rest.filter(arm) for arm in standing.arms(self.on)]

    @property
    def is_narrow(self) -> bool:
        """Whether something narrows the list far more than any day does."""
        asked = self.form.cleaned_data
        few = any(asked.get(name) for name in ("contractor", "section"))
        return few or asked.get("state") in ("open", "overdue", "settled")

    @property
    def _narrow(self) -> QuerySet:
        found = self.timeless
        if self.overdue:
            found = found.filter(answered_by(CorrectiveAction.objects.overdue_on(self.on)))
        state = timing.STATES.get(self.form.cleaned_data.get("state"), Timing())
        found = found.filter(state.as_of(self.on))
        return found.filter((self._time + self._length).as_of(self.on, plain=True))

    @property
    def timeless(self) -> QuerySet:
        """Without what depends on the day: see ``timing`` and ``overdue``."""
        found = super().qs
        asked = self.form.cleaned_data
        if asked.get("since"):
            found = found.overlapping(asked["since"], asked["until"])
        return found

    @property
    def timing(self) -> Timing:
        """As of which days a finding is on the list."""
        return self._time + self._beside

    @property
    def _time(self) -> Timing:
        asked = self.form.cleaned_data
        if asked.get("due"):
            return timing.falling_due(int(asked["due"]))
        if asked.get("since"):
            return Timing()
        return timing.STANDING if asked.get("when") else timing.OPEN

    @property
    def _beside(self) -> Timing:
        state = self.form.cleaned_data.get("state")
        return self._length + timing.STATES.get(state, Timing())

    @property
    def _length(self) -> Timing:
        longer = self.form.cleaned_data.get("longer")
        return timing.lasting(int(longer)) if longer else Timing()

    @property
    def _is_standing(self) -> bool:
        return self._time is timing.STANDING

    @property
    def overdue(self) -> bool:
        """Whether only findings are asked for of which an action is overdue: the days on which one
        is are no interval, as several may be."""
        return self.form.cleaned_data.get("state") == "overdue"

    def keep(self, findings, name, value):
        """Conditions of time are joined in ``timing``."""
        return findings

    def of_provision(self, findings, name, value):
        whole = value.removesuffix(WITH_ITEMS)
        if whole == value:
            return findings.filter(provision=value)
        return findings.filter(provision__in=[p for p in rested_on() if p.startswith(whole)])

    def of_group(self, findings, name, value):
        latest = Listing.objects.exclude(group="").order_by("-survey__fiscal_year")
        year = latest.values("survey__fiscal_year")[:1]
        of_group = Listing.objects.filter(group=value, survey__fiscal_year=year)
        return findings.filter(agency__in=of_group.values("agency"))

    def of_section(self, findings, name, value):
        """A section's: of its contracts, and of provisions of information; ``none``: nobody's."""
        if value == NO_SECTION:
            return findings.filter(contract__section=None, disclosure__section=None)
        return findings.filter(
            Q(contract__in=Contract.objects.filter(section=value).order_by().values("pk"))
            | Q(disclosure__in=Disclosure.objects.filter(section=value).order_by().values("pk"))
        )

    def at_depth(self, findings, name, value):
        return findings.filter(depth__gte=2) if value == "2" else findings.filter(depth=value)

    def related(self, findings, name, value):
        wanted = ["subsidiary", "wholly_owned"] if value == "subsidiary" else [value]
        return findings.filter(relation__in=wanted)

    def concerning(self, findings, name, value):
        reach = self.form.cleaned_data.get("reach")
        contracts = Contract.objects.visible_to(self.request.scope).valid()
        links = Subcontract.objects.visible_to(self.request.scope).valid()
        prime = contracts.filter(contractor=value).order_by().values("pk")
        below = links.filter(contractor=value).order_by().values("contract")
        if reach:
            return findings.filter(contract__in=prime if reach == "prime" else below)
        return findings.filter(contract__in=prime.union(below))

    def excusing(self, findings, name, value):
        return findings.filter(excused=value == "yes")

    def in_state(self, findings, name, value):
        if value == "unneeded":
            return findings.filter(Q(excused=True) | Q(rule__in=MARKS))
        return findings.exclude(excused=True).exclude(rule__in=MARKS)

    def owing(self, findings, name, value):
        # By value, which an index has in order: it is owed to any edition but the first.
        return findings.filter(owed_to__in=[edition.first_day for edition in law().editions[1:]])


def answered_by(actions: QuerySet) -> Q:
    """Findings that share a day with one of the actions, of their rule and subject."""
    same = actions.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=OuterRef("since")),
        rule=OuterRef("rule"),
        subject=OuterRef("subject"),
        first_day__lt=OuterRef("ends"),
    )
    found = Q()
    for of in ("contract", "disclosure"):
        found |= Q(**{f"{of}__in": actions.values(of)}) & Exists(same.filter(**{of: OuterRef(of)}))
    return found


def overdue_among(rows: list[dict], on: date) -> frozenset[int]:
    """The keys of those of the findings whose actions are overdue on a day. One query where any has
    been acted upon, else none."""
    keys = [row["pk"] for row in rows if row["acted_on"] <= on < row["settled_on"]]
    if not keys:
        return frozenset()
    among = Finding.objects.filter(pk__in=keys)
    of_contracts = among.filter(contract__isnull=False).values("contract")
    of_disclosures = among.filter(disclosure__isnull=False).values("disclosure")
    late = CorrectiveAction.objects.overdue_on(on).filter(
        Q(contract__in=of_contracts) | Q(disclosure__in=of_disclosures)
    )
    return frozenset(among.filter(answered_by(late)).values_list("pk", flat=True))
