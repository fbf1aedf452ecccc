"""保存した条件: what is kept, who sees it, and what is counted of each day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from audit import report_actions, reports
from audit.models import ReportCount, SavedReport
from guideline.models import Finding
from outsourcing.actions import contracts
from tests import factories as make
from tests.audit.saved import Clock, counts, save, sent
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db

FIRST = date(2017, 4, 1)
TODAY = date(2018, 6, 1)
ONE_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Today is the first of June 2018, until a test says otherwise."""
    clock = Clock(TODAY)
    monkeypatch.setattr(reports, "default_day", lambda scope: clock.day)
    return clock


@pytest.fixture
def agency():
    return make.agency(code="A01", name="あおぞら省")


@pytest.fixture
def officer(agency):
    return make.officer(agency)


def breach(agency, **fields):
    """A contract with a link that nobody approved."""
    contract = make.contract(agency=agency, **fields)
    make.link(contract=contract)
    return contract


class TestSaving:
    def test_from_the_list_under_a_name(self, agency, officer):
        breach(agency)
        client = client_of(officer)
        page = text(client.get(reverse("report-new") + "?severity=breach&as_of=2017-05-01&page=3"))
        assert "契約に反する再委託" in page
        response = save(client, "承認のない再委託", "severity=breach&as_of=2017-05-01&page=3")
        row = SavedReport.objects.get()
        assert response.headers["Location"] == reverse("report", args=[row.public_id])
        kept = (row.name, row.conditions, row.agency, row.owner, row.shared)
        assert kept == ("承認のない再委託", "severity=breach", agency, officer, False)

    @pytest.mark.parametrize(
        ("asked", "kept"),
        [
            ("", ""),
            ("work=&rule=&kind=organ", "kind=organ"),
            (
                "severity=breach&depth=1&as_of=2018-03-31&sort=-since&page=2",
                "depth=1&severity=breach",
            ),
            ("after=x&before=y&count=exact&when=standing", "when=standing"),
            ("since=平成29年4月1日&until=2017/4/30", "since=2017-04-01&until=2017-04-30"),
            ("severity=attention&severity=breach", "severity=breach"),
            ("provision=8-4*", "provision=8-4%2A"),
        ],
    )
    def test_in_one_order_without_blanks_and_without_the_day(self, agency, asked, kept):
        assert reports.normalised(asked, agency, TODAY) == kept

    def test_a_contractor_as_one_who_is_named_and_nobody_else(self, agency):
        company = make.contractor(name="株式会社見本")
        kept = reports.normalised("contractor=株式会社見本", agency, TODAY)
        assert reports.in_words([kept])[kept] == [
            ("事業者", f"株式会社見本（{company.corporate_number}）")
        ]

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("colour=red", "「colour」は、所見の一覧の条件ではありません"),
            ("severity=none-such", "none-such"),
            ("since=2017-04-01", "両方"),
            ("since=yesterday&until=2017-04-01", "yesterday"),
            ("agency=A99", "A99"),
            ("contractor=どこにもない会社", "どこにもない会社"),
        ],
    )
    def test_not_what_cannot_be_understood(self, officer, asked, said):
        client = client_of(officer)
        for response in (client.get(f"{reverse('report-new')}?{asked}"), save(client, "名", asked)):
            assert response.status_code == 400
            assert said in text(response)
        assert not SavedReport.objects.exists()

    def test_not_what_is_another_agencys(self, officer):
        make.agency(code="A02")
        assert "機関「A02」は選べません" in text(
            client_of(officer).get(reverse("report-new") + "?agency=A02")
        )

    def test_for_one_section_not_of_all_agencies(self, agency):
        make.section(agency=agency, code="111")
        asked = f"{reverse('report-new')}?section=A01/111"
        response = client_of(make.user(role=Role.SURVEY_OFFICE)).get(asked)
        assert response.status_code == 400
        assert "条件「課室」は、すべての機関を数えるときは使えません" in text(response)
        assert client_of(make.officer(agency)).get(asked).status_code == 200

    def test_a_name_once(self, officer):
        client = client_of(officer)
        save(client, "同じ名前", "severity=breach")
        response = save(client, "同じ名前", "severity=attention")
        assert response.status_code == 400
        assert "同じ名前の条件を既に保存しています" in text(response)
        assert SavedReport.objects.get().conditions == "severity=breach"

    def test_sent_twice_it_counts_once(self, officer):
        client = client_of(officer)
        data = sent(client, "二重送信", "severity=breach")
        for _ in range(2):
            assert client.post(reverse("report-new"), data).status_code == 302
        assert SavedReport.objects.count() == 1

    @pytest.mark.parametrize("role", [Role.CHIEF, Role.AUDITOR, Role.IMPORTER, Role.READER])
    def test_by_whoever_reads_the_ledger(self, agency, role):
        client = client_of(make.user(role=role, agency=agency))
        assert save(client, "監査用", "severity=breach").status_code == 302

    def test_without_a_name_it_says_so(self, officer):
        response = save(client_of(officer), "", "severity=breach")
        assert response.status_code == 400
        assert "名前を入力してください" in text(response)


