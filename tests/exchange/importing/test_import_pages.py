"""The pages of an import: sent, watched, looked at, released; and what each refuses."""

from __future__ import annotations

import os
import re
import time
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role
from exchange import aside, import_forms, import_views
from exchange.importing import kept, marked, working
from exchange.importing.kept import Kept
from exchange.models import Import, State
from exchange.reading import Book, Row, Sheet
from outsourcing.models import Contract
from tests import factories as make
from tests.exchange.books import content
from tests.exchange.importing.lines import plan, sheet_plan
from tests.exchange.payloads import PAYLOADS
from tests.imports import checked, csv_of, received
from tests.pages import client_of
from trail.models import Access

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_started")]

LIST = "/imports/"


def once(page: str) -> str:
    return re.search(r'name="once" value="([^"]+)"', page)[1]


def send(signed_in, name="契約.csv", sent=None, **more):
    page = signed_in.get(LIST).content.decode()
    file = SimpleUploadedFile(name, csv_of("健康診断") if sent is None else sent)
    return signed_in.post(LIST, {"once": once(page), "file": file, **more})


def address(name: str, row: Import) -> str:
    return reverse(name, args=[row.public_id])


def text_of(signed_in, row: Import, asked: str = "") -> str:
    response = signed_in.get(address("import", row) + asked)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


class TestSending:
    def test_a_file_is_received_and_watched(self, signed_in, officer):
        response = send(signed_in)
        row = Import.objects.get()
        assert response.headers["Location"] == address("import", row)
        assert (row.recorded_by, row.file_name) == (officer, "契約.csv")
        page = text_of(signed_in, row)
        assert "検査しています" in page
        assert "この画面を離れても続きます" in page

    def test_what_a_process_is_told_is_whom_it_works_for(self, signed_in, officer):
        send(signed_in)
        job = Kept(Import.objects.get().public_id).job
        assert (job.by, job.sections, job.address) == (officer.pk, None, "127.0.0.1")

    def test_who_is_limited_to_a_section_takes_in_for_it_alone(self, agency):
        section = make.section(agency=agency)
        user = make.user(role=Role.OFFICER, agency=agency, section=section)
        send(client_of(user))
        assert Kept(Import.objects.get().public_id).job.sections == [section.pk]

    def test_a_double_click_sends_it_once(self, signed_in):
        page = signed_in.get(LIST).content.decode()
        for _ in range(2):
            file = SimpleUploadedFile("契約.csv", b"x")
            signed_in.post(LIST, {"once": once(page), "file": file})
        assert Import.objects.count() == 1

    def test_no_file_or_an_empty_one_is_refused(self, signed_in):
        response = send(signed_in, sent=b"")
        assert response.status_code == 400
        assert "空のファイル" in response.content.decode()
        response = signed_in.post(LIST, {"once": once(signed_in.get(LIST).content.decode())})
        assert "ファイルを選んでください" in response.content.decode()
        assert not Import.objects.exists()

    def test_one_that_is_too_large_is_refused_with_413_and_not_kept(self, signed_in, monkeypatch):
        monkeypatch.setattr(import_forms, "MOST_BYTES", 100)
        response = send(signed_in, sent=b"x" * 101)
        assert response.status_code == 413
        assert "大きすぎます" in response.content.decode()
        assert not Import.objects.exists()
        assert not kept.root().exists()

    def test_one_of_the_largest_size_is_taken(self, signed_in, monkeypatch):
        monkeypatch.setattr(import_forms, "MOST_BYTES", 100)
        assert send(signed_in, sent=b"x" * 100).status_code == 302

    def test_what_is_far_too_large_is_not_even_parsed(self, signed_in, monkeypatch):
        monkeypatch.setattr(import_views, "MOST_SENT", 1000)
        monkeypatch.setattr(import_views, "_index", None)
        response = signed_in.post(LIST, {"file": SimpleUploadedFile("x.xlsx", b"x" * 2000)})
        assert response.status_code == 413
        assert "大きすぎます" in response.content.decode()

    def test_who_takes_in_for_several_says_for_which(self, agency):
        user = make.user(role=Role.IMPORTER, agency=agency)
        other = make.agency(code="A02", name="みどり庁")
        make.membership(user=user, agency=other, role=Role.IMPORTER)
        signed_in = client_of(user)
        assert "みどり庁の様式" in signed_in.get(LIST).content.decode()
        assert "機関を選んでください" in send(signed_in).content.decode()
        assert send(signed_in, agency="A02").status_code == 302
        assert Import.objects.get().agency == other

    def test_without_the_token_of_the_page_nothing_is_taken(self, officer):
        signed_in = Client(enforce_csrf_checks=True)
        signed_in.force_login(officer)
        assert signed_in.post(LIST, {"file": SimpleUploadedFile("x", b"x")}).status_code == 403
        assert not Import.objects.exists()


