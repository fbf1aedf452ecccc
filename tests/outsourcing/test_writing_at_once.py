"""Writers at once, each in a thread with a connection of its own, on a database that commits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from guideline.models import Finding
from guideline.refresh import refresh_everything
from outsourcing.actions import contractors, contracts, subcontracts
from outsourcing.actions.base import Conflict, recording
from outsourcing.models import Contract, Subcontract
from tests import factories as make

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("contract_rules"),
]

PATIENCE = 0.5  # seconds, for the other to come as far
WRITERS = 8


@pytest.fixture
def two_at_once():
    """Only where two transactions can have written and neither has ended."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")


def at_once(*actions: Callable):
    """What each action returned, or how it failed. All begin together."""
    ready = threading.Barrier(len(actions))

    def run(action):
        try:
            ready.wait(30)
            return action()
        except (ValidationError, Conflict) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def interleaved(*actions: Callable):
    """All have written before any is evaluated, and all are evaluated before any is committed,
    unless one has to wait for the end of another."""
    steps = [threading.Barrier(len(actions)) for _ in range(2)]

    def meet(step):
        with suppress(threading.BrokenBarrierError):  # the other waits for this one's end
            step.wait(PATIENCE)

    def within(action):
        def run():
            with transaction.atomic():
                with recording():
                    result = action()
                    meet(steps[0])
                meet(steps[1])
            return result

        return run

    return at_once(*(within(action) for action in actions))


def findings_are_right():
    judged = refresh_everything()
    return (judged.added, judged.changed, judged.removed) == (0, 0, 0)


def unsaved(agency, contractor):
    return make.unsaved_contract(agency=agency, contractor=contractor)


def test_eight_writers_of_one_agency_get_eight_serials():
    agency, company, by = make.agency(), make.contractor(), make.recorder()
    rows = [unsaved(agency, company) for _ in range(WRITERS)]
    made = at_once(*(lambda row=row: contracts.register_many([row], by=by)[0] for row in rows))
    assert sorted(row.serial for row in made) == list(range(1, WRITERS + 1))
    assert sorted(Contract.objects.values_list("serial", flat=True)) == list(range(1, WRITERS + 1))


def test_eight_writers_of_one_contract_get_eight_numbers():
    contract, by = make.contract(), make.recorder()
    companies = [make.contractor() for _ in range(WRITERS)]
    made = at_once(
        *(
            lambda company=company: subcontracts.pass_on(
                by=by, contract=contract, contractor=company, first_day=contract.first_day
            )
            for company in companies
        )
    )
    assert sorted(link.number for link in made) == list(range(1, WRITERS + 1))
    assert Finding.objects.filter(contract=contract).count() == WRITERS
    assert findings_are_right()


def test_of_two_who_saw_the_same_version_one_is_told():
    contract, by = make.contract(), make.recorder()
    copies = [Contract.objects.get(pk=contract.pk) for _ in range(2)]
    results = at_once(
        *(
            lambda copy=copy, title=title: contracts.correct(copy, by=by, title=title)
            for copy, title in zip(copies, ("甲", "乙"), strict=True)
        )
    )
    (conflict,) = (result for result in results if isinstance(result, Conflict))
    (done,) = (result for result in results if isinstance(result, Contract))
    stored = Contract.objects.get(pk=contract.pk)
    assert (stored.title, stored.version) == (done.title, contract.version + 1)
    assert conflict.row.title == stored.title


def test_two_approvals_at_once_leave_right_findings(two_at_once):
    contract, by = make.contract(), make.recorder()
    upper, lower = make.chain(contract=contract, depth=2)
    interleaved(
        lambda: subcontracts.approve(upper, by=by, decided_on=date(2017, 5, 1), result="approved"),
        lambda: subcontracts.approve(lower, by=by, decided_on=date(2017, 6, 1), result="approved"),
    )
    assert set(Finding.objects.values_list("subject", "until")) == {
        ("link:1", date(2017, 5, 1)),
        ("link:2", date(2017, 6, 1)),
    }


