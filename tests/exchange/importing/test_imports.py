"""What comes of a file that is sent: checked, carried out, withdrawn; and of what goes wrong."""

from __future__ import annotations

import os
import time
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from accounts.models import Role
from exchange import aside
from exchange.importing import imports, kept, mappings, preview, working
from exchange.importing.kept import Job, Kept
from exchange.importing.plan import Outcome
from exchange.models import ColumnMapping, Import, State
from exchange.sheets import BY_KEY, MISTAKES
from outsourcing.actions import contracts
from outsourcing.actions.base import Conflict, recording
from outsourcing.models import Contract, Section
from tests import factories as make
from tests.imports import PLAIN, csv_of, received
from trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _of_this_test_alone(settings, tmp_path):
    settings.IMPORT_DIR = tmp_path / "imports"


@pytest.fixture
def agency():
    made = make.agency(code="A01", name="あおぞら省")
    make.section(agency=made, code="001", name="総務課")
    make.contractor(name="株式会社甲")
    return made


@pytest.fixture
def officer(agency):
    return make.officer(agency)


def sent(agency, by, *rows, **columns) -> Import:
    row = received(agency=agency, by=by, content=csv_of(*rows, **columns), name="契約.csv")
    working.check(row)
    return row


def mistakes(row: Import) -> list[str]:
    folder = Kept(row.public_id)
    return [one.message for one in preview.mistakes(folder, preview.load(folder), 1)]


def released(row: Import, by) -> Import:
    imports.release(row, by=by, job=Job(by=by.pk, address="192.0.2.1"), version=row.version)
    working.carry_out(row)
    row.refresh_from_db()
    return row


def titles() -> list[str]:
    return list(Contract.objects.order_by("serial").values_list("title", flat=True))


def test_a_file_is_kept_as_it_was_sent_with_its_hash(agency, officer):
    row = received(agency=agency, by=officer, content=b"abc", name="台帳.xlsx")
    assert Kept(row.public_id).upload.read_bytes() == b"abc"
    # Of the standard's own example (FIPS 180-2, B.1).
    assert row.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (row.size, row.file_name, row.recorded_by) == (3, "台帳.xlsx", officer)
    assert Kept(row.public_id).folder.stat().st_mode & 0o777 == 0o700


def test_it_is_checked_without_writing_anything(agency, officer):
    row = sent(agency, officer, "健康診断", "データ入力")
    assert mistakes(row) == []
    assert (row.state, row.kind) == (State.WAITING, "csv")
    (total,) = row.totals
    assert (total["sheet"], total["added"], total["refused"]) == ("契約", 2, 0)
    assert row.appearing > 0
    assert row.clearing == 0
    assert titles() == []


def test_released_it_is_written_and_the_file_is_gone(agency, officer):
    row = released(sent(agency, officer, "健康診断", "データ入力"), officer)
    assert titles() == ["健康診断", "データ入力"]
    assert (row.state, row.released_by) == (State.DONE, officer)
    assert row.carried_out_at is not None
    assert not Kept(row.public_id).folder.exists()
    assert not kept.is_carrying()


def test_the_trail_says_who_took_what_in_from_which_file(agency, officer):
    row = released(sent(agency, officer, "健康診断"), officer)
    change = Change.objects.get(table=Contract._meta.db_table)
    assert (change.who, change.who_id) == (str(officer), officer.pk)
    assert change.request == row.public_id.hex
    assert row.sha256 in change.reason
    assert "契約.csv" in change.reason
    assert change.address == "192.0.2.1"
    of_import = Change.objects.filter(table=Import._meta.db_table).order_by("number")
    states = [change.after["state"] for change in of_import]
    assert states == ["checking", "waiting", "carrying", "done"]


def test_the_same_file_a_second_time_changes_nothing(agency, officer):
    released(sent(agency, officer, "健康診断"), officer)
    again = sent(agency, officer, "健康診断")
    assert again.state == State.NOTHING
    with pytest.raises(ValidationError, match="変わるものなし"):
        imports.release(again, by=officer, job=Job(by=officer.pk), version=again.version)
    assert titles() == ["健康診断"]


