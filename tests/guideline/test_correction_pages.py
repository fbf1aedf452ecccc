"""Recording what is done about findings in a browser: for one or for many, told while it is typed;
and what comes after. What another agency has is not found."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from guideline.correction_targets import MOST, target_code
from guideline.models import CorrectionEvidence, CorrectiveAction, Finding
from outsourcing.actions import contracts
from tests import factories as make
from tests.pages import client_of, text
from tests.snapshots import snapshot
from trail.models import Access, Kind

pytestmark = pytest.mark.django_db

NEW = "/corrections/new/"
BREACH = "unapproved-subcontract"
PDF = b"%PDF-1.7\n"
ONCE = re.compile(r'name="once" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="([^"]+)"')


def finding_of(contract, rule=BREACH) -> Finding:
    return contract.findings.get(rule=rule)


def code_of(finding: Finding) -> str:
    return target_code((finding.contract or finding.disclosure).code, finding)


class Office:
    def __init__(self):
        self.agency = make.agency(code="A01", name="あおぞら省")
        self.officer = make.officer(self.agency)
        self.client = client_of(self.officer)
        self.contract = self.breaching(title="健康診断")
        self.finding = finding_of(self.contract)
        self.code = code_of(self.finding)

    def breaching(self, **fields):
        contract = make.contract(agency=self.agency, **fields)
        make.link(contract=contract)
        return contract

    def sent(self, *codes: str, **typed) -> dict:
        """What the page sends for these findings, as an officer fills it in."""
        codes = codes or (self.code,)
        page = self.client.get(NEW, {"findings": list(codes)})
        assert page.status_code == 200
        return {
            "once": ONCE.search(page.content.decode())[1],
            "findings": list(codes),
            "measure": "guidance",
            "description": "文書で指導した",
            "started_on": "平成30年6月1日",
            "due_on": "H30.8.31",
        } | typed

    def post(self, data: dict):
        return self.client.post(NEW, data)

    def action(self, **fields) -> CorrectiveAction:
        return make.corrective_action(finding=self.finding, by=self.officer, **fields)

    def change(self, row, what: str, **typed):
        """Open a page of a measure and send what is typed there."""
        address = f"/corrections/{row.public_id}/{what}/"
        page = self.client.get(address).content.decode()
        return self.client.post(address, {"version": VERSION.search(page)[1]} | typed)


@pytest.fixture
def office():
    return Office()


class TestRecording:
    def test_one_is_recorded_and_shown(self, office):
        response = office.post(office.sent())
        row = CorrectiveAction.objects.get()
        assert response["Location"] == f"/corrections/{row.public_id}/"
        assert (row.started_on, row.due_on) == (date(2018, 6, 1), date(2018, 8, 31))
        assert row.officer == row.recorded_by == office.officer
        page = text(office.client.get(response["Location"]))
        for word in ("委託先への指導", "文書で指導した", "健康診断", "再委託1", "2018年8月31日"):
            assert word in page
        assert Access.objects.filter(kind=Kind.READ, object=f"{office.contract.code} 是正").exists()

    def test_the_same_for_many_also_of_provisions(self, office):
        disclosure = make.disclosure(agency=office.agency)
        found = [
            office.finding,
            finding_of(office.breaching()),
            disclosure.findings.get(rule="provision-terms"),
        ]
        data = office.sent(*map(code_of, found), files=[SimpleUploadedFile("指導.pdf", PDF)])
        response = office.post(data)
        assert response["Location"] == "/corrections/"
        rows = CorrectiveAction.objects.order_by("pk")
        assert [(r.contract_id, r.disclosure_id, r.rule) for r in rows] == [
            (f.contract_id, f.disclosure_id, f.rule) for f in found
        ]
        assert CorrectionEvidence.objects.count() == 3

    def test_what_has_been_done_already_is_recorded_whole(self, office):
        assert office.post(
            office.sent(closed_on="2018-08-01", outcome="報告書を受領")
        ).status_code == 302  # fmt: skip
        assert Finding.objects.get(rule=BREACH).settled_on == date(2018, 8, 1)

    def test_sent_twice_counts_once(self, office):
        data = office.sent(files=[SimpleUploadedFile("指導.pdf", PDF)])
        assert office.post(data).status_code == 302
        again = data | {"files": [SimpleUploadedFile("指導.pdf", PDF)]}
        assert "既に記録されています" in text(office.client.post(NEW, again, follow=True))
        assert (CorrectiveAction.objects.count(), CorrectionEvidence.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"measure": ""}, "措置の種類を選んでください"),
            ({"measure": "reward"}, "「reward」は選択肢にありません"),
            ({"measure": "other", "description": ""}, "措置の内容を入力してください"),
            ({"started_on": ""}, "着手日"),
            ({"started_on": "平成30年2月30日"}, "平成30年2月30日"),
            ({"started_on": "2999-01-01"}, "着手日「2999-01-01」は今日より後"),
            ({"due_on": "2018-05-31"}, "期限「2018-05-31」が着手日「2018-06-01」より前"),
            ({"closed_on": "2018-05-31", "outcome": "済"}, "完了日「2018-05-31」が着手日"),
            ({"closed_on": "2999-01-01", "outcome": "済"}, "完了日「2999-01-01」は今日より後"),
            ({"closed_on": "2018-08-01"}, "完了の内容を入力してください"),
            ({"outcome": "報告書を受領"}, "完了日を入力してください"),
            ({"officer": "nobody"}, "担当者「nobody」は選べません"),
            ({"description": "長" * 1001}, "1,000字まで"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(self, office, typed, said):
        data = office.sent(**{"document_number": "総管第1号"} | typed)
        before = snapshot()
        response = office.post(data)
        page = text(response)
        assert (response.status_code, snapshot()) == (400, before)
        assert said in page
        assert 'value="総管第1号"' in page
        assert "<title>エラー：" in page

    @pytest.mark.parametrize(("days", "status"), [(-1, 302), (0, 302), (1, 400)])
    def test_it_is_begun_by_today(self, office, days, status):
        day = timezone.localdate() + timedelta(days=days)
        data = office.sent(started_on=day.isoformat(), due_on="")
        assert office.post(data).status_code == status

    def test_another_agencys_findings_are_refused_like_what_there_is_not(self, office):
        theirs = make.contract()
        make.link(contract=theirs)
        missing = f"{office.contract.code}~{BREACH}~link:7~2017-04-01"
        before = snapshot()
        said = set()
        for code in (code_of(finding_of(theirs)), missing):
            data = office.sent()
            data["findings"] = [office.code, code]
            response = office.post(data)
            assert response.status_code == 400
            said.add(text(response).replace(code, "#").replace(data["once"], ""))
            alone = office.post(data | {"findings": [code]})
            assert alone.status_code == 400
            said.add(text(alone).replace(code, "#"))
            opened = text(office.client.get(NEW, {"findings": code}))
            said.add(opened.replace(code, "#"))
        assert (len(said), snapshot()) == (2, before)  # one with a finding left, one without

    def test_another_sections_finding_cannot_be_chosen(self, office):
        section = make.section(agency=office.agency)
        client = client_of(make.user(role=Role.OFFICER, agency=office.agency, section=section))
        assert "見つかりません" in text(client.get(NEW, {"findings": office.code}))
        assert "是正を記録する" not in text(client.get(f"/contracts/{office.contract.code}/"))

    def test_an_officer_of_another_agency_is_not_in_charge(self, office):
        stranger = make.officer(make.agency())
        response = office.post(office.sent(officer=stranger.username))
        assert f"担当者「{stranger.username}」は選べません" in text(response)

    def test_too_many_are_refused_before_anything_is_typed(self, office, monkeypatch):
        monkeypatch.setattr("guideline.correction_targets.MOST", 1)
        codes = [office.code, code_of(finding_of(office.breaching()))]
        response = office.client.get(NEW, {"findings": codes})
        assert response.status_code == 400
        assert "2件あります。一度に記録できるのは1件まで" in text(response)
        assert MOST == 100

    def test_without_findings_the_page_says_where_they_are(self, office):
        assert reverse("findings") in text(office.client.get(NEW))

    def test_forty_ask_no_more_than_two(self, office):
        def asked(number):
            codes = [code_of(finding_of(office.breaching())) for _ in range(number)]
            data = office.sent(*codes, description=f"{number}件")
            with CaptureQueriesContext(connection) as queries:
                assert office.post(data).status_code == 302
            return len(queries)

        asked(1)  # what is read once a process
        assert asked(2) == asked(40)


class TestTold:
    """What saving would come to, while it is typed."""

    def told(self, office, **typed) -> str:
        data = office.sent(**typed) | {"check": "1", "fragment": "1"}
        before = snapshot()
        response = office.post(data)
        assert (response.status_code, snapshot()) == (200, before)
        return text(response)

    def test_the_state_that_would_be(self, office):
        ahead = timezone.localdate() + timedelta(days=30)
        assert "是正中 <strong>1件" in self.told(office, due_on=ahead.isoformat())
        assert "期限超過 <strong>1件" in self.told(office)
        done = self.told(office, closed_on="2018-08-01", outcome="済")
        assert "是正済み <strong>1件" in done

    def test_what_another_measure_still_leaves_open(self, office):
        office.action()
        assert "是正中 <strong>1件" in self.told(office, closed_on="2018-08-01", outcome="済")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"due_on": ""}, "期限がありません"),
            ({"due_on": "2018-08-31"}, "既に過ぎています"),
            ({"started_on": "2017-03-31"}, "着手日「2017-03-31」より後に始まる所見が1件"),
            ({"measure": "inspected"}, "「検査の実施」では解消しないと思われる所見が1件"),
            ({"closed_on": "2018-09-01", "outcome": "済"}, "完了日「2018-09-01」は期限"),
        ],
    )
    def test_what_looks_odd_is_no_refusal(self, office, typed, said):
        assert said in self.told(office, **typed)
        assert office.post(office.sent(**typed)).status_code == 302

    def test_a_finding_that_goes_on_after_all_is_done(self, office):
        contract = office.breaching(first_day=date(2018, 4, 1), last_day=date(2099, 3, 31))
        data = office.sent(code_of(finding_of(contract)), closed_on="2018-08-01", outcome="済")
        told = text(office.post(data | {"check": "1", "fragment": "1"}))
        assert "該当したままの所見が1件" in told

    def test_what_cannot_be_read_is_said(self, office):
        assert "13月1日" in self.told(office, started_on="13月1日")

    def test_without_scripts_the_whole_page_comes_back(self, office):
        data = office.sent() | {"check": "1"}
        page = text(office.post(data))
        assert "期限超過 <strong>1件" in page
        assert "文書で指導した" in page


class TestAfterwards:
    def test_it_is_closed(self, office):
        row = office.action()
        assert (
            office.change(row, "close", closed_on="2018-09-14", outcome="受領").status_code == 302
        )
        row.refresh_from_db()
        assert (row.closed_on, row.outcome) == (date(2018, 9, 14), "受領")
        assert "是正済み" in text(office.client.get(f"/corrections/{row.public_id}/"))

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"closed_on": "2018-05-31", "outcome": "済"}, "着手日「2018-06-01」より前"),
            ({"closed_on": "2999-01-01", "outcome": "済"}, "今日より後"),
            ({"closed_on": "2018-09-14", "outcome": ""}, "完了の内容を入力してください"),
        ],
    )
    def test_but_not_before_it_began_nor_ahead_nor_without_a_word(self, office, typed, said):
        row = office.action()
        response = office.change(row, "close", **typed)
        assert response.status_code == 400
        assert said in text(response)

    def test_it_is_told_what_closing_comes_to(self, office):
        row = office.action()
        told = office.change(
            row, "close", closed_on="2018-09-14", outcome="済", check="1", fragment="1"
        )
        assert "是正済み <strong>1件" in text(told)
        row.refresh_from_db()
        assert row.closed_on is None

    def test_it_is_opened_again_for_a_reason(self, office):
        row = office.action(closed_on=date(2018, 9, 14), outcome="受領")
        assert office.change(row, "reopen", why="").status_code == 400
        assert office.change(row, "reopen", why="続いていた").status_code == 302
        row.refresh_from_db()
        assert row.closed_on is None

    def test_it_is_corrected(self, office):
        row = office.action()
        other = make.officer(office.agency)
        response = office.change(
            row, "correct", measure="prevention", description="手順書", started_on="2018-06-02",
            due_on="2018-12-28", officer=other.username, document_number="総管第2号",
        )  # fmt: skip
        assert response.status_code == 302
        row.refresh_from_db()
        assert (row.measure, row.officer, row.due_on) == ("prevention", other, date(2018, 12, 28))
        assert Finding.objects.get(rule=BREACH).acted_on == date(2018, 6, 2)

    def test_who_saves_second_sees_both(self, office):
        row = office.action()
        address = f"/corrections/{row.public_id}/close/"
        seen = VERSION.search(office.client.get(address).content.decode())[1]
        office.change(row, "close", closed_on="2018-09-14", outcome="先に受領")
        response = office.client.post(
            address, {"version": seen, "closed_on": "2018-09-20", "outcome": "後で受領"}
        )
        assert response.status_code in (400, 409)
        assert "後で受領" in text(response)
        row.refresh_from_db()
        assert row.outcome == "先に受領"

    def test_it_is_taken_back(self, office):
        row = office.action()
        response = office.change(row, "void", void_reason="取り違え")
        assert response["Location"] == f"/contracts/{office.contract.code}/#findings"
        assert office.client.get(f"/corrections/{row.public_id}/").status_code == 404
        assert Finding.objects.get(rule=BREACH).acted_on == date.max

    def test_files_come_and_go(self, office):
        row = office.action()
        address = f"/corrections/{row.public_id}/evidence/"
        once = ONCE.search(office.client.get(address).content.decode())[1]
        sent = {"once": once, "files": [SimpleUploadedFile("報告.pdf", PDF)]}
        assert office.client.post(address, sent).status_code == 302
        kept = row.evidence.get()
        page = text(office.client.get(f"/corrections/{row.public_id}/"))
        assert "報告.pdf" in page
        taken = office.client.get(f"{address}{kept.public_id}/")
        assert (taken.content, taken["X-Content-Type-Options"]) == (PDF, "nosniff")
        assert "attachment" in taken["Content-Disposition"]
        assert office.change(row, f"evidence/{kept.public_id}/void", void_reason="別の").status_code
        assert office.client.get(f"{address}{kept.public_id}/").status_code == 404

    def test_what_it_was_about_may_vanish(self, office):
        row = office.action()
        make.approval(link=office.contract.subcontracts.get())
        gone = "該当する所見はなくなっています"
        assert gone in text(office.client.get(f"/corrections/{row.public_id}/"))
        assert gone in text(office.client.get(f"/contracts/{office.contract.code}/"))
        assert gone in text(office.client.get("/corrections/"))


class TestIsolation:
    ALL = ("", "correct/", "close/", "reopen/", "void/", "evidence/", f"evidence/{UUID(int=1)}/")

    def test_another_agencys_is_a_404_like_what_there_is_not(self, office):
        theirs = make.contract()
        row = make.corrective_action(finding=theirs.findings.first())
        for part in self.ALL:
            mine = office.client.get(f"/corrections/{row.public_id}/{part}")
            none = office.client.get(f"/corrections/{UUID(int=2)}/{part}")
            assert (mine.status_code, none.status_code) == (404, 404), part

    def test_another_sections_is_read_and_not_written(self, office):
        row = office.action()
        section = make.section(agency=office.agency)
        client = client_of(make.user(role=Role.OFFICER, agency=office.agency, section=section))
        statuses = {
            part: client.get(f"/corrections/{row.public_id}/{part}").status_code
            for part in self.ALL[:-1]
        }
        assert statuses == {part: 403 if part else 200 for part in self.ALL[:-1]}

    def test_of_a_provision_of_a_section(self, office):
        section = make.section(agency=office.agency)
        disclosure = make.disclosure(agency=office.agency, section=section)
        row = make.corrective_action(finding=disclosure.findings.first())
        client = client_of(make.user(role=Role.OFFICER, agency=office.agency, section=section))
        assert client.get(f"/corrections/{row.public_id}/close/").status_code == 200
        assert "是正を記録する" in text(client.get(f"/disclosures/{disclosure.code}/"))


def test_a_contracts_page_shows_state_and_measures_and_leads_on(office):
    page = f"/contracts/{office.contract.code}/?as_of=2018-09-01"
    before = text(office.client.get(page))
    assert f"/corrections/new/?findings={office.code.replace(':', '%3A')}" in before
    assert "未着手" in before
    row = office.action(due_on=date(2018, 8, 31))
    after = text(office.client.get(page))
    assert f"/corrections/{row.public_id}/" in after
    assert "期限超過" in after
    reader = client_of(make.user(role=Role.AUDITOR, agency=office.agency))
    read = text(reader.get(page))
    assert "期限超過" in read
    assert "是正を記録する" not in read


class TestWork:
    """期限: what is to be put right by a day."""

    def due(self, office, query: str, *, on: date) -> list[tuple[str, str]]:
        response = office.client.get(f"{reverse('work')}?as_of={on}&{query}")
        rows = response.context["rows"]
        return [(str(row.day), row.target) for row in rows if row.kind == "correction"]

    @pytest.mark.parametrize(
        ("on", "query", "listed"),
        [
            (date(2018, 8, 31) - timedelta(days=31), "", False),
            (date(2018, 8, 31) - timedelta(days=30), "", True),
            (date(2018, 8, 30), "", True),
            (date(2018, 8, 31), "", True),
            (date(2018, 9, 1), "", False),
            (date(2018, 8, 31), "when=past", False),
            (date(2018, 9, 1), "when=past", True),
            (date(2018, 9, 1), "when=past&kind=correction", True),
            (date(2018, 9, 1), "when=past&kind=plan", False),
        ],
    )
    def test_falls_due_on_its_day_and_is_past_from_the_next(self, office, on, query, listed):
        office.action(due_on=date(2018, 8, 31))
        due = ("2018-08-31", f"{office.contract.code}:link:1")
        assert self.due(office, query, on=on) == [due] * listed

    def test_what_is_past_is_told_where_the_coming_is_listed(self, office):
        office.action(due_on=date(2018, 8, 31))
        told = "期限を過ぎた是正が1件"
        assert told in text(office.client.get(f"{reverse('work')}?as_of=2018-09-01"))
        assert told not in text(office.client.get(f"{reverse('work')}?as_of=2018-08-31"))

    def test_what_is_done_or_has_no_day_is_not_listed(self, office):
        office.action()
        office.action(
            due_on=date(2018, 8, 31), closed_on=date(2018, 8, 1), outcome="済", measure="other",
            description="研修",
        )  # fmt: skip
        assert self.due(office, "when=past", on=date(2018, 9, 1)) == []

    def test_it_passes_on_with_its_contract(self, office):
        contracts.put_in_charge(office.contract, by=office.officer, officer=office.officer)
        row = office.action(due_on=date(2018, 8, 31))
        assert row.officer == office.officer
