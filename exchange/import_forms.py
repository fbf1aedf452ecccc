"""Forms of an import: the file, and what the columns of a sheet that is not ours are."""

from __future__ import annotations

from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError

from exchange.columns import Column
from exchange.importing.mappings import TheirSheet, may_be_in_every_row, of_ours
from exchange.importing.recognizing import IGNORED
from exchange.reading import limits
from exchange.sheets import BY_KEY, SHEETS
from exchange.sheets.base import Sheet, plain
from outsourcing.conflicts import ActionForm
from outsourcing.evidence_files import size_in_words
from outsourcing.forms import CodeField
from outsourcing.models import Agency
from outsourcing.once import OnceForm

MOST_BYTES = limits.FILE_BYTES
MOST = f"{MOST_BYTES >> 20}MB"
ACCEPTED = ".xlsx,.xlsm,.csv"
# The sheets of ours that theirs may be.
OURS = tuple(sheet for sheet in SHEETS if not sheet.office)
LEAVE_OUT = "-"  # of the choices; an empty one is none
LONGEST = 2_000  # of what is the same in all rows


class SheetFileField(forms.FileField):
    """A workbook or a CSV file. What it holds is looked at by who reads it, not here."""

    def __init__(self, **kwargs):
        super().__init__(
            label="ファイル",
            help_text=f"Excel（.xlsx、.xlsm）かCSV。{MOST}まで。ここへ引きずって置くこともできます。",
            error_messages={
                "required": f"ファイルを選んでください（例：様式に記入したExcel。{MOST}まで）。",
                "missing": "ファイルを選んでください。",
                "invalid": "ファイルが送られていません。もう一度選んでください。",
            },
            **kwargs,
        )
        self.widget.attrs["accept"] = ACCEPTED

    def clean(self, value, initial=None):
        if value is not None and value is not False and not value.size:
            raise ValidationError(f"「{value.name}」は空のファイルです（0バイト）。")
        upload = super().clean(value, initial)
        if upload.size > MOST_BYTES:
            raise ValidationError(too_large(upload.name, upload.size), code="too_large")
        return upload


def too_large(name: str, size: int) -> str:
    called = f"「{name}」は" if name else ""
    return (
        f"{called}{size_in_words(size)}あり、大きすぎます。取り込めるのは{MOST}までのファイルです。"
        "画像や不要なシートを除くか、ファイルを分けて保存してください。"
    )


class UploadForm(OnceForm):
    """A file, and whose new rows it holds, where the user takes in for several agencies."""

    file = SheetFileField()
    agency = CodeField(label="機関", help_text="ファイルの新しい契約が属する機関です。")
    asks = False  # the same file again changes nothing, and says so

    def __init__(self, *args, agencies: list[Agency], **kwargs):
        super().__init__(*args, **kwargs)
        self.only = agencies[0] if len(agencies) == 1 else None
        if self.only is not None:
            del self.fields["agency"]
        else:
            keys = [agency.pk for agency in agencies]
            self.fields["agency"].queryset = Agency.objects.filter(pk__in=keys).order_by("code")

    @property
    def whose(self) -> Agency:
        return self.only or self.cleaned_data["agency"]

    @property
    def status(self) -> int:
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        return 413 if "too_large" in codes else super().status


class SheetForm(forms.Form):
    """Which sheet of ours it is: asked first, since its columns are then to be chosen from."""

    sheet = forms.ChoiceField(
        label="どのシートの内容ですか",
        choices=[("", "選んでください"), *((sheet.key, sheet.title) for sheet in OURS)],
        error_messages={
            "required": "どのシートの内容かを選んでください（例：契約）。",
            "invalid_choice": "「%(value)s」というシートはありません。選び直してください。",
        },
    )

    @property
    def chosen(self) -> Sheet | None:
        return BY_KEY[self.cleaned_data["sheet"]] if self.is_valid() else None


