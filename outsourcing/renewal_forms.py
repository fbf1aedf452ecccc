"""Forms of 年度更新 and of what is ticked in lists."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from outsourcing.forms import Refers
from outsourcing.models import Contract
from outsourcing.once import OnceForm
from outsourcing.renewing import Term, advanced, next_term

LONGEST = Contract._meta.get_field("number").max_length


class TickedContractsField(Refers, forms.MultipleChoiceField):
    """Contracts of a list, by their codes."""


class RenewalForm(OnceForm):
    """Which of the ``offered`` contracts are renewed, and the number of each that follows."""

    contracts = TickedContractsField(
        label="更新する契約",
        error_messages={
            "required": "更新する契約を一つ以上選んでください。",
            "invalid_choice": "契約「%(value)s」は更新できません。既に更新されたか、"
            "この一覧にない契約です。",
        },
    )

    def __init__(self, data=None, *, offered: Iterable[Contract]):
        super().__init__(data)
        self.by_code = {contract.code: contract for contract in offered}
        self.fields["contracts"].choices = [(code, code) for code in self.by_code]
        for code, contract in self.by_code.items():
            label = f"{code}の新しい契約番号"
            old = Term(contract.first_day, contract.last_day)
            self.fields[self.name_of(contract)] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST,
                initial=advanced(contract.number, old, next_term(*old)),
                error_messages={
                    "max_length": f"新しい契約番号は{LONGEST}字までです（今は%(show_value)d字）。"
                    "短くしてください（例：総務第30-105号）。"
                },
            )

    @staticmethod
    def name_of(contract: Contract) -> str:
        return f"number-{contract.code}"

    @property
    def chosen(self) -> dict[Contract, str]:
        """The number of each contract that was ticked."""
        values = self.cleaned_data
        ticked = [self.by_code[code] for code in values["contracts"]]
        return {contract: values[self.name_of(contract)] for contract in ticked}
