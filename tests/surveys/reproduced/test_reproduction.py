"""22,618 synthetic contracts, out of which the rules make the published tables."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from guideline.models import CorrectiveAction, Finding
from outsourcing import chains, corporate_numbers
from outsourcing.models import Approval, Contract, Contractor, Subcontract
from outsourcing.scope import Scope
from surveys import rounds
from surveys.models import Confirmation, Confirmed
from surveys.reconciliation import reconcile
from surveys.reproduction import reproduce
from surveys.sentences import sentences
from tests import factories

REPORTED = "unnotified-subcontract"
BREACHES = Finding.objects.filter(severity="breach")
pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


def test_every_published_cell_is_rebuilt(reproduction):
    result = reconcile(reproduction, Scope.everything())
    assert len(result.cells) == 176 + 772 + 39 + 12 + 3
    assert result.differing == ()
    assert result.structure == ()


def test_the_sentences_come_out_as_printed(reproduction):
    with (FIXTURES / "published-sentences-2017.csv").open(encoding="utf-8", newline="") as file:
        printed = {row["key"]: Decimal(row["value"]) for row in csv.DictReader(file)}
    found = sentences(reproduction, Scope.everything())
    personal, statistics = found.personal, found.statistics
    assert {
        "contracts": found.contracts,
        "breaches": found.breaches,
        "breaches_staff_health_check": found.staff_health_checks,
        "leaks": found.leaks,
        "breaches_with_measures": found.with_measures,
        "personal_contracts": personal.contracts,
        "personal_breaches": personal.breaches,
        "personal_breach_share": personal.share,
        "personal_leaks": personal.leaks,
        "personal_breaches_to_wholly_owned": personal.to_wholly_owned,
        "personal_breaches_to_wholly_owned_medical": personal.to_wholly_owned_medical,
        "personal_breaches_staff_health_check": personal.staff_health_checks,
        "personal_breaches_medical_examination": personal.medical_examinations,
        "personal_management_faults": personal.faults,
        "personal_management_faults_terminated": personal.faults_terminated,
        "statistics_contracts": statistics.contracts,
        "statistics_breaches": statistics.breaches,
        "statistics_breach_share": statistics.share,
        "statistics_leaks": statistics.leaks,
        "statistics_management_faults": statistics.faults,
    }.items() <= printed.items()
    assert personal.other_work == 68 - 42 - 17


def test_everything_made_is_marked_synthetic(reproduction):
    for model in (Contract, Contractor, Subcontract, Approval, Confirmation):
        assert model.objects.exists()
        assert not model.objects.filter(synthetic=False).exists()


def test_contractors_are_recognisably_invented(reproduction):
    names = Contractor.objects.values_list("name", "corporate_number")
    assert all(name.startswith("架空") for name, _ in names)
    numbers = [number for _, number in names if number]
    assert all(corporate_numbers.is_synthetic(n) and corporate_numbers.parse(n) for n in numbers)


def test_breaches_come_in_every_depth(reproduction):
    parents = {}
    for link, contract, number, parent in Subcontract.objects.values_list(
        "pk", "contract", "number", "parent"
    ):
        parents[link] = parent
        parents[contract, number] = link
    depths = {
        chains.depth(parents[contract, int(subject.removeprefix("link:"))], parents)
        for contract, subject in BREACHES.values_list("contract", "subject")
    }
    assert depths == {1, 2, 3, 4}


def test_measures_on_breaches_are_mostly_done_by_the_report_and_some_go_on(reproduction):
    rows = CorrectiveAction.objects.filter(rule__in=["unapproved-subcontract", REPORTED])
    told = rows.filter(measure="guidance")
    assert told.filter(closed_on__lte=date(2018, 10, 22)).count() > told.count() / 2
    assert told.filter(closed_on=None, due_on__isnull=False).exists()
    assert not rows.filter(started_on__gt=date(2018, 10, 22)).exists()
    assert set(CorrectiveAction.objects.values_list("synthetic", flat=True)) == {True}


def test_breaches_that_ended_before_the_year_do_not_count(reproduction):
    ended = BREACHES.filter(until__lte=reproduction.surveys[0].first_day)
    on_the_eve = ended.filter(until=reproduction.surveys[0].first_day)
    assert on_the_eve.exists()
    confirmed = Confirmation.objects.filter(contract__in=ended.values("contract"))
    assert set(confirmed.values_list("result", flat=True)) == {Confirmed.NO_BREACH}


def test_a_ledger_with_synthetic_contracts_is_not_reproduced_over(reproduction):
    with pytest.raises(CommandError, match="--replace"):
        call_command("reproduce", "2017")


def test_a_ledger_with_real_contracts_is_refused(reproduction):
    factories.contract(contractor=Contractor.objects.first(), synthetic=False)
    with pytest.raises(CommandError, match="実際の契約"):
        call_command("reproduce", "2017", "--replace")


def test_an_unknown_year_is_refused_with_status_2(reproduction):
    with pytest.raises(CommandError, match="2016年度") as refused:
        call_command("reproduce", "2016")
    assert refused.value.returncode == 2


def test_a_seed_that_is_no_number_is_refused(reproduction):
    with pytest.raises(CommandError, match="seed"):
        call_command("reproduce", "2017", "--seed", "七")


@pytest.mark.prove
@pytest.mark.parametrize("seed", [1, 20_171, 999_983])
def test_any_seed_gives_the_published_tables(db, seed):
    call_command("load_reference", verbosity=0)
    round_ = rounds.find(2017)
    assert reproduce(round_, seed=seed) == 22_618
    assert reconcile(round_, Scope.everything()).differing == ()
    found = sentences(round_, Scope.everything())
    assert (found.personal.to_wholly_owned, found.personal.to_wholly_owned_medical) == (12, 11)
