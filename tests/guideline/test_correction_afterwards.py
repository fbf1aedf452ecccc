"""What comes after a measure was recorded: closed, corrected, taken back, shown by files; where it
stands, and what falls due of it. What another agency has is not found."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from guideline.models import Finding
from outsourcing.actions import contracts
from tests import factories as make
from tests.guideline.correction_office import BREACH, ONCE, PDF, VERSION, Office
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Office()


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
