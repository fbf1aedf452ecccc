"""Lists of the ledger."""

from __future__ import annotations

import django_tables2 as tables

from outsourcing.models import Contract, Disclosure

# Contracts alike in a column stand in this order, so that no page repeats or drops one.
CODE = ("agency_id", "fiscal_year", "serial")


class CaptionedTable(tables.Table):
    """A table that says what it lists, as ``components/table.html`` asks."""

    def __init__(self, *args, caption: str, **kwargs):
        self.caption = caption
        super().__init__(*args, **kwargs)


class ContractTable(CaptionedTable):
    """One row a contract, in the order of its public identifier."""

    code = tables.Column(
        "契約コード", linkify=("contract", {"code": tables.A("code")}), order_by=CODE
    )
    agency = tables.Column("機関", order_by=CODE)
    title = tables.Column("契約件名", order_by=("title", *CODE))
    contractor = tables.Column("委託先", order_by=("contractor__name", *CODE))
    work = tables.Column("業務の種類", order_by=("work", *CODE))
    information = tables.Column("情報の種類", order_by=("information", *CODE))
    clause = tables.Column("再委託の条項", order_by=("clause", *CODE))
    first_day = tables.DateColumn(
        verbose_name="契約期間の初日", format="Y-m-d", order_by=("first_day", *CODE)
    )
    last_day = tables.DateColumn(
        verbose_name="契約期間の末日", format="Y-m-d", order_by=("last_day", *CODE)
    )

    class Meta:
        model = Contract
        fields = ()
        sequence = (
            "code",
            "agency",
            "title",
            "contractor",
            "work",
            "information",
            "clause",
            "first_day",
            "last_day",
        )
        order_by = "code"
        empty_text = "条件に合う契約はありません。"
        template_name = "components/table.html"


class DisclosureTable(CaptionedTable):
    """One row a provision of information, in the order of its public identifier."""

    code = tables.Column(
        "提供コード", linkify=("disclosure", {"code": tables.A("code")}), order_by=CODE
    )
    agency = tables.Column("機関", order_by=CODE)
    recipient = tables.Column("提供先", order_by=("recipient", *CODE))
    basis = tables.Column("提供の根拠", order_by=("basis", *CODE))
    first_day = tables.DateColumn(
        verbose_name="提供の初日", format="Y-m-d", order_by=("first_day", *CODE)
    )
    last_day = tables.DateColumn(
        verbose_name="提供の末日", format="Y-m-d", order_by=("last_day", *CODE)
    )

    class Meta:
        model = Disclosure
        fields = ()
        sequence = ("code", "agency", "recipient", "basis", "first_day", "last_day")
        order_by = "code"
        empty_text = "条件に合う提供はありません。"
        template_name = "components/table.html"
