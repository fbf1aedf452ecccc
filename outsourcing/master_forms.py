"""Forms of the masters: contractors, who holds whom, agencies."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from outsourcing import corporate_numbers
from outsourcing.conflicts import VersionedForm
from outsourcing.contractor_fields import ContractorField, as_typed
from outsourcing.contractor_search import similar
from outsourcing.forms import DAY_HELP, CodeField, DayField
from outsourcing.models import Agency, AgencyKind, Contractor, NoNumber
from outsourcing.once import OnceForm

NUMBER_EXAMPLE = "例：7000012050002、7-0000-1205-0002"
SHARE_EXAMPLE = "例：60、33.3333"


def text_field(label: str, *, most: int, example: str, required: bool = True, **kwargs):
    """A line of text whose errors name an example."""
    kwargs.setdefault("help_text", f"例：{example}")
    field = forms.CharField(label=label, max_length=most, required=required, **kwargs)
    field.error_messages["required"] = f"{label}を入力してください（例：{example}）。"
    return field


class NumberField(forms.CharField):
    """法人番号 as people write it; None where there is none."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return corporate_numbers.parse(text)
        except ValueError as error:
            raise ValidationError(f"{error}（{NUMBER_EXAMPLE}）", code="invalid") from error


class ShareField(forms.CharField):
    """A share of votes in percent, in either width, with or without its sign."""

    def prepare_value(self, value):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value):
        text = super().clean(value)
        plain = unicodedata.normalize("NFKC", text).replace(" ", "").removesuffix("%")
        try:
            share = Decimal(plain)
        except InvalidOperation:
            share = None
        if share is None or not share.is_finite():
            why = "は数として読めません"
        elif not 0 <= share <= 100:
            why = "は0から100までの数ではありません"
        elif share != round(share, 4):
            why = "は小数点以下が4桁を超えています"
        else:
            return share
        raise ValidationError(f"議決権割合「{text}」{why}（{SHARE_EXAMPLE}）。", code="invalid")


class ContractorFields(forms.Form):
    """What a contractor is."""

    name = text_field("名称", most=200, example="株式会社見本")
    kana = text_field("よみ", most=400, example="みほん", required=False)
    corporate_number = NumberField(
        label="法人番号",
        required=False,
        max_length=30,
        help_text=f"13桁。ハイフンや全角でも読みます。{NUMBER_EXAMPLE}",
    )
    no_number_reason = forms.ChoiceField(
        label="法人番号がない理由",
        choices=[("", "法人番号がある"), *NoNumber.choices],
        required=False,
        help_text="法人番号がないときだけ選んでください。例：個人",
        error_messages={
            "invalid_choice": "法人番号がない理由「%(value)s」は選べません（例：個人）。"
        },
    )
    address = text_field("所在地", most=400, example="東京都千代田区霞が関2-1-2", required=False)

    def clean(self):
        values = super().clean()
        if self.errors.keys() & {"corporate_number", "no_number_reason"}:
            return values
        number, reason = values["corporate_number"], values["no_number_reason"]
        if not number and not reason:
            self.add_error(
                "corporate_number",
                f"法人番号が空欄です。法人番号を入力するか（{NUMBER_EXAMPLE}）、"
                "「法人番号がない理由」を選んでください（例：個人）。",
            )
        elif number and reason:
            self.add_error(
                "no_number_reason",
                f"法人番号「{number}」があるのに、ない理由「{NoNumber(reason).label}」が"
                "選ばれています。どちらか一方にしてください（例：「法人番号がある」）。",
            )
        return values


class NewContractorForm(ContractorFields, OnceForm):
    """Asks back where one of a similar name is known: two entries of one company tear apart what
    belongs together."""

    agency = CodeField(
        label="登録する機関", help_text="法人番号がない委託先は、この機関だけに見えます。"
    )
    different = forms.BooleanField(
        label="似た名称の委託先とは別の委託先として登録する",
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data=None, *, known, agencies, **kwargs):
        super().__init__(data, **kwargs)
        self.known = known
        self.fields["agency"].queryset = agencies
        self.only = None
        several = list(agencies[:2])
        if len(several) < 2:  # nothing to be asked
            del self.fields["agency"]
            self.only = several[0] if several else None

    def clean(self):
        values = super().clean()
        if self.errors:
            return values
        met = similar(self.known, values["name"], values["kana"])
        if met and values["corporate_number"]:
            # Companies of one name and several numbers are several companies.
            met = [one for one in met if not one.corporate_number]
        if met:
            self.fields["different"].widget = forms.CheckboxInput()
        if met and not values["different"]:
            names = "、".join(map(as_typed, met))
            self.add_error(
                "different",
                f"「{values['name']}」に似た名称の委託先が既に登録されています：{names}。"
                "同じ委託先なら、そちらを使ってください。"
                "別の委託先なら、ここに印を付けてから、もう一度登録してください。",
            )
        return values

    @property
    def values(self):
        values = super().values
        values.pop("different")
        agency = values.pop("agency", self.only)
        return values | {"agency": None if values["corporate_number"] else agency}


