"""From memberships to what a user may do, and in whose ledgers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property

from django.db import DEFAULT_DB_ALIAS

from accounts.models import WITHOUT_AGENCY, Membership, User
from accounts.people import writers
from accounts.truth_table import MAY
from outsourcing.abilities import Ability
from outsourcing.models import Agency
from outsourcing.prepared import Composed
from outsourcing.scope import Scope

# What the pages under 管理 ask for.
MANAGING = {
    Ability.PROPOSE_MEMBERS,
    Ability.MANAGE_ACCOUNTS,
    Ability.HAND_OVER,
    Ability.RUN_SURVEYS,
    Ability.SET_LIMITS,
    Ability.READ_NOTICES,
    Ability.READ_TRAIL,
}


class Access:
    """What somebody who holds some memberships on a day may do."""

    def __init__(self, held: Iterable[Membership]):
        self.held = list(held)

    @cached_property
    def abilities(self) -> frozenset[Ability]:
        """Everything that some role allows somewhere; one's own account always."""
        return _abilities(frozenset(membership.role for membership in self.held))

    def may(self, ability: Ability) -> bool:
        return ability in self.abilities

    def scope(self, ability: Ability) -> Scope:
        """The agencies for which the user may do it."""
        allowing = self._allowing(ability)
        if any(m.role in WITHOUT_AGENCY for m in allowing):
            return Scope.everything()
        return Scope.of(m.agency_id for m in allowing if m.agency_id is not None)

    def covers(self, ability: Ability, *, agency_id: int, section_id: int | None) -> bool:
        """Whether the user may do it to what this section of this agency answers for. A membership
        that names a section reaches no further; one that names none the whole agency."""
        return any(
            m.agency_id in (None, agency_id) and m.section_id in (None, section_id)
            for m in self._allowing(ability)
        )

    def sections(self, ability: Ability, *, agency_id: int) -> frozenset[int] | None:
        """For which sections of an agency the user may do it; None: for the whole agency."""
        here = [m for m in self._allowing(ability) if m.agency_id in (None, agency_id)]
        if any(m.section_id is None for m in here):
            return None
        return frozenset(m.section_id for m in here)

    def agencies(self, ability: Ability) -> list[Agency]:
        """The agencies for which the user may do it, by name of a membership, in their order."""
        held = {m.agency_id: m.agency for m in self._allowing(ability) if m.agency_id is not None}
        return sorted(held.values(), key=lambda agency: agency.code)

    def writers(self, agency: Agency, *, on: date):
        """Who may be put in charge of something there."""
        return writers(agency, on=on)

    @property
    def manages(self) -> bool:
        """Whether there is anything of the part 管理 for the user."""
        return not self.abilities.isdisjoint(MANAGING)

    @property
    def reads(self) -> bool:
        """For what leads to ledgers in navigation."""
        return self.may(Ability.READ_LEDGER)

    @property
    def writes(self) -> bool:
        """For what leads to one's work in navigation."""
        return self.may(Ability.WRITE_LEDGER)

    @property
    def duties(self) -> str:
        """保護担当者（厚生労働省）"""
        return "、".join(
            m.get_role_display() + (f"（{m.agency}）" if m.agency else "") for m in self.held
        )

    def _allowing(self, ability: Ability) -> list[Membership]:
        return [m for m in self.held if m.role in MAY[ability]]


@cache
def _abilities(roles: frozenset[str]) -> frozenset[Ability]:
    return frozenset(a for a, may in MAY.items() if may & roles) | {Ability.USE}


# Asked for every page: composed once a day.
HELD = Composed(planned_once=True)
USER = -9_007_199_254_740_979  # stands for a user's key; nobody has it
OF_USER = [field.attname for field in User._meta.concrete_fields]
OF_MEMBERSHIP = [field.attname for field in Membership._meta.concrete_fields]
OF_AGENCY = [field.attname for field in Agency._meta.concrete_fields]
HOLDS = "held_on"  # of a user for a request: the day, and what is held on it


def access_of(user, *, on: date) -> Access:
    """What a user may do on a day: one query. Nobody who is not signed in may do anything."""
    if not user.is_authenticated:
        return Access([])
    return Access(map(_membership, HELD.rows(on, lambda: _held(on), {USER: user.pk})))


def access_of_request(user, *, on: date) -> Access:
    """The same for the request to which ``for_request`` gave the user: no query more."""
    day, held = getattr(user, HOLDS, (None, ()))
    return Access(held) if day == on else access_of(user, on=on)


def for_request(user_id: int, *, on: date) -> User | None:
    """The user of a session, with what is held on a day: one query, unless nothing is."""
    rows = HELD.rows(("user", on), lambda: _held(on, with_user=True), {USER: user_id})
    held = [_membership(row[len(OF_USER) :]) for row in rows]
    rows = rows or HELD.rows("user", _alone, {USER: user_id})
    if not rows:
        return None
    user = User.from_db(DEFAULT_DB_ALIAS, OF_USER, rows[0][: len(OF_USER)])
    setattr(user, HOLDS, (on, held))
    return user


def _held(on: date, *, with_user: bool = False):
    # Not with the sections: whose of them may be seen follows from these very rows.
    rows = Membership.objects.filter(user=USER).in_force(on).order_by("pk")
    of_user = [f"user__{name}" for name in OF_USER] if with_user else []
    return rows.values_list(*of_user, *OF_MEMBERSHIP, *(f"agency__{name}" for name in OF_AGENCY))


def _alone():
    return User.objects.filter(pk=USER).values_list(*OF_USER)


def _membership(row: tuple) -> Membership:
    of_membership, of_agency = row[: len(OF_MEMBERSHIP)], row[len(OF_MEMBERSHIP) :]
    held = Membership.from_db(DEFAULT_DB_ALIAS, OF_MEMBERSHIP, of_membership)
    if held.agency_id is not None:
        held.agency = Agency.from_db(DEFAULT_DB_ALIAS, OF_AGENCY, of_agency)
    return held