class TestOfSeveralLedgers:
    @pytest.fixture
    def user(self, agency):
        user = make.officer(agency)
        other = make.agency(code="A02", name="みどり庁")
        make.membership(user=user, role=Role.AUDITOR, agency=other)
        breach(agency)
        breach(other)
        breach(other)
        return user

    def test_one_is_chosen_and_counted(self, user):
        client = client_of(user)
        for code, number in (("A01", 1), ("A02", 2)):
            save(client, f"{code}の件数", "severity=breach", agency=code)
            row = SavedReport.objects.get(agency__code=code)
            assert row.counts.get(day=TODAY).number == number

    def test_the_list_behind_the_number_is_that_ledgers(self, user, agency):
        row = make.report(owner=user, agency=agency, conditions="severity=breach")
        listed = client_of(user).get(reports.address_of(row, TODAY)).context["filter"].qs
        assert {finding.agency for finding in listed} == {agency}

    def test_which_must_be_said(self, user):
        response = save(client_of(user), "どちらの", "severity=breach")
        assert response.status_code == 400
        assert "数える台帳を選んでください" in text(response)

    def test_the_ministry_counts_all(self, user):
        office = make.user(role=Role.SURVEY_OFFICE)
        save(client_of(office), "全機関", "severity=breach")
        row = SavedReport.objects.get()
        assert row.agency is None
        assert row.counts.get(day=TODAY).number == 3


class TestWhoSees:
    @pytest.fixture
    def people(self, agency, officer):
        return {
            "owner": officer,
            "colleague": make.user(role=Role.AUDITOR, agency=agency),
            "stranger": make.officer(make.agency(code="A02")),
            "ministry": make.user(role=Role.SURVEY_OFFICE),
        }

    def see(self, people, row) -> set[str]:
        found = set()
        for name, user in people.items():
            client = client_of(user)
            status = client.get(reverse("report", args=[row.public_id])).status_code
            listed = row.name in text(client.get(reverse("reports")))
            assert (status == 200) == listed
            assert status in (200, 404)
            found |= {name} if listed else set()
        return found

    def test_a_private_one_its_owner_alone(self, people, agency):
        row = make.report(owner=people["owner"], agency=agency)
        assert self.see(people, row) == {"owner"}

    def test_a_shared_one_the_readers_of_its_ledger(self, people, agency):
        row = make.report(owner=people["owner"], agency=agency, shared=True)
        assert self.see(people, row) == {"owner", "colleague"}

    def test_the_ministrys_shared_one_no_agency(self, people):
        row = make.report(owner=make.user(role=Role.SURVEY_OFFICE), shared=True)
        assert self.see(people, row) == {"ministry"}

    def test_who_reads_the_ledger_no_more_not_even_the_own(self, people, agency):
        row = make.report(owner=people["owner"], agency=agency, shared=True)
        people["owner"].memberships.update(last_day=date(2001, 1, 1))
        client = client_of(people["owner"])
        assert client.get(reverse("report", args=[row.public_id])).status_code == 403
        make.membership(
            user=people["owner"],
            role=Role.OFFICER,
            agency=people["stranger"].memberships.get().agency,
        )
        assert self.see(people, row) == {"colleague"}

    def test_none_that_was_taken_back(self, people, agency):
        row = make.report(owner=people["owner"], agency=agency, shared=True)
        report_actions.take_back(row, by=people["owner"], on=TODAY, version=1)
        assert self.see(people, row) == set()

    def test_others_change_nothing(self, people, agency):
        row = make.report(owner=people["owner"], agency=agency, shared=True)
        for name in ("report-edit", "report-conditions", "report-recount", "report-void"):
            address = reverse(name, args=[row.public_id])
            for who, status in (("colleague", 403), ("stranger", 404), ("ministry", 404)):
                assert client_of(people[who]).post(address).status_code == status, (name, who)
        assert SavedReport.objects.get().version == 1

    def test_an_agencys_number_counts_no_other_agency(self, people, agency):
        breach(agency)
        for _ in range(3):
            breach(people["stranger"].memberships.get().agency)
        row = make.report(owner=people["owner"], agency=agency, conditions="severity=breach")
        assert max(counts(row).values()) == 1


