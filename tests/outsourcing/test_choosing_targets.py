"""Which contracts and links are inspected is chosen first, from a list that is searched."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Role
from tests import factories as make
from tests.outsourcing.test_inspection_pages import NEW, Office
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db

D = date


@pytest.fixture
def office():
    return Office()


class TestChoosing:
    def test_lists_contracts_and_links_to_tick_and_keeps_what_is_ticked(self, office):
        asked = {"as_of": "2017-11-01", "choose": "1"}
        page = text(office.client.get(NEW, asked))
        assert all(f'value="{code}"' in page for code in office.codes)
        asked |= {"q": "データ", "targets": office.code}
        found = text(office.client.get(NEW, asked))
        assert f'value="{office.code}" checked' in found
        assert "選んである対象" in found
        assert f'value="{office.code}:link:1"' not in found

    def test_leads_to_the_form_once_something_is_ticked(self, office):
        page = text(office.client.get(NEW, {"q": "", "targets": office.codes}))
        assert "対象と結果（3件）" in page
        assert f'name="{office.code}:link:1-result"' in page

    def test_nothing_ticked_is_said(self, office):
        response = office.client.get(NEW, {"q": ""})
        assert response.status_code == 400
        assert "検査の対象を一つ以上選んでください" in text(response)

    @pytest.mark.parametrize(
        ("as_of", "shown"), [("2018-06-28", True), ("2018-06-29", True), ("2018-06-30", False)]
    )
    def test_contracts_over_for_90_days_are_shown_when_asked_for(self, office, as_of, shown):
        old = make.contract(agency=office.agency, last_day=D(2018, 3, 31))
        asked = {"as_of": as_of, "choose": "1"}
        assert (old.code in text(office.client.get(NEW, asked))) is shown
        assert old.code in text(office.client.get(NEW, asked | {"over": "on"}))

    def test_too_many_are_refused(self, office, monkeypatch):
        monkeypatch.setattr("outsourcing.targets.MOST", 2)
        response = office.client.get(NEW, {"targets": office.codes})
        assert response.status_code == 400
        assert "3件あります" in text(response)

    def test_another_agencys_are_refused_like_what_there_is_not(self, office):
        theirs = make.contract().code
        said = []
        for code in (theirs, "A99-2017-00001", f"{office.code}:link:9", "無", f"{office.code}:x"):
            response = office.client.get(NEW, {"targets": [code]})
            assert response.status_code == 400
            page = text(response)
            assert f"検査の対象「{code}」は選べません" in page
            said.append(page.replace(code, "#"))
        assert len(set(said)) == 1

    def test_another_sections_are_refused_too(self, office):
        section = make.section(agency=office.agency)
        narrow = make.user(role=Role.OFFICER, agency=office.agency, section=section)
        mine = make.contract(agency=office.agency, section=section)
        client = client_of(narrow)
        assert client.get(NEW, {"targets": office.code}).status_code == 400
        assert client.get(NEW, {"targets": mine.code}).status_code == 200
