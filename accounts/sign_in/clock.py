"""The two moments of a session that decide when it ends, as a request carries them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from math import ceil
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from accounts.sign_in.timeouts import Ending, Limits, ending, ends_at

SIGNED_IN = "signed_in_at"  # in the session
WORKED = "worked"  # the cookie


class End(NamedTuple):
    """Of a session: when, in how many seconds (rounded up), and whether no work can put it off."""

    at: datetime
    left: int
    final: bool
    latest: datetime

    @property
    def at_in_words(self) -> str:
        """14時05分"""
        local = timezone.localtime(self.at)
        return f"{local.hour}時{local.minute:02}分"

    @property
    def latest_in_words(self) -> str:
        """11月26日22時05分"""
        local = timezone.localtime(self.latest)
        return f"{local.month}月{local.day}日{local.hour}時{local.minute:02}分"


class Clock:
    """Of a session that is signed in. A cookie that is missing or of another session only makes it
    end sooner."""

    def __init__(self, request, now: datetime):
        self.limits = Limits(settings.SESSION_IDLE, settings.SESSION_ABSOLUTE)
        self.now = now
        self.signed_in_at = _moment(request.session.get(SIGNED_IN, 0))
        worked = request.get_signed_cookie(WORKED, default=0, salt=_salt(request.session))
        self.worked_at = max(self.signed_in_at, _moment(worked))

    @property
    def ending(self) -> Ending | None:
        return ending(
            self.limits,
            signed_in_at=self.signed_in_at,
            worked_at=self.worked_at,
            now=self.now,
        )

    @property
    def without_work(self) -> End:
        return self._end(self.worked_at)

    @cached_property
    def after_work(self) -> End:
        """When it ends if this request is the last."""
        return self._end(self.now)

    @property
    def warning(self) -> int:
        """From how many seconds before the end on the page warns."""
        return int(settings.SESSION_WARNING.total_seconds())

    def _end(self, worked_at: datetime) -> End:
        latest = self.signed_in_at + self.limits.absolute
        at = ends_at(self.limits, signed_in_at=self.signed_in_at, worked_at=worked_at)
        return End(at, ceil((at - self.now).total_seconds()), at == latest, latest)


def start(session, now: datetime) -> None:
    session[SIGNED_IN] = now.timestamp()


def keep(response, session, now: datetime) -> None:
    """Note on the response that somebody worked just now."""
    response.set_signed_cookie(
        WORKED,
        now.timestamp(),
        salt=_salt(session),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )


def _salt(session) -> str:
    return f"{WORKED} {session.session_key}"


def _moment(seconds) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