class TestThePreview:
    def test_it_counts_by_sheet_and_each_number_opens_its_rows(self, signed_in, agency):
        sheets = (
            sheet_plan(added=30, changed=2, same=4, left_out=1),
            sheet_plan(added=1, key="links", name="再委託"),
        )
        row = checked(agency=agency, plan=plan(*sheets))
        page = text_of(signed_in, row)
        for sheet, outcome, number in (
            (1, "added", 30), (1, "changed", 2), (1, "same", 4), (1, "left_out", 1), (2, "added", 1)
        ):  # fmt: skip
            link = f'<a href="?sheet={sheet}&amp;show={outcome}#rows">{number}</a>'
            assert link in page
            opened = text_of(signed_in, row, f"?sheet={sheet}&show={outcome}")
            assert f"（{number}行）</h2>" in opened

    def test_what_changes_is_shown_old_and_new(self, signed_in, agency):
        row = checked(agency=agency, plan=plan(sheet_plan(added=3, changed=1)))
        page = text_of(signed_in, row)  # what changes opens first
        assert "<td>健康診断</td><td><strong>健康診断（春）</strong></td>" in page

    def test_rows_come_25_to_a_page(self, signed_in, agency):
        row = checked(agency=agency, plan=plan(sheet_plan(added=26)))
        first = text_of(signed_in, row, "?sheet=1&show=added")
        last = text_of(signed_in, row, "?sheet=1&show=added&page=2")
        assert first.count('<th scope="row">契約') - last.count('<th scope="row">契約') == 24
        assert "契約27" in last
        for beyond in ("3", "0", "x", "9" * 30):
            assert text_of(signed_in, row, f"?sheet=1&show=added&page={beyond}")
        for asked in ("?sheet=9&show=added", "?sheet=1&show=refused", "?show=x"):
            assert text_of(signed_in, row, asked)

    def test_mistakes_are_told_by_cell_with_what_was_typed(self, signed_in, agency):
        made = plan(sheet_plan(added=1, refused=3), mistakes=3)
        row = checked(agency=agency, plan=made, state=State.WRONG)
        page = text_of(signed_in, row)
        assert '誤りが<a href="#mistakes">3か所</a>' in page
        assert '<th scope="row" class="code">C2</th><td>契約件名</td>' in page
        assert "誤り2の説明" in page
        assert "反映する" not in re.sub(r"を押すまで.*", "", page)

    def test_mistakes_come_first_with_what_to_do(self, signed_in, agency):
        made = plan(sheet_plan(added=1, refused=3), mistakes=3)
        page = text_of(signed_in, checked(agency=agency, plan=made, state=State.WRONG))
        assert page.index("もう一度アップロードします") < page.index('id="mistakes"')
        assert page.index('id="mistakes"') < page.index('id="totals"')
        assert "誤りの多い列" not in page

    def test_of_many_mistakes_the_columns_are_named(self, signed_in, agency):
        made = plan(sheet_plan(refused=26), mistakes=26)
        page = text_of(signed_in, checked(agency=agency, plan=made, state=State.WRONG))
        assert "誤りの多い列：「契約」の契約件名（26か所）" in page

    def test_the_marked_file_can_be_sent_as_it_is(self, signed_in, agency, officer):
        sent = csv_of("健康診断", "入力", 契約締結日="昨日")
        row = received(agency=agency, by=officer, content=sent, name="契約.csv")
        working.check(row)
        marked_file = content(signed_in.get(address("import-marked", row)))
        again = received(agency=agency, by=officer, content=marked_file, name="契約.xlsx")
        working.check(again)
        assert (again.state, again.mistakes) == (State.WRONG, row.mistakes)
        assert row.mistakes == 2

    def test_cautions_are_told(self, signed_in, agency):
        made = plan(sheet_plan(added=1), cautions=["シート「契約」：マクロは読みません。"])
        assert "マクロは読みません" in text_of(signed_in, checked(agency=agency, plan=made))

    def test_the_same_file_sent_before_is_named_with_who_and_when(self, signed_in, agency, officer):
        first = checked(agency=agency, by=officer, content=b"same")
        second = checked(agency=agency, content=b"same")
        page = text_of(signed_in, second)
        assert "同じ内容のファイルを" in page
        assert f"{officer}さん" in page
        assert "同じ内容のファイルを" not in text_of(signed_in, first)

    def test_that_another_agency_sent_the_same_is_not_told(self, signed_in, agency):
        checked(agency=make.agency(), content=b"same")
        assert "同じ内容" not in text_of(signed_in, checked(agency=agency, content=b"same"))

    def test_nothing_that_would_change_is_said(self, signed_in, agency):
        row = checked(agency=agency, plan=plan(sheet_plan(same=2)), state=State.NOTHING)
        page = text_of(signed_in, row)
        assert "このファイルの内容はすべて台帳にあります。変わるものはありません。" in page
        assert "反映する</button>" not in page


