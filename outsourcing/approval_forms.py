"""One decision on many links at once."""

from __future__ import annotations

from django import forms

from outsourcing.forms import DAY_HELP, DayField
from outsourcing.models import Approval, ApprovalResult, Notification, Subcontract
from outsourcing.once import OnceForm
from outsourcing.targets import TargetsField

NOTICE = "notice"  # not a decision, but recorded of many links in the same way
RESULTS = [*ApprovalResult.choices, (NOTICE, "事前届出の受理")]


def _text(name: str, **kwargs) -> forms.CharField:
    """As long as the column it goes to."""
    column = Approval._meta.get_field(name)
    longest = column.max_length
    return forms.CharField(
        label=str(column.verbose_name),
        required=False,
        max_length=longest,
        error_messages={
            "max_length": f"{column.verbose_name}は{longest}字までです（今は%(show_value)d字）。"
            "短くしてください。"
        },
        **kwargs,
    )


class ApprovalsForm(OnceForm):
    """``targets`` are links of contracts that may be written to."""

    targets = TargetsField(label="再委託")
    result = forms.ChoiceField(
        label="結果",
        choices=[("", "選んでください"), *RESULTS],
        error_messages={
            "required": "結果を選んでください。",
            "invalid_choice": "結果「%(value)s」は選択肢にありません（例：承認）。",
        },
    )
    applied_on = DayField(label="申請日", required=False, help_text=DAY_HELP)
    decided_on = DayField(
        label="決定日",
        help_text="届出は受理日。承認はこの日から数え、遡りません。例：2018-04-01、平成30年4月1日",
    )
    decided_on.error_messages["required"] = (
        "決定日を入力してください（例：2018-04-01、平成30年4月1日）。決定日のない承認は数えません。"
    )
    last_day = DayField(
        label="有効期間の末日",
        required=False,
        help_text="空欄なら期限を定めない承認です。例：2019-03-31、平成31年3月31日",
    )
    conditions = _text("conditions", help_text="条件付き承認のとき")
    authority = _text("authority", help_text="例：総務課長")
    document_number = _text("document_number", help_text="例：総務第298号")

    def __init__(self, data=None, *, contracts, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["targets"].contracts = contracts

    def clean_targets(self):
        targets = self.cleaned_data["targets"]
        if whole := [target.code for target in targets if target.link is None]:
            raise forms.ValidationError(
                f"「{'、'.join(whole[:10])}」は契約です。再委託を選んでください"
                "（例：A25-2017-00001:link:3）。"
            )
        return targets

    def clean(self):
        values = super().clean()
        decided, last = values.get("decided_on"), values.get("last_day")
        if decided and last and last < decided:
            self.add_error(
                "last_day",
                f"有効期間の末日「{last}」が決定日「{decided}」より前です"
                f"（例：{decided}より後の日、又は空欄）。",
            )
        if values.get("result") == NOTICE:
            for name in ("applied_on", "last_day", "conditions", "authority"):
                if values.get(name):
                    label = self.fields[name].label
                    self.add_error(
                        name, f"届出に{label}「{values[name]}」は記録しません。空欄にしてください。"
                    )
        return values

    @property
    def links(self) -> list[Subcontract]:
        return [target.link for target in self.cleaned_data["targets"]]

    @property
    def decision(self) -> dict:
        return {name: v for name, v in self.values.items() if name != "targets"}

    @property
    def result_in_words(self) -> str:
        return dict(RESULTS)[self.cleaned_data["result"]]

    def rows(self) -> list[Approval] | list[Notification]:
        """Unsaved, one for each link."""
        decision = self.decision
        if decision["result"] == NOTICE:
            said = {
                "received_on": decision["decided_on"],
                "document_number": decision["document_number"],
            }
            return [Notification(subcontract=link, **said) for link in self.links]
        return [Approval(subcontract=link, **decision) for link in self.links]