def test_with_mistakes_nothing_is_taken_in_and_each_is_marked(agency, officer):
    row = sent(agency, officer, "健康診断", "", 契約締結日="平成29年13月1日")
    assert (row.state, row.mistakes) == (State.WRONG, 3)
    with pytest.raises(ValidationError, match="誤りあり"):
        imports.release(row, by=officer, job=Job(by=officer.pk), version=row.version)
    book = load_workbook(Kept(row.public_id).marked)
    assert book.sheetnames == [MISTAKES, "契約"]
    marked = {
        cell.coordinate: cell.comment.text
        for line in book["契約"].iter_rows()
        for cell in line
        if cell.comment
    }
    assert sorted(marked) == ["A3", "C2", "C3"]
    assert "13月" in marked["C2"]
    first = book[MISTAKES][2]
    assert [cell.value for cell in first[:4]] == ["契約", "C2", "契約締結日", "平成29年13月1日"]
    assert first[1].hyperlink.location == "'契約'!C2"
    assert titles() == []


def test_what_cannot_be_read_says_why(agency, officer):
    row = received(agency=agency, by=officer, content=b"\xd0\xcf\x11\xe0" * 200, name="台帳.xls")
    working.check(row)
    assert row.state == State.FAILED
    assert ".xlsx" in row.failure


def test_what_nobody_expected_is_said_and_leaves_nothing(agency, officer, monkeypatch, caplog):
    row = sent(agency, officer, "健康診断")
    imports.release(row, by=officer, job=Job(by=officer.pk), version=row.version)

    def fails(*args, then, **kwargs):
        with recording():
            then()
            raise OSError("容量がありません")

    monkeypatch.setattr(working.committing, "carry_out", fails)
    working.carry_out(row)
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert "台帳には何も書かれていません" in row.failure
    assert "容量がありません" in caplog.text
    assert not kept.is_carrying()


