"""Who may sign in: by password, or by the word of the front server.

Django asks the backend of a session for its user at each request: an account that has ended is out
at once.
"""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend, RemoteUserBackend
from django.utils import timezone

from accounts.access import for_request
from accounts.sign_in import throttle
from accounts.sign_in.addresses import address_of


class UntilLastDay:
    """An account that is switched off, or whose last day has passed, does not sign in."""

    def get_user(self, user_id):
        user = for_request(user_id, on=timezone.localdate())
        return user if self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user):
        ended = user is not None and user.has_ended(timezone.localdate())
        return super().user_can_authenticate(user) and not ended


class PasswordBackend(UntilLastDay, ModelBackend):
    """``request.refused_until`` is when a throttled attempt may be made again."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if username is None or password is None:
            return None
        try:
            attempt = throttle.begin(username, address_of(request), now=timezone.now())
        except throttle.Refused as refused:
            if request is not None:
                request.refused_until = refused.until
            raise
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None:
            throttle.passed(attempt)
        return user


class FrontServerBackend(UntilLastDay, RemoteUserBackend):
    """The front server has looked at the password; the account must already be here."""

    create_unknown_user = False
