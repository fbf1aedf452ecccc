"""The pages of the law: the guideline by edition, and findings by day, period and deadline."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from guideline import actions
from guideline.models import Finding
from guideline.rules import RULES
from outsourcing.actions import disclosures
from tests import factories as make
from tests.pages import client_of, pages_of_law, text

pytestmark = pytest.mark.django_db
LIST = reverse("findings")


@pytest.fixture
def office():
    return client_of(make.user(role=Role.SURVEY_OFFICE))


def listed(client, **conditions) -> list[Finding]:
    response = client.get(LIST, conditions)
    assert response.status_code == 200
    keys = [row["pk"] for row in response.context["listing"].rows]
    return list(Finding.objects.filter(pk__in=keys))


class TestTheGuideline:
    def test_opens_at_the_edition_of_the_day(self, office):
        for day, edition in (("2018-10-21", "2004-09-14"), ("2018-10-22", "2018-10-22")):
            response = office.get(reverse("guideline"), {"as_of": day})
            assert response.url == reverse("guideline-edition", args=[edition])

    def test_shows_the_whole_text_with_an_address_for_each_provision(self, office):
        page = text(office.get(reverse("guideline-edition", args=["2018-10-22"])))
        assert 'id="8-4(2)注"' in page
        assert "少なくとも年1回以上、原則として実地検査により確認する。" in page
        assert "編者注：原文のまま。「持ち込んではいない」" in page

    def test_a_provision_shows_its_rules_and_how_many_findings_stand(self, office):
        contract = make.contract()
        make.link(contract=contract)
        address = reverse("guideline-provision", args=["2018-10-22", "8-4(2)"])
        page = text(office.get(address, {"as_of": "2018-03-31"}))
        assert "承認を受けない、又は禁止された再委託" in page
        assert 'aria-label="承認を受けない、又は禁止された再委託：1件"' in page

    @pytest.mark.parametrize("address", ["/guideline/2017-01-01/", "/guideline/2018-10-22/8-9/",
                                         "/guideline/2004-09-14/8-8/"])  # fmt: skip
    def test_what_is_not_there_is_not_found(self, office, address):
        assert office.get(address).status_code == 404

    def test_side_by_side_the_differences_are_marked(self, office):
        page = text(office.get(reverse("guideline-compare")))
        assert "<ins>及び実施体制</ins>" in page
        assert "5の条項に違いがあります" in page
        turned = text(office.get(reverse("guideline-compare"), {"old": "2018-10-22",
                                                                 "new": "2004-09-14"}))  # fmt: skip
        assert "<del>及び実施体制</del>" in turned

    def test_an_edition_that_is_not_held_is_refused(self, office):
        page = text(office.get(reverse("guideline-compare"), {"old": "1999-01-01", "new": "x"}))
        assert "1999-01-01" in page
        assert "エラー：" in page

    def test_the_command_prints_the_table_that_the_page_shows(self, office):
        out = StringIO()
        call_command("rules", stdout=out)
        lines = out.getvalue().splitlines()
        assert len(lines) == 1 + len(RULES)
        page = text(office.get(reverse("guideline-rules")))
        for line in lines[1:]:
            code, _, first, _, _, title = line.split("\t")
            assert code in page
            assert title in page
            assert first in page


class TestIsolation:
    def test_an_officer_sees_and_counts_the_findings_of_the_own_agency_alone(self):
        own, other = make.contract(), make.contract(title="よその契約")
        make.disclosure(agency=other.agency, recipient="よその提供先")
        client = client_of(make.user(role=Role.OFFICER, agency=own.agency))
        for address in [*pages_of_law(), reverse("disclosures")]:
            page = text(client.get(address))
            assert "よその" not in page
            assert other.code not in page
        listed_here = listed(client, as_of="2017-06-01", when="standing")
        assert {f.contract_id for f in listed_here} == {own.pk}
        counts = client.get(reverse("guideline-rules"), {"as_of": "2017-06-01"}).context["entries"]
        standing = Finding.objects.filter(agency=own.agency).on(date(2017, 6, 1))
        assert sum(number for _, number in counts) == standing.count()

    def test_another_agency_s_provision_of_information_is_not_found(self):
        row = make.disclosure()
        client = client_of(make.user(role=Role.OFFICER, agency=make.agency()))
        theirs = client.get(reverse("disclosure", args=[row.code]))
        none = client.get(reverse("disclosure", args=[f"{row.code[:-1]}9"]))
        assert theirs.status_code == none.status_code == 404
        assert text(theirs) == text(none)


class TestTheRegisterOfProvisionsOfInformation:
    def test_a_page_shows_what_was_asked_and_what_fails(self, office):
        row = make.disclosure(terms_agreed_on=date(2017, 4, 1))
        page = text(office.get(reverse("disclosure", args=[row.code]), {"as_of": "2017-06-01"}))
        assert "提供先に安全確保の措置を要求していない" in page
        assert "提供について書面の取り交わしがない" not in page
        disclosures.correct(row, by=make.recorder(), safety_requested_on=date(2017, 4, 1))
        page = text(office.get(reverse("disclosure", args=[row.code])))
        assert "提供先に安全確保の措置を要求していない" not in page

    def test_is_searched_in_either_width(self, office):
        make.disclosure(recipient="ＡＢＣ研究所")
        for query in ("ABC", "ＡＢＣ", "abc"):
            response = office.get(reverse("disclosures"), {"q": query})
            assert response.context["table"].paginator.count == 1


def test_a_contract_s_page_shows_its_reasons_and_what_they_excuse(office):
    contract = make.contract()
    row = actions.ask(
        by=make.recorder(), contract=contract, rule="yearly-inspection", subject="contract",
        first_day=date(2018, 3, 31), last_day=date(2018, 3, 31), reason="災害のため",
        asked_on=date(2018, 3, 1),
    )  # fmt: skip
    address = reverse("contract", args=[contract.code])
    assert "未承認のため数えません" in text(office.get(address))
    actions.approve(row, by=make.user(role=Role.MANAGER, agency=contract.agency),
                    on=date(2018, 3, 5))  # fmt: skip
    page = text(office.get(address, {"as_of": "2018-03-31"}))
    assert "理由書あり" in page
    assert "災害のため" in page
