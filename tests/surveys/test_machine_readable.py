"""The checker of the machine-readable rules itself: each broken rule is seen."""

from __future__ import annotations

import io
from datetime import date

import pytest

from surveys import sheets, workbooks
from tests.surveys import machine_readable, published

ABOUT = workbooks.About(
    fiscal_year=2017,
    title="平成29年度委託契約調査",
    as_of=date(2018, 3, 31),
    made_on=date(2026, 11, 23),
    synthetic=True,
)


def spoil_merge(book):
    book["statistics"].merge_cells("A1:B1")


def spoil_formula(book):
    book["statistics"]["J2"] = "=1+1"


def spoil_number(book):
    book["statistics"]["J2"] = "11"


def spoil_zero(book):
    book["statistics"]["I2"] = None


def spoil_header(book):
    book["statistics"].insert_rows(1)


def spoil_code(book):
    book["statistics"]["F2"] = "X99"


def spoil_name(book):
    book["statistics"]["G2"] = "別の名称"


def spoil_year(book):
    book["statistics"]["A2"] = 29


def spoil_repeat(book):
    page = book["statistics"]
    page.append([cell.value for cell in page[2]])


def spoil_space(book):
    book["statistics"]["G2"] = "内　閣　府　"


def spoil_unit(book):
    page = book["メタデータ"]
    for row in page.iter_rows():
        if row[0].value == "件数の単位":
            row[0].value = "備考"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (spoil_merge, "merged"),
        (spoil_formula, "formula"),
        (spoil_number, "件数 is '11'"),
        (spoil_zero, "状況 is empty"),
        (spoil_header, "header"),
        (spoil_code, "not in コード表"),
        (spoil_name, "not what コード表 calls"),
        (spoil_year, "western year"),
        (spoil_repeat, "second time"),
        (spoil_space, "padded"),
        (spoil_unit, "no 件数の単位"),
    ],
)
def test_the_checker_sees_what_breaks_a_rule(spoil, says):
    tables = sheets.build_all(published.counts(), published.listings(), published.faults())
    book = workbooks.workbook(tables[-1:], ABOUT, [workbooks.MACHINE])
    spoil(book)
    out = io.BytesIO()
    book.save(out)
    found = machine_readable.problems(out.getvalue(), ["statistics"])
    assert any(says in problem for problem in found), found
