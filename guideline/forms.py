"""What pages of the law ask for: two editions."""

from __future__ import annotations

from django import forms

from guideline.law import law
from guideline.provisions import Edition


def editions_to_choose() -> list[tuple[str, str]]:
    return [(e.key, f"{e.key} {e.number}") for e in law().editions]


class EditionsForm(forms.Form):
    """Two editions to set side by side: the oldest and the newest unless others are asked for."""

    old = forms.ChoiceField(label="旧", choices=editions_to_choose)
    new = forms.ChoiceField(label="新", choices=editions_to_choose)
    all = forms.BooleanField(label="変更のない条項も示す", required=False)

    def chosen(self) -> tuple[Edition, Edition]:
        by_key = {e.key: e for e in law().editions}
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        keys = list(by_key)
        return by_key[asked.get("old") or keys[0]], by_key[asked.get("new") or keys[-1]]

    def wants_all(self) -> bool:
        return bool(self.is_bound and self.is_valid() and self.cleaned_data["all"])
