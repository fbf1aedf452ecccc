"""The lists of one's work: what falls due and when, whose it is, and where it is cleared."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Role
from outsourcing.actions import contracts, records, renewals, subcontracts
from outsourcing.actions.base import insert
from outsourcing.models import (
    ContractorReport,
    InspectionTarget,
    Notification,
    PlannedInspection,
)
from tests import factories as make
from tests.pages import client_of

pytestmark = pytest.mark.django_db

ON = date(2017, 10, 1)


@pytest.fixture
def agency():
    return make.agency(code="A01")


@pytest.fixture
def officer(agency):
    return make.officer(agency)


@pytest.fixture
def client(officer):
    return client_of(officer)


def due(client, query: str = "", *, on: date = ON) -> list[tuple[str, str, str]]:
    """(day, kind, target) of what the list of what falls due has."""
    response = client.get(f"{reverse('work')}?as_of={on}&{query}")
    assert response.status_code == 200
    return [(str(row.day), row.kind, row.target) for row in response.context["rows"]]


def lacking(client, query: str = "", *, on: date = ON) -> list[str]:
    response = client.get(f"{reverse('work-approvals')}?as_of={on}&{query}")
    assert response.status_code == 200
    rows = [row.record for row in response.context["table"].rows]
    return [f"{row.contract.code}:link:{row.number}" for row in rows]


def report(contract, **fields):
    fields.setdefault("kind", "periodic")
    return records.record(ContractorReport(contract=contract, **fields), by=make.recorder())


def plan(contract, planned_on: date, **fields):
    row = PlannedInspection(
        agency=contract.agency, contract=contract, planned_on=planned_on, **fields
    )
    return insert(row, by=make.recorder())


def points(contract, due_on: date, **fields):
    """Raised at a visit in June."""
    visit = make.inspection(contract=contract, day=date(2017, 6, 1))
    InspectionTarget.objects.filter(inspection=visit).update(
        result="points", points="施錠の不備", due_on=due_on, **fields
    )


class TestWhatFallsDue:
    @pytest.mark.parametrize(
        ("day", "query", "found"),
        [
            # The day before the page's day, the day, the last of thirty, and the day after it.
            (ON - timedelta(days=1), "", False),
            (ON, "", True),
            (ON + timedelta(days=30), "", True),
            (ON + timedelta(days=31), "", False),
            (ON + timedelta(days=31), "when=90", True),
            (ON + timedelta(days=90), "when=90", True),
            (ON + timedelta(days=91), "when=90", False),
            (ON + timedelta(days=180), "when=180", True),
            (ON + timedelta(days=181), "when=180", False),
            (ON - timedelta(days=1), "when=past", True),
            (ON, "when=past", False),
        ],
    )
    def test_reports_plans_and_points_by_their_day(self, agency, client, day, query, found):
        contract = make.contract(agency=agency, last_day=date(2019, 3, 30))
        code = contract.code
        report(contract, due_on=day)
        plan(contract, day)
        points(contract, day)
        expected = [(str(day), kind, code) for kind in ("plan", "points", "report")]
        kinds = ("kind=plan", "kind=points", "kind=report")
        rows = [row for kind in kinds for row in due(client, f"{query}&{kind}")]
        assert rows == (expected if found else [])

    def test_what_is_done_is_gone(self, agency, client):
        contract = make.contract(agency=agency)
        day = ON + timedelta(days=1)
        report(contract, due_on=day, received_on=ON)
        points(contract, day, cleared_on=ON)
        plan(contract, day, inspection=make.inspection(contract=contract))
        for kind in ("plan", "points", "report"):
            assert due(client, f"kind={kind}") == []

    def test_what_hangs_on_a_voided_link_is_gone(self, agency, client):
        contract = make.contract(agency=agency)
        link = make.link(contract=contract)
        plan(contract, ON, subcontract=link)
        assert due(client, "kind=plan") == [(str(ON), "plan", f"{contract.code}:link:1")]
        subcontracts.void_link(link, by=make.recorder(), on=ON, reason="誤り")
        assert due(client, "kind=plan") == []

    @pytest.mark.parametrize(
        ("on", "query", "found"),
        [
            # A year's inspection is due on the last day of its window.
            (date(2018, 2, 28), "kind=finding", False),
            (date(2018, 3, 1), "kind=finding", True),
            (date(2018, 3, 30), "kind=finding", True),
            (date(2018, 3, 31), "kind=finding", False),
            (date(2018, 3, 31), "kind=finding&when=past", True),
        ],
    )
    def test_a_finding_that_will_begin_is_a_deadline(self, agency, client, on, query, found):
        contract = make.contract(agency=agency)
        rule = contract.findings.get(rule="yearly-inspection", since=date(2018, 3, 31))
        response = client.get(f"{reverse('work')}?as_of={on}&{query}")
        rows = [row for row in response.context["rows"] if row.by == "inspection"]
        assert [(row.day, row.target) for row in rows] == (
            [(rule.since, contract.code)] if found else []
        )

    def test_an_excused_finding_is_not_to_be_done(self, agency, client):
        contract = make.contract(agency=agency)
        contract.findings.all().update(excused=True)
        assert due(client, "kind=finding&when=past") == []

    def test_a_mark_that_nothing_clears_is_not_to_be_done(self, agency, client):
        contract = make.contract(
            agency=agency, work="staff_health_check", last_day=date(2019, 3, 31)
        )
        assert contract.findings.filter(rule="medical-attention").exists()
        on = date(2018, 11, 1)
        response = client.get(f"{reverse('work')}?as_of={on}&when=past&kind=finding")
        assert "特に留意" not in {row.what for row in response.context["rows"]}
        assert all(row.how for row in response.context["rows"])

    @pytest.mark.parametrize("day", [date(2017, 10, 15), date(2018, 3, 31)])
    def test_a_contract_that_ends_unless_something_goes_on_from_it(self, agency, client, day):
        on = day - timedelta(days=10)
        contract = make.contract(agency=agency, last_day=day)
        assert due(client, "kind=end", on=on) == [(str(day), "end", contract.code)]
        assert due(client, "kind=end", on=day + timedelta(days=1)) == []
        renewals.renew_many({contract: ""}, by=make.recorder())
        assert due(client, "kind=end", on=on) == []

    def test_ends_of_a_fiscal_year_are_counted_apart(self, agency, client):
        make.contract(agency=agency)
        early = make.contract(agency=agency, last_day=date(2018, 3, 30))
        on = date(2018, 3, 20)
        ends = [target for _, kind, target in due(client, on=on) if kind == "end"]
        assert ends == [early.code]
        page = client.get(f"{reverse('work')}?as_of={on}").content.decode()
        assert f'href="{reverse("renewals")}?year=2017"' in page
        assert re.search("更新していない契約が1件あります", page)

    def test_a_terminated_contract_is_not_to_be_renewed(self, agency, client):
        contract = make.contract(agency=agency)
        day = date(2017, 10, 10)
        contracts.terminate(contract, by=make.recorder(), on=day, reason="不履行")
        assert due(client, "kind=end") == []

    def test_by_day_whatever_it_is(self, agency, client):
        contract = make.contract(agency=agency, last_day=date(2017, 10, 5))
        report(contract, due_on=date(2017, 10, 3))
        plan(contract, date(2017, 10, 4))
        days = [day for day, _, _ in due(client)]
        assert days == sorted(days)
        assert {"2017-10-03", "2017-10-04", "2017-10-05"} <= set(days)

    def test_who_breaks_a_contract_now_is_told_first(self, agency, client):
        make.link(contract=make.contract(agency=agency))
        page = client.get(f"{reverse('work')}?as_of={ON}").content.decode()
        assert "今、契約に反する再委託が1件あります" in page


class TestWhose:
    @pytest.fixture
    def everywhere(self, agency):
        """Something of each kind in an own section, in another, in none, and in another agency."""
        mine, other = make.section(agency=agency, code="001"), make.section(agency=agency)
        elsewhere = make.agency(code="A02")
        rows = [
            make.contract(agency=agency, section=mine, last_day=date(2017, 10, 20)),
            make.contract(agency=agency, section=other, last_day=date(2017, 10, 20)),
            make.contract(agency=agency, last_day=date(2017, 10, 20)),
            make.contract(agency=elsewhere, last_day=date(2017, 10, 20)),
        ]
        for contract in rows:
            make.link(contract=contract)
            report(contract, due_on=ON)
            plan(contract, ON)
            points(contract, ON)
            drafted = make.contract(agency=contract.agency, section=contract.section)
            renewals.renew_many({drafted: ""}, by=make.recorder())
        return rows, mine

    def test_a_section_s_officer_works_on_what_is_the_section_s(self, agency, everywhere):
        rows, section = everywhere
        client = client_of(make.user(role=Role.OFFICER, agency=agency, section=section))
        own, strange = rows[0].code, {row.code for row in rows[1:]}
        for query in ("", "when=past", "when=180"):
            targets = {target.partition(":")[0] for _, _, target in due(client, query)}
            assert own in targets
            assert not targets & strange
        assert lacking(client) == [f"{own}:link:1"]
        for name in ("work-contracts", "work-drafts"):
            table = client.get(f"{reverse(name)}?as_of={ON}").context["table"]
            found = {row.record.section_id for row in table.rows}
            assert found == {section.pk}

    def test_an_agency_s_officer_on_all_of_the_agency_s(self, agency, client, everywhere):
        rows, _ = everywhere
        targets = {target.partition(":")[0] for _, _, target in due(client, "kind=report")}
        assert targets == {row.code for row in rows[:3]}
        assert len(lacking(client)) == 3
        drafts = client.get(reverse("work-drafts")).context["table"]
        assert {row.record.agency_id for row in drafts.rows} == {agency.pk}

    def test_narrowed_to_what_is_in_my_charge(self, officer, client, everywhere):
        rows, _ = everywhere
        contracts.put_in_charge(rows[1], by=officer, officer=officer)
        assert {target for _, _, target in due(client, "officer=mine&kind=report")} == {
            rows[1].code
        }
        assert lacking(client, "officer=mine") == [f"{rows[1].code}:link:1"]
        assert lacking(client, "section=A01/001") == [f"{rows[0].code}:link:1"]
        assert lacking(client, "section=A01/999") == []

    def test_who_only_reads_has_no_work(self, agency):
        client = client_of(make.user(role=Role.AUDITOR, agency=agency))
        assert client.get(reverse("work")).status_code == 403
        assert reverse("work") not in client.get(reverse("contracts")).content.decode()

    def test_who_writes_is_led_there_first(self, client):
        page = client.get(reverse("contracts")).content.decode()
        first = re.search(r'<nav class="site-nav".*?<a href="([^"]*)"', page, re.DOTALL)[1]
        assert first == reverse("work")


class TestLackingApproval:
    def test_until_an_approval_is_valid(self, agency, client):
        contract = make.contract(agency=agency)
        link = make.link(contract=contract)
        subject = f"{contract.code}:link:1"
        assert lacking(client) == [subject]
        make.approval(link=link, decided_on=date(2017, 9, 30), last_day=date(2017, 12, 31))
        # It will lapse; until then it stands as something to come.
        assert lacking(client) == lacking(client, "state=later") == [subject]
        assert lacking(client, "state=now") == []
        make.approval(link=link, decided_on=date(2017, 9, 30), first_day=date(2018, 1, 1))
        assert lacking(client) == []

    def test_a_notice_where_the_clause_asks_for_one(self, agency, client):
        contract = make.contract(agency=agency, clause="prior_notice")
        link = make.link(contract=contract)
        assert lacking(client) == [f"{contract.code}:link:1"]
        row = Notification(subcontract=link, received_on=date(2017, 4, 1))
        subcontracts.record_many([row], by=make.recorder())
        assert lacking(client) == []

    @pytest.mark.parametrize("clause", ["unrestricted", "not_stated"])
    def test_not_where_the_clause_asks_for_nothing(self, agency, client, clause):
        make.link(contract=make.contract(agency=agency, clause=clause))
        assert lacking(client) == []

    def test_a_link_that_is_over_is_past_mending(self, agency, client):
        contract = make.contract(agency=agency)
        make.link(contract=contract, last_day=date(2017, 9, 30))
        assert lacking(client) == []
        assert lacking(client, on=date(2017, 9, 30)) == [f"{contract.code}:link:1"]

    def test_a_renewed_link_waits_until_anything_is_decided(self, agency, client):
        before = make.contract(
            agency=agency, first_day=date(2016, 4, 1), last_day=date(2017, 3, 31)
        )
        old = make.link(contract=before)
        after = make.contract(agency=agency, renews=before)
        link = make.link(contract=after, renews=old)
        assert lacking(client, "state=again") == [f"{after.code}:link:1"]
        assert "再承認待ち" in client.get(
            f"{reverse('work-approvals')}?as_of={ON}"
        ).content.decode().replace("再承認待ちのもの", "")
        make.approval(link=link, result="rejected")
        assert lacking(client, "state=again") == []
        assert lacking(client) == [f"{after.code}:link:1"]


class TestDraftsAndContracts:
    def test_drafts_with_who_made_them_and_when(self, agency, officer, client):
        contract = make.contract(agency=agency, title="平成29年度データ入力")
        renewals.renew_many({contract: ""}, by=officer)
        page = client.get(reverse("work-drafts")).content.decode()
        assert "平成30年度データ入力" in page
        assert officer.full_name in page
        for query, number in (("q=ﾃﾞｰﾀ", 1), ("q=名簿", 0), ("renewal=yes", 1), ("renewal=no", 0)):
            table = client.get(f"{reverse('work-drafts')}?{query}").context["table"]
            assert table.paginator.count == number, query

    def test_contracts_that_are_over_only_where_they_are_asked_for(self, agency, client):
        over = make.contract(agency=agency, last_day=date(2017, 9, 30))
        runs = make.contract(agency=agency)

        def codes(query: str) -> set[str]:
            response = client.get(f"{reverse('work-contracts')}?as_of={ON}&{query}")
            return {row.record.code for row in response.context["table"].rows}

        assert codes("") == {runs.code}
        assert codes("force=over") == {over.code}
        assert codes("force=all") == {runs.code, over.code}
