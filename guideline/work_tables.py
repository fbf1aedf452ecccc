"""承認のない再委託, as a list with boxes to tick."""

from __future__ import annotations

from datetime import date, timedelta

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from outsourcing.models import Subcontract
from outsourcing.tables import CaptionedTable
from outsourcing.targets import Target
from outsourcing.work_tables import tick

KEY = ("since", "contract_id", "number")


class LackingTable(CaptionedTable):
    """One row a link, the one that lacks approval longest first."""

    number = tables.Column("再委託", orderable=False)
    since = tables.Column("いつから", order_by=KEY)
    state = tables.Column("状態", empty_values=(), orderable=False)
    contractor = tables.Column("再委託先", order_by=("contractor__name", *KEY))
    contract = tables.Column("契約", order_by=("contract_id", "number"))
    officer = tables.Column(
        "保護担当者",
        accessor="contract__officer",
        order_by=("contract__officer__full_name", *KEY),
    )

    def __init__(self, *args, on: date, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    class Meta:
        model = Subcontract
        fields = ()
        sequence = ("number", "since", "state", "contractor", "contract", "officer")
        order_by = "since"
        empty_text = "承認や届出のない再委託はありません。"
        template_name = "components/table.html"

    def render_number(self, record):
        code = record.contract.code
        what = f"{code}の再委託{record.number}"
        address = f"{reverse('contract', args=[code])}?as_of={self.on.isoformat()}"
        text = format_html("{}<br>再委託{}", code, record.number)
        return tick(Target(record.contract, record).code, what, address, text)

    def render_since(self, value, record):
        until = "" if record.ends == date.max else (record.ends - timedelta(days=1)).isoformat()
        return format_html(
            "{}から<br>{}{}", value.isoformat(), until or "継続", "まで" * bool(until)
        )

    def render_state(self, record):
        marks = []
        if record.since > self.on:
            marks.append(("attention", "これから"))
        elif record.rule == "unapproved-subcontract":
            marks.append(("breach", "承認なし"))
        else:
            marks.append(("breach", "届出なし"))
        if record.renews_id and record.undecided:
            marks.append(("warning", "再承認待ち"))
        if record.excused:
            marks.append(("excused", "理由書あり"))
        badges = [format_html('<span class="badge badge--{}">{}</span>', *m) for m in marks]
        return format_html("{}" + " {}" * (len(badges) - 1), *badges)

    def render_contractor(self, record):
        return format_html(
            '{}<br><span class="hint">{}</span>', record.contractor, record.get_work_display()
        )

    def render_contract(self, value):
        return format_html(
            '{}<br><span class="hint">委託先 {}</span>', value.title, value.contractor
        )