class ContractorForm(ContractorFields, VersionedForm):
    """Corrects what a contractor is."""


class DissolveForm(VersionedForm):
    """解散: from its day on a company neither holds nor is held."""

    dissolved_on = DayField(
        label="解散日",
        required=False,
        help_text=f"{DAY_HELP}。空欄にして保存すると、解散の記録を取り消します。",
    )


class HoldingFields(forms.Form):
    """Who holds how many votes of whom, from when to when."""

    holder = ContractorField(label="出資者")
    held = ContractorField(label="被出資者")
    share = ShareField(
        label="議決権割合（％）",
        max_length=20,
        help_text=f"0から100まで、小数点以下4桁まで。{SHARE_EXAMPLE}",
        error_messages={"required": f"議決権割合を入力してください（{SHARE_EXAMPLE}）。"},
    )
    first_day = DayField(
        label="保有開始日",
        help_text=DAY_HELP,
        error_messages={"required": f"保有開始日を入力してください（{DAY_HELP}）。"},
    )
    last_day = DayField(
        label="保有終了日",
        required=False,
        help_text=f"{DAY_HELP}。空欄なら続いています。",
    )
    source = text_field("根拠資料", most=300, example="令和6年度有価証券報告書", required=False)

    def refer_to(self, contractors) -> None:
        for name in ("holder", "held"):
            self.fields[name].contractors = contractors


class NewHoldingForm(HoldingFields, OnceForm):
    def __init__(self, data=None, *, contractors, **kwargs):
        super().__init__(data, **kwargs)
        self.refer_to(contractors)


class HoldingForm(HoldingFields, VersionedForm):
    def __init__(self, row, data=None, *, contractors):
        super().__init__(row, data)
        self.refer_to(contractors)


class EndHoldingForm(VersionedForm):
    """Sold: the last day on which it was held."""

    last_day = DayField(
        label="保有終了日",
        help_text=f"この日まで保有していました。{DAY_HELP}",
        error_messages={"required": f"保有終了日を入力してください（{DAY_HELP}）。"},
    )


class VoidHoldingForm(VersionedForm):
    void_reason = text_field("無効とする理由", most=500, example="別の会社の記録だった")


class AgencyNameFields(forms.Form):
    name = text_field("機関名", most=200, example="見本省")
    kana = text_field("よみ", most=400, example="みほんしょう", required=False)


class NewAgencyForm(AgencyNameFields, OnceForm):
    """An agency with the name it bears."""

    code = forms.CharField(
        label="機関コード",
        max_length=6,
        help_text="英大文字1字と数字2～5桁。例：A47。後から変えられません。",
        error_messages={"required": "機関コードを入力してください（例：A47）。"},
    )
    kind = forms.ChoiceField(
        label="機関の種別",
        choices=[("", "選んでください"), *AgencyKind.choices],
        error_messages={
            "required": "機関の種別を選んでください（例：行政機関）。",
            "invalid_choice": "機関の種別「%(value)s」は選べません（例：行政機関）。",
        },
    )
    since = DayField(
        label="名称の使用開始日",
        required=False,
        help_text=f"{DAY_HELP}。空欄なら、分かる限り前から。",
    )
    field_order = ("once", "code", "kind", "name", "kana", "since")

    def clean_code(self):
        typed = self.cleaned_data["code"]
        code = unicodedata.normalize("NFKC", typed).upper()
        try:
            RegexValidator(r"\A[A-Z][0-9]{2,5}\Z")(code)
        except ValidationError:
            raise ValidationError(
                f"機関コード「{typed}」は、英大文字1字と数字2～5桁ではありません（例：A47）。"
            ) from None
        return code


class RenameAgencyForm(AgencyNameFields, VersionedForm):
    """A new name from a day on; what was printed before keeps the old one."""

    first_day = DayField(
        label="新しい名称の使用開始日",
        help_text=DAY_HELP,
        error_messages={"required": f"使用開始日を入力してください（{DAY_HELP}）。"},
    )


class AbolishForm(VersionedForm):
    """廃止, and who took over."""

    abolished_on = DayField(
        label="廃止日",
        required=False,
        help_text=f"{DAY_HELP}。空欄にして保存すると、廃止の記録を取り消します。",
    )
    successor = CodeField(label="承継機関", required=False, empty_label="なし")

    def __init__(self, row, data=None, *, others):
        super().__init__(row, data)
        self.fields["successor"].queryset = others

    def clean(self):
        values = super().clean()
        if values.get("successor") and "abolished_on" in values and not values["abolished_on"]:
            self.add_error(
                "abolished_on",
                f"承継機関「{values['successor']}」があるのに廃止日が空欄です（{DAY_HELP}）。",
            )
        return values


def contractors_known(request):
    """Who can be named: all that the reader may know of."""
    return Contractor.objects.valid().visible_to(request.scope)


def agencies_adding(request, ability):
    """The agencies for which somebody adds contractors; none for whoever adds them for all."""
    return Agency.objects.filter(
        pk__in=[agency.pk for agency in request.access.agencies(ability)]
    ).order_by("code")
