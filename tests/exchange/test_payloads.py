"""Texts that a program could take for formulas, in every text field of the ledger: in no file that
leaves are they one, and whoever reads the file back has the text that was recorded."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest

from accounts.models import Role
from exchange import ledger_files
from exchange.columns import Text
from exchange.reading import read
from exchange.sheets import SHEETS
from exchange.sheets.items import Quote
from outsourcing.formula_text import is_formula_like
from outsourcing.scope import Scope
from tests import factories as make
from tests.exchange.books import content, formatted, xml
from tests.exchange.full import full_contract
from tests.exchange.payloads import PAYLOADS
from tests.pages import client_of
from tests.shared import shared

pytestmark = pytest.mark.django_db

# Spaces around a text are left out wherever it is typed, so the ledger has none.
TEXTS = tuple(text.strip() for text in PAYLOADS)
# Columns of text that hold no free text, or that the ledger makes itself.
NOT_FREE = {"法人番号", "整理番号", "機関名"}
FORMULA = re.compile("<f[ >/]")


@pytest.fixture(scope="module")
def agency(django_db_setup, django_db_blocker):
    """One ledger for all tests here."""
    yield from shared(django_db_blocker, ledger_of_payloads)


def ledger_of_payloads():
    agency = make.agency(code="A01", name="=1+1")
    round_ = make.survey_round(organs=[agency])
    parent = make.contractor(name="親")
    for text in TEXTS:
        full_contract(agency=agency, text=text)
        company = make.contractor(name=text)
        make.holding(holder=parent, held=company, share="0.5", source=text)
        contract = make.contract(agency=agency, contractor=company, title=text)
        make.confirmation(round_=round_, contract=contract, result="unverifiable", reason=text)
    return agency


@pytest.fixture
def office():
    return client_of(make.user(role=Role.SURVEY_OFFICE))


def test_every_text_of_every_sheet_leaves_as_text_and_is_read_back_unchanged(agency):
    chosen = ledger_files.slices(Scope.everything())
    out = io.BytesIO()
    ledger_files.write_workbook(out, SHEETS, chosen)
    assert not any(FORMULA.search(part) for part in xml(out.getvalue()).values())
    for page in formatted(out.getvalue()).worksheets:
        for cell in (cell for row in page.iter_rows() for cell in row):
            assert isinstance(cell.value, str) == (cell.data_type == "s"), cell
            assert not is_formula_like(str(cell.value or "")) or cell.quotePrefix, cell
    book = read(out.getvalue(), name="ledger.xlsx")
    assert {caution.code for caution in book.cautions} == {"hidden-sheets"}
    for sheet in SHEETS:
        the_same(sheet, book.sheet(sheet.title).rows, chosen)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_every_text_leaves_in_csv_with_a_sign_that_reading_takes_off(agency, encoding):
    chosen = ledger_files.slices(Scope.everything())
    out = io.BytesIO()
    ledger_files.write_csv_files(out, SHEETS, chosen, encoding)
    with zipfile.ZipFile(out) as archive:
        for sheet in SHEETS:
            file = archive.read(f"{sheet.key}.csv")
            text = file.decode("utf-8-sig" if encoding == "utf-8" else encoding)
            for cell in (cell for line in csv.reader(io.StringIO(text)) for cell in line):
                assert not is_formula_like(cell) or re.fullmatch(r"-?\d+", cell), cell
            book = read(file, name=f"{sheet.key}.csv")
            assert book.cautions == []
            the_same(sheet, book.sheets[0].rows, chosen)


def the_same(sheet, rows, chosen):
    """Each cell of a file says what the ledger says; each payload stands in each column of text."""
    heading, *lines = rows
    assert heading.values == [column.heading for column in sheet.columns]
    written = list(ledger_files.rows_of(sheet, chosen))
    assert len(lines) == len(written) > 0
    for place, column in enumerate(sheet.columns):
        read_back = [column.read(line.at(place)) for line in lines]
        assert read_back == [column.read(row[place]) for row in written], (sheet.key, column)
        free = isinstance(column, Text) and column.source and column.heading not in NOT_FREE
        if free and not (isinstance(column, Quote) and not any(read_back)):
            assert set(TEXTS) <= set(read_back), (sheet.key, column.heading)


ADDRESSES = (
    "/exchange/templates/A01.xlsx",
    "/exchange/ledger/ledger.xlsx?agency=A01",
    "/exchange/surveys/2017/ledger.xlsx",
    "/contracts/export/?q=1",
    "/contracts/export/?q=1&as=csv",
    "/findings/export/?as_of=2018-03-31&format=xlsx",
    "/findings/export/?as_of=2018-03-31&format=csv",
    "/agencies/A01/violations/workbook/?as_of=2018-03-31&year=2017",
    "/crosstab/table.xlsx?rows=agency&columns=work",
    "/crosstab/table.csv?rows=agency&columns=work",
    "/surveys/2017/exports/tables.xlsx",
    "/surveys/2017/exports/tables.xlsx?agency=A01",
    "/surveys/2017/exports/administrative-organs.csv",
)


def test_no_other_file_that_leaves_has_a_formula_either(agency, office):
    reader = client_of(make.user(role=Role.AUDITOR, agency=agency))
    seen = 0
    for address in ADDRESSES:
        client = reader if "A01" in address and "surveys" not in address else office
        response = client.get(address)
        assert response.status_code == 200, address
        file = content(response) if response.streaming else response.content
        if file[:2] == b"PK":
            assert not any(FORMULA.search(part) for part in xml(file).values()), address
            cells = [
                cell
                for page in formatted(file).worksheets
                for row in page.iter_rows()
                for cell in row
            ]
            texts = [cell.value for cell in cells if isinstance(cell.value, str)]
            assert {c.data_type for c in cells if isinstance(c.value, str)} == {"s"}, address
            seen += any(text in TEXTS for text in texts)
        else:
            text = file.decode("utf-8-sig")
            lines = list(csv.reader(io.StringIO(text)))
            for cell in (cell for line in lines for cell in line):
                assert not is_formula_like(cell), (address, cell)
            seen += any(cell.removeprefix("'") in TEXTS for line in lines for cell in line)
    assert seen > len(ADDRESSES) // 2
