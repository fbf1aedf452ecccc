"""The kinds of records that hang on a contract or on a link: their forms, and who writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import QuerySet

from outsourcing import record_forms
from outsourcing.actions import contracts, records
from outsourcing.models import (
    Amendment,
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    CapabilityCheck,
    Contract,
    ContractorReport,
    Disposal,
    FlowDownRecord,
    Incident,
    ManagementFault,
    Notification,
    Subcontract,
    WrittenConfirmation,
)
from outsourcing.models.base import LedgerRow


class RecordKind(NamedTuple):
    """``relation``: how the contract, or the link, calls its rows; ``entry``: how a contract in
    memory (``entries.Entry``) does, empty where no rule looks at them; ``anchor``: the part of the
    contract's page that shows them. Without a form it can be taken back only."""

    model: type[LedgerRow]
    title: str
    relation: str
    anchor: str
    form: type[record_forms.RecordForm] | None = None
    entry: str = ""
    lead: str = ""
    add: Callable = records.record
    void: Callable = records.void_record

    @property
    def is_of_link(self) -> bool:
        return not any(f.name == "contract" for f in self.model._meta.local_fields)

    def row(self, of: Contract | Subcontract, **values) -> LedgerRow:
        """Unsaved, on a contract or a link."""
        return self.model(**{"subcontract" if self.is_of_link else "contract": of}, **values)

    def rows(self, of: Contract | Subcontract) -> QuerySet:
        """All there are, in the order that numbers them: those that were taken back, too."""
        return getattr(of, self.relation).order_by("pk")


KINDS = {
    "selection": RecordKind(
        CapabilityCheck,
        "選定の確認",
        "capability_checks",
        "papers",
        record_forms.SelectionForm,
        "checks",
        "委託先が個人情報の適切な管理を行う能力を有することを確認した記録です（第8-4）。",
    ),
    "confirmation": RecordKind(
        WrittenConfirmation,
        "書面による確認",
        "written_confirmations",
        "papers",
        record_forms.ConfirmationForm,
        "confirmations",
        "委託先における管理体制などを書面で確認した記録です（第8-4）。",
    ),
    "anonymization": RecordKind(
        AnonymizationDecision,
        "匿名化の要否の判断",
        "anonymization_decisions",
        "papers",
        record_forms.AnonymizationForm,
        "decisions",
        "委託する情報に匿名化措置が必要かどうかを判断した記録です（第8-8）。",
    ),
    "measure": RecordKind(
        AnonymizationMeasure,
        "匿名化措置",
        "anonymization_measures",
        "papers",
        record_forms.MeasureForm,
        "measures",
        "必要と判断した匿名化措置を講じた記録です（第8-8）。",
    ),
    "disposal": RecordKind(
        Disposal,
        "返却・消去",
        "disposals",
        "events",
        record_forms.DisposalForm,
        "disposals",
        "委託の終了時の、媒体の返却や情報の消去の記録です（第8-4(5)）。",
    ),
    "report": RecordKind(
        ContractorReport,
        "体制報告",
        "contractorreports",
        "events",
        record_forms.ReportForm,
        lead="委託先からの定期報告、管理体制の変更の報告の記録です。",
    ),
    "fault": RecordKind(
        ManagementFault,
        "管理体制の不適切",
        "managementfaults",
        "events",
        record_forms.FaultForm,
        lead="契約で定めた管理体制が守られていなかったことの記録です。",
    ),
    "incident": RecordKind(
        Incident,
        "漏えい等の事案",
        "incidents",
        "events",
        record_forms.IncidentForm,
        lead="漏えい、滅失、毀損など、安全に関わる事案の記録です（第9）。",
    ),
    "amendment": RecordKind(
        Amendment, "変更契約", "amendments", "amendments", entry="amendments",
        void=contracts.void_amendment,
    ),
    "approval": RecordKind(
        Approval,
        "承認",
        "approvals",
        "chain",
        record_forms.ApprovalForm,
        "approvals",
        "再委託についての決定（承認、条件付き承認、不承認、取消）を記録します。",
    ),
    "notice": RecordKind(
        Notification,
        "事前届出",
        "notifications",
        "chain",
        record_forms.NoticeForm,
        "notices",
        "委託先から再委託の届出を受けた日を記録します。",
    ),
    "flow-down": RecordKind(
        FlowDownRecord,
        "再委託先に求めた措置",
        "flow_down",
        "chain",
        record_forms.FlowDownForm,
        "flow_down",
        "委託先が再委託先にも同じ措置を講じさせたことを確認した日を、項目ごとに記録します（第8-6）。",
    ),
}  # fmt: skip
OF_CONTRACT = {code: kind for code, kind in KINDS.items() if not kind.is_of_link}
OF_LINK = {code: kind for code, kind in KINDS.items() if kind.is_of_link}
