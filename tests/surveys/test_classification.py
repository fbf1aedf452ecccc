"""The class of a contract and the tables' counts, against what plain Python makes of the rows.

Counting trusts what a confirmation knows of itself (``stands``); so contracts go out of a fiscal
year and come back, are voided, and are confirmed before and after.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guideline.models import Finding
from outsourcing.actions import contracts
from outsourcing.models import AgencyKind, Contract
from outsourcing.scope import Scope
from surveys.classification import classified, counts
from surveys.models import Confirmation, Confirmed
from tests import factories as make
from tests.properties import fewer

pytestmark = pytest.mark.django_db
EVERYTHING = Scope.everything()
FIRST, LAST = date(2017, 4, 1), date(2018, 3, 31)
BEFORE, AFTER = date(2017, 3, 31), date(2018, 4, 1)


@pytest.fixture
def ledger():
    organ = make.agency()
    independent = make.agency(kind=AgencyKind.INDEPENDENT)
    return make.survey_round(organs=[organ], independents=[independent]), organ, independent


TERMS = st.sampled_from(
    [
        (date(2016, 4, 1), BEFORE),
        (date(2016, 4, 1), FIRST),
        (FIRST, LAST),
        (LAST, date(2019, 3, 31)),
        (AFTER, date(2019, 3, 31)),
    ]
)
INFORMATION = st.sampled_from(Contract.Information.values)
CHANGES = st.one_of(
    st.tuples(st.just("term"), TERMS),
    st.tuples(st.just("information"), INFORMATION),
    st.tuples(st.just("confirm"), st.sampled_from(Confirmed.values)),
    st.tuples(st.just("pass on"), st.none()),
    st.tuples(st.just("terminate"), st.sampled_from([BEFORE, FIRST, LAST])),
    st.tuples(st.just("void"), st.none()),
)
STORIES = st.lists(
    st.tuples(st.booleans(), TERMS, INFORMATION, st.lists(CHANGES, max_size=5)),
    min_size=1,
    max_size=4,
)


@settings(fewer(4), suppress_health_check=list(HealthCheck))
@given(STORIES)
def test_counts_are_those_of_plain_python(ledger, stories):
    round_, organ, independent = ledger
    company = make.contractor()
    with transaction.atomic():
        for of_organ, term, information, changes in stories:
            contract = make.contract(
                agency=organ if of_organ else independent,
                contractor=company,
                first_day=term[0],
                last_day=term[1],
                information=information,
            )
            for verb, what in changes:
                change(round_, contract, verb, what)
                contract.refresh_from_db()
        expected = by_hand(round_)
        assert counted(round_) == expected
        assert counted(round_, kind="organ") == only(expected, organ)
        assert counted(round_, scope=Scope.of([independent.pk])) == only(expected, independent)
        # The pages that list what is behind a number go another way.
        for survey in round_.surveys:
            rows = classified(survey, EVERYTHING).values_list("agency_id", "status")
            assert Counter(rows) == {
                (agency, name): number
                for (information, agency, name), number in expected.items()
                if information == survey.information
            }
        transaction.set_rollback(True)


def change(round_, contract: Contract, verb: str, what) -> None:
    by = make.recorder()
    if contract.voided_on:
        return
    if verb == "term":
        contracts.correct(contract, by=by, first_day=what[0], agreed_last_day=what[1])
    elif verb == "information":
        contracts.correct(contract, by=by, information=what)
    elif verb == "confirm":
        make.confirmation(round_=round_, contract=contract, result=what)
    elif verb == "pass on":
        make.link(contract=contract)
    elif verb == "terminate":
        contracts.terminate(contract, by=by, on=what, reason="契約違反")
    elif verb == "void":
        contracts.void_contract(contract, by=by, on=AFTER, reason="誤って登録した")


def by_hand(round_) -> Counter:
    """(information, agency key, class) -> contracts, day by day and row by row."""
    found = Counter()
    for survey in round_.surveys:
        for contract in Contract.objects.all():
            days = max(contract.first_day, FIRST), min(contract.last_day, LAST)
            if contract.voided_on or contract.information != survey.information:
                continue
            if days[0] > days[1] or contract.first_day > contract.last_day:
                continue
            broken = any(
                finding.since <= LAST and (finding.until is None or finding.until > FIRST)
                for finding in Finding.objects.filter(contract=contract, severity="breach")
            )
            confirmed = [
                row.result
                for row in Confirmation.objects.filter(contract=contract, survey=survey)
                if not row.voided_on
            ]
            found[survey.information, contract.agency_id, class_by_hand(broken, confirmed)] += 1
    return found


def class_by_hand(broken: bool, confirmed: list[str]) -> str:
    if not confirmed or broken != (confirmed == ["breach"]):
        return "pending"
    return confirmed[0]


def counted(round_, scope: Scope = EVERYTHING, **more) -> dict:
    return {
        (information, agency, name): number
        for (information, agency), tally in counts(round_.surveys, scope, **more).items()
        for name, number in tally.items()
        if number
    }


def only(expected: Counter, agency) -> dict:
    return {key: number for key, number in expected.items() if key[1] == agency.pk}


class TestAConfirmationStands:
    """While its round takes the contract in; nobody has to confirm twice."""

    @pytest.fixture
    def confirmed(self, ledger):
        round_, organ, _ = ledger
        contract = make.contract(agency=organ)
        return contract, make.confirmation(round_=round_, contract=contract)

    @pytest.mark.parametrize(
        ("first", "last", "stands"),
        [
            (date(2016, 4, 1), BEFORE, False),
            (date(2016, 4, 1), FIRST, True),
            (LAST, date(2019, 3, 31), True),
            (AFTER, date(2019, 3, 31), False),
        ],
    )
    def test_by_the_day(self, confirmed, first, last, stands):
        contract, confirmation = confirmed
        contracts.correct(contract, by=make.recorder(), first_day=first, agreed_last_day=last)
        confirmation.refresh_from_db()
        assert confirmation.stands is stands

    def test_again_when_the_term_is_put_right(self, confirmed):
        contract, confirmation = confirmed
        for last in (date(2071, 3, 31), AFTER, LAST):
            first = AFTER if last != LAST else FIRST
            contracts.correct(contract, by=make.recorder(), first_day=first, agreed_last_day=last)
        confirmation.refresh_from_db()
        assert confirmation.stands
        assert confirmation.voided_on is None

    def test_not_when_made_of_a_contract_outside_the_year(self, ledger):
        round_, organ, _ = ledger
        contract = make.contract(agency=organ, first_day=AFTER, last_day=date(2019, 3, 31))
        made = make.confirmation(round_=round_, contract=contract)
        made.refresh_from_db()
        assert not made.stands

    def test_not_of_a_voided_contract(self, confirmed):
        contract, confirmation = confirmed
        contracts.void_contract(contract, by=make.recorder(), on=AFTER, reason="誤って登録した")
        confirmation.refresh_from_db()
        assert not confirmation.stands

    def test_in_a_ledger_from_before_it_was_known(self, ledger):
        round_, organ, _ = ledger
        terms = [(date(2016, 4, 1), BEFORE), (FIRST, LAST), (AFTER, date(2019, 3, 31))]
        for first, last in terms:
            contract = make.contract(agency=organ, first_day=first, last_day=last)
            make.confirmation(round_=round_, contract=contract)
        Confirmation.objects.update(stands=True)
        migration = import_module("surveys.migrations.0002_confirmations_that_stand")
        migration.settle(apps, connection.schema_editor())
        rows = Confirmation.objects.order_by("pk").values_list("stands", flat=True)
        assert list(rows) == [False, True, False]