def test_approval_and_withdrawal_of_one_link_at_once(two_at_once):
    link, by = make.link(contract=make.contract()), make.recorder()
    interleaved(
        lambda: subcontracts.approve(link, by=by, decided_on=date(2017, 5, 1), result="approved"),
        lambda: subcontracts.approve(link, by=by, decided_on=date(2017, 9, 1), result="withdrawn"),
    )
    found = Finding.objects.order_by("since").values_list("since", "until")
    assert list(found) == [
        (date(2017, 4, 1), date(2017, 5, 1)),
        (date(2017, 9, 1), date(2018, 4, 1)),
    ]


def test_two_moves_that_together_would_make_a_circle(two_at_once):
    contract, by = make.contract(), make.recorder()
    one, other = make.link(contract=contract), make.link(contract=contract)
    results = interleaved(
        lambda: subcontracts.move(one, by=by, parent=other),
        lambda: subcontracts.move(other, by=by, parent=one),
    )
    assert sorted(type(result).__name__ for result in results) == ["Subcontract", "ValidationError"]
    assert Subcontract.objects.filter(parent=None).count() == 1


def test_a_link_is_not_hung_on_one_that_is_just_being_voided(two_at_once):
    contract, by = make.contract(), make.recorder()
    link, company = make.link(contract=contract), make.contractor()
    interleaved(
        lambda: subcontracts.void_link(link, by=by, on=date(2018, 1, 9), reason="誤り"),
        lambda: subcontracts.pass_on(
            by=by, contract=contract, parent=link, contractor=company, first_day=date(2017, 4, 1)
        ),
    )
    below_a_voided = Subcontract.objects.valid().filter(parent__voided_on__isnull=False)
    assert not below_a_voided.exists()
    assert findings_are_right()


def test_two_holdings_at_once_that_make_a_subsidiary_together(two_at_once):
    contract, by, middle = make.contract(), make.recorder(), make.contractor()
    link = make.link(contract=contract)
    terms = {"by": by, "share": 100, "first_day": date(2010, 4, 1)}
    interleaved(
        lambda: contractors.hold(holder=contract.contractor, held=middle, **terms),
        lambda: contractors.hold(holder=middle, held=link.contractor, **terms),
    )
    (part,) = Finding.objects.get().relations
    assert part["relation"] == "wholly_owned"


def test_a_link_to_a_company_that_is_just_being_bought(two_at_once):
    contract, by, company = make.contract(), make.recorder(), make.contractor()
    interleaved(
        lambda: contractors.hold(
            by=by, holder=contract.contractor, held=company, share=100, first_day=date(2010, 4, 1)
        ),
        lambda: subcontracts.pass_on(
            by=by, contract=contract, contractor=company, first_day=contract.first_day
        ),
    )
    (part,) = Finding.objects.get().relations
    assert part["relation"] == "wholly_owned"


def test_a_link_to_a_company_that_is_just_being_dissolved(two_at_once):
    contract, by, company = make.contract(), make.recorder(), make.contractor()
    interleaved(
        lambda: contractors.dissolve(company, by=by, on=date(2017, 9, 1)),
        lambda: subcontracts.pass_on(
            by=by,
            contract=contract,
            contractor=company,
            first_day=contract.first_day,
            declared_relation="subsidiary",
        ),
    )
    assert [part["relation"] for part in Finding.objects.get().relations] == ["subsidiary", "none"]


def test_holdings_and_chains_written_together_never_wait_in_a_circle(two_at_once):
    contract, by = make.contract(), make.recorder()
    links = make.chain(contract=contract, depth=3)
    holders, companies = ([make.contractor() for _ in links] for _ in range(2))
    terms = {"by": by, "share": 100, "first_day": date(2010, 4, 1)}
    results = at_once(
        *(
            lambda held=link.contractor, holder=holder: contractors.hold(
                holder=holder, held=held, **terms
            )
            for link, holder in zip(links, holders, strict=True)
        ),
        *(
            lambda company=company: subcontracts.pass_on(
                by=by, contract=contract, contractor=company, first_day=contract.first_day
            )
            for company in companies
        ),
    )
    assert all(result.pk for result in results)
    assert findings_are_right()
