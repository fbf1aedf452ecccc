"""Workbooks as LibreOffice has them once it has opened, reckoned and saved them: the same cells."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.models import Role
from exchange import ledger_files
from exchange.sheets import SHEETS
from outsourcing.scope import Scope
from tests import factories as make
from tests.exchange import libreoffice
from tests.exchange.books import content
from tests.exchange.full import full_contract
from tests.exchange.payloads import PAYLOADS
from tests.exchange.test_writing import book
from tests.pages import client_of
from tests.shared import shared

pytestmark = [libreoffice.needed, pytest.mark.django_db]
ADDRESSES = {
    "template.xlsx": "/exchange/templates/A01.xlsx",
    "violations.xlsx": "/agencies/A01/violations/workbook/?as_of=2018-03-31&year=2017",
    "findings.xlsx": "/findings/export/?as_of=2018-03-31&format=xlsx",
    "crosstab.xlsx": "/crosstab/table.xlsx?rows=agency&columns=work",
}


@pytest.fixture(scope="module")
def files(django_db_setup, django_db_blocker):
    """What leaves, by its name."""
    yield from shared(django_db_blocker, _files)


def _files() -> dict[str, bytes]:
    agency = make.agency(code="A01", name="あおぞら省")
    for text in ("=1+1", "+81-3-1234-5678", "一行\n二行"):
        full_contract(agency=agency, text=text)
    make.survey_round(organs=[agency])
    reader = client_of(make.user(role=Role.AUDITOR, agency=agency))
    office = client_of(make.user(role=Role.SURVEY_OFFICE))
    found = {name: reader.get(address) for name, address in ADDRESSES.items()}
    found["tables.xlsx"] = office.get("/surveys/2017/exports/tables.xlsx")
    made = {n: content(r) if r.streaming else r.content for n, r in found.items()}
    out = BytesIO()
    ledger_files.write_workbook(out, SHEETS, ledger_files.slices(Scope.everything()))
    made["ledger.xlsx"] = out.getvalue()
    made["payloads.xlsx"] = book([(text, date(2018, 4, 1), 1) for text in PAYLOADS])
    return made


def cells_of(workbook: bytes) -> dict[str, list[list]]:
    found = {}
    for page in load_workbook(BytesIO(workbook)).worksheets:
        rows = [[plain(cell) for cell in row] for row in page.iter_rows()]
        found[page.title] = [row for row in map(without_blanks, rows) if row]
    return found


def plain(cell):
    assert cell.data_type != "f", cell
    value = cell.value
    return value.date() if isinstance(value, datetime) else value


def without_blanks(row: list) -> list:
    while row and row[-1] in (None, ""):
        row.pop()
    return [None if value == "" else value for value in row]


def test_all_cells_are_the_same_once_it_has_saved_them_and_none_is_a_formula(files, tmp_path):
    saved = libreoffice.saved_anew(files, tmp_path)
    for name, workbook in files.items():
        assert cells_of(saved[name]) == cells_of(workbook), name


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler")
def test_on_paper_each_page_of_a_table_has_its_heading_and_no_sheet_is_wider_than_it(
    files, tmp_path
):
    printed = libreoffice.saved_anew({"tables.xlsx": files["tables.xlsx"]}, tmp_path, "pdf")
    (tmp_path / "tables.pdf").write_bytes(printed["tables.xlsx"])
    call = ["pdftotext", "-layout", str(tmp_path / "tables.pdf"), "-"]
    text = subprocess.run(call, check=True, capture_output=True, text=True).stdout
    pages = [page for page in text.split("\f") if page.strip()]
    sheets = load_workbook(BytesIO(files["tables.xlsx"])).sheetnames
    assert len(pages) == len(sheets)  # a round of one agency: no table takes a second page
    assert all("件数" in page for page in pages[5:10])
