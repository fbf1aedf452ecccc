"""From memberships to the scope of what a user may read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from accounts.models import Membership, Role
from outsourcing.scope import Scope


def memberships(user, *, on: date) -> list[Membership]:
    """The roles a user holds on a day: one query."""
    if not user.is_authenticated:
        return []
    return list(user.memberships.in_force(on).select_related("agency").order_by("pk"))


def scope_of(held: Iterable[Membership]) -> Scope:
    """The agencies whose ledgers these roles may read.

    The survey office reads all; a system administrator manages accounts and reads none.
    """
    if any(membership.role == Role.SURVEY_OFFICE for membership in held):
        return Scope.everything()
    return Scope.of(m.agency_id for m in held if m.agency_id is not None)


def duties(held: Iterable[Membership]) -> str:
    """保護担当者（厚生労働省）"""
    return "、".join(
        membership.get_role_display() + (f"（{membership.agency}）" if membership.agency else "")
        for membership in held
    )
