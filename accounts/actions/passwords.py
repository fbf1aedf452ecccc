"""Changing one's password, and giving one to somebody else."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User


@transaction.atomic
def change(*, by: User, password: str) -> User:
    """Set one's own password. Every session signed in with the old one ends with it."""
    if by.check_password(password):
        raise ValidationError({"password": "今と同じパスワードにはできません。"})
    return _set(by, password, must_change=False)


@transaction.atomic
def give(user: User, *, by: User, password: str) -> User:
    """Set somebody's password. It opens nothing but the page on which its owner changes it."""
    return _set(user, password, must_change=True)


def _set(user: User, password: str, *, must_change: bool) -> User:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        raise ValidationError({"password": refused.error_list}) from refused
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    return user
