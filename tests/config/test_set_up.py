"""What `make run` does before it serves: everything the first time, nothing lost later."""

from datetime import date

import pytest
from django.core.management import call_command

from accounts.models import User
from config.management.commands import set_up
from outsourcing.actions import agencies, contractors, contracts
from outsourcing.models import Contract
from outsourcing.models.contracts import Clause

pytestmark = pytest.mark.django_db

ALWAYS_FIRST = ["prepare_database", "load_reference", "clearsessions"]


@pytest.fixture
def called(monkeypatch):
    """The commands that set_up calls, in order; none of them is run."""
    names = []
    monkeypatch.setattr(set_up, "call_command", lambda name, *args, **options: names.append(name))
    return names


@pytest.fixture
def contract():
    def make(*, synthetic):
        by = User.objects.create(username="clerk")
        day = date(2017, 4, 1)
        contracts.register(
            by=by,
            agency=agencies.found(by=by, code="A25", name="厚生労働省", kind="organ"),
            contractor=contractors.add(by=by, name="甲", no_number_reason="individual"),
            title="名簿の入力",
            concluded_on=day,
            first_day=day,
            agreed_last_day=day,
            work=Contract.Work.OTHER,
            information=Contract.Information.PERSONAL,
            clause=Clause.FORBIDDEN,
            synthetic=synthetic,
        )

    return make


def test_an_empty_ledger_is_filled_and_held_against_what_was_published(called):
    call_command("set_up")
    assert called == [*ALWAYS_FIRST, "demo_users", "reproduce", "reconcile", "collectstatic"]


def test_synthetic_contracts_are_not_made_a_second_time(called, contract):
    contract(synthetic=True)
    call_command("set_up")
    assert called == [*ALWAYS_FIRST, "demo_users", "reconcile", "collectstatic"]


def test_a_ledger_in_earnest_gets_no_demo_users_and_no_invented_contracts(called, contract):
    contract(synthetic=False)
    call_command("set_up")
    assert called == [*ALWAYS_FIRST, "collectstatic"]


@pytest.fixture
def differing(monkeypatch):
    def answer(name, *args, **options):
        if name == "reconcile":
            raise SystemExit(1)

    monkeypatch.setattr(set_up, "call_command", answer)


@pytest.mark.usefixtures("differing")
def test_figures_that_differ_at_once_fail_the_start():
    with pytest.raises(SystemExit):
        call_command("set_up")


@pytest.mark.usefixtures("differing")
def test_figures_that_differ_after_somebody_changed_the_ledger_do_not(contract):
    contract(synthetic=True)
    call_command("set_up")
