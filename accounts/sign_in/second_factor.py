"""Codes of an authenticator app (TOTP), and recovery codes: who has them, and which are right.
django-otp takes care that a code counts once, of drifting clocks, and of a pause after wrong ones.

Recovery codes are kept as keyed digests: who reads the table cannot use them.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

SET_UP = "second_factor"  # in a session: its user has one


def app_of(user) -> TOTPDevice | None:
    """The authenticator app that is in use."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def new_app_of(user) -> TOTPDevice | None:
    """The one that is being set up."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def recovery_codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def is_missing(request) -> bool:
    """Whether this session's user must set one up before working."""
    if not settings.SECOND_FACTOR_REQUIRED or request.session.get(SET_UP):
        return False
    request.session[SET_UP] = app_of(request.user) is not None
    return not request.session[SET_UP]


def verify(user, code: str) -> bool:
    """Use a code up. A wrong one makes the next wait, ever longer."""
    code = plain(code)
    device = _device_for(user, code)
    if device is None:
        return False
    token = digest(code) if isinstance(device, StaticDevice) else code
    return verify_token(user, device.persistent_id, token) is not None


def paused_until(user, code: str) -> datetime | None:
    """Until when no code of that kind is looked at, right or wrong."""
    device = _device_for(user, plain(code))
    allowed, why = device.verify_is_allowed() if device else (True, None)
    return None if allowed else why["locked_until"]


def plain(code: str) -> str:
    """As it was made: without the spaces, hyphens, width and case of typing."""
    code = unicodedata.normalize("NFKC", code).lower()
    return "".join(letter for letter in code if letter.isascii() and letter.isalnum())


def digest(recovery_code: str) -> str:
    return salted_hmac("recovery code", recovery_code, algorithm="sha256").hexdigest()[:16]


def _device_for(user, code: str) -> TOTPDevice | StaticDevice | None:
    if code.isdigit() and len(code) == 6:
        return app_of(user)
    return StaticDevice.objects.filter(user=user, confirmed=True).first()
