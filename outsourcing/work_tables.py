"""Lists of one's work, with boxes to tick."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime

from outsourcing.models import Contract, Draft
from outsourcing.tables import CODE, CaptionedTable


def tick(target: str, what: str, address: str, text: str) -> str:
    """A box that names ``target`` when a form is sent, and beside it where its page is."""
    return format_html(
        '<span class="tick"><input type="checkbox" name="targets" value="{}" aria-label="{}を選ぶ">'
        '<a href="{}">{}</a></span>',
        target,
        what,
        address,
        text,
    )


class OwnContractTable(CaptionedTable):
    """One row a contract, those that end first first."""

    code = tables.Column("契約コード", order_by=CODE)
    title = tables.Column("契約件名", order_by=("title", *CODE))
    contractor = tables.Column("委託先", order_by=("contractor__name", *CODE))
    section = tables.Column("課室", order_by=("section__code", *CODE))
    officer = tables.Column("保護担当者", order_by=("officer__full_name", *CODE))
    clause = tables.Column("再委託の条項", order_by=("clause", *CODE))
    last_day = tables.DateColumn(
        verbose_name="契約期間の末日", format="Y-m-d", order_by=("last_day", *CODE)
    )

    class Meta:
        model = Contract
        fields = ()
        sequence = ("code", "title", "contractor", "section", "officer", "clause", "last_day")
        order_by = "last_day"
        empty_text = "条件に合う契約はありません。"
        template_name = "components/table.html"

    def render_code(self, value):
        return tick(value, value, reverse("contract", args=[value]), value)


class DraftTable(CaptionedTable):
    """One row a draft, the one saved last first."""

    title = tables.Column("契約件名", empty_values=(), order_by=("title", "-saved_at", "-id"))
    renews = tables.Column("更新元の契約", orderable=False)
    section = tables.Column("課室", order_by=("section__code", "-saved_at", "-id"))
    officer = tables.Column("保護担当者", order_by=("officer__full_name", "-saved_at", "-id"))
    recorded_by = tables.Column("作った人", order_by=("recorded_by__full_name", "-saved_at", "-id"))
    saved_at = tables.Column("最後の保存", order_by=("saved_at", "id"))

    class Meta:
        model = Draft
        fields = ()
        sequence = ("title", "renews", "section", "officer", "recorded_by", "saved_at")
        order_by = "-saved_at"
        empty_text = "下書きはありません。"
        template_name = "components/table.html"

    def render_title(self, record):
        address = reverse("draft", args=[record.public_id])
        return format_html('<a href="{}">{}</a>', address, record)

    def render_renews(self, value):
        return format_html(
            '<a href="{}">{}</a>', reverse("contract", args=[value.code]), value.code
        )

    def render_saved_at(self, value):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
