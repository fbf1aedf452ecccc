"""A form that is sent twice (a double click, a page gone back to) counts once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from outsourcing.actions.base import recording
from outsourcing.conflicts import ActionForm
from outsourcing.models import Submission


class Repeated(Exception):
    """The same sending has been carried out before."""


class OnceForm(ActionForm):
    """Records something new. Each page that shows it carries a key of its own; ``repeated`` says
    that what was sent under it has been done already, and was not done again."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    repeated = False

    def carry_out_once(self, action: Callable[[], Any], *, by) -> bool:
        """As ``carry_out``, and true as well where it has been done before."""
        try:
            return self.carry_out(lambda: once(self.cleaned_data["once"], action, by=by))
        except Repeated:
            self.repeated = True
            return True

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "once"}


def once(key: uuid.UUID, action: Callable[[], Any], *, by) -> Any:
    """Carry out ``action`` under this key, in one transaction with the note that it was done.

    Raises Repeated where the same user's was done before; of two at the same moment the second
    waits for the first, and is refused or goes ahead as that one ends.
    """
    with recording():
        row, new = Submission.objects.get_or_create(key=key, defaults={"user": by})
        if not new and row.user_id != by.pk:
            raise ValidationError("この画面はもう使えません。開き直してください。")
        if not new:
            raise Repeated
        return action()


def forget(*, before: datetime) -> None:
    """No page stays open for so long that its form could still be sent twice."""
    Submission.objects.filter(at__lt=before).delete()