class TestStates:
    def stale(self, row: Import) -> None:
        before = time.time() - aside.STALE - 1
        os.utime(Kept(row.public_id).sign, (before, before))

    def test_an_interrupted_check_says_so_and_can_be_begun_again(self, signed_in, agency):
        row = received(agency=agency)
        self.stale(row)
        page = text_of(signed_in, row)
        assert "検査が途中で中断しました。台帳には何も書かれていません。" in page
        signed_in.post(address("import-again", row), {"version": row.version})
        assert "検査しています" in text_of(signed_in, row)

    def test_an_interrupted_release_says_that_nothing_was_written(self, signed_in, agency):
        row = checked(agency=agency)
        signed_in.post(address("import-release", row), {"version": row.version})
        assert "反映しています" in text_of(signed_in, row)
        self.stale(row)
        assert "反映が途中で中断しました。台帳には何も書かれていません。" in text_of(signed_in, row)
        row.refresh_from_db()
        signed_in.post(address("import-again", row), {"version": row.version})
        assert "反映する</button>" in text_of(signed_in, row)

    def test_what_failed_says_why(self, signed_in, agency):
        row = received(agency=agency, content=b"\xd0\xcf\x11\xe0" * 200, name="台帳.xls")
        working.check(row)
        assert row.failure in text_of(signed_in, row)

    def test_a_file_that_is_gone_says_so(self, signed_in, agency):
        row = checked(agency=agency)
        Kept(row.public_id).forget()
        assert "30日を過ぎた" in text_of(signed_in, row)
        response = signed_in.post(
            address("import-release", row), {"version": row.version}, follow=True
        )
        assert "30日を過ぎた" in response.content.decode()
        row.refresh_from_db()
        assert row.state == State.WAITING

    def test_the_script_is_given_how_far_it_is_alone(self, signed_in, agency):
        row = received(agency=agency)
        part = signed_in.get(address("import", row) + "?fragment=1").content.decode()
        assert "<html" not in part
        assert "<progress" in part
        done = signed_in.get(address("import", checked(agency=agency)) + "?fragment=1")
        assert "data-reload" in done.content.decode()


