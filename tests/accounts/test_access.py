"""What a role may do, and where: the truth table, and memberships read by it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.access import access_of, access_of_request, for_request
from accounts.models import Membership, Role
from accounts.truth_table import MAY, ROLES
from outsourcing.abilities import Ability
from outsourcing.actions import agencies
from outsourcing.scope import Scope
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, text

FIRST, LAST = date(2018, 4, 1), date(2019, 3, 31)

# The table once more, the other way round: by role, in the words of the guideline and of the issue.
READS = {Ability.USE, Ability.READ_LEDGER}
BY_ROLE = {
    Role.CHIEF: READS
    | {
        *(Ability.APPROVE, Ability.RESPOND, Ability.EXPORT, Ability.READ_SUPERVISED),
        *(Ability.HAND_OVER, Ability.READ_HISTORY, Ability.READ_TRAIL, Ability.SET_LIMITS),
        *(Ability.PROPOSE_MEMBERS, Ability.CONFIRM_MEMBERS, Ability.READ_NOTICES),
        Ability.ADVISE,
    },
    Role.MANAGER: READS
    | {
        *(Ability.WRITE_LEDGER, Ability.APPROVE, Ability.CONFIRM, Ability.EXPORT),
        *(Ability.IMPORT, Ability.RELEASE_IMPORT, Ability.ADD_CONTRACTORS, Ability.HAND_OVER),
        *(Ability.READ_HISTORY, Ability.READ_NOTICES),
    },
    Role.OFFICER: READS
    | {
        *(Ability.WRITE_LEDGER, Ability.CONFIRM, Ability.EXPORT),
        *(Ability.IMPORT, Ability.RELEASE_IMPORT),
        *(Ability.ADD_CONTRACTORS, Ability.READ_HISTORY),
    },
    Role.AUDITOR: READS
    | {
        *(Ability.EXPORT, Ability.READ_SUPERVISED, Ability.READ_HISTORY),
        Ability.READ_TRAIL,
    },
    Role.IMPORTER: READS | {Ability.EXPORT, Ability.IMPORT},
    Role.READER: READS,
    Role.SURVEY_OFFICE: READS
    | {
        *(Ability.EXPORT, Ability.ADD_CONTRACTORS, Ability.WRITE_HOLDINGS, Ability.RUN_SURVEYS),
        *(Ability.READ_HISTORY, Ability.READ_TRAIL, Ability.READ_NOTICES),
        *(Ability.PROPOSE_MEMBERS, Ability.CONFIRM_MEMBERS, Ability.EXPORT_SEAL),
        Ability.ADVISE,
    },
    Role.SYSTEM_ADMIN: {Ability.USE, Ability.MANAGE_ACCOUNTS, Ability.PROPOSE_MEMBERS},
}


class TestTheTruthTable:
    def test_it_says_of_every_role_what_it_may_do(self):
        assert {role: {a for a in MAY if role in MAY[a]} for role in ROLES} == BY_ROLE

    def test_it_speaks_of_every_role_and_every_ability(self):
        assert set(ROLES) == set(Role)
        assert set(MAY) == set(Ability)

    def test_who_audits_writes_nothing_and_who_manages_accounts_reads_nothing(self):
        writing = {a for a in Ability if a.startswith(("write", "approve", "confirm", "import"))}
        assert not writing & BY_ROLE[Role.AUDITOR]
        assert {Ability.READ_LEDGER, Ability.READ_HISTORY, Ability.EXPORT}.isdisjoint(
            BY_ROLE[Role.SYSTEM_ADMIN]
        )


def member(*, role=Role.OFFICER, agency=None, **fields) -> Membership:
    user = fields.pop("user", None) or make.user()
    fields = {"first_day": FIRST, "last_day": LAST, "confirmed_on": FIRST} | fields
    return Membership.objects.create(user=user, role=role, agency=agency, **fields)


@pytest.mark.django_db
class TestMemberships:
    @pytest.mark.parametrize(
        ("on", "may"),
        [
            (date(2018, 3, 31), False),
            (date(2018, 4, 1), True),
            (date(2018, 4, 2), True),
            (date(2019, 3, 30), True),
            (date(2019, 3, 31), True),
            (date(2019, 4, 1), False),
        ],
    )
    def test_one_counts_from_its_first_to_its_last_day(self, on, may):
        row = member(agency=make.agency())
        assert access_of(row.user, on=on).may(Ability.READ_LEDGER) is may

    def test_one_without_a_last_day_goes_on(self):
        row = member(agency=make.agency(), last_day=None)
        assert access_of(row.user, on=date(2099, 1, 1)).may(Ability.WRITE_LEDGER)

    def test_one_that_nobody_confirmed_yet_does_not_count(self):
        row = member(agency=make.agency(), proposed_by=make.user(), confirmed_on=None)
        assert not access_of(row.user, on=FIRST).may(Ability.READ_LEDGER)

    def test_without_any_only_the_own_account_is_open(self):
        assert access_of(make.user(), on=FIRST).abilities == {Ability.USE}

    def test_a_request_reads_them_with_its_user(self, django_assert_num_queries):
        own, audited = make.agency(), make.agency()
        user = member(agency=own).user
        member(agency=audited, role=Role.AUDITOR, user=user, last_day=FIRST)
        with django_assert_num_queries(1):
            read = for_request(user.pk, on=FIRST)
            access = access_of_request(read, on=FIRST)
        assert read == user
        assert read.username == user.username
        assert access.agencies(Ability.READ_LEDGER) == [own, audited]
        # What held when the user was read says nothing of the day after.
        later = access_of_request(read, on=FIRST + timedelta(days=1))
        assert later.agencies(Ability.READ_LEDGER) == [own]

    def test_a_request_of_somebody_without_any(self):
        user = make.user()
        read = for_request(user.pk, on=FIRST)
        assert read == user
        assert access_of_request(read, on=FIRST).abilities == {Ability.USE}
        assert for_request(user.pk + 1000, on=FIRST) is None

    def test_a_person_may_hold_several_and_writes_only_where_one_of_them_says_so(self):
        own, audited = make.agency(), make.agency()
        user = member(agency=own).user
        member(agency=audited, role=Role.AUDITOR, user=user)
        access = access_of(user, on=FIRST)
        assert access.scope(Ability.READ_LEDGER) == Scope.of([own.pk, audited.pk])
        assert access.scope(Ability.WRITE_LEDGER) == Scope.of([own.pk])
        assert access.scope(Ability.READ_TRAIL) == Scope.of([audited.pk])
        assert access.scope(Ability.RUN_SURVEYS) == Scope.nothing()

    def test_the_survey_office_reads_every_ledger_and_writes_none(self):
        access = access_of(member(role=Role.SURVEY_OFFICE).user, on=FIRST)
        assert access.scope(Ability.READ_LEDGER).is_everything
        assert access.scope(Ability.WRITE_LEDGER) == Scope.nothing()

    def test_one_of_a_section_reads_the_agency_and_writes_for_the_section_alone(self):
        agency = make.agency()
        own, other = (
            agencies.open_section(by=make.recorder(), agency=agency, code=code, name=code)
            for code in ("001", "002")
        )
        access = access_of(member(agency=agency, section=own).user, on=FIRST)
        assert access.scope(Ability.READ_LEDGER) == Scope.of([agency.pk])

        def writes(section_id, agency_id=agency.pk):
            return access.covers(Ability.WRITE_LEDGER, agency_id=agency_id, section_id=section_id)

        assert writes(own.pk)
        assert not writes(other.pk)
        assert not writes(None)
        assert not writes(own.pk, agency_id=make.agency().pk)

    def test_one_without_a_section_writes_for_all_of_its_agency(self):
        agency = make.agency()
        section = agencies.open_section(by=make.recorder(), agency=agency, code="1", name="課")
        access = access_of(member(agency=agency).user, on=FIRST)
        for section_id in (section.pk, None):
            assert access.covers(Ability.WRITE_LEDGER, agency_id=agency.pk, section_id=section_id)

    def test_the_database_refuses_one_that_only_its_proposer_or_its_holder_confirmed(self):
        proposer, user = make.user(), make.user()
        for confirmer in (proposer, user):
            with pytest.raises(IntegrityError), transaction.atomic():
                member(
                    agency=make.agency(), user=user, proposed_by=proposer, confirmed_by=confirmer
                )
        member(agency=make.agency(), user=user, proposed_by=proposer, confirmed_by=make.user())


@pytest.mark.django_db
class TestTwoRolesAtOnce:
    """Somebody who reads one agency's ledger as a guest, and works in another."""

    @pytest.fixture
    def client(self):
        self.guest_of, self.own = ledgers.three_agencies()[1:3]
        user = make.user(role=Role.READER, agency=self.guest_of)
        make.membership(user=user, role=Role.OFFICER, agency=self.own)
        return client_of(user)

    def test_exports_hold_the_agency_for_which_that_is_allowed(self, client):
        file = client.get(reverse("download", args=[2017, "administrative-organs.csv"]))
        assert self.own.name in file.content.decode()
        assert self.guest_of.name not in file.content.decode()
        table = client.get(reverse("survey-table", args=[2017, "administrative-organs"]))
        assert self.guest_of.name in text(table)

    def test_a_history_is_shown_where_that_is_allowed(self, client):
        codes = [make.contract(agency=agency).code for agency in (self.own, self.guest_of)]
        histories = [client.get(reverse("contract-history", args=[code])) for code in codes]
        assert [history.status_code for history in histories] == [200, 404]
        contracts = [client.get(reverse("contract", args=[code])) for code in codes]
        assert [contract.status_code for contract in contracts] == [200, 200]
