"""The pages of the law: the guideline by edition, and findings by day, period and deadline."""

from __future__ import annotations

from datetime import date, timedelta
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
    return [row.record for row in response.context["table"].page.object_list]


def keys(findings) -> set[tuple]:
    return {(f.contract_id, f.rule, f.subject, f.since) for f in findings}


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


class TestTheListOfFindings:
    """Against the days each finding says itself: a plain count of Python."""

    @pytest.fixture
    def findings(self):
        contract = make.contract()
        make.approval(link=make.link(contract=contract), decided_on=date(2017, 10, 1))
        make.contract(first_day=date(2018, 4, 1), last_day=date(2019, 3, 31))
        return list(Finding.objects.all())

    @pytest.mark.parametrize(
        "day", [date(2017, 4, 1), date(2017, 9, 30), date(2017, 10, 1), date(2018, 10, 22)]
    )
    def test_of_a_day(self, office, findings, day):
        expected = [f for f in findings if f.since <= day and (not f.until or day < f.until)]
        assert keys(listed(office, as_of=day.isoformat())) == keys(expected)

    def test_of_a_period(self, office, findings):
        first, last = date(2017, 9, 30), date(2017, 10, 5)
        expected = [f for f in findings if f.since <= last and (not f.until or first < f.until)]
        found = listed(office, since=first.isoformat(), until=last.isoformat())
        assert keys(found) == keys(expected)

    @pytest.mark.parametrize("due", [30, 90, 180])
    def test_about_to_fall_due(self, office, findings, due):
        on = date(2018, 3, 1)
        ahead = on + timedelta(days=due)
        expected = [f for f in findings if on < f.since <= ahead]
        assert keys(listed(office, as_of=on.isoformat(), due=due)) == keys(expected)
        assert expected

    def test_that_exist_only_because_an_edition_changed(self, office, findings):
        found = listed(office, as_of="2018-10-22", owed="yes")
        assert {f.rule for f in found} == {"written-confirmation", "anonymization-undecided"}
        assert {f.subject for f in found} == {"item:work_structure", "contract"}
        assert listed(office, as_of="2018-10-21", owed="yes") == []

    @pytest.mark.parametrize(
        ("conditions", "said"),
        [
            ({"since": "2017-04-01"}, "両方"),
            ({"since": "2018-04-01", "until": "2017-04-01"}, "前です"),
            ({"since": "2017-04-01", "until": "2017-05-01", "due": "30"}, "どちらか一方"),
            ({"as_of": "平成30年13月1日"}, "平成30年13月1日"),
            ({"rule": "no-such-rule"}, "no-such-rule"),
        ],
    )
    def test_what_cannot_be_understood_shows_nothing_and_says_why(
        self, office, findings, conditions, said
    ):
        response = office.get(LIST, {"as_of": "2017-06-01"} | conditions)
        page = text(response)
        assert said in page
        assert "エラー：" in page
        assert not response.context["table"].page.object_list

    def test_is_in_one_order_without_gap_or_doubling_over_pages(self, office):
        for _ in range(12):
            make.contract()
        pages = [office.get(LIST, {"as_of": "2017-06-01", "page": n}) for n in (1, 2, 3)]
        seen = [row.record.pk for p in pages for row in p.context["table"].page.object_list]
        standing = Finding.objects.filter(since__lte="2017-06-01", ends__gt="2017-06-01")
        assert len(seen) == len(set(seen)) == standing.count()


class TestChanges:
    def test_between_two_days(self, office):
        contract = make.contract()
        make.approval(link=make.link(contract=contract), decided_on=date(2017, 10, 1))
        findings = list(Finding.objects.all())
        first, last = date(2017, 9, 30), date(2018, 4, 30)

        def true_on(finding, day):
            return finding.since <= day and (not finding.until or day < finding.until)

        come = [f for f in findings if true_on(f, last) and not true_on(f, first)]
        gone = [f for f in findings if true_on(f, first) and not true_on(f, last)]
        for show, expected in (("come", come), ("gone", gone)):
            response = office.get(
                reverse("finding-changes"), {"first": first, "last": last, "show": show}
            )
            assert expected
            rows = response.context["table"].page.object_list
            assert keys(row.record for row in rows) == keys(expected)
            assert response.context[show] == len(expected)

    def test_days_out_of_order_are_refused(self, office):
        address = reverse("finding-changes")
        page = text(office.get(address, {"first": "2018-01-01", "last": "2017-01-01"}))
        assert "前です" in page


class TestIsolation:
    def test_an_officer_sees_and_counts_the_findings_of_the_own_agency_alone(self):
        own, other = make.contract(), make.contract(title="よその契約")
        make.disclosure(agency=other.agency, recipient="よその提供先")
        client = client_of(make.user(role=Role.OFFICER, agency=own.agency))
        for address in [*pages_of_law(), reverse("disclosures")]:
            page = text(client.get(address))
            assert "よその" not in page
            assert other.code not in page
        assert {f.contract_id for f in listed(client, as_of="2017-06-01")} == {own.pk}
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