class TestCounts:
    def test_go_back_to_the_first_contract(self, agency, officer):
        breach(agency, first_day=date(2016, 10, 1))
        breach(agency)
        days = counts(make.report(owner=officer, agency=agency))
        assert list(days) == [
            date(2016, 10, 1) + timedelta(days=n)
            for n in range((TODAY - date(2016, 10, 1)).days + 1)
        ]

    @pytest.mark.parametrize(
        "conditions", ["", "when=standing", "due=90", "severity=breach", "longer=90", "state=none"]
    )
    def test_of_each_day_are_those_of_the_list_as_of_it(self, agency, officer, conditions):
        contract = breach(agency)
        make.approval(link=contract.subcontracts.get(), decided_on=date(2017, 10, 1))
        make.contract(agency=agency, first_day=date(2017, 6, 15), last_day=date(2018, 4, 30))
        row = make.report(owner=officer, agency=agency, conditions=conditions)
        client, days = client_of(officer), counts(row)
        turns = {day for f in Finding.objects.all() for day in (f.since, f.ends)}
        turns = {day + n * ONE_DAY for day in turns if day < date.max for n in (-1, 0, 1)}
        turns &= set(days)
        assert len(turns) > 5
        for day in sorted(turns):
            response = client.get(reports.address_of(row, day))
            assert response.context["filter"].qs.count() == days[day], day

    def test_counted_by_hand(self, agency, officer):
        """Broken from the first day until the approval; on the list until the year is over, and
        longer: nobody has settled it."""
        contract = breach(agency, first_day=FIRST)
        make.approval(link=contract.subcontracts.get(), decided_on=date(2017, 10, 1))
        days = counts(
            make.report(owner=officer, agency=agency, conditions="severity=breach&when=standing")
        )
        assert {day for day, number in days.items() if number} == {
            FIRST + timedelta(days=n) for n in range(183)
        }
        assert FIRST + timedelta(days=182) == date(2017, 9, 30)

    def test_of_a_new_day_are_counted_when_a_page_is_opened(self, agency, officer, clock):
        breach(agency)
        row = make.report(owner=officer, agency=agency, conditions="severity=breach")
        for day, name in ((TODAY + ONE_DAY, "reports"), (TODAY + 5 * ONE_DAY, "report")):
            clock.day = day
            client_of(officer).get(reverse(name, args=[row.public_id] if name == "report" else ()))
            assert list(counts(row))[-1] == day
        assert len(counts(row)) == (TODAY - FIRST).days + 6  # without a gap

    def test_stay_though_the_ledger_is_corrected(self, agency, officer, clock):
        contract = breach(agency)
        row = make.report(owner=officer, agency=agency, conditions="severity=breach")
        before = counts(row)
        contracts.void_contract(contract, by=make.recorder(), on=TODAY, reason="誤って登録した")
        clock.day = TODAY + 3 * ONE_DAY
        report_actions.bring_up([row])
        after = counts(row)
        assert {day: after[day] for day in before} == before
        assert [after[TODAY + n * ONE_DAY] for n in (1, 2, 3)] == [0, 0, 0]

    def test_of_today_follow_the_ledger(self, agency, officer):
        row = make.report(owner=officer, agency=agency, conditions="severity=breach")
        client = client_of(officer)
        breach(agency)
        client.get(reverse("reports"))
        assert counts(row)[TODAY] == 1
        breach(agency)
        client.get(reverse("report", args=[row.public_id]))
        assert counts(row)[TODAY] == 2

    def test_are_made_anew_when_its_owner_asks(self, agency, officer):
        contract = breach(agency)
        row = make.report(owner=officer, agency=agency, conditions="severity=breach")
        assert counts(row)[FIRST] == 1
        contracts.void_contract(contract, by=make.recorder(), on=TODAY, reason="誤って登録した")
        make.contract(agency=agency, first_day=date(2016, 4, 1), last_day=date(2017, 3, 31))
        client_of(officer).post(reverse("report-recount", args=[row.public_id]))
        days = counts(row)
        assert set(days.values()) == {0}
        assert min(days) == date(2016, 4, 1)

    def test_by_command_are_the_same_however_often(self, agency, officer, clock, capsys):
        breach(agency)
        row = make.report(owner=officer, agency=agency, conditions="severity=breach")
        make.report(owner=make.user(role=Role.SURVEY_OFFICE))
        clock.day = TODAY + 2 * ONE_DAY
        call_command("count_reports")
        once = list(ReportCount.objects.order_by("pk").values_list("report", "day", "number"))
        assert max(counts(row)) == clock.day
        call_command("count_reports")
        assert (
            list(ReportCount.objects.order_by("pk").values_list("report", "day", "number")) == once
        )
        assert capsys.readouterr().out == "reports: 2\n" * 2

    def test_of_two_who_count_at_once_the_first_stay(self, agency, officer, monkeypatch, clock):
        row = make.report(owner=officer, agency=agency)
        clock.day = TODAY + 3 * ONE_DAY
        numbers = report_actions.counting.numbers

        def meanwhile(*args):
            monkeypatch.setattr(report_actions.counting, "numbers", numbers)
            report_actions.bring_up([row])  # somebody else's page
            return [9, 9]

        monkeypatch.setattr(report_actions.counting, "numbers", meanwhile)
        report_actions.bring_up([row])
        assert [counts(row)[TODAY + n * ONE_DAY] for n in (1, 2, 3)] == [0, 0, 0]
