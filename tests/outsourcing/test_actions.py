"""What all verbs share: one transaction, one report, and nothing left behind by what fails."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from guideline import refresh
from outsourcing.actions import contractors, contracts, subcontracts
from outsourcing.actions.base import recording
from outsourcing.models import Amendment, Approval, Contract
from tests import factories as make
from tests.snapshots import refused, signals, snapshot

pytestmark = pytest.mark.django_db

D = date


@pytest.fixture
def link():
    return make.link(contract=make.contract())


def verbs(link):
    """A verb of each kind that a contract's findings depend on."""
    contract, by = link.contract, make.recorder()
    return {
        "register": lambda: contracts.register_many(
            [make.unsaved_contract(agency=contract.agency, contractor=contract.contractor)], by=by
        ),
        "correct": lambda: contracts.correct(contract, by=by, agreed_last_day=D(2018, 9, 30)),
        "amend": lambda: contracts.amend(
            contract, by=by, effective_on=D(2017, 9, 1), last_day=D(2018, 9, 30)
        ),
        "terminate": lambda: contracts.terminate(contract, by=by, on=D(2017, 9, 1), reason="違反"),
        "void": lambda: contracts.void_contract(contract, by=by, on=D(2017, 9, 1), reason="重複"),
        "pass on": lambda: subcontracts.pass_on(
            by=by, contract=contract, contractor=link.contractor, first_day=D(2017, 5, 1)
        ),
        "approve": lambda: subcontracts.approve(
            link, by=by, result="approved", decided_on=D(2017, 5, 1)
        ),
        "hold": lambda: contractors.hold(
            by=by,
            holder=contract.contractor,
            held=link.contractor,
            share=60,
            first_day=D(2010, 4, 1),
        ),
        "dissolve": lambda: contractors.dissolve(link.contractor, by=by, on=D(2017, 9, 1)),
    }


VERBS = ["register", "correct", "amend", "terminate", "void", "pass on", "approve", "hold"]


class Broken(Exception):
    pass


@pytest.mark.parametrize("verb", [*VERBS, "dissolve"])
def test_a_failure_while_evaluating_leaves_ledger_and_findings_as_they_were(
    link, verb, monkeypatch
):
    """The rules fail after the ledger was written, in the same transaction."""
    action = verbs(link)[verb]
    before = snapshot()

    def broken(contract_ids):
        raise Broken

    monkeypatch.setattr(refresh, "refresh", broken)
    with pytest.raises(Broken):
        action()
    assert snapshot() == before


@pytest.mark.parametrize("verb", [*VERBS, "dissolve"])
def test_a_verb_tells_once_which_contracts_it_touched(link, verb):
    action = verbs(link)[verb]
    with signals() as sent:
        action()
    assert len(sent) == 1
    assert sent[0] <= set(Contract.objects.values_list("pk", flat=True))


def test_verbs_within_one_recording_are_told_of_once(link):
    actions = verbs(link)
    with signals() as sent, recording():
        for verb in ("register", "approve", "hold"):
            actions[verb]()
        assert sent == []
    assert sent == [frozenset(Contract.objects.values_list("pk", flat=True))]


def record_and_fail(*actions):
    with recording():
        for action in actions:
            action()
        raise Broken


def test_a_recording_that_fails_late_takes_back_everything(link):
    actions = verbs(link)
    before = snapshot()
    with signals() as sent, pytest.raises(Broken):
        record_and_fail(actions["approve"], actions["hold"])
    assert sent == []
    assert snapshot() == before


def test_a_refused_verb_takes_back_what_it_wrote_though_the_recording_goes_on(link):
    contract, by = link.contract, make.recorder()
    with recording():
        with pytest.raises(ValidationError):  # written, then found to lie after the end
            contracts.amend(contract, by=by, effective_on=D(2019, 1, 1), last_day=D(2019, 3, 31))
        subcontracts.approve(link, by=by, result="approved", decided_on=D(2017, 5, 1))
    assert not Amendment.objects.exists()
    assert Approval.objects.count() == 1


def test_the_next_recording_knows_nothing_of_one_that_failed(link):
    with pytest.raises(Broken):
        record_and_fail(verbs(link)["approve"])
    other = make.contract()
    with signals() as sent:
        make.link(contract=other)
    assert sent == [frozenset({other.pk})]


def test_what_a_bulk_verb_refuses_late_takes_back_the_earlier_batches(monkeypatch):
    """The database refuses the last row, when the others are written."""
    monkeypatch.setattr("outsourcing.bulk.BATCH", 2)
    number = make.contractor().corporate_number
    before = snapshot()
    rows = [contractors.Contractor(name=f"会社{n}", no_number_reason="other") for n in range(5)]
    rows.append(contractors.Contractor(name="同じ番号", corporate_number=number))
    with refused(number):
        contractors.add_many(rows, by=make.recorder())
    assert snapshot() == before


def test_a_refusal_of_the_database_comes_with_its_cause():
    number = make.contractor().corporate_number
    with refused() as error:
        contractors.add(by=make.recorder(), name="甲", corporate_number=number)
    assert isinstance(error.value.__cause__, IntegrityError)
