"""The page that says what the columns of a sheet are that is not ours."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from exchange import aside
from exchange.importing import working
from exchange.models import ColumnMapping, Import, State
from tests import factories as make
from tests.exchange.importing.lines import plan
from tests.imports import THEIRS, checked, csv_of, received
from tests.pages import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _of_this_test_alone(settings, tmp_path, monkeypatch):
    settings.IMPORT_DIR = tmp_path / "imports"
    monkeypatch.setattr(aside, "start", lambda *args, **kwargs: None)


@pytest.fixture
def agency():
    made = make.agency(code="A01", name="あおぞら省")
    make.contractor(name="株式会社甲")
    return made


@pytest.fixture
def officer(agency):
    return make.officer(agency)


@pytest.fixture
def client(officer):
    return client_of(officer)


def page_of(client, row: Import) -> str:
    return client.get(reverse("import", args=[row.public_id])).content.decode()


@pytest.fixture
def row(agency):
    made = plan(unmapped=[THEIRS.name])
    return checked(agency=agency, plan=made, state=State.UNMAPPED)


def place(row: Import, number: int = 1) -> str:
    return reverse("import-columns", args=[row.public_id, number])


def test_the_page_leads_to_the_sheet_and_shows_its_columns(client, row):
    assert place(row) in page_of(client, row)
    page = client.get(place(row)).content.decode()
    for words in ("件名", "相手先", "開始", "備考", "健康診断", "株式会社甲", "2017-04-01"):
        assert words in page
    assert re.search(r'<option value="title"\s+selected', page)


def test_another_sheet_has_other_columns(client, row):
    page = client.get(f"{place(row)}?sheet=plans").content.decode()
    assert "「委託一覧」を「検査計画」として取り込みます" in page
    assert client.get(f"{place(row)}?sheet=none").status_code == 200


def test_said_it_is_kept_and_the_file_checked_anew(client, row, officer):
    columns = ("contract", "planned_on", "-", "-")
    data = {f"column-{n}": column for n, column in enumerate(columns)}
    response = client.post(f"{place(row)}?sheet=plans", data)
    assert response.headers["Location"] == reverse("import", args=[row.public_id])
    kept_row = ColumnMapping.objects.get()
    assert (kept_row.sheet, kept_row.recorded_by) == ("plans", officer)
    assert kept_row.columns["件名"] == "contract"
    row.refresh_from_db()
    assert row.state == State.CHECKING


def test_what_is_missing_is_told_beside_its_column(client, row):
    response = client.post(f"{place(row)}?sheet=contracts", {"column-0": "title"})
    assert response.status_code == 400
    assert "列「相手先」を何として取り込むかを選んでください" in response.content.decode()


def test_a_sheet_that_there_is_not_is_not_found(client, row):
    for number in (0, 2, 99):
        assert client.get(place(row, number)).status_code == 404


def test_a_heading_that_nobody_knows_can_be_said_as_well(client, agency, officer):
    sent = csv_of("健康診断", 備考="急ぎ")
    row = received(agency=agency, by=officer, content=sent, name="契約.csv")
    working.check(row)
    assert row.state == State.WRONG
    at = place(row)
    assert at in page_of(client, row)
    page = client.get(at).content.decode()
    chosen = re.findall(r'<select name="column-(\d+)".*?</select>', page, re.DOTALL)
    data = {
        f"column-{n}": re.search(
            rf'<select name="column-{n}".*?</select>', page, re.DOTALL
        )[0].partition(" selected")[0].rpartition('value="')[2].rstrip('"')
        for n in chosen
    }  # fmt: skip
    assert data["column-8"] == ""  # the one that nobody knows waits for an answer
    client.post(f"{at}?sheet=contracts", data | {"column-8": "-"})
    row.refresh_from_db()
    working.check(row)
    assert row.state == State.WAITING
