"""The year of an officer's inspections: planned, done, due; and the same as iCalendar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from guideline.calendar_files import calendar_of
from guideline.inspection_calendar import year_of
from outsourcing.actions import contracts
from outsourcing.models import PlannedInspection
from outsourcing.scope import Scope
from tests import factories as make
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db

D = date
PAGE, FILE = "/inspections/calendar/", "/inspections/calendar.ics"
EVERYTHING = Scope.everything()
JUNE = D(2017, 6, 1)


class Office:
    def __init__(self):
        self.agency = make.agency(code="A01")
        self.officer = make.officer(self.agency)
        self.client = client_of(self.officer)
        self.contract = self.in_charge(title="健康診断")
        self.link = make.link(contract=self.contract)

    def in_charge(self, **fields):
        row = make.contract(agency=self.agency, **fields)
        return contracts.put_in_charge(row, by=self.officer, officer=self.officer)

    def plan(self, **fields):
        fields = {"contract": self.contract, "officer": self.officer} | fields
        return make.plan(**fields)

    def year(self, year=2017, *, on=JUNE, scope=EVERYTHING):
        return year_of(self.officer, year, scope, on=on)


@pytest.fixture
def office():
    return Office()


def said(dues):
    return [(due.code, due.day) for due in dues]


class TestDue:
    """A term of one year is one window, whose last day is 2018-03-31."""

    def test_on_the_last_day_of_the_window_of_each_contract_and_link(self, office):
        year = office.year()
        code = office.contract.code
        assert said(year.due) == [(code, D(2018, 3, 31)), (f"{code}:link:1", D(2018, 3, 31))]
        march = next(month for month in year.months() if month.month == 3)
        assert (march.year, len(march.due)) == (2018, 2)
        assert sum(len(month.due) for month in year.months()) == 2

    def test_no_more_once_it_was_inspected(self, office):
        make.inspection(contract=office.contract)
        assert said(office.year().due) == [(f"{office.contract.code}:link:1", D(2018, 3, 31))]

    @pytest.mark.parametrize(
        ("on", "due", "standing"),
        [
            (D(2018, 3, 30), 1, 0),
            (D(2018, 3, 31), 1, 0),
            (D(2018, 4, 1), 0, 1),
        ],
    )
    def test_stands_from_the_day_after(self, on, due, standing):
        office = Office()
        long = office.in_charge(last_day=D(2020, 3, 31))
        year = office.year(2017 if on < D(2018, 4, 1) else 2018, on=on)
        of_long = [[d for d in dues if d.contract == long] for dues in (year.due, year.standing)]
        assert [len(dues) for dues in of_long] == [due, standing]

    def test_with_the_plan_for_it_whoevers_it_is_that_comes_first(self, office):
        office.plan(link=office.link, planned_on=D(2018, 2, 1))
        office.plan(link=office.link, planned_on=D(2018, 1, 1))
        assert [due.planned for due in office.year().due] == [None, D(2018, 1, 1)]

    def test_not_of_what_another_has_in_charge_or_another_agency(self, office):
        assert office.year(scope=Scope.of([make.agency().pk])).due == []
        other = make.officer(office.agency)
        assert year_of(other, 2017, EVERYTHING, on=D(2017, 6, 1)).due == []

    def test_not_of_a_voided_contract(self, office):
        contracts.void_contract(office.contract, by=office.officer, on=D(2017, 5, 1), reason="誤り")
        assert office.year().due == []


class TestPlansAndVisits:
    @pytest.mark.parametrize(
        ("day", "year"),
        [(D(2017, 3, 31), 2016), (D(2017, 4, 1), 2017), (D(2018, 3, 31), 2017),
         (D(2018, 4, 1), 2018)],
    )  # fmt: skip
    def test_stand_in_the_fiscal_year_of_their_day(self, office, day, year):
        office.plan(planned_on=day)
        make.inspection(contract=office.contract, day=day)
        for number in (2016, 2017, 2018):
            shown = office.year(number)
            expected = 1 if number == year else 0
            assert (len(shown.plans), len(shown.done)) == (expected, expected)
            in_months = [(len(m.plans), len(m.done)) for m in shown.months()]
            assert sum(plans for plans, _ in in_months) == expected
            assert [m.month for m in shown.months() if m.plans] == [day.month] * expected

    def test_a_plan_that_is_done_is_shown_as_the_visit(self, office):
        theirs = make.contract(agency=office.agency)
        plan = office.plan(contract=theirs)
        visit = make.inspection(contract=theirs)
        PlannedInspection.objects.filter(pk=plan.pk).update(inspection=visit)
        year = office.year()
        assert (year.plans, [seen for seen, _ in year.done]) == ([], [visit])

    def test_are_read_in_a_fixed_number_of_queries(self, office):
        def asked(number):
            for _ in range(number):
                contract = office.in_charge()
                make.link(contract=contract)
                office.plan(contract=contract)
                make.inspection(contract=contract)
            with CaptureQueriesContext(connection) as queries:
                assert len(list(office.year().months())) == 12
            return len(queries)

        assert asked(1) == asked(8) == 3


class TestPage:
    def test_shows_the_own_year_and_what_is_next(self, office):
        office.plan()
        make.inspection(contract=office.contract, link=office.link)
        page = text(office.client.get(PAGE, {"as_of": "2017-06-01"}))
        assert "平成29年度" in page
        assert "2017年10月" in page
        assert "次の期限" in page
        assert office.contract.code in page
        assert "A01-2017-K00001" in page

    def test_of_another_year_and_another_officer(self, office):
        chief = client_of(make.user(role=Role.CHIEF, agency=office.agency))
        asked = {"year": "2017", "officer": office.officer.username, "as_of": "2017-06-01"}
        assert office.contract.code in text(chief.get(PAGE, asked))
        assert office.contract.code not in text(chief.get(PAGE, asked | {"officer": ""}))
        assert office.contract.code not in text(chief.get(PAGE, asked | {"year": "2019"}))

    @pytest.mark.parametrize(
        ("asked", "words"),
        [({"year": "平成"}, "「平成」は年度として読めません"), ({"year": "99999"}, "「99999」は")],
    )
    def test_says_what_cannot_be_understood(self, office, asked, words):
        assert words in text(office.client.get(PAGE, asked))

    def test_an_officer_elsewhere_is_like_none(self, office):
        elsewhere = Office.__new__(Office)
        elsewhere.agency = make.agency()
        elsewhere.officer = make.officer(elsewhere.agency)
        elsewhere.in_charge()
        said = {
            text(office.client.get(PAGE, {"officer": name})).replace(name, "#")
            for name in (elsewhere.officer.username, "nobody-of-that-name")
        }
        assert len(said) == 1
        assert "担当者「#」は選べません" in said.pop()


def unfolded(content: bytes) -> list[tuple[str, str]]:
    """(name with its parameters, value), read by hand as RFC 5545 3.1 has it."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is cut by a fold
    whole = content.replace(b"\r\n ", b"").decode()
    assert "\n" not in whole.replace("\r\n", "")
    return [tuple(line.split(":", 1)) for line in whole.split("\r\n")[:-1]]


