"""The ledger of fiscal 2017, 22,618 contracts with their chains, in one workbook: taken out, taken
into an empty ledger, and taken out again. At full size, with time and memory."""

from __future__ import annotations

import resource
import sys
import time
from io import BytesIO

import pytest
from django.core.management import call_command

from exchange import ledger_files
from exchange.importing.checking import check
from exchange.importing.committing import carry_out
from exchange.importing.plan import Outcome
from exchange.reading import limits, read
from exchange.sheets import SHEETS
from exchange.sheets.base import Chosen
from guideline.models import Finding
from outsourcing.models import Contract, Contractor, Disclosure, Section, Shareholding
from outsourcing.scope import Scope
from surveys import rounds
from surveys.reconciliation import reconcile
from surveys.reproduction import reproduce
from surveys.reproduction.removal import remove_synthetic
from tests import factories as make
from tests.exchange.books import xml
from tests.exchange.importing.test_known_errors import told
from tests.exchange.known_errors import with_errors
from tests.shared import shared

pytestmark = [pytest.mark.prove, pytest.mark.django_db]

EVERYTHING = [Chosen(None, whole=True)]
MARKED = (Contract, Contractor, Disclosure, Shareholding)


@pytest.fixture(scope="module")
def round_of_2017(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, _reproduced)


def _reproduced() -> rounds.Round:
    call_command("load_reference", verbosity=0)
    reproduce(rounds.find(2017))
    return rounds.find(2017)


@pytest.fixture
def tell(capsys):
    """Says how long something took, and the most memory this process had until then."""
    begun = time.perf_counter(), time.process_time()

    def say(what: str) -> None:
        nonlocal begun
        now = time.perf_counter(), time.process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak >>= 20 if sys.platform == "darwin" else 10
        taken = [one - before for one, before in zip(now, begun, strict=True)]
        with capsys.disabled():
            print(f"\n  {what}: {taken[0]:.1f} s ({taken[1]:.1f} s CPU), at most {peak:,} MB")
        begun = time.perf_counter(), time.process_time()

    return say


@pytest.fixture(autouse=True)
def _other_work_beside_it(monkeypatch):
    """What is limited by the clock is not about a machine that proves other things meanwhile."""
    monkeypatch.setattr(limits, "SECONDS", 120)


def taken_out() -> bytes:
    out = BytesIO()
    ledger_files.write_workbook(out, SHEETS, EVERYTHING)
    return out.getvalue()


def findings() -> set[tuple]:
    about = ("contract__agency__code", "contract__fiscal_year", "contract__serial",
             "disclosure__agency__code", "disclosure__serial")  # fmt: skip
    says = ("rule", "subject", "severity", "since", "until", "excused", "provision", "relation")
    return set(Finding.objects.values_list(*about, *says))


def marks() -> dict[str, int]:
    """How many rows say that they are synthetic."""
    return {m.__name__: m.objects.filter(synthetic=True).count() for m in MARKED}


def emptied() -> None:
    """Agencies, sections, users and rounds stay."""
    sections = list(Section.objects.filter(synthetic=True).values())
    remove_synthetic()
    Section.objects.bulk_create([Section(**row) for row in sections])


def planned(file: bytes, **how):
    by = make.recorder()
    book = read(file, name="ledger.xlsx")
    return book, check(book, reads=Scope.everything(), may_write=lambda *_: True, by=by, **how)


def test_out_in_and_out_again_are_the_same_cells_and_findings_and_tables(round_of_2017, tell):
    before, found, marked = taken_out(), findings(), marks()
    tell("taken out")
    emptied()
    assert not Contract.objects.exists()
    tell("emptied")
    book, plan = planned(before, fresh=True)
    tell(f"read ({book.seconds:.1f} s CPU, {book.peak_kilobytes >> 10} MB aside) and checked")
    assert (plan.mistakes, plan.unmapped) == ([], [])
    assert {line.outcome for sheet in plan for line in sheet.lines} == {Outcome.ADDED}
    counts = carry_out(plan, by=make.recorder(), fresh=True)
    tell(f"{counts.added:,} rows carried out")
    assert counts.sheets["contracts"] == (22_618, 0)
    after, same = xml(taken_out()), xml(before)
    assert [name for name in same if after[name] != same[name]] == []
    assert findings() == found
    assert marks() == marked
    reconciled = reconcile(round_of_2017, Scope.everything())
    assert (len(reconciled.cells), reconciled.differing) == (1002, ())
    assert reconciled.holds


def test_taken_in_once_more_it_changes_nothing_and_says_so(round_of_2017, tell):
    _, plan = planned(taken_out())
    tell("checked against itself")
    assert plan.mistakes == []
    assert {line.outcome for sheet in plan for line in sheet.lines} == {Outcome.SAME}
    assert not plan.changes_something


def test_fifty_errors_are_told_as_these_fifty_in_one_pass(round_of_2017, tell):
    file, places = with_errors(EVERYTHING)
    _, plan = planned(file)
    tell("fifty errors found")
    assert told(plan) == sorted(places)
