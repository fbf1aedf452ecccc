"""Lists of findings."""

from __future__ import annotations

from datetime import timedelta

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from guideline.models import Finding
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.tables import CaptionedTable

# Findings alike in a column stand in this order, so that no page repeats or drops one.
LATEST = ("-since", "-ends", "-contract_id", "-id")


class FindingTable(CaptionedTable):
    """One row a finding, the latest first."""

    rule = tables.Column("所見", order_by=("rule", *LATEST))
    severity = tables.Column("区分", order_by=("severity", *LATEST))
    agency = tables.Column("機関", order_by=("agency__code", *LATEST))
    of = tables.Column("契約・提供", empty_values=(), orderable=False)
    subject = tables.Column("対象", orderable=False)
    since = tables.DateColumn(verbose_name="いつから", format="Y-m-d", order_by=LATEST)
    until = tables.Column("いつまで", empty_values=(), order_by=("ends", *LATEST))
    excused = tables.Column("理由書", orderable=False)

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    class Meta:
        model = Finding
        fields = ()
        sequence = (
            "rule",
            "severity",
            "agency",
            "of",
            "subject",
            "since",
            "until",
            "excused",
        )
        order_by = "-since"
        empty_text = "条件に合う所見はありません。"
        template_name = "components/table.html"

    def order_since(self, rows, is_descending):
        """Up as well as down by the whole key, which an index has."""
        key = LATEST if is_descending else [name.removeprefix("-") for name in LATEST]
        return rows.order_by(*key), True

    def render_rule(self, value):
        return BY_CODE[value].title

    def render_severity(self, value, record):
        return format_html(
            '<span class="badge badge--{}">{}</span>',
            record.severity,
            record.get_severity_display(),
        )

    def render_of(self, record):
        of = record.contract or record.disclosure
        name = "contract" if record.contract else "disclosure"
        title = of.title if record.contract else of.recipient
        address = f"{reverse(name, args=[of.code])}?as_of={self.on.isoformat()}"
        return format_html('<a href="{}">{}</a><br>{}', address, of.code, title)

    def render_subject(self, value):
        return subject_in_words(value)

    def render_until(self, record):
        if record.until is None:
            return "継続中"
        return (record.until - timedelta(days=1)).isoformat()

    def render_excused(self, value):
        return "あり" if value else "—"
