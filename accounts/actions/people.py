"""The verbs of accounts: register, correct, close, give a new password. A system administrator's.

What an account may do comes from roles, which need a second person's word.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import first_passwords
from accounts.access import access_of
from accounts.actions import memberships, passwords, second_factor
from accounts.models import User
from accounts.people_csv import Line, Wrong
from outsourcing.abilities import Ability
from outsourcing.actions.base import change, check, translated


class Given(NamedTuple):
    """An account and the password it was given, which is kept nowhere and cannot be shown again."""

    user: User
    password: str


class RefusedLines(Exception):
    """Lines of a file that cannot be taken in, each with what is wrong with it; none was."""

    def __init__(self, wrong: list[Wrong]):
        self.wrong = wrong
        super().__init__("取り込めない行があります。")


@transaction.atomic
def register(*, by: User, on: date, username: str, full_name: str) -> Given:
    """Open an account with a first password, which its owner changes when first signing in."""
    _may(by, on)
    given = _new(username, full_name)
    _insert([given])
    return given


@transaction.atomic
def register_many(lines: Iterable[Line], *, by: User, on: date) -> list[Given]:
    """Open the accounts of a file, and propose their roles; all or none. A user with several roles
    stands in several lines. Raises RefusedLines with what is wrong with each."""
    _may(by, on)
    lines = list(lines)
    wrong = []
    made = {}
    for line in lines:
        if line.username not in made:
            made[line.username] = _new(line.username, line.full_name)
    for line in lines:
        try:
            check(made[line.username].user)
        except ValidationError as refused:
            wrong += (Wrong(line.number, "ユーザー名", line.username, m) for m in refused.messages)
    if wrong:
        raise RefusedLines(wrong)
    _insert(made.values())
    for line in lines:
        try:
            memberships.propose(by=by, on=on, user=made[line.username].user, **line.duty)
        except ValidationError as refused:
            wrong += (Wrong(line.number, "役割", line.role.label, m) for m in refused.messages)
    if wrong:
        raise RefusedLines(wrong)
    return list(made.values())


@transaction.atomic
def correct(user: User, *, by: User, on: date, version: int, **values) -> User:
    """Correct the name, or set the last day: the day it is closed."""
    _may(by, on)
    return change(user, by=by, version=version, **values)


def close(user: User, *, by: User, on: date, last_day: date, version: int) -> User:
    """Close an account: the last day still counts."""
    return correct(user, by=by, on=on, version=version, last_day=last_day)


@transaction.atomic
def reset_password(user: User, *, by: User, on: date) -> Given:
    """Give a new password to somebody who has lost it; never to oneself, who changes it."""
    _may(by, on)
    if by.pk == user.pk:
        raise ValidationError(f"自分（「{user}」）のパスワードは、自分の画面で変えてください。")
    password = first_passwords.draw()
    passwords.give(user, by=by, password=password)
    return Given(user, password)


@transaction.atomic
def reset_second_factor(user: User, *, by: User, on: date) -> None:
    """Let somebody sign in by the password alone who has lost the rest."""
    _may(by, on)
    if by.pk == user.pk:
        raise ValidationError(f"自分（「{user}」）の二段階認証は、自分の画面で解除してください。")
    second_factor.reset_second_factor(user, by=by)


def _new(username: str, full_name: str) -> Given:
    password = first_passwords.draw()
    user = User(
        username=User.normalize_username(username),
        full_name=full_name,
        must_change_password=True,
        password=first_passwords.hashed(password),
    )
    return Given(user, password)


def _insert(given: Iterable[Given]) -> None:
    users = [one.user for one in given]
    for user in users:
        check(user)
        # Two that differ in capitals alone are mistaken for each other.
        if taken := User.objects.filter(username__iexact=user.username).first():
            raise ValidationError(
                {"username": f"ユーザー名「{taken.username}」は既に使われています。"}
            )
        with translated(User, [user]):
            user.save(force_insert=True)


def _may(by: User, on: date) -> None:
    if not access_of(by, on=on).may(Ability.MANAGE_ACCOUNTS):
        raise ValidationError(f"「{by}」は、{Ability.MANAGE_ACCOUNTS.label}ができません。")
