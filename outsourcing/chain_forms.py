"""Forms of a link of the chain."""

from __future__ import annotations

from django import forms

from outsourcing.conflicts import VersionedForm
from outsourcing.contractor_fields import ContractorField
from outsourcing.draft_forms import PickField, TextField
from outsourcing.forms import DAY_HELP, DayField
from outsourcing.models import LinkWork, Relation, Subcontract
from outsourcing.once import OnceForm
from outsourcing.record_forms import LinkOfChainField


class LinkFields(forms.Form):
    contractor = ContractorField(label="再委託先")
    work = PickField(LinkWork, label="再委託する業務の種類", initial=LinkWork.CORE)
    work_detail = TextField(Subcontract, "work_detail", help_text="例：血液検査の分析")
    place = TextField(Subcontract, "place", help_text="例：東京都港区の検査所")
    first_day = DayField(label="再委託期間の初日", help_text=DAY_HELP)
    last_day = DayField(
        label="再委託期間の末日",
        required=False,
        help_text="空欄なら再委託元の末日まで。" + DAY_HELP,
    )
    handles_information = forms.BooleanField(
        label="個人情報を取り扱う", required=False, initial=True
    )
    declared_relation = PickField(
        Relation,
        label="申告された資本関係",
        initial=Relation.UNKNOWN,
        help_text="委託先から見た関係。出資関係が登録されていれば、それで判定します。",
    )
    declared_on = DayField(label="申告日", required=False, help_text=DAY_HELP)
    declared_evidence = TextField(
        Subcontract, "declared_evidence", help_text="例：平成29年度の資本関係申告書"
    )


class NewLinkForm(LinkFields, OnceForm):
    def __init__(self, data=None, *, contractors, first_day):
        super().__init__(data, initial={"first_day": first_day})
        self.fields["contractor"].contractors = contractors


class LinkForm(LinkFields, VersionedForm):
    def __init__(self, row, data=None, *, contractors):
        super().__init__(row, data)
        self.fields["contractor"].contractors = contractors


class MoveForm(VersionedForm):
    parent = LinkOfChainField(label="新しい再委託元", empty_label="委託先（契約の相手方）")

    def __init__(self, row, data=None, *, links):
        super().__init__(row, data)
        self.fields["parent"].queryset = links


class EndForm(VersionedForm):
    last_day = DayField(label="再委託期間の末日", help_text="この日まで続きます。" + DAY_HELP)
