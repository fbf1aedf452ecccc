"""Files that are made aside: told how far they are, kept for a day, given to who asked for them."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from exchange import bundles
from tests import factories as make
from tests.exchange.books import content, table
from tests.pages import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _of_this_test_alone(settings, tmp_path, monkeypatch):
    settings.BUNDLE_DIR = tmp_path / "bundles"
    monkeypatch.setattr(bundles, "start", lambda bundle: None)


@pytest.fixture
def user():
    return make.user(role=Role.SURVEY_OFFICE)


def asked(user, what=bundles.AGENCIES) -> bundles.Bundle:
    return bundles.begin(by=user.pk, what=what)


def test_every_agency_has_its_workbook_and_nothing_of_another(user):
    one, other = (
        make.agency(code="A01", name="あおぞら省"),
        make.agency(code="A02", name="みどり庁"),
    )
    make.agency(code="A03", name="から庁")
    make.contract(agency=one, title="一の契約")
    make.contract(agency=other, title="二の契約")
    made = bundles.make(asked(user))
    assert (made.done, made.known, made.finished) == (3, 3, True)
    with zipfile.ZipFile(made.file) as archive:
        assert archive.namelist() == ["A01_あおぞら省.xlsx", "A02_みどり庁.xlsx", "A03_から庁.xlsx"]
        books = [archive.read(name) for name in archive.namelist()]
    titles = [[row["契約件名"] for row in table(book, "契約")] for book in books]
    assert titles == [["一の契約"], ["二の契約"], []]
    assert [len(table(book, "委託先")) for book in books] == [1, 1, 0]
    assert made.rows == 4


def test_the_whole_ledger_is_one_workbook(user):
    make.contract(title="契約一")
    made = bundles.make(asked(user, bundles.LEDGER))
    assert [row["契約件名"] for row in table(made.file.read_bytes(), "契約")] == ["契約一"]
    assert made.done == made.known


def test_a_page_says_how_far_it_is_and_gives_the_file_once_it_is_there(user):
    make.contract(agency=make.agency(code="A01"), title="健康診断")
    client = client_of(user)
    response = client.post(reverse("bundle-new"), {"what": "agencies"})
    place = response.headers["Location"]
    (waiting,) = bundles.bundles_of(user.pk)
    bundles.keep(replace(waiting, done=7, known=235))
    assert "7 / 235機関" in client.get(place).content.decode()
    assert client.get(f"{place}file").headers["Location"] == place
    call_command("write_bundle", waiting.key)
    page = client.get(f"{place}?fragment=1").content.decode()
    assert "できました" in page
    assert "<html" not in page
    with zipfile.ZipFile(io.BytesIO(content(client.get(f"{place}file")))) as archive:
        assert len(archive.namelist()) == 1
    assert place in client.get(reverse("exchange")).content.decode()


def test_asked_for_twice_it_is_made_once(user):
    assert asked(user).key == asked(user).key
    assert asked(user, bundles.LEDGER).key != asked(user).key


def test_it_is_there_for_nobody_else(user):
    made = make.bundle(user=user, content=b"x")
    other = client_of(make.user(role=Role.SURVEY_OFFICE))
    for name in ("bundle", "bundle-file"):
        assert other.get(reverse(name, args=[made.key])).status_code == 404
    assert client_of(user).get(reverse("bundle", args=[made.key])).status_code == 200


@pytest.mark.parametrize(("age", "there"), [(-1, True), (1, False)])
def test_it_is_kept_for_a_day(user, age, there):
    begun = time.time() - bundles.KEPT - age
    made = make.bundle(user=user, content=b"x", begun=begun)
    assert (bundles.find(made.key) is not None) is there


def test_what_is_older_is_deleted(user, monkeypatch):
    made = make.bundle(user=user, content=b"x", begun=time.time() - bundles.KEPT - 1)
    kept = make.bundle(user=user, content=b"x")
    monkeypatch.setattr(bundles, "STALE", -1)
    bundles.sweep()
    assert not made.file.exists()
    assert kept.file.exists()


def test_one_whose_process_is_gone_says_so_and_can_be_asked_for_again(user):
    waiting = bundles.add(by=user.pk, what=bundles.AGENCIES, seen=time.time() - bundles.STALE - 1)
    page = client_of(user).get(reverse("bundle", args=[waiting.key])).content.decode()
    assert "途中で止まりました" in page
    assert asked(user).key != waiting.key


def test_what_goes_wrong_is_told_and_leaves_no_file(user, monkeypatch):
    def fails(file):
        yield 1, 2, 3
        raise OSError("容量がありません")

    monkeypatch.setitem(bundles.WAYS, bundles.AGENCIES, fails)
    waiting = asked(user)
    with pytest.raises(OSError, match="容量"):
        bundles.make(waiting)
    found = bundles.find(waiting.key)
    assert found.failed == "容量がありません"
    assert not found.file.exists()


def test_what_is_none_is_not_found(user):
    assert bundles.find(uuid4()) is None
    assert client_of(user).post(reverse("bundle-new"), {"what": "x"}).headers["Location"] == (
        reverse("exchange")
    )


def test_nobody_but_the_survey_office_asks_for_it():
    client = client_of(make.user(role=Role.OFFICER, agency=make.agency()))
    assert client.post(reverse("bundle-new"), {"what": "agencies"}).status_code == 403
