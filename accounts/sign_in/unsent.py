"""What a form has sent when the sign-in was over, or under a token of an earlier one: nothing that
was typed is lost, and nothing is carried out that its user does not send again.

Never kept: passwords and codes, files (only their names), and what a script sent by itself, since
it still stands on the page.
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY, load_backend
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.actions import unsent as actions
from accounts.models import Unsent

KEPT_FOR = timedelta(days=7)
LONGEST = 1_000_000  # characters, of names and values together
LONGEST_PATH = Unsent._meta.get_field("path").max_length

ENDED = "ended"  # in a session that is over: whose it was, by which backend, and why it ended
AGAIN = "unsent"  # the field that says which row is being sent again
TITLE = "of-page"  # the field in which a form carries the title of its page

# Pages of passwords and codes, and those on which nothing is typed.
NEVER = {
    *("login", "login-code", "logout", "session", "account", "unsent"),
    *("password-change", "second-factor", "second-factor-set-up", "second-factor-step"),
    *("person-password", "person-second-factor"),
}
SECRET = re.compile(r"pass(word|phrase|code)|secret|token|(^|[-_])(otp|pin)([-_]|$)", re.IGNORECASE)


def note_end(session, reason: str) -> None:
    """Take the sign-in out of a session, and leave in it whose it was. The key stays: the other
    click of a double one comes with it, too."""
    backend, user = session[BACKEND_SESSION_KEY], session[SESSION_KEY]
    session.clear()
    session[ENDED] = {"user": user, "backend": backend, "reason": reason}


def keep(request) -> Unsent | None:
    """Keep what was sent too late, for whose session it was. None where nothing is to be kept."""
    ended = request.session.get(ENDED)
    sent = sent_by(request) if ended else None
    if sent is None:
        return None
    user = load_backend(ended["backend"]).get_user(ended["user"])
    if user is None:
        return None
    return actions.keep(by=user, path=request.get_full_path(), sent=sent, at=timezone.now())


def sent_by(request) -> dict | None:
    """{"fields": {name: [values]}, "files": {name: [names]}} of a form; None where there is none,
    or it is not to be kept."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name in NEVER:
        return None
    if not hasattr(match.func, "ability") or not _sent_by_a_page(request):
        return None
    fields = {
        name: [value.replace("\0", "") for value in values]
        for name, values in request.POST.lists()
        if name != AGAIN and not SECRET.search(name)
    }
    size = sum(len(text) for name, values in fields.items() for text in (name, *values))
    if not fields or size > LONGEST or len(request.get_full_path()) > LONGEST_PATH:
        return None
    files = {name: [file.name for file in of] for name, of in request.FILES.lists()}
    return {"fields": fields, "files": files}


def _sent_by_a_page(request) -> bool:
    """Not by a script: that asks for anything (*/*), a browser that shows a page for HTML."""
    return "fragment" not in request.POST and "text/html" in request.headers.get(
        "Accept", "text/html"
    )


def same_origin(request) -> bool:
    """Whether the browser itself says that a page of this server sent it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("Origin")
    if origin is not None:
        here = f"{request.scheme}://{request.get_host()}"
        return origin == here or origin in settings.CSRF_TRUSTED_ORIGINS
    return site == "same-origin"


def held_for(user) -> list[Unsent]:
    """The newest first."""
    since = timezone.now() - KEPT_FOR
    return list(Unsent.objects.filter(user=user, at__gte=since).order_by("-at", "-pk"))


def way_on(request, address: str) -> str:
    """Where who has just signed in goes on: to ``address``, unless that is what another user sent
    too late. Who has sent something too late is told, wherever it was."""
    if not request.user.is_authenticated:
        return address
    own = {reverse("unsent", args=[row.public_id]) for row in held_for(request.user)}
    if address in own:
        return address
    if own:
        link = format_html('<a href="{}#unsent">確かめる</a>', reverse("account"))
        said = "まだ送っていない入力が{}件あります。{}"
        messages.warning(request, format_html(said, len(own), link))
    return settings.LOGIN_REDIRECT_URL if _is_unsent(address) else address


def _is_unsent(address: str) -> bool:
    root = reverse("unsent", args=[UUID(int=0)]).removesuffix(f"{UUID(int=0)}/")
    return urlsplit(address).path.startswith(root)


def drop_sent_again(request, response) -> None:
    """Once a view has answered a form that was sent again: what it did is recorded, or what was
    typed stands on its page. Refused (403, 404) or failed, it is kept."""
    if request.method != "POST" or response.status_code not in (200, 302, 303, 400, 409):
        return
    if not request.user.is_authenticated or AGAIN not in request.POST:
        return
    try:
        public_id = UUID(request.POST[AGAIN])
    except ValueError:
        return
    actions.drop(by=request.user, public_id=public_id)
