"""While a plan is being carried out others go on writing (PostgreSQL); whoever kills it leaves
nothing of it behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.db.utils import OperationalError

from exchange.importing.committing import carry_out
from exchange.importing.refusals import MovedOn
from guideline.models import Finding
from guideline.refresh import refresh_everything
from outsourcing.actions import contracts, subcontracts
from outsourcing.models import (
    Contract,
    Disclosure,
    Inspection,
    InspectionTarget,
    Shareholding,
    Subcontract,
)
from outsourcing.signals import ledger_changed
from tests import factories as make
from tests.exchange.importing.plans import plan_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("contract_rules"),
]

D = date
PATIENCE = "250ms"


@pytest.fixture
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")


@pytest.fixture
def office():
    """Contracts of one agency with links: every other one is changed by the file."""
    agency, company = make.agency(), make.contractor()
    rows = make.many_contracts(number=6, agency=agency, contractor=company)
    links = [make.link(contract=row) for row in rows]
    return agency, company, rows, links


def big_plan(office):
    """New contracts with chains, visits and provisions, and changes of some, in the same agency."""
    agency, company, rows, _ = office
    new = [make.unsaved_contract(agency=agency, contractor=company) for _ in range(30)]
    visit = Inspection(agency=agency, day=D(2017, 9, 1), method="on_site")
    return plan_of(
        contracts=new,
        links=[
            Subcontract(contract=row, contractor=company, first_day=make.FIRST)
            for row in (*new, *rows[::2])
        ],
        inspections=[InspectionTarget(inspection=visit, contract=row) for row in new],
        disclosures=[
            Disclosure(
                agency=agency,
                recipient="試験大学",
                basis="item_4",
                purpose="統計",
                first_day=make.FIRST,
            )
        ],
        changes={"contracts": [(row, {"title": "取込みによる件名"}) for row in rows[::2]]},
    )


def while_it_is_open(plan, *others, by, **more):
    """Carry it out, and before it ends do what others do, each waiting a moment at most. What each
    returned, or how it failed."""
    results = []

    def do(action):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                results.append(action())
        except (OperationalError, ValidationError) as error:
            results.append(error)
        finally:
            connections.close_all()

    def then():
        for action in others:
            thread = threading.Thread(target=do, args=[action])
            thread.start()
            thread.join(20)

    # All is written and judged before the others begin: see ``last``.
    with last(then):
        carry_out(plan, by=by, **more)
    return results


class last:
    """Calls back once findings are written, before the transaction ends."""

    def __init__(self, then):
        self.then = then

    def __enter__(self):
        thread = threading.get_ident()

        def receive(sender, **kwargs):
            if threading.get_ident() == thread and self.then is not None:
                then, self.then = self.then, None
                then()

        self.receive = receive
        ledger_changed.connect(receive, weak=False)
        return self

    def __exit__(self, *_):
        ledger_changed.disconnect(self.receive)


def findings_are_right() -> bool:
    judged = refresh_everything()
    return (judged.added, judged.changed, judged.removed) == (0, 0, 0)


def test_others_of_the_same_agency_write_without_waiting(postgresql, office):
    agency, company, rows, links = office
    by, other = make.recorder(), make.contractor()
    plan = big_plan(office)

    def register():
        return make.contract(agency=agency, contractor=company)

    def correct():
        return contracts.correct(Contract.objects.get(pk=rows[1].pk), by=by, title="改")

    def link():
        return subcontracts.pass_on(by=by, contract=rows[3], contractor=other, first_day=make.FIRST)

    def approve():
        return subcontracts.approve(links[1], by=by, decided_on=D(2017, 5, 1), result="approved")

    def inspect():
        return make.inspection(contract=rows[5])

    def disclose():
        return make.disclosure(agency=agency)

    def add_company():
        return make.contractor()

    actions = (register, correct, link, approve, inspect, disclose, add_company)
    results = while_it_is_open(plan, *actions, by=by)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert len(results) == len(actions)
    # Numbers that were put aside are given to nobody else.
    assert results[0].serial == 6 + 30 + 1
    assert Contract.objects.filter(agency=agency).count() == 6 + 30 + 1
    assert findings_are_right()


def test_who_wants_what_the_file_changes_waits(postgresql, office):
    _, _, rows, _ = office
    by = make.recorder()
    contract = Contract.objects.get(pk=rows[0].pk)
    (result,) = while_it_is_open(
        big_plan(office), lambda: contracts.correct(contract, by=by, title="改"), by=by
    )
    assert isinstance(result, OperationalError)


def test_chains_of_other_companies_grow_while_holdings_are_taken_in(postgresql, office):
    _, company, rows, links = office
    by, other = make.recorder(), make.contractor()
    while other.pk % 1024 in {link.contractor_id % 1024 for link in links}:
        other = make.contractor()
    holding = Shareholding(
        holder=company, held=links[0].contractor, share=60, first_day=D(2010, 4, 1)
    )

    def link(company):
        return lambda: subcontracts.pass_on(
            by=by, contract=rows[1], contractor=company, first_day=make.FIRST
        )

    results = while_it_is_open(
        plan_of(holdings=[holding]), link(other), link(links[0].contractor), by=by
    )
    assert isinstance(results[0], Subcontract)
    assert isinstance(results[1], OperationalError)  # who holds it is just being written
    relations = [f.relation for f in Finding.objects.filter(contract=rows[0], subject="link:1")]
    assert "subsidiary" in relations
    assert findings_are_right()


def test_serials_put_aside_for_what_failed_leave_a_gap(postgresql, office):
    agency, company, *_ = office
    plan = big_plan(office)
    with pytest.raises(ZeroDivisionError):
        carry_out(plan, by=make.recorder(), then=lambda: 1 // 0)
    assert Contract.objects.filter(agency=agency).count() == 6
    assert make.contract(agency=agency, contractor=company).serial == 6 + 30 + 1


def test_of_two_files_that_change_the_same_row_one_is_told(postgresql, office):
    _, _, rows, _ = office
    by = make.recorder()
    plans = [
        plan_of(changes={"contracts": [(Contract.objects.get(pk=rows[0].pk), {"title": title})]})
        for title in ("甲", "乙")
    ]
    results = []

    def run(plan):
        try:
            results.append(carry_out(plan, by=by))
        except MovedOn as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[plan]) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(isinstance(result, MovedOn) for result in results) == [False, True]


# --- Killed in the middle ----------------------------------------------------------------------

PROGRAM = """
import sys
import django
from django.conf import settings
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from django.contrib.auth import get_user_model
from exchange.importing.committing import carry_out
from outsourcing.models import Agency, Contractor, Subcontract
from tests import factories as make
from tests.exchange.importing.plans import plan_of

agency, company = Agency.objects.first(), Contractor.objects.first()
new = [make.unsaved_contract(agency=agency, contractor=company) for _ in range(300)]
links = [Subcontract(contract=row, contractor=company, first_day=make.FIRST) for row in new]


def wait():
    print("written", flush=True)
    sys.stdin.read()


carry_out(plan_of(contracts=new, links=links), by=get_user_model().objects.first(), then=wait)
"""


def test_of_one_that_is_killed_nothing_is_left(office):
    agency, company, *_ = office
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and "memory" in name:
        pytest.skip("the database of these tests lies in memory")
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
    )
    assert process.stdout.readline().strip() == "written"
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    process.stdin.close()
    process.stdout.close()
    assert Contract.objects.count() == 6
    assert Subcontract.objects.count() == 6
    assert make.contract(agency=agency, contractor=company).pk
    assert findings_are_right()
