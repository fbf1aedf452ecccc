"""What the lists of what falls due, and of what lacks approval, can be narrowed by."""

from __future__ import annotations

import django_filters as filters

from guideline.due import KINDS
from outsourcing.filters import DUE
from outsourcing.work_filters import WorkFilter

PAST = "past"
FIRST = 30  # days, where nothing else is asked for


class DueFilter(WorkFilter):
    """Of the contracts asked for, when, and of which kind."""

    when = filters.ChoiceFilter(
        label="期限",
        choices=((PAST, "過ぎているもの"), *DUE[1:]),
        method="keep",
        empty_label=DUE[0][1],
    )
    kind = filters.ChoiceFilter(
        label="種類", choices=tuple(KINDS.items()), method="keep", empty_label="すべて"
    )

    @property
    def within(self) -> int | None:
        """Days ahead; None: what is past."""
        asked = self.form.cleaned_data.get("when") if self.is_valid() else ""
        return None if asked == PAST else int(asked or FIRST)

    @property
    def asked_kind(self) -> str:
        return (self.form.cleaned_data.get("kind") or "") if self.is_valid() else ""


class ApprovalFilter(WorkFilter):
    state = filters.ChoiceFilter(
        label="状態",
        choices=(
            ("now", "今、承認・届出のないもの"),
            ("later", "これから切れる・始まるもの"),
            ("again", "再承認待ちのもの"),
        ),
        method="keep",
        empty_label="すべて",
    )
