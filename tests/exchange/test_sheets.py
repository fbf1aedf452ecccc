"""Every sheet: its headings, its example, and that it reads what it wrote."""

from __future__ import annotations

from datetime import date

import pytest

from exchange.sheets import BY_KEY, SHEETS
from exchange.sheets.base import EXAMPLE, LEAVE_OUT, Chosen
from outsourcing.actions import records, subcontracts
from outsourcing.models import Contract
from tests import factories as make
from tests.exchange.full import full_contract

EVERYTHING = Chosen(None)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
class TestSheet:
    def test_no_two_columns_answer_to_one_heading(self, sheet):
        names = [name for c in sheet.columns for name in (c.heading, *c.aliases)]
        assert len(sheet.by_heading) == len(names), names
        assert len({column.field for column in sheet.columns}) == len(sheet.columns)

    def test_its_example_is_understood_and_marked_as_one(self, sheet):
        found = sheet.match([column.heading for column in sheet.columns])
        row = sheet.read(found.columns, sheet.example())
        assert row.wrong == []
        assert row.values["left_out"] == EXAMPLE

    def test_columns_come_in_any_order_with_marks_and_other_widths(self, sheet):
        headings = [f"※{column.heading}*" for column in reversed(sheet.columns)]
        found = sheet.match(["", *headings])
        assert (found.unknown, found.twice, found.missing) == ([], [], [])
        assert list(found.columns.values()) == list(reversed(sheet.columns))

    def test_what_is_not_known_stands_twice_or_is_missing_is_named(self, sheet):
        first = next((column for column in sheet.columns if column.required), None)
        found = sheet.match(["天気", sheet.columns[0].heading, sheet.columns[0].heading])
        assert found.unknown == ["天気"]
        assert found.twice == [sheet.columns[0].heading]
        assert first is None or first in found.missing


@pytest.mark.django_db
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_a_sheet_reads_what_it_wrote(sheet):
    full_contract(agency=make.agency(), text="本文")
    make.holding(holder=make.contractor(), held=make.contractor(), share="0.5")
    rows = list(sheet.rows(EVERYTHING))
    if sheet.key != "surveyed":
        assert rows
    found = sheet.match([column.heading for column in sheet.columns])
    assert [sheet.read(found.columns, row).wrong for row in rows] == [[]] * len(rows)
    assert sheet.count(EVERYTHING) == len(rows)


@pytest.mark.django_db
def test_a_contract_is_read_as_its_fields():
    contract = full_contract(agency=make.agency(), text="本文")
    sheet = BY_KEY["contracts"]
    found = sheet.match([column.heading for column in sheet.columns])
    (row,) = [sheet.read(found.columns, cells).values for cells in sheet.rows(EVERYTHING)]
    assert row["code"] == contract.code
    assert row["section"] == (contract.section.name, contract.section.code)
    assert (row["left_out"], row["reference"], row["renews"]) == ("", "", None)
    told = {name: row[name] for name in row.keys() & {f.name for f in Contract._meta.fields}}
    same = told.keys() - {"section", "officer", "contractor", "renews"}
    assert {name: told[name] for name in same} == {name: getattr(contract, name) for name in same}
    missing = {"id", "agency", "fiscal_year", "serial", "last_day", "search_text", "version"}
    missing |= {"recorded_by", "recorded_at", "voided_on", "void_reason"}
    assert {f.name for f in Contract._meta.fields} - told.keys() == missing


@pytest.mark.django_db
def test_every_error_of_a_row_is_named_at_once():
    sheet = BY_KEY["notices"]
    found = sheet.match(["契約コード", "枝番", "届出日", "文書の番号"])
    row = sheet.read(found.columns, [None, "a9", "昨日", "あ" * 61])
    assert [wrong.heading for wrong in row.wrong] == ["契約コード", "受理日", "文書番号"]
    assert "61字" in row.wrong[2].message


@pytest.mark.django_db
def test_rows_are_numbered_as_pages_number_them_also_past_one_that_was_taken_back():
    contract = make.contract()
    faults = [make.fault(contract=contract) for _ in range(3)]
    other = make.fault(contract=make.contract(agency=contract.agency))
    records.void_record(faults[1], by=make.recorder(), on=date(2018, 1, 1), reason="誤り")
    sheet = BY_KEY["faults"]
    place = next(n for n, column in enumerate(sheet.columns) if column.heading == "番号")
    assert [row[place] for row in sheet.rows(EVERYTHING)] == [1, 3, 1]
    assert sheet.count(EVERYTHING) == 3
    assert other.pk


@pytest.mark.django_db
def test_what_hangs_on_something_that_was_taken_back_is_left_out():
    contract = make.contract()
    link = make.link(contract=contract)
    make.approval(link=link)
    make.inspection(contract=contract, link=link)
    subcontracts.void_link(link, by=make.recorder(), on=date(2018, 1, 1), reason="誤り")
    for key in ("links", "approvals"):
        assert list(BY_KEY[key].rows(EVERYTHING)) == [], key


def test_a_row_can_be_ticked_to_be_left_out():
    sheet = BY_KEY["contracts"]
    for typed in ("取り込まない", "○", True, "✓"):
        assert sheet.columns[0].read(typed) == LEAVE_OUT
    assert sheet.columns[0].read(None) == ""
