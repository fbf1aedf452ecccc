"""Forms of 是正・再発防止策: one measure for one finding or many, and what comes after."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib.auth import get_user_model

from guideline.correction_actions import CALLED, missing_words
from guideline.correction_targets import FindingsField, Target, Writable
from guideline.models import CorrectiveAction, Measure
from outsourcing.conflicts import VersionedForm
from outsourcing.draft_forms import PickField, TextField
from outsourcing.evidence_files import FilesField
from outsourcing.forms import DAY_HELP, CodeField, DayField
from outsourcing.once import OnceForm

OUTCOME_HELP = "例：委託先から改善報告書を受け取り、再委託の手続を確かめた"


def officer_field(empty: str) -> CodeField:
    return CodeField(
        get_user_model().objects.none(),
        code="username",
        label="担当者",
        required=False,
        empty_label=empty,
    )


class ActionFields(forms.Form):
    """Of a measure itself."""

    measure = PickField(Measure, label="措置の種類")
    description = TextField(
        CorrectiveAction,
        "description",
        help_text="例：委託先に文書で指導し、再委託の前に承認を求めるよう徹底させる",
    )
    started_on = DayField(label="着手日", help_text=f"今日までの日。{DAY_HELP}")
    due_on = DayField(label="期限", required=False, help_text="この日までに終える。例：2018-10-31")
    document_number = TextField(CorrectiveAction, "document_number", help_text="例：総管第123号")

    def clean(self):
        """What the action would refuse is told while one types, too."""
        values = super().clean()
        check_days(self, values, self.today)
        for name, message in missing_words(values):
            # A field that could not be read has said so itself.
            if not self.errors.get(name):
                self.add_error(name if name in self.fields else None, message)
        return values


class StartForm(ActionFields, OnceForm):
    """The same measure for each finding, an action of its own for each."""

    findings = FindingsField(label="所見")
    officer = officer_field("契約の保護担当者（いなければ自分）")
    closed_on = DayField(
        label="完了日", required=False, help_text="既に終えているとき。今日までの日。"
    )
    outcome = TextField(CorrectiveAction, "outcome", help_text=OUTCOME_HELP)
    files = FilesField(label="証拠書類", required=False, called=CALLED)

    field_order = (
        *("measure", "description", "officer", "started_on", "due_on", "document_number"),
        *("closed_on", "outcome", "files"),
    )

    def __init__(self, data=None, files=None, *, writable: Writable, writers, today, **kwargs):
        super().__init__(data, files, **kwargs)
        self.today = today
        self.initial.setdefault("started_on", today)
        self.fields["findings"].writable = writable
        self.fields["officer"].queryset = writers

    @property
    def targets(self) -> list[Target]:
        return self.cleaned_data["findings"]

    @property
    def fields_of_action(self) -> dict:
        return {k: v for k, v in self.values.items() if k not in ("findings", "files", "officer")}


class CorrectForm(ActionFields, VersionedForm):
    """What was typed wrong, or turned out otherwise. When it was done can be corrected where it is;
    to say that it is, or is not, has pages of its own."""

    officer = officer_field("決めない")
    closed_on = DayField(label="完了日", help_text=f"今日までの日。{DAY_HELP}")
    outcome = TextField(CorrectiveAction, "outcome", required=True, help_text=OUTCOME_HELP)

    field_order = StartForm.field_order

    def __init__(self, row, data=None, *, writers, today: date):
        super().__init__(row, data)
        self.today = today
        self.fields["officer"].queryset = writers
        if row.closed_on is None:
            del self.fields["closed_on"], self.fields["outcome"]


class CloseForm(VersionedForm):
    """完了"""

    closed_on = DayField(label="完了日", help_text=f"今日までの日。{DAY_HELP}")
    outcome = TextField(CorrectiveAction, "outcome", required=True, help_text=OUTCOME_HELP)

    def __init__(self, row, data=None, *, today: date):
        super().__init__(row, data, initial={"closed_on": row.closed_on or today})
        self.today = today
        self.fields["outcome"].error_messages["required"] = (
            "完了の内容を入力してください（例：委託先から改善報告書を受け取った）。"
        )

    def clean(self):
        values = super().clean()
        check_days(self, {"started_on": self.row.started_on, **values}, self.today)
        return values


class ReopenForm(VersionedForm):
    """完了の取消し"""

    why = forms.CharField(
        label="取消しの理由",
        max_length=500,
        help_text="例：指導の後も、承認のない再委託が続いていた",
        error_messages={
            "required": "取消しの理由を入力してください（例：指導の後も再委託が続いていた）。"
        },
    )


class CorrectionEvidenceForm(OnceForm):
    files = FilesField(label="証拠書類", called=CALLED)


def check_days(form: forms.Form, values: dict, today: date) -> None:
    """What was done lies not ahead, and nothing ends before it began."""
    started = values.get("started_on")
    for name in ("started_on", "closed_on"):
        day = values.get(name)
        if name in form.fields and day and day > today:
            form.add_error(
                name, f"{form.fields[name].label}「{day}」は今日より後です（例：{today}）。"
            )
    for name in ("due_on", "closed_on"):
        day = values.get(name)
        if name in form.fields and day and started and day < started:
            form.add_error(
                name,
                f"{form.fields[name].label}「{day}」が着手日「{started}」より前です"
                f"（例：{started}以後の日）。",
            )
