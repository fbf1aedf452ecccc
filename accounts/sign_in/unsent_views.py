"""The page of what was sent too late, and the answer to what was sent under an old token."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.csrf import csrf_failure as plain_refusal
from django.views.decorators.http import require_http_methods

from accounts.actions import unsent as actions
from accounts.models import Unsent
from accounts.sign_in import unsent
from accounts.sign_in.middleware import login_address_of
from outsourcing.abilities import Ability, needs

SILENT = {"once", "version", "check", "of-path", unsent.TITLE}  # of what a form carries, not typed


class Sent(NamedTuple):
    """What was sent, for a template."""

    path: str
    sent: dict

    @property
    def title(self) -> str:
        (title, *_) = self.sent["fields"].get(unsent.TITLE, [""])
        return title or self.path

    @property
    def fields(self) -> list[tuple[str, str]]:
        """(name, value), as a form sends them."""
        return [(name, v) for name, values in self.sent["fields"].items() for v in values]

    @property
    def typed(self) -> list[str]:
        return [value for name, value in self.fields if name not in SILENT and value.strip()]

    @property
    def files(self) -> list[tuple[str, str]]:
        """(name of the field, names of its files)"""
        return [(name, "、".join(of)) for name, of in self.sent["files"].items()]


@needs(Ability.USE)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request, public_id):
    """What was typed, to be sent again or, by POST, given up."""
    since = timezone.now() - unsent.KEPT_FOR
    row = get_object_or_404(Unsent, public_id=public_id, user=request.user, at__gte=since)
    others = [other for other in unsent.held_for(request.user) if other != row]
    if request.method == "POST":
        actions.drop(by=request.user, public_id=row.public_id)
        messages.success(request, "送れなかった入力を捨てました。")
        return redirect("account" if others else "home")
    context = {
        "row": row,
        "sent": Sent(row.path, row.sent),
        "others": in_words(others),
        "days": unsent.KEPT_FOR.days,
    }
    return render(request, "registration/unsent.html", context)


def in_words(rows: list[Unsent]) -> list[tuple[Unsent, str]]:
    return [(row, Sent(row.path, row.sent).title) for row in rows]


def csrf_failure(request, reason=""):
    """A form under an old token, as after signing in again in another tab. Where the browser says
    that a page of this server sent it, what was typed is shown, to be sent again; nothing is ever
    carried out."""
    sent = unsent.sent_by(request) if unsent.same_origin(request) else None
    if sent is None:
        return plain_refusal(request, reason=reason)
    if not request.user.is_authenticated:
        row = unsent.keep(request)
        return redirect(login_address_of(request, row)) if row else plain_refusal(request, reason)
    context = {"sent": Sent(request.get_full_path(), sent)}
    return render(request, "registration/token_old.html", context, status=403)
