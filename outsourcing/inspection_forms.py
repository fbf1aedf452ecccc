"""Forms of 取扱状況の検査: one visit with what it found at each target, and what comes after."""

from __future__ import annotations

from datetime import date

from django import forms

from outsourcing.actions.inspections import covering, open_plans
from outsourcing.conflicts import VersionedForm
from outsourcing.draft_forms import PickField, TextField
from outsourcing.evidence_files import FilesField
from outsourcing.forms import DAY_HELP, CodesField, DayField
from outsourcing.models import (
    Inspection,
    InspectionMethod,
    InspectionResult,
    InspectionScope,
    InspectionTarget,
    PlannedInspection,
)
from outsourcing.once import OnceForm
from outsourcing.querysets import ContractQuerySet
from outsourcing.targets import Target, TargetsField, found

COPIED = ("scopes", "result", "points", "due_on", "cleared_on")
REASON_HELP = (
    "実地でないときに入力してください。理由がないと、原則として実地検査とする指針第8-5を満たさない"
    "ものとして所見が出ます（理由がなくても記録はできます）。例：海外の拠点で渡航できないため"
)


class ScopesField(forms.MultipleChoiceField):
    """検査した事項"""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(
            label="検査した事項",
            choices=InspectionScope.choices,
            error_messages={
                "required": "検査した事項を一つ以上選んでください（例：個人情報の管理の状況）。",
                "invalid_choice": "検査した事項「%(value)s」は選択肢にありません。",
            },
            **kwargs,
        )

    def in_words(self, value) -> str:
        return "、".join(InspectionScope(scope).label for scope in value)


class TickField(forms.BooleanField):
    """A box with its words beside it."""

    template = "outsourcing/fields/tick.html"

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


def check_days(form: forms.Form, values: dict, day: date | None) -> None:
    """What was pointed out is said, and its days are not before the inspection's."""
    raised = values.get("result", InspectionResult.GOOD) != InspectionResult.GOOD
    if raised and not values.get("points") and "points" not in form.errors:
        label = InspectionResult(values["result"]).label
        form.add_error(
            "points",
            f"結果が「{label}」です。指摘事項を入力してください（例：名簿の保管庫に施錠がない）。",
        )
    for name in ("due_on", "cleared_on"):
        if day and values.get(name) and values[name] < day:
            form.add_error(
                name,
                f"{form.fields[name].label}「{values[name]}」が検査日「{day}」より前です"
                f"（例：{day}以後の日）。",
            )


class ResultForm(forms.Form):
    """What was found at one target."""

    scopes = ScopesField(initial=[InspectionScope.HANDLING])
    result = PickField(InspectionResult, label="結果", empty="", initial=InspectionResult.GOOD)
    points = TextField(InspectionTarget, "points")
    due_on = DayField(label="改善の期限", required=False)
    cleared_on = DayField(label="改善を確認した日", required=False)

    def __init__(self, data=None, *, prefix: str, target: Target | None = None, **kwargs):
        super().__init__(data, prefix=prefix, **kwargs)
        self.target = target

    def of(self, target: Target, visit: Inspection) -> InspectionTarget:
        """Unsaved, as it was typed."""
        values = dict(self.cleaned_data)
        scopes = covering(values.pop("scopes"))
        return InspectionTarget(
            contract=target.contract,
            subcontract=target.link,
            inspection=visit,
            **scopes,
            **values,
        )


class VisitFields(forms.Form):
    """Of a visit itself."""

    day = DayField(label="検査日", help_text=DAY_HELP)
    method = PickField(InspectionMethod, label="検査の方法")
    not_on_site_reason = TextField(Inspection, "not_on_site_reason", help_text=REASON_HELP)
    place = TextField(Inspection, "place", help_text="例：委託先の本社（東京都千代田区）")
    inspectors = TextField(Inspection, "inspectors", help_text="例：総務課 試験花子")
    through_contractor = TickField(
        label="委託先を通じて実施（再委託先の検査を委託先が行い、結果の報告を受けた。第8-6）"
    )

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(
                f"検査日「{day}」は今日より後です。これからの検査は「検査計画」に記録してください"
                f"（検査日の例：{self.today}）。"
            )
        return day


class PlansField(CodesField):
    """Plans by their day and what they are for."""

    def label_from_instance(self, plan):
        return f"{plan.planned_on}の予定（{plan.get_method_display()}）　{plan.target}"


