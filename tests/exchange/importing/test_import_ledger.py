"""A workbook taken in on the command line, by an operator."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from exchange.models import Import, State
from outsourcing.models import Contract
from tests import factories as make
from tests.pages import client_of
from trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _of_this_test_alone(settings, tmp_path):
    settings.IMPORT_DIR = tmp_path / "imports"


@pytest.fixture
def operator():
    return make.user()


@pytest.fixture
def file(tmp_path):
    """A contract of each of two agencies, as it was typed into the sheet."""
    for code in ("A01", "A02"):
        make.agency(code=code)
    make.contractor(name="株式会社甲")
    lines = [
        "契約コード,契約件名,委託先,契約締結日,契約期間の初日,契約期間の末日（当初）,業務の種類,情報の種類,再委託の条項"
    ]
    for code in ("A01-2017-00003", "A02-2017-00001"):
        what = f"{Contract.Work.DATA_ENTRY.label},{Contract.Information.PERSONAL.label},禁止"
        lines.append(f"{code},{code}の件,株式会社甲,2017-03-21,2017-04-01,2018-03-31,{what}")
    place = tmp_path / "契約.csv"
    place.write_text("\n".join(lines), encoding="utf-8-sig")
    return place


def run(*arguments) -> tuple[str, str]:
    out, wrong = StringIO(), StringIO()
    try:
        call_command("import_ledger", *map(str, arguments), stdout=out, stderr=wrong)
    except CommandError as error:
        wrong.write(str(error))
    return out.getvalue(), wrong.getvalue()


def test_all_agencies_are_taken_in_at_once_under_their_codes(operator, file):
    said, wrong = run(file, "--by", operator.username)
    assert wrong == ""
    assert "契約: 追加 2、変更 0" in said
    assert "2行を反映しました" in said
    assert "秒（CPU" in said
    assert {c.code for c in Contract.objects.all()} == {"A01-2017-00003", "A02-2017-00001"}
    row = Import.objects.get()
    assert (row.agency, row.state, row.recorded_by) == (None, State.DONE, operator)
    change = Change.objects.filter(table=Contract._meta.db_table).first()
    assert (change.who_id, change.request) == (operator.pk, row.public_id.hex)


def test_again_it_changes_nothing(operator, file):
    run(file, "--by", operator.username)
    said, wrong = run(file, "--by", operator.username)
    assert "変わるものはありません" in said
    assert wrong == ""
    assert Import.objects.count() == 1


def test_asked_only_to_look_it_writes_nothing(operator, file):
    said, _ = run(file, "--by", operator.username, "--dry-run")
    assert "2行を反映できます（何も書いていません）" in said
    assert not Contract.objects.exists()
    assert not Import.objects.exists()


def test_every_mistake_is_told_by_its_cell_and_ends_it(operator, file):
    lines = file.read_text(encoding="utf-8-sig").replace("2017-03-21", "2017-13-21")
    file.write_text(lines, encoding="utf-8-sig")
    _, wrong = run(file, "--by", operator.username)
    assert "契約 D2 契約締結日" in wrong
    assert "契約 D3 契約締結日" in wrong
    assert "誤りが2か所あります。何も書いていません。" in wrong
    assert not Contract.objects.exists()


def test_what_an_operator_took_in_is_no_agencys_import(operator, file):
    run(file, "--by", operator.username)
    agency = Contract.objects.first().agency
    client = client_of(make.officer(agency))
    assert client.get(reverse("import", args=[Import.objects.get().public_id])).status_code == 404


@pytest.mark.parametrize(
    ("by", "name", "words"),
    [("nobody", "契約.csv", "利用者「nobody」はいません"), ("", "none.xlsx", "ありません")],
)
def test_who_or_what_there_is_not_is_said(operator, file, by, name, words):
    _, wrong = run(file.with_name(name), "--by", by or operator.username)
    assert words in wrong
