"""Pages of 保存した条件: numbers are those of the lists they open, and changes lose nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from audit import report_actions, report_pages, reports
from audit.models import SavedReport
from tests import factories as make
from tests.audit.saved import Clock, counts, save
from tests.pages import client_of, numbers, text

pytestmark = pytest.mark.django_db

TODAY = date(2018, 6, 1)
MARK = re.compile(r'<a href="([^"]*)" aria-label="(\d{4}-\d\d-\d\d)　([0-9,]+)件"')


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock(TODAY)
    monkeypatch.setattr(reports, "default_day", lambda scope: clock.day)
    return clock


@pytest.fixture
def agency():
    return make.agency(code="A01", name="あおぞら省")


@pytest.fixture
def officer(agency):
    return make.officer(agency)


@pytest.fixture
def client(officer):
    return client_of(officer)


def breach(agency, **fields):
    contract = make.contract(agency=agency, **fields)
    make.link(contract=contract)
    return contract


def address(row: SavedReport, name: str = "report") -> str:
    return reverse(name, args=[row.public_id])


class TestNumbers:
    @pytest.fixture
    def row(self, agency, officer):
        breach(agency, first_day=date(2015, 10, 1))
        breach(agency)
        contract = breach(agency, first_day=date(2018, 5, 20), last_day=date(2019, 3, 31))
        make.approval(link=contract.subcontracts.get(), decided_on=date(2018, 5, 25))
        return make.report(owner=officer, agency=agency, conditions="severity=breach")

    @pytest.mark.parametrize("asked", ["", "?as_of=2017-04-01", "?as_of=2019-01-01"])
    def test_are_those_of_the_lists_they_open(self, client, row, asked):
        pages = [text(client.get(reverse("reports"))), text(client.get(address(row) + asked))]
        found = [number for page in pages for number in numbers(page)]
        assert len(found) > 5
        for number in found:
            assert client.get(number.href).context["filter"].qs.count() == number.value

    def test_of_the_picture_are_those_of_the_table(self, client, row):
        page = text(client.get(address(row)))
        marks = [(day, int(number.replace(",", ""))) for _, day, number in MARK.findall(page)]
        ends = ["2016-03-31", "2017-03-31", "2018-03-31", "2018-06-01"]
        assert marks == [(day, counts(row)[date.fromisoformat(day)]) for day in ends]
        assert [number.value for number in numbers(page)] == [number for _, number in marks]

    def test_say_what_they_differ_by(self, client, row):
        """Three stand, one of them since May 20: by hand."""
        shown = client.get(reverse("reports")).context["rows"][0]
        month, year = shown.ago
        assert (shown.today.number, month.number, year.number) == (3, 2, 2)
        assert (month.day, year.day) == (date(2018, 5, 2), date(2017, 6, 1))
        assert month.change == "+1"

    def test_before_the_first_contract_are_none(self, client, agency, officer, clock):
        clock.day = date(2015, 10, 3)
        breach(agency, first_day=date(2015, 10, 1), last_day=date(2016, 3, 31))
        make.report(owner=officer, agency=agency)
        assert client.get(reverse("reports")).context["rows"][0].ago == (None, None)

    @pytest.mark.parametrize(("number", "said"), [(0, "±0"), (1200, "+1,200"), (-3, "−3")])
    def test_are_signed(self, number, said):
        assert report_pages.signed(number) == said

    def test_counted_on_their_day_say_so(self, client, row, clock, monkeypatch):
        today = report_actions.timezone.localdate()
        clock.day = today
        ends = client.get(address(row)).context["year_ends"]
        assert ends[-1].counted == "その日"
        assert ends[0].counted == today.isoformat()

    def test_a_day_that_cannot_be_read_is_said_and_today_is_shown(self, client, row):
        page = client.get(address(row) + "?as_of=yesterday")
        assert "yesterday" in text(page)
        assert page.context["on"] == TODAY


class TestConditionsThatAreNotUnderstoodAnyMore:
    @pytest.fixture
    def row(self, agency, officer):
        breach(agency)
        row = make.report(
            owner=officer, agency=agency, conditions="severity=breach", name="昔の条件"
        )
        SavedReport.objects.update(conditions="section=A01%2F999&severity=breach")
        row.refresh_from_db()
        return row

    def test_show_no_number_and_lose_nothing(self, client, row, clock):
        before = counts(row)
        clock.day += timedelta(days=1)
        for at in (reverse("reports"), address(row)):
            page = client.get(at)
            assert page.status_code == 200
            assert "課室「A01/999」は選べません" in text(page)
            assert not numbers(text(page))
            assert "<svg" not in text(page)
        client.post(address(row, "report-recount"))
        assert counts(row) == before

    def test_can_be_replaced(self, client, row):
        client.post(
            address(row, "report-conditions"), {"version": row.version, "conditions": "depth=1"}
        )
        row.refresh_from_db()
        assert row.conditions == "depth=1"
        assert client.get(address(row)).context["refused"] == []


class TestChanging:
    @pytest.fixture
    def row(self, agency, officer):
        breach(agency)
        return make.report(owner=officer, agency=agency, conditions="severity=breach")

    def edit(self, client, row, **typed):
        plain = {"version": row.version, "name": row.name, "shared": "no"}
        return client.post(address(row, "report-edit"), plain | typed)

    def test_the_name_and_who_sees_it(self, client, row):
        assert self.edit(client, row, name="新しい名前", shared="yes").status_code == 302
        row.refresh_from_db()
        assert (row.name, row.shared) == ("新しい名前", True)
        self.edit(client, row, shared="no")
        row.refresh_from_db()
        assert not row.shared

    def test_who_saves_second_sees_both_and_may_save_on_top(self, client, row):
        self.edit(client, row, name="先の名前")
        response = self.edit(client, row, name="後の名前", shared="yes")
        assert response.status_code == 409
        page = text(response)
        assert "先の名前" in page
        assert "後の名前" in page
        version = response.context["form"]["version"].value()
        assert self.edit(client, row, name="後の名前", version=version).status_code == 302
        assert SavedReport.objects.get().name == "後の名前"

    def test_the_conditions_counts_all_days_anew(self, client, row, agency):
        make.contract(agency=agency)
        chosen = address(row, "report-conditions") + "?rule=capability-check&as_of=2018-01-01"
        page = text(client.get(chosen))
        assert "区分：契約に反する再委託" in page
        form = {"version": row.version, "conditions": "rule=capability-check"}
        assert client.post(address(row, "report-conditions"), form).status_code == 302
        row.refresh_from_db()
        assert row.conditions == "rule=capability-check"
        for day in (date(2017, 4, 1), TODAY):
            assert counts(row)[day] == reports.list_of(row, day).qs.count() == 2

    def test_the_conditions_to_what_is_no_condition_is_refused(self, client, row):
        for response in (
            client.get(address(row, "report-conditions") + "?colour=red"),
            client.post(
                address(row, "report-conditions"), {"version": 1, "conditions": "colour=red"}
            ),
        ):
            assert response.status_code == 400
            assert "colour" in text(response)
        assert SavedReport.objects.get().conditions == "severity=breach"

    def test_the_page_of_the_list_offers_to_replace_ones_own(self, client, row):
        page = text(client.get(reverse("report-new") + "?depth=1"))
        assert f'href="{address(row, "report-conditions")}?depth=1"' in page

    def test_taken_back_it_stays_voided_and_its_name_is_free(self, client, row):
        response = client.post(address(row, "report-void"), {"version": row.version})
        assert response.headers["Location"] == reverse("reports")
        row.refresh_from_db()
        assert row.voided_on
        assert client.get(address(row)).status_code == 404
        assert save(client, row.name, "depth=1").status_code == 302


class TestQueries:
    def asked(self, client, addresses) -> list[int]:
        found = []
        for at in addresses:
            client.get(at)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(at).status_code == 200
            found.append(len(queries))
        return found

    def test_25_reports_ask_no_more_than_2(self, agency, officer):
        section = make.section(agency=agency, code="001")
        company = make.contractor()
        breach(agency, section=section)
        client = client_of(officer)

        def keep(number):
            for n in range(number):
                for conditions in (
                    "severity=breach", f"agency=A01&depth={n % 3}", "section=A01/001",
                    f"contractor={company.corporate_number}", "since=2017-04-01&until=2017-05-01",
                ):  # fmt: skip
                    kept = reports.normalised(conditions, agency, TODAY)
                    make.report(owner=officer, agency=agency, conditions=kept, shared=n % 2 == 0)

        keep(1)
        few = self.asked(client, [reverse("reports"), reverse("report-new")])
        keep(4)
        assert self.asked(client, [reverse("reports"), reverse("report-new")]) == few

    def test_of_many_findings_no_more_than_of_few(self, agency, officer):
        row = make.report(owner=officer, agency=agency)
        client, company = client_of(officer), make.contractor()
        pages = [reverse("reports"), address(row), address(row) + "?as_of=2017-06-01"]
        make.many_contracts(number=3, agency=agency, contractor=company)
        report_actions.recount(row)
        few = self.asked(client, pages)
        make.many_contracts(number=60, agency=agency, contractor=company)
        assert self.asked(client, pages) == few
        assert max(few) <= 22


def test_the_ministry_sees_whose_ledger_is_counted_only_where_there_are_several(agency):
    user = make.officer(agency)
    make.report(owner=user, agency=agency)
    assert "台帳：" not in text(client_of(user).get(reverse("reports")))
    make.membership(user=user, role=Role.AUDITOR, agency=make.agency(code="A02", name="みどり庁"))
    make.report(owner=user, agency=user.memberships.get(agency__code="A02").agency)
    page = text(client_of(user).get(reverse("reports")))
    assert "台帳：あおぞら省" in page
    assert "台帳：みどり庁" in page