class ColumnsForm(ActionForm):
    """What each column of theirs is among those of a sheet of ours; and of ours what is the same in
    all rows. ``said``: as it was kept."""

    def __init__(self, data=None, *, theirs: TheirSheet, ours: Sheet, said=None):
        super().__init__(data)
        self.theirs, self.ours = theirs, ours
        self.every = {f"every-{n}": c for n, c in enumerate(may_be_in_every_row(ours))}
        choices = [("", "選んでください"), (LEAVE_OUT, "取り込まない"), *_fields(ours)]
        for number, column in enumerate(theirs.columns):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=column.heading,
                choices=choices,
                initial=_likely(ours, column.heading, said.columns if said else {}),
                error_messages={
                    "required": f"列「{column.heading}」を何として取り込むかを選んでください"
                    "（要らない列は「取り込まない」）。",
                    "invalid_choice": "「%(value)s」は選べません。選び直してください。",
                },
            )

        kept = said.every_row if said else {}
        for name, column in self.every.items():
            self.fields[name] = _in_every_row(column, kept.get(column.field, ""))

    def rows(self):
        """Each column of theirs with its field."""
        return zip(self.theirs.columns, self, strict=False)

    @cached_property
    def required(self) -> list[tuple[Column, forms.BoundField]]:
        """What must be there, and no column is chosen for."""
        return [one for one in self._every if one[0].required and self._is_missing(*one)]

    @cached_property
    def optional(self) -> list[tuple[Column, forms.BoundField]]:
        return [one for one in self._every if not one[0].required and self._is_missing(*one)]

    @property
    def optional_is_open(self) -> bool:
        """Whether something is said, or wrong, of those that are folded away."""
        return any(field.value() or field.errors for _, field in self.optional)

    @property
    def _every(self):
        return ((column, self[name]) for name, column in self.every.items())

    def _is_missing(self, column: Column, field: forms.BoundField) -> bool:
        return column.field not in self._chosen or bool(field.value() or field.errors)

    @cached_property
    def _chosen(self) -> set[str]:
        return {self[f"column-{number}"].value() for number in range(len(self.theirs.columns))}

    @property
    def columns(self) -> dict[str, str]:
        """By heading of theirs the field of ours."""
        return {
            column.heading: "" if chosen == LEAVE_OUT else chosen
            for number, column in enumerate(self.theirs.columns)
            for chosen in [self.cleaned_data[f"column-{number}"]]
        }

    @property
    def every_row(self) -> dict[str, str]:
        """By field of ours what is the same in all rows."""
        said = {column.field: self.cleaned_data[name] for name, column in self.every.items()}
        return {name: typed for name, typed in said.items() if typed}

    def _refuse(self, refused: ValidationError) -> None:
        """What is said of a heading is an error of its field."""
        if not hasattr(refused, "error_dict"):
            return super()._refuse(refused)
        names = {column.heading: f"column-{n}" for n, column in enumerate(self.theirs.columns)}
        names |= {of_ours(column.field): name for name, column in self.every.items()}
        for heading, errors in refused.error_dict.items():
            self.add_error(names.get(heading), errors)
        return None


def _in_every_row(column: Column, initial: str) -> forms.Field:
    """Typed once, as a cell of the column would be."""
    if column.only_choices:
        choices = [("", "（入れない）"), *((word, word) for word in column.choices)]
        kind, wrong = forms.ChoiceField, {"invalid_choice": "「%(value)s」は選べません。"}
        field = kind(choices=choices, required=False, error_messages=wrong)
    else:
        long = {"max_length": "%(show_value)s字は長すぎます。%(limit_value)s字までです。"}
        field = forms.CharField(max_length=LONGEST, required=False, error_messages=long)
    field.label, field.initial = column.heading, initial
    return field


def _fields(ours: Sheet) -> list[tuple[str, str]]:
    return [
        (column.field, f"{column.heading}（必須）" if column.required else column.heading)
        for column in ours.columns
    ]


def _likely(ours: Sheet, heading: str, said: dict[str, str]) -> str:
    """What was said of it before, else the column it is called like."""
    if heading in said:
        return LEAVE_OUT if said[heading] == IGNORED else said[heading]
    column = ours.by_heading.get(plain(heading))
    return column.field if column else ""
