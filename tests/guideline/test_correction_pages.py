"""Recording what is done about findings in a browser: for one or for many, told while it is typed.
What another agency has is not found."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from guideline.correction_targets import MOST
from guideline.models import CorrectionEvidence, CorrectiveAction, Finding
from tests import factories as make
from tests.guideline.correction_office import BREACH, NEW, PDF, Office, code_of, finding_of
from tests.pages import client_of, text
from tests.snapshots import snapshot
from trail.models import Access, Kind

pytestmark = pytest.mark.django_db


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
