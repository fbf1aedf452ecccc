"""Lists of the masters: their filters and tables."""

from __future__ import annotations

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q
from django.utils.html import format_html

from outsourcing import corporate_numbers
from outsourcing.filters import DayFilter
from outsourcing.folding import words
from outsourcing.forms import DAY_HELP
from outsourcing.models import Contractor, Shareholding
from outsourcing.tables import CaptionedTable

SEARCH_HELP = "名称、よみ、法人番号。全角と半角、カナとかなは区別しません。"


def mentions(text: str, to: str = "") -> Q:
    """Contractors (behind ``to``) in which every word is found, or whose number is meant."""
    found = Q()
    for word in words(text):
        found &= Q(**{f"{to}search_name__contains": word})
    number = corporate_numbers.compact(text)
    if number.isascii() and number.isdigit():
        found |= Q(**{f"{to}corporate_number__startswith": number})
    return found


class OwnFilterSet(filters.FilterSet):
    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        return super().qs if self.is_valid() else self.queryset.none()


class ContractorFilter(OwnFilterSet):
    q = filters.CharFilter(label="検索", method="search", help_text=SEARCH_HELP, max_length=200)
    numbered = filters.ChoiceFilter(
        label="法人番号",
        method="has_number",
        choices=(("yes", "ある"), ("no", "ない")),
        empty_label="すべて",
    )
    dissolved = filters.ChoiceFilter(
        label="解散",
        method="is_dissolved",
        choices=(("yes", "解散した"), ("no", "解散していない")),
        empty_label="すべて",
    )

    class Meta:
        model = Contractor
        fields = ()

    def search(self, contractors, name, value):
        return contractors.filter(mentions(value))

    def has_number(self, contractors, name, value):
        return contractors.filter(corporate_number__isnull=value == "no")

    def is_dissolved(self, contractors, name, value):
        return contractors.filter(dissolved_on__isnull=value == "no")


class HoldingFilter(OwnFilterSet):
    q = filters.CharFilter(
        label="検索",
        method="search",
        help_text=f"出資者か被出資者の{SEARCH_HELP}",
        max_length=200,
    )
    on = DayFilter(label="保有期間に含む日", method="held_on", help_text=DAY_HELP)

    class Meta:
        model = Shareholding
        fields = ()

    def search(self, holdings, name, value):
        return holdings.filter(mentions(value, "holder__") | mentions(value, "held__"))

    def held_on(self, holdings, name, value):
        going_on = Q(last_day__isnull=True) | Q(last_day__gte=value)
        return holdings.filter(going_on, first_day__lte=value)


# What is alike stands in this order, so that no page repeats or drops one.
NAMED = ("search_name", "public_id")
HELD = ("held__search_name", "holder__search_name", "public_id")


class ContractorTable(CaptionedTable):
    name = tables.Column(
        "名称", linkify=("contractor", {"public_id": tables.A("public_id")}), order_by=NAMED
    )
    kana = tables.Column("よみ", order_by=("kana", *NAMED))
    corporate_number = tables.Column("法人番号", order_by=("corporate_number", *NAMED))
    address = tables.Column("所在地", orderable=False)
    dissolved_on = tables.DateColumn(
        verbose_name="解散日", format="Y-m-d", order_by=("dissolved_on", *NAMED)
    )

    class Meta:
        model = Contractor
        fields = ()
        sequence = ("name", "kana", "corporate_number", "address", "dissolved_on")
        order_by = "name"
        empty_text = "条件に合う委託先はありません。"
        template_name = "components/table.html"


class HoldingTable(CaptionedTable):
    holder = tables.Column(
        "出資者",
        linkify=("contractor", {"public_id": tables.A("holder__public_id")}),
        order_by=("holder__search_name", *HELD),
    )
    held = tables.Column(
        "被出資者",
        linkify=("contractor", {"public_id": tables.A("held__public_id")}),
        order_by=HELD,
    )
    share = tables.Column(
        "議決権割合（％）", order_by=("share", *HELD), attrs={"td": {"class": "num"}}
    )
    first_day = tables.DateColumn(
        verbose_name="保有開始日", format="Y-m-d", order_by=("first_day", *HELD)
    )
    last_day = tables.DateColumn(
        verbose_name="保有終了日", format="Y-m-d", order_by=("last_day", *HELD)
    )
    source = tables.Column("根拠資料", orderable=False)
    change = tables.Column(
        "変更",
        accessor="public_id",
        orderable=False,
        linkify=("holding-correct", {"public_id": tables.A("public_id")}),
    )

    class Meta:
        model = Shareholding
        fields = ()
        sequence = ("holder", "held", "share", "first_day", "last_day", "source", "change")
        order_by = "-first_day"
        empty_text = "条件に合う出資関係はありません。"
        template_name = "components/table.html"

    def render_share(self, record):
        return record.percent

    def render_change(self, record):
        said = '訂正<span class="visually-hidden">（{}が保有する{}の議決権）</span>'
        return format_html(said, record.holder, record.held)
