"""A whole ledger taken out and into an empty one: the same cells come out of it again."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from exchange.importing.committing import carry_out
from exchange.importing.plan import Outcome
from exchange.sheets import SHEETS
from exchange.sheets.base import Chosen
from guideline.models import CorrectiveAction
from outsourcing.actions import contracts, disclosures, inspections, records, subcontracts
from outsourcing.models import Contractor
from tests import factories as make
from tests.exchange.books import rows, written
from tests.exchange.full import full_contract
from tests.exchange.importing.files import exported, messages, plan_of

VOID = {"on": date(2018, 1, 1), "reason": "誤り"}
KEPT = ("agency", "agencyname", "section", "survey", "listing")


def a_ledger_with_gaps():
    agency, other = make.agency(code="A01"), make.agency(code="A02")
    for where in (agency, other):
        contract = full_contract(agency=where, text=f"本文{where.code}")
        make.confirmation(round_=_round(agency, other), contract=contract)
    by = make.recorder()
    visit = make.inspection(contract=make.contract(agency=other))
    inspections.void_visit(visit, by=by, **VOID)
    make.inspection(contract=make.contract(agency=other))
    disclosures.void_disclosure(make.disclosure(agency=other), by=by, **VOID)
    make.disclosure(agency=other)
    contracts.void_contract(make.contract(agency=agency), by=by, **VOID)
    last = make.contract(agency=agency, synthetic=False)
    subcontracts.void_link(make.link(contract=last), by=by, **VOID)
    make.link(contract=last)
    faults = [make.fault(contract=last) for _ in range(4)]
    for fault in faults[:3:2]:
        records.void_record(fault, by=by, **VOID)
    make.holding(holder=make.contractor(), held=make.contractor(), share="0.5")


_rounds = {}


def _round(*agencies):
    key = agencies[0].pk
    if key not in _rounds:
        _rounds[key] = make.survey_round(organs=list(agencies))
    return _rounds[key]


def emptied() -> None:
    """The ledger without its facts: what a new installation has."""
    from django.apps import apps

    with connection.constraint_checks_disabled():
        models = [m for app in ("guideline", "surveys", "outsourcing")
                  for m in apps.get_app_config(app).get_models()
                  if m._meta.model_name not in KEPT]  # fmt: skip
        for model in models:
            model._base_manager.all()._raw_delete("default")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="rows are deleted in any order")
def test_out_in_and_out_again_are_the_same_cells():
    a_ledger_with_gaps()
    CorrectiveAction.objects.update(closed_on=date(2018, 1, 1))
    before = written([Chosen(None, whole=True)], SHEETS)
    book = exported()
    companies = set(Contractor.objects.values_list("name", "agency__code"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
    emptied()
    plan = plan_of(book, fresh=True)
    assert messages(plan) == []
    assert {line.outcome for sheet in plan for line in sheet.lines} == {Outcome.ADDED}
    carry_out(plan, by=make.recorder(), fresh=True)
    after = written([Chosen(None, whole=True)], SHEETS)
    for sheet in SHEETS:
        assert rows(after, sheet.title) == rows(before, sheet.title), sheet.key
    assert set(Contractor.objects.values_list("name", "agency__code")) == companies
    again = plan_of(exported())
    assert messages(again) == []
    assert {line.outcome for sheet in again for line in sheet.lines} == {Outcome.SAME}
