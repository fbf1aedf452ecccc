"""From memberships to the scope of what a user may read."""

from __future__ import annotations

from datetime import date

from accounts.models import Role
from outsourcing.scope import Scope


def scope_for(user, *, on: date) -> Scope:
    """The agencies whose ledgers ``user`` may read on a day: one query.

    The survey office reads all; a system administrator manages accounts and reads none.
    """
    if not user.is_authenticated:
        return Scope.nothing()
    held = list(user.memberships.in_force(on).values_list("role", "agency_id"))
    if any(role == Role.SURVEY_OFFICE for role, _ in held):
        return Scope.everything()
    return Scope.of(agency_id for _, agency_id in held if agency_id is not None)
