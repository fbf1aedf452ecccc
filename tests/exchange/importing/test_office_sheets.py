"""Sheets as offices write them, through reading and checking: what is taken in, and the words for
what is not."""

from __future__ import annotations

from datetime import date

import pytest

from exchange.importing.checking import check
from exchange.importing.plan import Outcome
from exchange.reading import read
from outsourcing.models import Contractor
from outsourcing.scope import Scope
from tests import factories as make
from tests.exchange.more_office_sheets import ALL
from tests.exchange.office_sheets import LAB, SAMPLE, SAMPLE_NUMBER

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    found = make.agency(code="A01", name="あおぞら省")
    sample = make.contractor(
        name=SAMPLE,
        kana="カブシキガイシャミホン",
        corporate_number=SAMPLE_NUMBER,
    )
    make.contractor(name=LAB)
    day = date(2017, 4, 1)
    for title in ("台帳にある契約", "台帳にあるもう一つの契約"):
        make.contract(
            agency=found, contractor=sample, title=title, concluded_on=day, first_day=day,
            last_day=date(2018, 3, 31),
        )  # fmt: skip
    return found


@pytest.fixture
def plan(agency, request):
    sheet = request.param
    reads = Scope.everything() if sheet.office else Scope.of([agency.pk])
    return sheet, check(
        read(sheet.make(), name=sheet.name),
        reads=reads,
        may_write=lambda *_: True,
        by=make.recorder(),
        mappings=sheet.mappings,
        today=date(2019, 4, 1),
    )


each = pytest.mark.parametrize("plan", ALL, indirect=True, ids=[sheet.what for sheet in ALL])


def test_there_is_more_than_a_dozen():
    assert len({sheet.what for sheet in ALL}) == len(ALL) > 12


@each
def test_a_sheet_of_an_office_is_taken_in_or_refused_for_the_right_reason(plan):
    sheet, found = plan
    assert sorted((m.sheet, m.place) for m in found.mistakes) == sorted(sheet.wrong)
    for mistake in found.mistakes:
        words = sheet.wrong[mistake.sheet, mistake.place]
        assert [word for word in words if word not in mistake.message] == [], mistake.message
    assert tuple(found.unmapped) == sheet.unmapped
    assert found.can_be_carried_out == bool(not sheet.wrong and not sheet.unmapped and sheet.taken)


@each
def test_its_rows_say_what_the_office_meant(plan):
    sheet, found = plan
    added = {
        of.name: {line.number: line.row for line in of.of(Outcome.ADDED)} for of in found.sheets
    }
    assert {name: set(rows) for name, rows in added.items() if rows} == {
        name: set(rows) for name, rows in sheet.taken.items()
    }
    for name, rows in sheet.taken.items():
        for number, wanted in rows.items():
            assert {key: said(added[name][number], key) for key in wanted} == wanted, number
    left = {of.name: tuple(n.number for n in of.of(Outcome.LEFT_OUT)) for of in found.sheets}
    assert {name: rows for name, rows in left.items() if rows} == dict(sheet.left_out)


@each
def test_what_a_person_should_know_is_told(plan):
    sheet, found = plan
    for words in sheet.told:
        assert [c for c in found.cautions if all(word in c for word in words)], (
            words, found.cautions,
        )  # fmt: skip


def said(row, path: str):
    for name in path.split("."):
        row = getattr(row, name)
    return row.name if isinstance(row, Contractor) else row
