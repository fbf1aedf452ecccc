"""Fifty errors in a workbook are told as these fifty, in one pass."""

from __future__ import annotations

import pytest

from exchange.importing.plan import Outcome, Plan
from exchange.reading import read
from exchange.sheets.base import Chosen
from tests import factories as make
from tests.exchange.full import full_contract
from tests.exchange.importing.files import plan_of
from tests.exchange.known_errors import ERRORS, Place, with_errors

pytestmark = pytest.mark.django_db


def told(plan: Plan) -> list[Place]:
    return sorted(Place(m.sheet, m.row, m.column, m.heading) for m in plan.mistakes)


def test_there_are_fifty():
    assert sum(map(len, ERRORS.values())) == 50


def test_exactly_the_errors_are_told_by_sheet_row_and_column():
    agency = make.agency(code="A01")
    round_ = make.survey_round(organs=[agency])
    for text in ("一", "二", "三"):
        contract = full_contract(agency=agency, text=text)
        make.confirmation(round_=round_, contract=contract)
        make.holding(holder=make.contractor(), held=make.contractor(), share=60)
    file, places = with_errors([Chosen(None, whole=True)])
    plan = plan_of(read(file, name="台帳.xlsx"))
    assert told(plan) == sorted(places)
    assert all(len(mistake.message) > 10 for mistake in plan.mistakes)
    refused = {(sheet.name, line.number) for sheet in plan for line in sheet.of(Outcome.REFUSED)}
    assert refused == {(place.sheet, place.row) for place in places}
    assert not plan.can_be_carried_out
