"""From memberships to what a user may do, and in whose ledgers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from accounts.models import Membership, Role
from accounts.truth_table import MAY
from outsourcing.abilities import Ability
from outsourcing.scope import Scope


class Access:
    """What somebody who holds some memberships on a day may do."""

    def __init__(self, held: Iterable[Membership]):
        self.held = list(held)

    @cached_property
    def abilities(self) -> frozenset[Ability]:
        """Everything that some role allows somewhere; one's own account always."""
        roles = {membership.role for membership in self.held}
        return frozenset(a for a, may in MAY.items() if may & roles) | {Ability.USE}

    def may(self, ability: Ability) -> bool:
        return ability in self.abilities

    def scope(self, ability: Ability) -> Scope:
        """The agencies for which the user may do it."""
        allowing = self._allowing(ability)
        if any(m.role == Role.SURVEY_OFFICE for m in allowing):
            return Scope.everything()
        return Scope.of(m.agency_id for m in allowing if m.agency_id is not None)

    def covers(self, ability: Ability, *, agency_id: int, section_id: int | None) -> bool:
        """Whether the user may do it to what this section of this agency answers for. A membership
        that names a section reaches no further; one that names none the whole agency."""
        return any(
            m.agency_id in (None, agency_id) and m.section_id in (None, section_id)
            for m in self._allowing(ability)
        )

    @property
    def duties(self) -> str:
        """保護担当者（厚生労働省）"""
        return "、".join(
            m.get_role_display() + (f"（{m.agency}）" if m.agency else "") for m in self.held
        )

    def _allowing(self, ability: Ability) -> list[Membership]:
        return [m for m in self.held if m.role in MAY[ability]]


def access_of(user, *, on: date) -> Access:
    """What a user may do on a day: one query. Nobody who is not signed in may do anything."""
    if not user.is_authenticated:
        return Access([])
    rows = user.memberships.in_force(on).select_related("agency", "section")
    return Access(rows.order_by("pk"))
