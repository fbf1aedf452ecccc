"""Forms of a contract that exists: what the parties changed, and what was typed wrong."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from outsourcing.conflicts import ActionForm, VersionedForm
from outsourcing.contractor_fields import ContractorField
from outsourcing.draft_forms import CountField, PickField, TextField
from outsourcing.forms import DAY_HELP, DayField
from outsourcing.listed_fields import ExemptField, ItemsField
from outsourcing.models import Amendment, Clause, Contract
from outsourcing.once import OnceForm

CLAUSE_HELP = (
    "「事前承認」は、原則禁止・承認があれば可とするものです。"
    "「禁止」は、承認があっても認めないものです。"
)
EXEMPT_HELP = (
    "承認を要しないとする業務があれば、それを定める条番号を入力してください（例：第8条第2項）。"
)
ITEMS_HELP = (
    "契約書の条番号と文言を入力してください（例：第5条、乙は秘密を保持しなければならない）。"
)


class AmendForm(OnceForm):
    """変更契約. What is left blank stays as it is."""

    effective_on = DayField(label="変更の効力が生じる日", help_text=DAY_HELP)
    concluded_on = DayField(label="変更契約締結日", required=False, help_text=DAY_HELP)
    number = TextField(Amendment, "number", help_text="例：第298号の2")
    last_day = DayField(
        label="変更後の契約期間の末日",
        required=False,
        help_text="空欄なら変わりません。" + DAY_HELP,
    )
    clause = PickField(
        Clause,
        label="変更後の再委託の条項",
        empty="変更なし",
        required=False,
        help_text=CLAUSE_HELP,
    )
    clause_article = TextField(Amendment, "clause_article", help_text="例：第8条")
    clause_quote = TextField(
        Amendment, "clause_quote", help_text="例：乙は、甲の承認を得なければ再委託してはならない。"
    )
    exempt_work = ExemptField(label="承認を要しない軽微な業務", help_text=EXEMPT_HELP)
    items = ItemsField(amends=True, label="契約書の記載事項の変更", help_text=ITEMS_HELP)
    reason = TextField(Amendment, "reason", help_text="例：契約期間の延長")

    def clean(self):
        values = super().clean()
        if values.get("clause") == "" and "clause" not in self.errors:
            for name in ("clause_article", "clause_quote", "exempt_work"):
                if values.get(name):
                    self.add_error(
                        name,
                        f"{self.fields[name].label}が入力されていますが、変更後の再委託の条項が"
                        "「変更なし」です。条項を選ぶか、入力を消してください。",
                    )
        return values


class TerminateForm(VersionedForm):
    """解除."""

    terminated_on = DayField(
        label="解除日", help_text="この日が契約の最後の日になります。" + DAY_HELP
    )
    termination_reason = TextField(
        Contract,
        "termination_reason",
        required=True,
        help_text="例：委託先の管理体制が不適切なため",
    )


class TakeBackForm(VersionedForm):
    """A termination that was recorded in error."""


class CorrectForm(VersionedForm):
    """What was typed wrong."""

    number = TextField(Contract, "number", help_text="例：第298号")
    title = TextField(Contract, "title", required=True, help_text="例：職員の健康診断業務")
    contractor = ContractorField(label="委託先")
    concluded_on = DayField(label="契約締結日", help_text=DAY_HELP)
    first_day = DayField(label="契約期間の初日", help_text=DAY_HELP)
    agreed_last_day = DayField(label="契約期間の末日（当初）", help_text=DAY_HELP)
    work = PickField(Contract.Work, label="業務の種類")
    work_detail = TextField(Contract, "work_detail", help_text="例：健診の実施と結果の通知")
    information = PickField(Contract.Information, label="情報の種類")
    information_detail = TextField(
        Contract, "information_detail", help_text="例：氏名、生年月日、健診結果"
    )
    persons = CountField(label="本人の数（人）", required=False, help_text="例：12,345、5万")
    sensitivity = PickField(Contract.Sensitivity, label="秘匿性")
    special_care = forms.BooleanField(label="要配慮個人情報を含む", required=False)
    clause = PickField(Clause, label="再委託の条項", help_text=CLAUSE_HELP)
    clause_article = TextField(Contract, "clause_article", help_text="例：第8条")
    clause_quote = TextField(
        Contract, "clause_quote", help_text="例：乙は、甲の承認を得なければ再委託してはならない。"
    )
    exempt_work = ExemptField(label="承認を要しない軽微な業務", help_text=EXEMPT_HELP)
    items = ItemsField(amends=False, label="契約書の記載事項", help_text=ITEMS_HELP)
    uses_dispatched_workers = forms.BooleanField(label="派遣労働者を使用する", required=False)
    dispatch_article = TextField(Contract, "dispatch_article", help_text="例：第12条")

    def __init__(self, row, data=None, *, contractors):
        super().__init__(row, data)
        self.fields["contractor"].contractors = contractors


class VoidForm(ActionForm):
    """Takes back what was recorded in error. It names the very row that was on the screen, by when
    it was recorded: its address only counts."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    recorded = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reason = forms.CharField(
        label="無効とする理由",
        max_length=500,
        help_text="例：別の契約の記録を誤って登録した",
        error_messages={"required": "無効とする理由を入力してください（例：誤って登録した）。"},
    )

    def __init__(self, row, data=None):
        self.row = row
        recorded = row.recorded_at.isoformat()
        super().__init__(data, initial={"version": row.version, "recorded": recorded})

    def clean(self):
        values = super().clean()
        if values.get("recorded") != self.row.recorded_at.isoformat():
            raise ValidationError("画面を開いた後に記録が変わりました。開き直してください。")
        return values

    @property
    def seen(self) -> int:
        return self.cleaned_data["version"]

    def _meet(self, row) -> None:
        """Changed since it was looked at: it is looked at again."""
        self.row = row
        self.conflict = []
        self.data = self.data.copy()
        self.data["version"] = row.version
