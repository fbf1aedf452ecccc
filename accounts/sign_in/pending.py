"""Between the right password and the code: who is waited for. The session is not signed in yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare

from accounts.models import User
from accounts.sign_in.backends import PasswordBackend

KEY = "pending_sign_in"
LASTS = timedelta(minutes=5)


def hold(session, user: User, *, next_page: str, now: datetime) -> None:
    """Remember whose password was right, under a session key that nobody knew before."""
    session.cycle_key()
    session[KEY] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": now.timestamp(),
        "next": next_page,
    }


def held(session, *, now: datetime) -> tuple[User, str] | None:
    """The user and the page to go on to; None when too late, or the password has changed."""
    kept = session.get(KEY)
    if kept is None or now.timestamp() >= kept["at"] + LASTS.total_seconds():
        return None
    user = PasswordBackend().get_user(kept["user"])
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return user, kept["next"]


def forget(session) -> None:
    session.pop(KEY, None)
