"""Forms of what is recorded of a contract, or of a link of its chain, along the way."""

from __future__ import annotations

from django import forms

from outsourcing.draft_forms import CountField, PickField, TextField
from outsourcing.forms import DAY_HELP, CodeField, DayField
from outsourcing.listed_fields import Boxes
from outsourcing.models import (
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    ApprovalResult,
    CapabilityCheck,
    ContractorReport,
    Disposal,
    Incident,
    ManagementFault,
    Notification,
    Subcontract,
    WrittenConfirmation,
)
from outsourcing.models.records import DisposalMethod, IncidentKind, ReportKind
from outsourcing.once import OnceForm


class LinkOfChainField(CodeField):
    """A link of the contract's own chain, by its number."""

    def __init__(self, *, label: str, empty_label: str, **kwargs):
        rows = Subcontract.objects.none()
        super().__init__(
            rows, code="number", label=label, empty_label=empty_label, required=False, **kwargs
        )


class RecordForm(OnceForm):
    """``links``: the links that it may be about, where it may be about one."""

    def __init__(self, data=None, *, links, initial=None):
        super().__init__(data, initial=initial)
        if "subcontract" in self.fields:
            self.fields["subcontract"].queryset = links


class SelectionForm(RecordForm):
    checked_on = DayField(label="確認日", help_text=DAY_HELP)
    method = TextField(
        CapabilityCheck, "method", help_text="例：プライバシーマークの登録証の写しを確認"
    )


class ConfirmationForm(RecordForm):
    matters = Boxes(asks="written_matters", label="書面で確認した事項")
    confirmed_on = DayField(label="書面で確認した日", help_text=DAY_HELP)
    document_number = TextField(WrittenConfirmation, "document_number", help_text="例：総務第12号")


class AnonymizationForm(RecordForm):
    decided_on = DayField(label="判断した日", help_text=DAY_HELP)
    needed = forms.TypedChoiceField(
        label="匿名化措置の要否",
        choices=(("yes", "必要"), ("no", "不要")),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={
            "required": "匿名化措置の要否は「必要」か「不要」を選んでください。",
            "invalid_choice": "匿名化措置の要否「%(value)s」は選択肢にありません。",
        },
    )
    reason = TextField(
        AnonymizationDecision, "reason", help_text="例：結果の通知に氏名が必要なため"
    )


class MeasureForm(RecordForm):
    done_on = DayField(label="措置を講じた日", help_text=DAY_HELP)
    method = TextField(
        AnonymizationMeasure, "method", required=True, help_text="例：氏名を整理番号に置き換え"
    )


class OnContractForm(RecordForm):
    subcontract = LinkOfChainField(label="対象", empty_label="委託先（契約の相手方）")


class DisposalForm(OnContractForm):
    method = PickField(DisposalMethod, label="返却・消去の方法")
    done_on = DayField(label="返却・消去の日", help_text=DAY_HELP)
    certificate_received_on = DayField(
        label="証明書の受領日",
        required=False,
        help_text="証明書を受け取るまでは空欄にしてください。" + DAY_HELP,
    )
    document_number = TextField(Disposal, "document_number", help_text="例：第34号")


class ReportForm(OnContractForm):
    kind = PickField(ReportKind, label="報告の種類")
    due_on = DayField(label="提出期限", required=False, help_text=DAY_HELP)
    received_on = DayField(label="受領日", required=False, help_text=DAY_HELP)
    content = TextField(ContractorReport, "content", help_text="例：業務従事者2名の交代")

    def clean(self):
        values = super().clean()
        typed = "due_on" in values and "received_on" in values
        if typed and not (values["due_on"] or values["received_on"]):
            self.add_error(
                "received_on", "提出期限か受領日のどちらかを入力してください（例：2018-04-01）。"
            )
        return values


class FaultForm(OnContractForm):
    found_on = DayField(label="確認した日", help_text=DAY_HELP)
    content = TextField(
        ManagementFault, "content", required=True, help_text="例：責任者が置かれていなかった"
    )


class IncidentForm(OnContractForm):
    kind = PickField(IncidentKind, label="事案の種類")
    occurred_on = DayField(label="発生日", required=False, help_text=DAY_HELP)
    noticed_on = DayField(label="認識した日", help_text=DAY_HELP)
    persons = CountField(label="本人の数（人）", required=False, help_text="例：120、5千")
    content = TextField(Incident, "content", required=True, help_text="例：名簿の誤送付")
    reported_on = DayField(label="総括保護管理者への報告日", required=False, help_text=DAY_HELP)
    published_on = DayField(label="公表日", required=False, help_text=DAY_HELP)


class ApprovalForm(RecordForm):
    result = PickField(ApprovalResult, label="結果")
    applied_on = DayField(label="申請日", required=False, help_text=DAY_HELP)
    decided_on = DayField(
        label="決定日",
        required=False,
        help_text="分からない間は空欄にできますが、承認として数えません。" + DAY_HELP,
    )
    first_day = DayField(
        label="有効期間の初日", required=False, help_text="空欄なら決定日から。" + DAY_HELP
    )
    last_day = DayField(
        label="有効期間の末日", required=False, help_text="空欄なら期限はありません。" + DAY_HELP
    )
    scope = TextField(Approval, "scope", help_text="例：検体の検査に限る")
    conditions = TextField(Approval, "conditions", help_text="例：個人情報を複製しないこと")
    authority = TextField(Approval, "authority", help_text="例：会計課長")
    document_number = TextField(Approval, "document_number", help_text="例：総務第12号")


class NoticeForm(RecordForm):
    received_on = DayField(label="受理日", help_text=DAY_HELP)
    document_number = TextField(Notification, "document_number", help_text="例：総務第12号")


class FlowDownForm(RecordForm):
    items = Boxes(asks="flow_down", label="委託先が再委託先に講じさせたことを確認した措置")
    recorded_on = DayField(label="確認日", help_text=DAY_HELP)
