"""Forms of accounts, roles, and who is in charge of what."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import WITHOUT_AGENCY, Membership, Role, User
from outsourcing.abilities import Ability
from outsourcing.conflicts import ActionForm, VersionedForm
from outsourcing.forms import DAY_HELP, CodeField, DayField, Refers
from outsourcing.models import Agency, Section, handed_over


def _agencies(request):
    scope = request.access.scope(Ability.PROPOSE_MEMBERS)
    return Agency.objects.visible_to(scope).order_by("code")


class PeopleFilter(filters.FilterSet):
    q = filters.CharFilter(
        label="検索", method="search", help_text="氏名、ユーザー名", max_length=100
    )
    role = filters.ChoiceFilter(
        label="役割", method="with_role", choices=Role, empty_label="すべて"
    )
    agency = filters.ModelChoiceFilter(
        label="機関",
        method="of_agency",
        queryset=_agencies,
        to_field_name="code",
        empty_label="すべて",
        error_messages={"invalid_choice": "機関「%(value)s」は選べません。"},
    )
    state = filters.ChoiceFilter(
        label="アカウント",
        method="in_state",
        choices=(("open", "利用できる"), ("ended", "終了した")),
        empty_label="すべて",
    )

    class Meta:
        model = User
        fields = ()

    @property
    def qs(self):
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, users, name, value):
        for word in value.split():
            users = users.filter(Q(full_name__icontains=word) | Q(username__icontains=word))
        return users

    def with_role(self, users, name, value):
        return users.filter(pk__in=self._held().filter(role=value).values("user"))

    def of_agency(self, users, name, value):
        return users.filter(pk__in=self._held().filter(agency=value).values("user"))

    def in_state(self, users, name, value):
        ended = Q(is_active=False) | Q(last_day__lt=timezone.localdate())
        return users.filter(
            ended if value == "ended" else ~ended | Q(last_day=None, is_active=True)
        )

    def _held(self):
        scope = self.request.access.scope(Ability.PROPOSE_MEMBERS)
        return Membership.objects.valid().visible_to(scope)


class NewPersonForm(ActionForm):
    username = forms.CharField(
        label="ユーザー名", max_length=150, help_text="半角英数字など。後から変えられません。"
    )
    full_name = forms.CharField(label="氏名", max_length=100)


class PersonForm(VersionedForm):
    full_name = forms.CharField(label="氏名", max_length=100)
    last_day = DayField(
        label="利用の最終日",
        required=False,
        help_text="この日までログインできます。空欄なら続いています。例：2018-03-31",
    )


class SureForm(ActionForm):
    """Asks nothing but whether it shall be done."""


class FileForm(forms.Form):
    file = forms.FileField(label="CSVファイル", widget=forms.FileInput(attrs={"accept": ".csv"}))


class SectionCodeField(Refers, forms.CharField):
    """A section of the agency that is chosen beside it."""


class ProposalForm(ActionForm):
    """Asks for a role of somebody."""

    role = forms.ChoiceField(label="役割", choices=Role)
    agency = CodeField(
        label="機関", required=False, empty_label="なし（調査担当とシステム管理者だけ）"
    )
    section = SectionCodeField(
        label="課室コード",
        required=False,
        max_length=16,
        help_text="課室に限る役割のとき（保護管理者、保護担当者、取込担当）。例：001",
    )
    first_day = DayField(label="開始日", help_text=DAY_HELP)
    last_day = DayField(
        label="終了日", required=False, help_text="空欄なら続きます。例：2019-03-31"
    )

    def __init__(self, data=None, *, scope):
        super().__init__(data)
        agency = self.fields["agency"]
        agency.queryset = Agency.objects.visible_to(scope).valid().order_by("code")
        if not scope.is_everything:
            agency.required, agency.empty_label = True, None
            self.fields["role"].choices = [
                (role.value, role.label) for role in Role if role not in WITHOUT_AGENCY
            ]

    def clean(self):
        values = super().clean()
        code, agency = values.get("section"), values.get("agency")
        values["section"] = None
        if code:
            found = Section.objects.valid().filter(agency=agency, code=code).first()
            if found is None:
                self.add_error("section", f"課室コード「{code}」は選べません。")
            values["section"] = found
        return values


class ConfirmationForm(VersionedForm):
    """A second person's word; what is confirmed stands on the page."""


class VoidForm(VersionedForm):
    void_reason = forms.CharField(label="理由", max_length=500)


class EndForm(VersionedForm):
    last_day = DayField(label="終了日", help_text="この日まで役割があります。" + DAY_HELP)


class PersonField(CodeField):
    """A person, by username: two may have the same name."""

    def __init__(self, **kwargs):
        super().__init__(code="username", **kwargs)

    def label_from_instance(self, user):
        return f"{user}（{user.username}）"


class OfficerForm(VersionedForm):
    """Who does the daily work on a contract."""

    officer = PersonField(label="保護担当者", required=False, empty_label="なし")

    def __init__(self, row, data=None, *, writers):
        super().__init__(row, data)
        self.fields["officer"].queryset = writers


class HandoverForm(ActionForm):
    """From whom, to whom, from which day on."""

    of = PersonField(label="引き継ぐ人")
    to = PersonField(label="引き受ける人")
    on = DayField(label="引継日", help_text="今日までの日。" + DAY_HELP)

    def __init__(self, data=None, *, agency, today, writers):
        super().__init__(data)
        in_charge = Q()
        for model in handed_over():
            theirs = model.objects.valid().filter(agency=agency).exclude(officer=None)
            in_charge |= Q(pk__in=theirs.order_by().values("officer"))
        self.fields["of"].queryset = User.objects.filter(in_charge)
        self.fields["to"].queryset = writers
        self.initial["on"] = self.today = today

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(
                f"引継日「{on}」は今日より後です。引継ぎは、その日になってから行います。"
            )
        return on


class ContractCodesField(Refers, forms.MultipleChoiceField):
    """Contracts of a list, by their codes."""


class ChosenContractsForm(forms.Form):
    """Which of somebody's contracts pass on; all, where they are too many to tick."""

    contracts = ContractCodesField(
        label="引き継ぐ契約",
        required=False,
        error_messages={"invalid_choice": "契約「%(value)s」は選べません。"},
    )
    beside = forms.BooleanField(required=False)  # what waits for the officer: drafts, plans
    everything = forms.BooleanField(required=False)

    def __init__(self, data=None, *, rows, beside=()):
        super().__init__(data)
        self.by_code = {row.code: row for row in rows}
        self.rows_beside = list(beside)
        self.fields["contracts"].choices = [(code, code) for code in self.by_code]

    def clean(self):
        values = super().clean()
        if not self.errors and not any(values.values()):
            self.add_error("contracts", "引き継ぐ契約を一つ以上選んでください。")
        return values

    @property
    def chosen(self) -> list[models.Model] | None:
        """None: whatever there is."""
        if self.cleaned_data["everything"]:
            return None
        chosen = [self.by_code[code] for code in self.cleaned_data["contracts"]]
        return chosen + (self.rows_beside if self.cleaned_data["beside"] else [])