def test_too_little_memory_is_said(agency, officer, monkeypatch):
    row = received(agency=agency, by=officer, content=csv_of("健康診断"), name="契約.csv")

    def fails(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr(working, "plan_of", fails)
    working.check(row)
    assert row.state == State.FAILED
    assert "メモリー" in row.failure


class TestTheLedgerMovesOn:
    def changed_meanwhile(self, agency, officer) -> tuple[Import, Contract]:
        contract = make.contract(agency=agency, title="健康診断")
        content = csv_of("健康診断（春）", 契約コード=contract.code)
        row = received(agency=agency, by=officer, content=content, name="契約.csv")
        working.check(row)
        assert row.state == State.WAITING
        contracts.correct(contract, by=officer, version=contract.version, title="健康診断（秋）")
        return row, contract

    def test_what_was_shown_is_not_written_over_what_somebody_else_wrote(self, agency, officer):
        row, contract = self.changed_meanwhile(agency, officer)
        released(row, officer)
        contract.refresh_from_db()
        assert contract.title == "健康診断（秋）"
        assert row.state == State.WAITING
        assert "台帳が変わった" in row.failure
        assert row.released_by is None

    def test_it_is_shown_as_it_now_stands_and_can_be_released_again(self, agency, officer):
        row, contract = self.changed_meanwhile(agency, officer)
        released(row, officer)
        shown = preview.load(Kept(row.public_id))
        (line,) = preview.rows(Kept(row.public_id), shown.sheets[0], Outcome.CHANGED, 1)
        assert ["契約件名", "健康診断（秋）", "健康診断（春）"] in line.differences
        assert released(row, officer).state == State.DONE
        contract.refresh_from_db()
        assert contract.title == "健康診断（春）"

    def test_what_changed_elsewhere_is_no_hindrance(self, agency, officer):
        row = sent(agency, officer, "健康診断")
        make.contract(agency=agency, title="別の契約")
        assert released(row, officer).state == State.DONE


class TestAProcessThatEnds:
    def long_ago(self, row: Import) -> None:
        before = time.time() - aside.STALE - 1
        os.utime(Kept(row.public_id).sign, (before, before))

    def test_one_that_gives_no_sign_of_life_is_gone(self, agency, officer):
        row = received(agency=agency, by=officer)
        assert Kept(row.public_id).is_going
        self.long_ago(row)
        assert not Kept(row.public_id).is_going

    def test_a_check_can_be_begun_again(self, agency, officer):
        row = received(agency=agency, by=officer, content=csv_of("健康診断"), name="契約.csv")
        with pytest.raises(ValidationError, match="検査しているところ"):
            imports.check_again(row, by=officer, job=Job(by=officer.pk), version=row.version)
        self.long_ago(row)
        imports.check_again(row, by=officer, job=Job(by=officer.pk), version=row.version)
        working.check(row)
        assert row.state == State.WAITING

    def test_what_was_being_carried_out_waits_again(self, agency, officer):
        row = sent(agency, officer, "健康診断")
        imports.release(row, by=officer, job=Job(by=officer.pk), version=row.version)
        with pytest.raises(ValidationError, match="中断していません"):
            imports.resume(row, by=officer, version=row.version)
        self.long_ago(row)
        imports.resume(row, by=officer, version=row.version)
        assert (row.state, row.released_by) == (State.WAITING, None)
        assert released(row, officer).state == State.DONE


class TestWithdrawing:
    def test_the_file_is_deleted(self, agency, officer, django_capture_on_commit_callbacks):
        row = sent(agency, officer, "健康診断")
        with django_capture_on_commit_callbacks(execute=True):
            imports.withdraw(row, by=officer, version=row.version)
        assert row.state == State.WITHDRAWN
        assert not Kept(row.public_id).folder.exists()

    def test_what_was_carried_out_stays(self, agency, officer):
        row = released(sent(agency, officer, "健康診断"), officer)
        with pytest.raises(ValidationError, match="反映済み"):
            imports.withdraw(row, by=officer, version=row.version)

    def test_a_check_that_still_runs_says_nothing_any_more(self, agency, officer):
        row = received(agency=agency, by=officer, content=csv_of("健康診断"), name="契約.csv")
        imports.withdraw(Import.objects.get(pk=row.pk), by=officer, version=row.version)
        working.check(row)
        assert Import.objects.get(pk=row.pk).state == State.WITHDRAWN
        assert not Kept(row.public_id).folder.exists()

    def test_who_saw_another_state_is_told(self, agency, officer):
        row = sent(agency, officer, "健康診断")
        imports.withdraw(Import.objects.get(pk=row.pk), by=officer, version=row.version)
        with pytest.raises(Conflict):
            imports.release(row, by=officer, job=Job(by=officer.pk), version=row.version)


@pytest.mark.parametrize(("age", "there"), [(-60, True), (60, False)])
def test_a_file_is_kept_for_30_days(agency, officer, age, there):
    row = received(agency=agency, by=officer)
    folder = Kept(row.public_id).folder
    Kept(row.public_id).sign.unlink()
    then = time.time() - 30 * 24 * 60 * 60 - age
    os.utime(folder, (then, then))
    kept.sweep()
    assert folder.exists() is there


class TestSections:
    def test_another_section_than_one_writes_for_is_a_mistake(self, agency, officer):
        other = make.section(agency=agency, code="002", name="人事課")
        content = csv_of("健康診断", 課室="総務課（001）")
        row = received(agency=agency, by=officer, content=content, name="契約.csv")
        Kept(row.public_id).prepare(Job(by=officer.pk, sections=[other.pk]))
        working.check(row)
        assert row.state == State.WRONG

    def test_the_preview_knows_which_it_touches(self, agency, officer):
        row = sent(agency, officer, "健康診断", 課室="総務課（001）")
        section = Section.objects.get(agency=agency, code="001")
        assert [agency.pk, section.pk] in preview.load(Kept(row.public_id)).touched


class TestColumnsOfOthers:
    THEIRS = (
        "件名,相手,しめた日,はじめ,おわり,なかみ,ことがら,条項,メモ\n"
        "健康診断,株式会社甲,2017-03-21,2017-04-01,2018-03-31,{work},{about},禁止,急ぎ\n"
    )
    THEIRS = THEIRS.format(work=PLAIN["業務の種類"], about=PLAIN["情報の種類"]).encode("utf-8-sig")
    COLUMNS = {
        "件名": "title",
        "相手": "contractor",
        "しめた日": "concluded_on",
        "はじめ": "first_day",
        "おわり": "agreed_last_day",
        "なかみ": "work",
        "ことがら": "information",
        "条項": "clause",
        "メモ": "",
    }

    def theirs(self, row: Import) -> mappings.TheirSheet:
        return mappings.TheirSheet.of(Kept(row.public_id).sheets[0])

    def test_a_sheet_that_nobody_knows_waits_for_its_columns(self, agency, officer):
        row = received(agency=agency, by=officer, content=self.THEIRS, name="一覧.csv")
        working.check(row)
        assert row.state == State.UNMAPPED
        theirs = self.theirs(row)
        assert [column.heading for column in theirs.columns] == list(self.COLUMNS)
        assert theirs.columns[0].values == ["健康診断"]

    def test_said_once_it_is_known_the_next_time(self, agency, officer):
        first = received(agency=agency, by=officer, content=self.THEIRS, name="一覧.csv")
        working.check(first)
        mappings.say(
            by=officer,
            agency=agency,
            theirs=self.theirs(first),
            sheet=BY_KEY["contracts"],
            columns=self.COLUMNS,
        )
        next_one = received(agency=agency, by=officer, content=self.THEIRS, name="別の名前.csv")
        working.check(next_one)
        assert mistakes(next_one) == []
        shown = preview.load(Kept(next_one.public_id))
        (caution,) = [one for one in shown.cautions if "列の対応" in one]
        assert str(officer) in caution
        assert "取り込まない列：メモ" in caution

    def test_it_counts_for_the_agency_alone(self, agency, officer):
        first = received(agency=agency, by=officer, content=self.THEIRS, name="一覧.csv")
        working.check(first)
        other = make.agency()
        mappings.say(
            by=officer,
            agency=other,
            theirs=self.theirs(first),
            sheet=BY_KEY["contracts"],
            columns=self.COLUMNS,
        )
        working.check(first)
        assert first.state == State.UNMAPPED

    def test_the_newest_counts(self, agency, officer):
        first = received(agency=agency, by=officer, content=self.THEIRS, name="一覧.csv")
        working.check(first)
        theirs = self.theirs(first)
        for columns in (self.COLUMNS | {"メモ": "number"}, self.COLUMNS):
            sheet = BY_KEY["contracts"]
            mappings.say(by=officer, agency=agency, theirs=theirs, sheet=sheet, columns=columns)
        assert mappings.newest(agency, theirs).columns == self.COLUMNS
        assert ColumnMapping.objects.count() == 2

    @pytest.mark.parametrize(
        ("columns", "where", "words"),
        [
            ({"メモ": None}, "メモ", "選んでください"),
            ({"メモ": "title"}, "メモ", "列「件名」にも"),
            ({"メモ": "nothing"}, "メモ", "ない列です"),
            ({"件名": ""}, mappings.of_ours("title"), "契約件名"),
        ],
    )
    def test_what_cannot_be_is_refused_by_its_heading(self, agency, officer, columns, where, words):
        first = received(agency=agency, by=officer, content=self.THEIRS, name="一覧.csv")
        working.check(first)
        columns = {h: f for h, f in (self.COLUMNS | columns).items() if f is not None}
        with pytest.raises(ValidationError) as refused:
            mappings.say(
                by=officer,
                agency=agency,
                theirs=self.theirs(first),
                sheet=BY_KEY["contracts"],
                columns=columns,
            )
        assert words in " ".join(refused.value.message_dict[where])


def test_the_role_that_only_takes_in_may_send(agency):
    importer = make.user(role=Role.IMPORTER, agency=agency)
    row = sent(agency, importer, "健康診断")
    assert row.state == State.WAITING
    assert row.checked_at.date() >= date(2000, 1, 1)