class TestReleasing:
    def test_what_was_shown_is_carried_out(self, signed_in, agency, officer):
        row = received(agency=agency, by=officer, content=csv_of("健康診断"), name="契約.csv")
        working.check(row)
        signed_in.post(address("import-release", row), {"version": row.version})
        row.refresh_from_db()
        assert (row.state, row.released_by) == (State.CARRYING, officer)
        working.carry_out(row)
        assert Contract.objects.get().title == "健康診断"
        assert "台帳に反映しました" in text_of(signed_in, row)
        assert "反映済み" in signed_in.get(LIST).content.decode()

    def test_the_role_that_only_takes_in_may_not(self, agency):
        signed_in = client_of(make.user(role=Role.IMPORTER, agency=agency))
        row = checked(agency=agency)
        assert signed_in.post(address("import-release", row)).status_code == 403
        assert "台帳に反映するのは、保護管理者か保護担当者です" in text_of(signed_in, row)

    def test_other_sections_are_refused_by_name(self, agency):
        own, other = (make.section(agency=agency, code=c, name=n)
                      for c, n in (("001", "総務課"), ("002", "人事課")))  # fmt: skip
        signed_in = client_of(make.user(role=Role.OFFICER, agency=agency, section=own))
        touched = [(agency.pk, own.pk), (agency.pk, other.pk), (agency.pk, None)]
        row = checked(agency=agency, touched=touched)
        response = signed_in.post(
            address("import-release", row), {"version": row.version}, follow=True
        )
        page = response.content.decode()
        assert "人事課" in page
        assert "課室のない記録" in page
        assert "総務課" not in page
        row.refresh_from_db()
        assert row.state == State.WAITING

    def test_the_own_section_is_not(self, agency):
        own = make.section(agency=agency)
        signed_in = client_of(make.user(role=Role.OFFICER, agency=agency, section=own))
        row = checked(agency=agency, touched=[(agency.pk, own.pk)])
        signed_in.post(address("import-release", row), {"version": row.version})
        row.refresh_from_db()
        assert row.state == State.CARRYING
        assert Kept(row.public_id).job.sections == [own.pk]

    def test_what_somebody_else_has_moved_on_is_not_carried_out(self, signed_in, agency):
        row = checked(agency=agency)
        for said in ({"version": row.version + 1}, {"version": "x"}, {}):
            response = signed_in.post(address("import-release", row), said, follow=True)
            assert "ほかの人が先に" in response.content.decode()
        row.refresh_from_db()
        assert row.state == State.WAITING


def test_withdrawn_its_file_is_gone(signed_in, agency, django_capture_on_commit_callbacks):
    row = checked(agency=agency)
    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in.post(
            address("import-withdraw", row), {"version": row.version}, follow=True
        )
    assert "取り下げ、ファイルを消しました" in response.content.decode()
    assert not Kept(row.public_id).folder.exists()
    assert "取り下げました。台帳には何も書かれていません" in text_of(signed_in, row)


class TestTheMarkedWorkbook:
    def made(self, agency, book: Book) -> Import:
        made = plan(sheet_plan(refused=1), mistakes=1)
        row = checked(agency=agency, plan=made, state=State.WRONG)
        marked.write(Kept(row.public_id).marked, book, made.mistakes)
        return row

    def test_it_is_taken_out_and_counted(self, signed_in, agency):
        row = self.made(agency, Book("契約.xlsx", sheets=[Sheet("契約", rows=[Row(1, ["a"])])]))
        response = signed_in.get(address("import-marked", row))
        assert load_workbook(BytesIO(content(response))).sheetnames == ["誤りの一覧", "契約"]
        assert Access.objects.get(kind="download").rows == 1

    def test_where_there_is_none_one_is_led_back(self, signed_in, agency):
        row = checked(agency=agency)
        response = signed_in.get(address("import-marked", row))
        assert response.headers["Location"] == address("import", row)

    def test_no_text_becomes_a_formula(self, signed_in, agency):
        rows = [Row(n, [text, n]) for n, text in enumerate(PAYLOADS, 1)]
        row = self.made(agency, Book("契約.xlsx", sheets=[Sheet("契約", rows=rows)]))
        book = load_workbook(BytesIO(content(signed_in.get(address("import-marked", row)))))
        assert [cell.value for cell in book["契約"]["A"]] == list(PAYLOADS)
        for sheet in book:
            for line in sheet.iter_rows():
                assert all(cell.data_type != "f" for cell in line)
        # Nor does one who edits the cell make one of it.
        assert all(cell.quotePrefix for cell in book["契約"]["A"])


class TestOthers:
    def test_another_agencys_import_is_exactly_like_none(self, signed_in):
        row = checked(agency=make.agency())
        for name in ("import", "import-marked"):
            assert signed_in.get(address(name, row)).status_code == 404
        for name in ("import-release", "import-withdraw", "import-again"):
            assert signed_in.post(address(name, row)).status_code == 404
        assert row.file_name not in signed_in.get(LIST).content.decode()


def test_the_page_of_exports_leads_to_imports(signed_in):
    assert f'href="{LIST}"' in signed_in.get("/exchange/").content.decode()
