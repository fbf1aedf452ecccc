"""The fields of the page on which a contract is entered, part by part. What several parts make
together is ``draft_reading``'s."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from outsourcing.conflicts import VersionedForm
from outsourcing.contractor_fields import ContractorField
from outsourcing.forms import DAY_HELP, CodeField, DayField
from outsourcing.listed_fields import Boxes, ExemptField, ItemsField
from outsourcing.models import (
    Agency,
    ApprovalResult,
    Clause,
    Contract,
    InspectionMethod,
    InspectionResult,
    LinkWork,
    Relation,
)
from outsourcing.once import OnceForm

SCOPES = (
    ("handling", "個人情報の管理の状況"),
    ("management", "管理体制"),
    ("work", "実施体制"),
)
_UNITS = {"万": 10_000, "千": 1_000, "": 1}
_COUNT = re.compile(r"(?:(\d+)万)?(?:(\d+)千)?(\d+)?(?:人|名|件)?")
MOST_PERSONS = 2_147_483_647


class CountField(forms.Field):
    """How many, as offices write it: 12,345, １２３４５人, 5万."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        plain = unicodedata.normalize("NFKC", str(value)).replace(",", "").replace("約", "")
        match = _COUNT.fullmatch("".join(plain.split()))
        if match is None or not any(match.groups()):
            raise ValidationError(
                f"「{value}」は数として読めません（例：12,345、5万）。", code="invalid"
            )
        parts = zip(match.groups(), _UNITS.values(), strict=True)
        number = sum(int(part) * unit for part, unit in parts if part)
        if number > MOST_PERSONS:
            raise ValidationError(
                f"「{value}」は大きすぎます。{MOST_PERSONS:,}までです（例：12,345）。",
                code="invalid",
            )
        return number


class TextField(forms.CharField):
    """A text as long as the column it goes to."""

    def __init__(self, model: type[models.Model], name: str, *, required=False, **kwargs):
        column = model._meta.get_field(name)
        kwargs.setdefault("label", str(column.verbose_name))
        super().__init__(max_length=column.max_length, required=required, **kwargs)
        self.error_messages |= {
            "required": f"{self.label}を入力してください。",
            "max_length": f"{self.label}は{column.max_length:,}字までです"
            "（今は%(show_value)d字）。短くしてください。",
        }


class PickField(forms.ChoiceField):
    """One of a few words. ``empty``: the word for none."""

    def __init__(
        self, choices: type[models.Choices], *, label: str, empty="選んでください", **kwargs
    ):
        super().__init__(
            choices=[("", empty), *choices.choices] if empty else choices.choices,
            label=label,
            error_messages={
                "required": f"{label}を選んでください。",
                "invalid_choice": f"{label}「%(value)s」は選択肢にありません。",
            },
            **kwargs,
        )


class Shared(dict):
    """Fields that several forms read and none changes. Django copies those of each form anew, which
    for a chain of six takes longer than all that it is checked against."""

    def __deepcopy__(self, memo):
        return self


