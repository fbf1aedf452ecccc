"""Roles: asked for by one, confirmed by another, voided with a reason, ended; each April."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.access import access_of
from accounts.actions import memberships
from accounts.models import Membership, Role
from outsourcing.abilities import Ability
from outsourcing.actions.base import Conflict
from tests import factories as make
from tests.snapshots import refused

pytestmark = pytest.mark.django_db

D = date
APRIL = D(2018, 4, 1)
TODAY = D(2018, 3, 20)


class Office:
    """An agency with two chiefs, somebody to be given a role, and who is beside it."""

    def __init__(self):
        self.agency, self.elsewhere = make.agency(), make.agency()
        self.chief = make.user(role=Role.CHIEF, agency=self.agency)
        self.second = make.user(role=Role.CHIEF, agency=self.agency)
        self.admin = make.user(role=Role.SYSTEM_ADMIN)
        self.office = make.user(role=Role.SURVEY_OFFICE)
        self.user = make.user()

    def propose(self, **fields) -> Membership:
        given = {"by": self.chief, "on": TODAY, "user": self.user, "first_day": APRIL}
        given |= {"role": Role.OFFICER, "agency": self.agency}
        return memberships.propose(**given | fields)

    def confirm(self, row, *, by=None, on=TODAY):
        return memberships.confirm(row, by=by or self.second, on=on, version=row.version)


@pytest.fixture
def office():
    return Office()


def writes(user, on) -> bool:
    return access_of(user, on=on).may(Ability.WRITE_LEDGER)


class TestProposing:
    def test_what_is_asked_for_counts_from_its_first_day_once_confirmed(self, office):
        row = office.propose(last_day=D(2019, 3, 31))
        assert not writes(office.user, APRIL)
        office.confirm(row)
        days = (D(2018, 3, 31), APRIL, D(2018, 4, 2), D(2019, 3, 31), D(2019, 4, 1))
        assert [writes(office.user, day) for day in days] == [False, True, True, True, False]

    def test_who_asks_for_what(self, office):
        roles = {
            office.chief: (Role.MANAGER, office.agency),
            office.office: (Role.CHIEF, office.elsewhere),
            office.admin: (Role.SYSTEM_ADMIN, None),
        }
        for by, (role, agency) in roles.items():
            assert office.propose(by=by, role=role, agency=agency).pk
        assert office.propose(by=office.office, role=Role.SURVEY_OFFICE, agency=None).pk

    def test_a_chief_asks_for_nothing_elsewhere(self, office):
        with refused(str(office.elsewhere), str(office.chief)):
            office.propose(agency=office.elsewhere)
        with refused("システム管理者", str(office.chief)):
            office.propose(role=Role.SYSTEM_ADMIN, agency=None)

    @pytest.mark.parametrize("role", [Role.MANAGER, Role.OFFICER, Role.AUDITOR, Role.READER])
    def test_no_other_role_asks(self, office, role):
        with refused("申請"):
            office.propose(by=make.user(role=role, agency=office.agency))

    def test_what_does_not_belong_together_is_refused(self, office):
        theirs = make.section(agency=office.elsewhere, code="777")
        ours = make.section(agency=office.agency, code="001")
        with refused("777"):
            office.propose(section=theirs)
        with refused("総括保護管理者", "課室"):
            office.propose(role=Role.CHIEF, section=ours)
        with refused("保護担当者", "機関"):
            office.propose(agency=None, by=office.admin)
        with refused("調査担当", "機関"):
            office.propose(by=office.office, role=Role.SURVEY_OFFICE)
        with refused("2018-03-31", "2018-04-01"):
            office.propose(last_day=D(2018, 3, 31))

    @pytest.mark.parametrize(("closed", "taken"), [(D(2018, 3, 31), False), (APRIL, True)])
    def test_a_section_is_there_on_the_first_day(self, office, closed, taken):
        section = make.section(agency=office.agency, last_day=closed)
        if taken:
            assert office.propose(section=section).pk
        else:
            with refused("2018-03-31"):
                office.propose(section=section)

    @pytest.mark.parametrize(("last", "taken"), [(D(2018, 3, 31), False), (APRIL, True)])
    def test_an_account_is_open_on_the_first_day(self, office, last, taken):
        office.user.last_day = last
        office.user.save()
        if taken:
            assert office.propose().pk
        else:
            with refused("2018-03-31", "2018-04-01"):
                office.propose()

    @pytest.mark.parametrize(("first", "taken"), [(D(2019, 3, 31), False), (D(2019, 4, 1), True)])
    def test_the_same_role_is_not_held_twice_on_a_day(self, office, first, taken):
        office.propose(last_day=D(2019, 3, 31))
        if taken:
            assert office.propose(first_day=first).pk
        else:
            with refused("保護担当者", "2018-04-01"):
                office.propose(first_day=first)


class TestConfirming:
    def test_neither_who_asked_nor_whom_it_concerns_confirms(self, office):
        row = office.propose()
        with refused(str(office.chief)):
            office.confirm(row, by=office.chief)
        own = office.propose(user=office.second)
        with refused(str(office.second)):
            office.confirm(own, by=office.second)
        assert Membership.objects.proposed().count() == 2

    def test_a_system_administrator_confirms_nothing(self, office):
        row = office.propose()
        with refused(str(office.admin)):
            office.confirm(row, by=office.admin)

    def test_a_chief_of_another_agency_confirms_nothing_here(self, office):
        row = office.propose(by=office.admin)
        with refused(str(office.agency)):
            office.confirm(row, by=make.user(role=Role.CHIEF, agency=office.elsewhere))
        assert office.confirm(row, by=office.office).confirmed_by == office.office

    def test_what_is_confirmed_voided_or_changed_since_is_refused(self, office):
        row, stale = office.propose(), None
        stale = Membership.objects.get(pk=row.pk)
        office.confirm(row)
        with pytest.raises(Conflict):
            memberships.confirm(stale, by=office.office, on=TODAY, version=1)
        with refused("2018-03-20"):
            office.confirm(row, by=office.office)

    def test_a_reader_is_granted_by_the_chief_of_the_agency_read(self, office):
        from_elsewhere = make.user(role=Role.OFFICER, agency=office.elsewhere)
        row = office.propose(by=office.admin, user=from_elsewhere, role=Role.READER)
        with refused(str(office.agency), "総括保護管理者"):
            office.confirm(row, by=office.office)
        office.confirm(row, by=office.chief)
        scope = access_of(from_elsewhere, on=APRIL).scope(Ability.READ_LEDGER)
        assert scope.covers(office.agency.pk)

    def test_a_reader_the_chief_asked_for_is_confirmed_by_the_survey_office(self, office):
        row = office.propose(role=Role.READER)
        assert office.confirm(row, by=office.office).confirmed_on == TODAY


class TestVoidingAndEnding:
    def void(self, office, row, *, on=TODAY, reason="所属の誤り"):
        return memberships.void(row, by=office.chief, on=on, reason=reason, version=row.version)

    def end(self, office, row, last_day):
        return memberships.end(
            row, by=office.chief, on=TODAY, last_day=last_day, version=row.version
        )

    def test_what_was_asked_for_is_voided_with_a_reason_and_kept(self, office):
        row = office.propose()
        with refused("理由"):
            self.void(office, row, reason=" ")
        self.void(office, row)
        assert Membership.objects.get(pk=row.pk).void_reason == "所属の誤り"
        with refused("2018-03-20"):
            office.confirm(row)

    @pytest.mark.parametrize(("on", "voided"), [(D(2018, 3, 31), True), (APRIL, False)])
    def test_what_is_confirmed_is_voided_before_it_begins(self, office, on, voided):
        row = office.confirm(office.propose())
        if voided:
            self.void(office, row, on=on)
            assert not writes(office.user, APRIL)
        else:
            with refused("2018-04-01"):
                self.void(office, row, on=on)

    def test_it_is_ended_not_before_it_begins_and_never_prolonged(self, office):
        row = office.confirm(office.propose())
        with refused("2018-03-31"):
            self.end(office, row, D(2018, 3, 31))
        self.end(office, row, D(2018, 6, 30))
        assert [writes(office.user, D(2018, m, d)) for m, d in ((6, 30), (7, 1))] == [True, False]
        with refused("2018-07-01", "2018-06-30"):
            self.end(office, row, D(2018, 7, 1))
        self.end(office, row, APRIL)

    def test_what_nobody_confirmed_is_withdrawn_and_not_ended(self, office):
        with refused("承認"):
            self.end(office, office.propose(), APRIL)

    def test_nobody_else_does_either(self, office):
        row = office.confirm(office.propose())
        stranger = make.user(role=Role.CHIEF, agency=office.elsewhere)
        for verb, more in (("void", {"reason": "誤り"}), ("end", {"last_day": APRIL})):
            with refused(str(stranger)):
                getattr(memberships, verb)(row, by=stranger, on=TODAY, version=2, **more)

    def test_one_of_a_closed_section_is_to_be_settled_until_it_ends_with_it(self, office):
        section = make.section(agency=office.agency, last_day=D(2018, 9, 30))
        row = office.confirm(office.propose(section=section))
        assert list(Membership.objects.to_settle()) == [row]
        self.end(office, row, D(2018, 10, 1))
        assert list(Membership.objects.to_settle()) == [row]
        self.end(office, row, D(2018, 9, 30))
        assert not Membership.objects.to_settle().exists()
