"""Lists of inspections and of their plans."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from outsourcing.models import Inspection, PlannedInspection
from outsourcing.tables import CODE, CaptionedTable


class InspectionTable(CaptionedTable):
    """One row a visit, the latest first."""

    code = tables.Column(
        "検査コード", linkify=("inspection", {"code": tables.A("code")}), order_by=CODE
    )
    day = tables.DateColumn(verbose_name="検査日", format="Y-m-d", order_by=("day", *CODE))
    agency = tables.Column("機関", order_by=CODE)
    method = tables.Column("検査の方法", order_by=("method", *CODE))
    place = tables.Column("検査の場所", order_by=("place", *CODE))
    number = tables.Column("対象", order_by=("number", *CODE), attrs={"td": {"class": "num"}})
    waiting = tables.Column("改善待ち", order_by=("waiting", *CODE), attrs={"td": {"class": "num"}})

    class Meta:
        model = Inspection
        fields = ()
        sequence = ("code", "day", "agency", "method", "place", "number", "waiting")
        order_by = "-day"
        empty_text = "条件に合う検査はありません。"
        template_name = "components/table.html"


class PlanTable(CaptionedTable):
    """One row a plan, the earliest first. What is open and the user's can be ticked."""

    planned_on = tables.DateColumn(
        verbose_name="予定日", format="Y-m-d", order_by=("planned_on", "id")
    )
    target = tables.Column("検査の対象", empty_values=(), orderable=False)
    title = tables.Column("契約件名", accessor="contract__title", orderable=False)
    contractor = tables.Column("委託先・再委託先", empty_values=(), orderable=False)
    method = tables.Column("検査の方法", order_by=("method", "planned_on", "id"))
    officer = tables.Column("担当者", order_by=("officer__full_name", "planned_on", "id"))
    state = tables.Column("状態", empty_values=(), orderable=False)

    class Meta:
        model = PlannedInspection
        fields = ()
        sequence = ("planned_on", "target", "title", "contractor", "method", "officer", "state")
        order_by = "planned_on"
        empty_text = "条件に合う計画はありません。"
        template_name = "components/table.html"

    def __init__(self, *args, writes_to, **kwargs):
        self.writes_to = writes_to
        super().__init__(*args, **kwargs)

    def render_planned_on(self, record, value):
        if record.inspection_id or not self.writes_to(record.contract):
            return value.isoformat()
        return format_html(
            '<label class="choice"><input type="checkbox" name="plans" value="{}" form="visit">'
            '<span class="visually-hidden">{}、</span>{}</label>',
            *(record.public_id, record.target, value.isoformat()),
        )

    def render_target(self, record):
        address = reverse("contract", args=[record.contract.code])
        part = f"　再委託{record.subcontract.number}" if record.subcontract else ""
        return format_html('<a href="{}">{}</a>{}', address, record.contract.code, part)

    def render_contractor(self, record):
        return (record.subcontract or record.contract).contractor.name

    def render_state(self, record):
        if record.inspection_id:
            address = reverse("inspection", args=[record.inspection.code])
            return format_html('実施済み<br><a href="{}">{}</a>', address, record.inspection.code)
        if not self.writes_to(record.contract):
            return "これから"
        address = reverse("inspection-plan", args=[record.public_id])
        return format_html(
            'これから<br><a href="{}" aria-label="{}の計画を変える">変える</a>',
            *(address, record.target),
        )
