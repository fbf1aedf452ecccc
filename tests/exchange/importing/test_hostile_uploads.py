"""Hostile files sent to the page: each is answered in a sentence that a person understands, by a
process within its bounds, and nothing of it is written."""

from __future__ import annotations

import hashlib
import html
import re
import time
import zipfile
from io import BytesIO

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from exchange import aside
from exchange.importing import working
from exchange.models import Import, State
from exchange.reading import limits
from outsourcing.models import Submission
from tests import factories as make
from tests.exchange.importing.files import contract_row, table, workbook
from tests.exchange.reading import refused_contents, refused_files
from tests.exchange.reading.handmade import packed
from tests.imports import csv_of
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db

KNOWN = {
    odd.what: odd
    for odd in (
        *refused_files.KINDS,
        *refused_files.ARCHIVES,
        *refused_contents.MARKUP,
        *refused_contents.CELLS,
        *refused_contents.TEXTS,
    )
}
SENT = (
    ".xls",
    "password",
    "PDF",
    "a program",
    "a zip of a workbook",
    "zip bomb",
    "overlapping entries",
    "size forged to 4 GB",
    "ten thousand sheets",
    "a path up",
    "cut in the middle",
    "billion laughs",
    "external entity",
    "a cell at XFD1048576",
    "a sheet's name of 10,000 characters",
    "cp932 with a byte of none",
    "NUL bytes",
)


@pytest.fixture(autouse=True)
def _of_this_test_alone(settings, tmp_path, monkeypatch):
    settings.IMPORT_DIR = tmp_path / "imports"
    monkeypatch.setattr(aside, "start", lambda *args, **kwargs: None)


@pytest.fixture
def agency():
    found = make.agency(code="A01", name="あおぞら省")
    make.section(agency=found, code="001", name="総務課")
    make.contractor(name="株式会社見本")
    return found


@pytest.fixture
def client(agency):
    return client_of(make.officer(agency))


def facts() -> dict[str, int]:
    """How many rows each table of the ledger has, but for the note that a form was sent."""
    return {
        model.__name__: model._base_manager.count()
        for app in ("outsourcing", "guideline", "surveys")
        for model in apps.get_app_config(app).get_models()
        if model is not Submission
    }


def answer(client, content: bytes, name: str) -> str:
    """What the page says of a file, once the process that looks into it has ended."""
    page = client.get("/imports/").content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    response = client.post("/imports/", {"once": once, "file": SimpleUploadedFile(name, content)})
    if response.status_code != 302:
        return text(response)
    working.check(Import.objects.get())
    return text(client.get(response.headers["Location"]))


@pytest.mark.parametrize("what", SENT)
def test_a_hostile_file_is_answered_in_words_and_nothing_is_written(client, what):
    hostile, before, begun = KNOWN[what], facts(), time.process_time()
    page = answer(client, hostile.make(), hostile.name)
    assert [word for word in hostile.words if word not in html.unescape(page)] == []
    assert "反映する" not in page
    assert "Traceback" not in page
    assert Import.objects.get().state == State.FAILED
    assert facts() == before
    assert time.process_time() - begun < limits.SECONDS


def test_an_empty_file_is_not_even_taken(client):
    before = facts()
    assert "空のファイル" in answer(client, b"", "届出.xlsx")
    assert not Import.objects.exists()
    assert facts() == before


def test_what_is_no_value_is_dropped_and_named_and_the_values_are_taken(client):
    with zipfile.ZipFile(BytesIO(workbook({"契約": table(contract_row())}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts |= {
        "xl/vbaProject.bin": b"x",
        "xl/externalLinks/externalLink1.xml": b"<x/>",
        "xl/drawings/drawing1.xml": b"<x/>",
        "xl/connections.xml": b"<x/>",
    }
    page = answer(client, packed(parts), "契約.xlsm")
    for dropped in ("マクロ", "外部のブックへのリンク", "図形", "接続"):
        assert dropped in page
    assert Import.objects.get().state == State.WAITING


def test_formulas_are_never_reckoned_and_a_text_like_one_stays_text(client):
    book = Workbook()
    page = book.active
    page.title = "契約"
    for row in table(contract_row(契約件名="=cmd|' /C calc'!A0")):
        page.append(row)
    page["B2"].data_type = "s"
    page["B3"] = "=1+1"  # a row of its own, with nothing but a formula that nobody has reckoned
    out = BytesIO()
    book.save(out)
    said = html.unescape(answer(client, out.getvalue(), "契約.xlsx"))
    assert "数式" in said
    assert "計算結果が保存されていない" in said
    assert Import.objects.get().state == State.WRONG


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("制御\x08文字", ("制御文字", "U+0008", "3文字目")),
        ("あ" * 10_000, ("契約件名「ああ", "10,000字", "超えています")),
    ],
)
def test_a_text_that_cannot_be_kept_is_a_mistake_of_its_cell(client, typed, words):
    before = facts()
    page = html.unescape(answer(client, csv_of(typed), "契約.csv"))
    assert [word for word in words if word not in page] == []
    assert "A2" in page
    assert facts() == before


def test_a_code_of_another_agency_is_answered_like_one_that_there_is_not(client):
    theirs = make.contract(agency=make.agency(code="A02"))
    said = []
    for code in (theirs.code, "A02-2017-99999"):
        rows = table(contract_row(契約コード=code))
        page = answer(client, workbook({"契約": rows}), "契約.xlsx")
        Import.objects.all().delete()
        assert theirs.title not in page
        said.append(html.unescape(page).split("誤り", 1)[1].replace(code, "…"))
    codes = [
        re.findall(r"契約コード「…」は、台帳にもこのファイルにもありません", one) for one in said
    ]
    assert len(codes[0]) > 0
    assert codes[0] == codes[1]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>.csv", "../../etc/passwd.csv", "あ" * 300 + ".csv", "=1+1.csv"],
)
def test_a_hostile_name_is_shown_as_text_and_reaches_no_path(client, name, settings):
    page = answer(client, csv_of("健康診断"), name)
    row = Import.objects.get()
    assert "<script>alert" not in page
    assert "/" not in row.file_name
    assert len(row.file_name) <= 255
    assert row.sha256 == hashlib.sha256(csv_of("健康診断")).hexdigest()
    folders = [entry.name for entry in settings.IMPORT_DIR.iterdir() if entry.is_dir()]
    assert folders == [str(row.public_id)]
