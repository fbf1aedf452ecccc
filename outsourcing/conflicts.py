"""Lost updates: who saves second is shown what the first has saved, loses no typing, and may then
save on top.

A form that changes a row is a ``VersionedForm(row)``. It carries the version that was seen; where
the row has moved on since, the action raises Conflict, and the form comes back with status 409: all
that was typed, the two side by side (``components/conflict.html``), and the version as it now is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from outsourcing import wareki
from outsourcing.actions.base import Conflict


class Difference(NamedTuple):
    """One field: what now stands in the row, and what was typed, both in words."""

    label: str
    saved: str
    typed: str
    differs: bool


class ActionForm(forms.Form):
    """A form whose refusals come from an action: they become errors of its fields."""

    conflict: list[Difference] | None = None

    def carry_out(self, action: Callable[[], Any]) -> bool:
        """Whether the form is valid and the action did it. Errors and conflicts are the form's."""
        if not self.is_valid():
            return False
        try:
            self.result = action()
        except ValidationError as refused:
            self._refuse(refused)
            return False
        except Conflict as conflict:
            if self._is_saved_in(conflict.row):
                self.result = conflict.row
                return True
            self._meet(conflict.row)
            return False
        return True

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, without what the form itself carries."""
        return {name: v for name, v in self.cleaned_data.items() if name != "version"}

    @property
    def status(self) -> int:
        """Of the page that shows the form."""
        if self.conflict is not None:
            return 409
        return 400 if self.is_bound and self.errors else 200

    def _refuse(self, refused: ValidationError) -> None:
        """What names a field that the form has not is an error of the whole form."""
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused)
            return
        for name, errors in refused.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)

    def _is_saved_in(self, row: models.Model) -> bool:
        return False

    def _meet(self, row: models.Model) -> None:
        raise NotImplementedError("only a VersionedForm changes a row")


class VersionedForm(ActionForm):
    """Changes fields of a row that have the names of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: models.Model, data=None, **kwargs):
        names = [name for name in self.base_fields if hasattr(row, name)]
        initial = {name: getattr(row, name) for name in names} | kwargs.pop("initial", {})
        super().__init__(data, initial=initial, **kwargs)
        self.row = row
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and field.to_field_name and initial[name]:
                self.initial[name] = getattr(initial[name], field.to_field_name)

    @property
    def seen(self) -> int:
        """The version of the row that was on the screen."""
        return self.cleaned_data["version"]

    def _is_saved_in(self, row: models.Model) -> bool:
        """Whether all that was typed is the row's, and stands there."""
        differences = list(self._differences(row))
        all_of_row = len(differences) == len(self.fields) - 1  # but for the version
        return all_of_row and bool(differences) and not any(d.differs for d in differences)

    def _meet(self, row: models.Model) -> None:
        """Stand beside what has been saved since. Sent again, the form saves on top of it."""
        self.row = row
        self.conflict = list(self._differences(row))
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = row.version

    def _differences(self, row: models.Model) -> Iterator[Difference]:
        for name, field in self.fields.items():
            if name != "version" and hasattr(row, name):
                saved, typed = getattr(row, name), self.cleaned_data[name]
                yield Difference(
                    field.label, in_words(field, saved), in_words(field, typed), saved != typed
                )


def unreadable(form: forms.Form) -> list[tuple[str, str]]:
    """(label, message) of what was typed and cannot be read; what is merely missing is not."""
    return [
        (form.fields[name].label if name in form.fields else "", message)
        for name, errors in form.errors.as_data().items()
        for error in errors
        if error.code != "required"
        for message in error.messages
    ]


def in_words(field: forms.Field, value) -> str:
    """As a page says it; an em dash for nothing."""
    if value in (None, "", []):
        return "—"
    if hasattr(field, "in_words"):
        return field.in_words(value)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return wareki.both(value)
    choices = {} if isinstance(field, forms.ModelChoiceField) else getattr(field, "choices", ())
    return str(dict(choices).get(value, value))
