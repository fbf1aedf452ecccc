"""What the lists of one's work can be narrowed by: each begins with the contracts one may write
to."""

from __future__ import annotations

import django_filters as filters

from outsourcing.filters import (
    DUE,
    OFFICERS,
    YearFilter,
    by_section,
    ending_within,
    in_charge,
    mentioning,
)
from outsourcing.folding import fold, words
from outsourcing.models import Contract, Draft
from outsourcing.writing import sections_to_write


class WorkFilter(filters.FilterSet):
    """Contracts by what is said of them, by section and by who is in charge."""

    q = filters.CharFilter(
        label="検索",
        method="search",
        help_text="件名、契約コード、契約番号、委託先名、法人番号",
        max_length=200,
    )
    officer = filters.ChoiceFilter(
        label="保護担当者", choices=OFFICERS, method="in_charge", empty_label="すべて"
    )
    section = by_section(sections_to_write)

    class Meta:
        model = Contract
        fields = ()

    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, contracts, name, value):
        return mentioning(contracts, value)

    def in_charge(self, contracts, name, value):
        return in_charge(contracts, value, self.request.user)

    def keep(self, contracts, name, value):
        """For conditions that are not about the contract."""
        return contracts


class OwnContractFilter(WorkFilter):
    """``force``: as a rule those that are not over."""

    force = filters.ChoiceFilter(
        label="契約期間",
        choices=(("over", "終わったもの"), ("all", "すべて")),
        method="keep",
        empty_label="終わっていないもの",
    )
    ends = filters.ChoiceFilter(
        label="契約期間の末日まで", choices=DUE, method="ending_within", empty_label="指定しない"
    )

    def filter_queryset(self, contracts):
        contracts = super().filter_queryset(contracts)
        on, force = self.request.as_of(), self.form.cleaned_data["force"]
        if force == "over":
            return contracts.filter(last_day__lt=on)
        return contracts if force else contracts.open_on(on)

    def ending_within(self, contracts, name, value):
        return ending_within(contracts, value, self.request.as_of())


class RenewalFilter(WorkFilter):
    """``year``: the fiscal year on whose last day a contract ends."""

    year = YearFilter(label="年度", method="keep", help_text="西暦（例：2017）")


class DraftFilter(filters.FilterSet):
    q = filters.CharFilter(label="検索", method="search", help_text="件名", max_length=200)
    officer = filters.ChoiceFilter(
        label="保護担当者", choices=OFFICERS, method="in_charge", empty_label="すべて"
    )
    section = by_section(sections_to_write)
    renewal = filters.ChoiceFilter(
        label="年度更新",
        choices=(("yes", "年度更新の下書き"), ("no", "そのほか")),
        method="renewing",
        empty_label="すべて",
    )

    class Meta:
        model = Draft
        fields = ()

    @property
    def qs(self):
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, drafts, name, value):
        """There are few, and their titles are kept as they were typed."""
        asked = words(value)
        titles = drafts.values_list("pk", "title")
        found = [pk for pk, title in titles if all(word in fold(title) for word in asked)]
        return drafts.filter(pk__in=found)

    def in_charge(self, drafts, name, value):
        return in_charge(drafts, value, self.request.user)

    def renewing(self, drafts, name, value):
        return drafts.filter(renews__isnull=value == "no")
