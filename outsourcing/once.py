"""A form that is sent twice (a double click, a sign-in that had ended, a page gone back to) counts
once.

Each page that shows such a form carries a key of its own: what comes under it with the same content
has been done already. A browser that goes back shows what was typed under a new key; so who sends
to one page within an hour what he has sent there is asked first, and sends it once more if it is
meant.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from outsourcing.actions.base import recording
from outsourcing.conflicts import ActionForm
from outsourcing.models import Submission

ASKED_WITHIN = timedelta(hours=1)
PAGE = "of-path"  # the field that says to which page a form belongs; without it nothing is asked
# What a form carries that is not its content.
CARRIED = {"csrfmiddlewaretoken", "once", "unsent", "of-page", "check", "fragment"}


class Repeated(Exception):
    """The same sending has been carried out before."""


class Alike(ValidationError):
    """The same user has sent the same to the same page a while ago, from another showing of it."""

    def __init__(self, at: datetime):
        super().__init__(
            f"同じ内容を{timezone.localtime(at):%H時%M分}に記録しています。"
            "もう一つ記録するときは、もう一度ボタンを押してください。"
        )


class OnceForm(ActionForm):
    """Records something new. ``repeated`` says that what was sent has been done already, and was
    not done again. Where records are alike as a rule, ``asks`` is off."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    repeated = False
    asks = True

    def carry_out_once(self, action: Callable[[], Any], *, by) -> bool:
        """As ``carry_out``, and true as well where it has been done before."""
        try:
            return self.carry_out(lambda: self._once(action, by=by))
        except Repeated:
            self.repeated = True
            return True

    def _once(self, action: Callable[[], Any], *, by) -> Any:
        key, content = self.cleaned_data["once"], self._content()
        asked = uuid.uuid5(key, f"asked {content}")
        alike = None
        if self.asks and self.data.get(PAGE):
            alike = uuid.uuid5(uuid.NAMESPACE_OID, f"{by.pk} {content}")
        try:
            return once(uuid.uuid5(key, content), lambda: _told(alike, asked, action, by), by=by)
        except Alike:
            Submission.objects.get_or_create(key=asked, defaults={"user": by})
            raise

    def _content(self) -> str:
        """All that was sent, and to which page."""
        several = getattr(self.data, "getlist", lambda name: [self.data[name]])
        typed = [(name, several(name)) for name in sorted(set(self.data) - CARRIED)]
        files = [(name, self.files[name].name, self.files[name].size) for name in self.files]
        return json.dumps([typed, files], default=str)

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


def _told(alike: uuid.UUID | None, asked: uuid.UUID, action: Callable[[], Any], by) -> Any:
    """Carry out what is not alike to anything sent lately, or is meant all the same."""
    if alike is not None:
        now = timezone.now()
        row, new = Submission.objects.get_or_create(key=alike, defaults={"user": by, "at": now})
        if not new:
            lately = row.at > now - ASKED_WITHIN
            if lately and not Submission.objects.filter(key=asked, user=by).exists():
                raise Alike(row.at)
            Submission.objects.filter(pk=row.pk).update(at=now)
    return action()


def forget(*, before: datetime) -> None:
    """No page stays open for so long that its form could still be sent twice."""
    Submission.objects.filter(at__lt=before).delete()