class PartForm(forms.Form):
    """One part of the page. Shown without being judged, it says again what was typed. Rows of one
    kind share their fields: those of ``like``."""

    def __init__(
        self,
        data,
        *,
        prefix: str | None = None,
        judged: bool,
        like: PartForm | None = None,
        **kwargs,
    ):
        if like is not None:
            self.base_fields = Shared(like.fields)
        self.source = data
        self.row = prefix.rpartition("-")[2] if prefix else ""
        self.number = 0  # as the page counts, from 1; given by who has all rows
        if judged:
            super().__init__(data, prefix=prefix, **kwargs)
        else:
            super().__init__(prefix=prefix, initial=self._typed(data, prefix), **kwargs)

    @classmethod
    def _typed(cls, data, prefix: str | None) -> dict:
        """Nothing typed at all: the page is new, and shows what it starts with."""
        named = {name: f"{prefix}-{name}" if prefix else name for name in cls.base_fields}
        if not any(name in data for name in named.values()):
            return {}
        return {
            name: cls.base_fields[name].widget.value_from_datadict(data, {}, typed)
            for name, typed in named.items()
        }

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into a row, so that it counts as not there."""
        return not any(
            text.strip()
            for name in self.TYPED
            for text in self.source.getlist(self.add_prefix(name))
        )

    def refuse(self, refused: ValidationError) -> None:
        """What an action does not take: an error of its field, or of the whole part."""
        named = refused.error_dict if hasattr(refused, "error_dict") else {None: refused}
        for name, errors in named.items():
            self.add_error(name if name in self.fields else None, errors)


class ContractPart(PartForm):
    number = TextField(Contract, "number", label="契約番号")
    title = TextField(Contract, "title", label="契約件名", required=True)
    section = CodeField(label="課室", required=False, empty_label="未定")
    contractor = ContractorField(label="委託先")
    concluded_on = DayField(label="契約締結日", help_text=DAY_HELP)
    first_day = DayField(label="契約期間の初日")
    last_day = DayField(label="契約期間の末日")
    work = PickField(Contract.Work, label="業務の種類")
    work_detail = TextField(Contract, "work_detail", label="業務の内容")
    information = PickField(Contract.Information, label="情報の種類", empty="",
                            initial=Contract.Information.PERSONAL)  # fmt: skip
    information_detail = TextField(
        Contract, "information_detail", help_text="例：氏名、生年月日、健診結果"
    )
    persons = CountField(label="本人の数（人）", required=False, help_text="例：12,345、5万")
    sensitivity = PickField(Contract.Sensitivity, label="秘匿性", empty="",
                            initial=Contract.Sensitivity.ORDINARY)  # fmt: skip
    special_care = forms.BooleanField(label="要配慮個人情報を含む", required=False)
    clause = PickField(
        Clause,
        label="再委託の条項",
        help_text="「原則禁止・承認があれば可」は「事前承認」を選びます。",
    )
    clause_article = TextField(Contract, "clause_article", label="条番号")
    clause_quote = TextField(Contract, "clause_quote", label="文言")
    exempt = ExemptField(
        label="承認を要しない軽微な業務", help_text="業務ごとに、それを定める条番号を入力します。"
    )
    items = ItemsField(label="契約書の記載事項", amends=False, implied=True)
    uses_dispatched_workers = forms.BooleanField(label="派遣労働者を使用する", required=False)
    dispatch_article = TextField(
        Contract, "dispatch_article", label="労働者派遣契約書の秘密保持の条番号"
    )
    checked_on = DayField(label="選定の確認日", required=False)
    check_method = forms.CharField(label="確認の方法", required=False, max_length=300)
    decided_on = DayField(label="匿名化の要否を判断した日", required=False)
    needed = forms.ChoiceField(
        label="匿名化措置の要否",
        required=False,
        choices=(("", "未判断"), ("yes", "必要"), ("no", "不要")),
        error_messages={"invalid_choice": "匿名化措置の要否「%(value)s」は選択肢にありません。"},
    )
    decision_reason = forms.CharField(label="判断の理由", required=False, max_length=500)
    measured_on = DayField(label="措置を講じた日", required=False)
    measure_method = forms.CharField(
        label="措置の方法", required=False, max_length=500, help_text="例：氏名を番号に置き換え"
    )

    def __init__(self, data, *, sections, contractors, known=None, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["section"].queryset = sections
        self.fields["contractor"].contractors = contractors
        self.fields["contractor"].known = known or {}

    def clean(self):
        values = super().clean()
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error(
                "last_day",
                f"末日「{self.data['last_day']}」が初日「{self.data['first_day']}」より前です。",
            )
        if values.get("decided_on") and not values.get("needed"):
            self.add_error("needed", "判断した日があります。「必要」か「不要」を選んでください。")
        if values.get("needed") and values.get("decided_on", ...) is None:
            self.add_error("decided_on", "要否を判断した日を入力してください（例：2018-04-01）。")
        if values.get("measured_on") and not values.get("measure_method"):
            self.add_error("measure_method", "措置の方法を入力してください（例：番号に置き換え）。")
        if values.get("measure_method") and values.get("measured_on", ...) is None:
            self.add_error("measured_on", "措置を講じた日を入力してください（例：H30.4.1）。")
        return values


class ConfirmationPart(PartForm):
    """書面による確認: one paper."""

    kind = "書面による確認"
    TYPED = ("matters", "confirmed_on", "document_number")

    matters = Boxes(asks="written_matters", label="確認した事項", required=False)
    confirmed_on = DayField(label="書面で確認した日")
    document_number = forms.CharField(label="文書番号", required=False, max_length=60)

    def clean(self):
        values = super().clean()
        if not values.get("matters") and "matters" not in self.errors:
            self.add_error("matters", "書面で確認した事項を一つ以上選んでください。")
        return values


class LinkPart(PartForm):
    """One link of the chain, with its approval, its notice and what was asked of it."""

    kind = "再委託"
    TYPED = ("contractor", "work_detail", "place", "first_day", "last_day", "declared_on",
             "declared_evidence", "approval_applied_on", "approval_decided_on", "approval_result",
             "approval_first_day", "approval_last_day", "approval_document_number", "renews",
             "notice_received_on", "flow_down", "flow_down_on")  # fmt: skip

    under = forms.CharField(label="再委託元", required=False, max_length=4)
    contractor = ContractorField(label="再委託先")
    work = PickField(LinkWork, label="再委託する業務", empty="", initial=LinkWork.CORE)
    work_detail = forms.CharField(label="業務の内容", required=False, max_length=1000)
    place = forms.CharField(label="履行場所", required=False, max_length=300)
    first_day = DayField(label="初日", required=False, help_text="空欄なら契約の初日から")
    last_day = DayField(label="末日", required=False, help_text="空欄なら再委託元の末日まで")
    handles_information = forms.BooleanField(
        label="個人情報を取り扱う", required=False, initial=True
    )
    declared_relation = PickField(
        Relation, label="申告された資本関係", empty="", initial=Relation.UNKNOWN
    )
    declared_on = DayField(label="申告日", required=False)
    declared_evidence = forms.CharField(label="申告の根拠資料", required=False, max_length=300)
    renews = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    approval_result = PickField(ApprovalResult, label="承認の結果", empty="未決定", required=False)
    approval_applied_on = DayField(label="申請日", required=False)
    approval_decided_on = DayField(label="決定日", required=False)
    approval_first_day = DayField(label="有効期間の初日", required=False)
    approval_last_day = DayField(label="有効期間の末日", required=False)
    approval_scope = forms.CharField(label="承認の範囲", required=False, max_length=500)
    approval_conditions = forms.CharField(label="条件", required=False, max_length=500)
    approval_authority = forms.CharField(label="決裁者", required=False, max_length=100)
    approval_document_number = forms.CharField(
        label="承認の文書番号", required=False, max_length=60
    )
    notice_received_on = DayField(label="届出の受理日", required=False)
    notice_document_number = forms.CharField(label="届出の文書番号", required=False, max_length=60)
    flow_down = Boxes(asks="flow_down", label="再委託先に求めた措置", required=False)
    flow_down_on = DayField(label="措置を確認した日", required=False)

    APPROVAL = ("applied_on", "decided_on", "first_day", "last_day", "scope", "conditions",
                "authority", "document_number")  # fmt: skip

    def __init__(self, data, *, contractors, known=None, like=None, **kwargs):
        super().__init__(data, like=like, **kwargs)
        if like is None:
            self.fields["contractor"].contractors = contractors
            self.fields["contractor"].known = known or {}

    def clean(self):
        values = super().clean()
        terms = (
            ("再委託期間", "first_day", "last_day"),
            ("承認の有効期間", "approval_first_day", "approval_last_day"),
        )
        for what, first, last in terms:
            begun, ends = values.get(first), values.get(last)
            if begun and ends and ends < begun:
                typed = [self.data[self.add_prefix(name)] for name in (last, first)]
                self.add_error(last, f"{what}の末日「{typed[0]}」が初日「{typed[1]}」より前です。")
        decided = any(values.get(f"approval_{name}") for name in self.APPROVAL)
        if decided and not values.get("approval_result") and "approval_result" not in self.errors:
            self.add_error("approval_result", "承認の結果を選んでください（例：承認）。")
        if values.get("flow_down") and values.get("flow_down_on", ...) is None:
            self.add_error("flow_down_on", "確認した日を入力してください（例：H30.4.1）。")
        return values

    @property
    def awaits_approval(self) -> bool:
        """再承認待ち: goes on from the year before, and nothing is decided yet."""
        return bool(self["renews"].value()) and not self["approval_result"].value()


class VisitPart(PartForm):
    """One inspection that has been made, of the contract or of links."""

    kind = "検査"
    TYPED = ("day", "place", "inspectors", "not_on_site_reason", "points", "targets")

    day = DayField(label="検査日")
    method = PickField(
        InspectionMethod, label="検査の方法", empty="", initial=InspectionMethod.ON_SITE
    )
    not_on_site_reason = forms.CharField(label="実地によらない理由", required=False, max_length=500)
    through_contractor = forms.BooleanField(label="委託先を通じて実施", required=False)
    place = forms.CharField(label="検査の場所", required=False, max_length=300)
    inspectors = forms.CharField(label="検査した者", required=False, max_length=300)
    targets = Boxes(asks="", label="検査の対象", required=False)
    scopes = forms.MultipleChoiceField(
        label="検査した事項",
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        initial=[code for code, _ in SCOPES],
        error_messages={
            "required": "検査した事項を一つ以上選んでください。",
            "invalid_choice": "検査した事項「%(value)s」は選択肢にありません。",
        },
    )
    result = PickField(InspectionResult, label="結果", empty="", initial=InspectionResult.GOOD)
    points = forms.CharField(label="指摘事項", required=False, max_length=2000)
    due_on = DayField(label="改善の期限", required=False)
    cleared_on = DayField(label="改善を確認した日", required=False)

    def clean(self):
        values = super().clean()
        if not values.get("targets") and "targets" not in self.errors:
            self.add_error("targets", "検査の対象を一つ以上選んでください。")
        return values


class DraftStartForm(OnceForm):
    """A new contract: of which agency, where the user writes for several."""

    asks = False  # one begun is like another

    agency = CodeField(label="機関")

    def __init__(self, data=None, *, agencies):
        super().__init__(data)
        self.only = agencies[0] if len(agencies) == 1 else None
        if self.only:
            del self.fields["agency"]
        else:
            keys = [agency.pk for agency in agencies]
            self.fields["agency"].queryset = Agency.objects.filter(pk__in=keys).order_by("code")

    @property
    def chosen(self) -> Agency:
        return self.only or self.cleaned_data["agency"]


class DraftDiscardForm(VersionedForm):
    """Nothing but the version that was seen."""
