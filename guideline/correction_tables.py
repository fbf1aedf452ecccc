"""The list of 是正・再発防止策."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import django_tables2 as tables
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from guideline.corrections import answers, is_closed, is_overdue
from guideline.models import CorrectiveAction, Finding
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.tables import CaptionedTable

KEY = ("rank", "due_on", "pk")


class CorrectionTable(CaptionedTable):
    """One row a measure; those whose day is past first."""

    measure = tables.Column("措置", order_by=("measure", *KEY))
    state = tables.Column(
        "状態と期限", empty_values=(), order_by=KEY, attrs={"td": {"class": "nowrap"}}
    )
    rule = tables.Column("所見", order_by=("rule", *KEY))
    of = tables.Column("契約・提供", empty_values=(), orderable=False)
    agency = tables.Column("機関", order_by=("agency_id", *KEY))
    officer = tables.Column("担当者", order_by=("officer__full_name", *KEY))
    started_on = tables.DateColumn(
        verbose_name="着手日",
        format="Y-m-d",
        order_by=("started_on", "pk"),
        attrs={"td": {"class": "nowrap"}},
    )

    class Meta:
        model = CorrectiveAction
        fields = ()
        sequence = ("state", "measure", "rule", "of", "agency", "officer", "started_on")
        order_by = "state"
        empty_text = "条件に合う是正・再発防止策はありません。"
        template_name = "components/table.html"

    def __init__(self, *args, on: date, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def render_measure(self, record):
        address = reverse("correction", args=[record.public_id])
        return format_html('<a href="{}">{}</a>', address, record.get_measure_display())

    def render_state(self, record):
        if is_closed(record, self.on):
            return format_html(
                '<span class="badge badge--success">完了</span><br>{}',
                record.closed_on.isoformat(),
            )
        due = f"{record.due_on.isoformat()}まで" if record.due_on else "期限なし"
        kind, word = "", "是正中"
        if record.started_on > self.on:
            word = "着手前"
        elif is_overdue(record, self.on):
            kind, word = "breach", "期限超過"
        return format_html(
            '<span class="badge{}">{}</span><br>{}', kind and f" badge--{kind}", word, due
        )

    def render_rule(self, record):
        gone = record.is_inert and format_html(
            '<br><span class="hint">{}</span>', "該当する所見はなくなっています"
        )
        title, subject = BY_CODE[record.rule].title, subject_in_words(record.subject)
        return format_html("{}：{}{}", subject, title, gone or "")

    def render_of(self, record):
        if record.contract_id:
            address, of = reverse("contract", args=[record.contract.code]), record.contract
            return format_html('<a href="{}">{}</a><br>{}', address, of.code, of.title)
        of = record.disclosure
        address = reverse("disclosure", args=[of.code])
        return format_html('<a href="{}">{}</a><br>{}への提供', address, of.code, of.recipient)


def with_their_findings(actions: Iterable[CorrectiveAction]) -> None:
    """Mark those whose findings have vanished (``is_inert``): one query for a page."""
    actions = list(actions)
    findings = list(
        Finding.objects.filter(
            Q(contract__in={a.contract_id for a in actions if a.contract_id})
            | Q(disclosure__in={a.disclosure_id for a in actions if a.disclosure_id}),
            rule__in={action.rule for action in actions},
        )
    )
    for action in actions:
        action.is_inert = not any(answers(action, finding) for finding in findings)