def events(lines: list[tuple[str, str]]) -> list[dict[str, str]]:
    found, current = [], None
    for name, value in lines:
        if (name, value) == ("BEGIN", "VEVENT"):
            current = {}
        elif (name, value) == ("END", "VEVENT"):
            found.append(current)
            current = None
        elif current is not None:
            current[name] = re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)
    return found


class TestFile:
    TITLE = "健診;問診,\\検査" + "と長い件名" * 20

    def read(self, office, **asked):
        asked = {"as_of": "2017-06-01"} | asked
        response = office.client.get(FILE, asked)
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="inspections-2017.ics"'
        return unfolded(response.content)

    def test_is_read_back_by_hand(self, office):
        contract = office.in_charge(title=self.TITLE)
        plan = office.plan(contract=contract, planned_on=D(2017, 12, 31), inspectors="試験 太郎")
        visit = make.inspection(contract=office.contract, day=D(2017, 5, 1), inspectors="試験 次郎")
        lines = self.read(office)
        assert lines[0] == ("BEGIN", "VCALENDAR")
        assert ("VERSION", "2.0") in lines
        assert any(name == "PRODID" for name, _ in lines)
        found = {event["UID"]: event for event in events(lines)}
        planned = found[str(plan.public_id)]
        assert planned["DTSTART;VALUE=DATE"] == "20171231"
        assert planned["DTEND;VALUE=DATE"] == "20180101"
        assert planned["SUMMARY"] == f"検査の予定（実地）　{contract.code}　{self.TITLE}"
        assert planned["SEQUENCE"] == "0"
        done = next(event for event in found.values() if visit.code in event["SUMMARY"])
        assert done["DTSTART;VALUE=DATE"] == "20170501"
        assert office.contract.code in done["DESCRIPTION"]
        due = [event for event in found.values() if event["SUMMARY"].startswith("検査の期限")]
        assert {event["DTSTART;VALUE=DATE"] for event in due} == {"20180331"}
        assert len(found) == len(events(lines)) == 4  # planned, done, a contract's and a link's due
        for event in found.values():
            assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])

    def test_names_nobody(self, office):
        office.plan(inspectors="試験 太郎", note="試験 三郎")
        make.inspection(contract=office.contract, inspectors="試験 次郎", place="試験 四郎方")
        whole = "".join(value for _, value in self.read(office))
        assert not re.search("太郎|次郎|三郎|四郎", whole)
        assert str(office.officer) not in whole
        assert office.contract.contractor.name not in whole

    def test_calls_the_same_thing_the_same_each_time(self, office):
        office.plan()
        make.inspection(contract=office.contract)
        uids = [
            [str(event["UID"]) for event in calendar_of(office.year(), at=at).events]
            for at in (datetime(2017, 6, 1, tzinfo=UTC), datetime(2017, 7, 1, tzinfo=UTC))
        ]
        assert uids[0] == uids[1]
        assert len(set(uids[0])) == len(uids[0]) == 3

    def test_is_empty_where_there_is_nothing(self, office):
        lines = unfolded(client_of(make.officer(office.agency)).get(FILE).content)
        assert events(lines) == []

    def test_leads_to_the_page_that_says_what_is_wrong(self, office):
        response = office.client.get(FILE, {"year": "いつか"})
        assert response["Location"].startswith(f"{PAGE}?year=")

    def test_asks_first_where_much_is_taken_out(self, office, settings):
        settings.DOWNLOAD_WARN_ABOVE = 1
        response = office.client.get(FILE, {"as_of": "2017-06-01"})
        assert "持ち出そうとしています" in text(response)
        address = f"{FILE}?as_of=2017-06-01"
        assert office.client.post(address)["Content-Type"].startswith("text/calendar")
