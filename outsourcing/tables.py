"""Lists of the ledger."""

from __future__ import annotations

import django_tables2 as tables

from outsourcing.models import Contract


class ContractTable(tables.Table):
    """One row a contract, in the order of its public identifier."""

    code = tables.Column(
        "契約コード",
        linkify=("contract", {"code": tables.A("code")}),
        order_by=("agency_id", "fiscal_year", "serial"),
    )
    agency = tables.Column("機関", order_by="agency_id")
    title = tables.Column("契約件名")
    contractor = tables.Column("委託先", order_by="contractor__name")
    work = tables.Column("業務の種類")
    information = tables.Column("情報の種類")
    clause = tables.Column("再委託の条項")
    first_day = tables.DateColumn(verbose_name="契約期間の初日", format="Y-m-d")
    last_day = tables.DateColumn(verbose_name="契約期間の末日", format="Y-m-d")

    def __init__(self, *args, caption: str, **kwargs):
        self.caption = caption
        super().__init__(*args, **kwargs)

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