class VisitForm(VisitFields, OnceForm):
    """One visit of many targets. Each has a form of its own; with ``same`` that of ``common`` is
    for all of them."""

    targets = TargetsField(label="検査の対象")
    plans = PlansField(label="この検査で済む計画", code="public_id", required=False)
    files = FilesField(label="証拠書類", required=False)
    same = forms.BooleanField(label="すべての対象に同じ結果を記録する", required=False)

    def __init__(
        self, data=None, files=None, *, codes, contracts: ContractQuerySet, today: date, **kwargs
    ):
        self.today = today
        self.chosen, self.missing = found(codes, contracts)
        self.plans_open = open_plans(self.chosen)
        super().__init__(data, files, **kwargs)
        self.fields["targets"].contracts = contracts
        keys = [plan.pk for plan in self.plans_open]
        rows = PlannedInspection.objects.filter(pk__in=keys)
        self.fields["plans"].queryset = rows.select_related("contract__agency", "subcontract")
        self.common = self._result_form("all", None)
        self.parts = [self._result_form(target.code, target) for target in self.chosen]

    def _result_form(self, prefix: str, target: Target | None) -> ResultForm:
        start = f"{prefix}-"
        typed = {k.removeprefix(start): v for k, v in self.initial.items() if k.startswith(start)}
        data = self.data if self.is_bound else None
        return ResultForm(data, prefix=prefix, target=target, initial=typed)

    @classmethod
    def typed(cls, data, codes, *, copying: bool) -> dict:
        """What was typed, unread, for a page that goes on with it. ``copying``: what was typed for
        all stands at each target."""
        initial = {
            name: field.widget.value_from_datadict(data, {}, name)
            for name, field in cls.base_fields.items()
            if name != "files"
        }
        if copying:
            initial["same"] = False
        for name in COPIED:
            widget = ResultForm.base_fields[name].widget
            for to, of in [("all", "all"), *((code, "all" if copying else code) for code in codes)]:
                initial[f"{to}-{name}"] = widget.value_from_datadict(data, {}, f"{of}-{name}")
        return initial

    @property
    def judged(self) -> list[ResultForm]:
        """The forms of results that count."""
        for_all = len(self.chosen) > 1 and self.cleaned_data.get("same")
        return [self.common] if for_all else self.parts

    def clean(self):
        values = super().clean()
        for form in self.judged:
            form.full_clean()
            check_days(form, form.cleaned_data, values.get("day"))
        return values

    def is_valid(self) -> bool:
        return super().is_valid() and not any(form.errors for form in self.judged)

    @property
    def status(self) -> int:
        wrong = self.is_bound and self.errors is not None and any(f.errors for f in self.judged)
        return 400 if wrong else super().status

    def visit(self) -> tuple[Inspection, list[InspectionTarget]]:
        """Unsaved, as it was typed."""
        names = VisitFields.base_fields
        agency = self.chosen[0].contract.agency
        visit = Inspection(agency=agency, **{name: self.cleaned_data[name] for name in names})
        visit.synthetic = all(target.contract.synthetic for target in self.chosen)
        judged = self.judged * len(self.chosen) if len(self.judged) == 1 else self.judged
        rows = [form.of(t, visit) for form, t in zip(judged, self.chosen, strict=True)]
        return visit, rows


class CorrectVisitForm(VisitFields, VersionedForm):
    """What was typed wrong of a visit."""

    def __init__(self, row, data=None, *, today: date):
        super().__init__(row, data)
        self.today = today


class CorrectTargetForm(VersionedForm):
    """What was typed wrong of one target."""

    scopes = ScopesField()
    result = PickField(InspectionResult, label="結果", empty="")
    points = TextField(InspectionTarget, "points")
    due_on = DayField(label="改善の期限", required=False, help_text=DAY_HELP)
    cleared_on = DayField(label="改善を確認した日", required=False, help_text=DAY_HELP)

    def clean(self):
        values = super().clean()
        check_days(self, values, self.row.inspection.day)
        return values


class ClearForm(VersionedForm):
    """改善の確認"""

    cleared_on = DayField(label="改善を確認した日", help_text=DAY_HELP)

    def __init__(self, row, data=None, *, today: date):
        super().__init__(row, data, initial={"cleared_on": row.cleared_on or today})
        self.today = today

    def clean_cleared_on(self):
        day = self.cleaned_data["cleared_on"]
        if day > self.today:
            raise forms.ValidationError(
                f"改善を確認した日「{day}」は今日より後です（例：{self.today}）。"
            )
        return day


class TakeBackForm(VersionedForm):
    """無効とする: nothing is deleted, and the reason stays."""

    void_reason = forms.CharField(
        label="無効の理由",
        max_length=500,
        help_text="例：別の契約の検査を取り違えて記録した",
        error_messages={"required": "無効の理由を入力してください（例：取り違えて記録した）。"},
    )


class EvidenceForm(OnceForm):
    files = FilesField(label="証拠書類")
