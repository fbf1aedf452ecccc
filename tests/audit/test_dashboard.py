"""概況: every number is as long as the list it opens, whoever reads it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from audit import dashboard_rows
from audit.dashboard import Dashboard
from audit.dashboard_parts import days_shown
from guideline import actions as reasons
from guideline.models import CorrectiveAction, Finding
from guideline.refresh import refresh_everything
from outsourcing.models import AgencyKind, Contract
from outsourcing.scope import Scope
from tests import factories as make
from tests.pages import client_of, text
from tests.shared import shared

pytestmark = pytest.mark.django_db

COUNT = re.compile(r'<a class="count" href="([^"]+)">([0-9,]+)</a>')
MARK = re.compile(r'<a href="([^"]+)" aria-label="[^"]*?([0-9,]+)件">')
PART = re.compile(r'data-part="([^"]+)"')
HEADING = re.compile(r"<h2[^>]*>([^<]+)</h2>")
HEALTH, MEDICAL = Contract.Work.STAFF_HEALTH_CHECK, Contract.Work.MEDICAL_EXAMINATION
BEFORE, AFTER = date(2018, 2, 28), date(2018, 10, 22)  # days of two editions


class Ledger:
    """Four agencies with all that the numbers tell apart: sections and none, depths, relations,
    reasons, provisions of information, and corrections late, going on, and done."""

    def __init__(self):
        self.own = make.agency(code="A01", name="あおぞら省")
        self.other = make.agency(code="A02", name="みどり庁")
        self.body = make.agency(code="B001", name="なみかぜ機構", kind=AgencyKind.INDEPENDENT)
        self.unlisted = make.agency(code="A03", name="のちの庁")
        make.survey_round(organs=[self.other, self.own], independents=[self.body])
        self.sections = [
            make.section(agency=self.own, code=code, name=f"第{code}課") for code in ("001", "002")
        ]
        self.shared = make.contractor(name="共通の会社")
        self.nameless = make.contractor(name="番号のない会社", no_number_reason="unknown")
        for agency in (self.own, self.other, self.body, self.unlisted):
            self._fill(agency)
        self._correct()

    def _fill(self, agency):
        sections = [*self.sections, None] if agency == self.own else [None] * 3
        works = (HEALTH, MEDICAL, Contract.Work.SYSTEMS)
        for number, (section, work) in enumerate(zip(sections, works, strict=True), 1):
            prime = self.shared if number == 2 else make.contractor()
            of = {"agency": agency, "section": section, "work": work}
            made = make.contract(contractor=prime, **of)
            chain = make.chain(contract=made, depth=number)
            make.approval(link=chain[0], decided_on=date(2017, 10, 1))
            passed_on_to = (make.subsidiary(of=prime), self.nameless, self.shared, self.shared)
            for company in passed_on_to:
                make.link(contract=made, contractor=company)
            make.contract(first_day=date(2018, 4, 1), last_day=date(2020, 3, 31), **of)
        make.disclosure(agency=agency)
        make.disclosure(agency=agency, section=sections[0])
        excused = reasons.ask(
            by=make.user(), contract=made, rule="capability-check", subject="contract",
            first_day=made.first_day, last_day=made.last_day, reason="試験",
            asked_on=date(2017, 5, 1),
        )  # fmt: skip
        reasons.approve(excused, by=make.user(), on=date(2017, 5, 2))

    def _correct(self):
        """Of three in four findings: late, going on, done."""
        kinds = (
            {"due_on": date(2017, 6, 1)},
            {"due_on": date(2030, 1, 1)},
            {"due_on": date(2017, 7, 1), "closed_on": date(2018, 2, 1)},
        )
        rows = [
            CorrectiveAction(
                contract=finding.contract, disclosure=finding.disclosure,
                agency_id=finding.agency_id, rule=finding.rule, subject=finding.subject,
                first_day=finding.since, last_day=finding.until, measure="guidance",
                started_on=date(2017, 5, 1), recorded_by=make.recorder(), **kinds[number % 4],
            )
            for number, finding in enumerate(Finding.objects.order_by("pk"))
            if number % 4 < len(kinds)
        ]  # fmt: skip
        CorrectiveAction.objects.bulk_create(rows)
        refresh_everything()

    def reader(self, name: str):
        """Of the agency A01, by role."""
        if name == "officer of a section":
            return make.user(role=Role.OFFICER, agency=self.own, section=self.sections[1])
        user = make.user(role=name.removesuffix(" of two").replace(" ", "_"), agency=self.own)
        if name.endswith("of two"):
            make.membership(user=user, role=Role.READER, agency=self.body)
        return user


@pytest.fixture(scope="module")
def ledger(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, Ledger)


def page(client, on: date, part: str = "") -> str:
    address = reverse("dashboard-part", args=[part]) if part else reverse("dashboard")
    response = client.get(address, {"as_of": on.isoformat()})
    assert response.status_code == 200
    return text(response)


def with_parts(client, on: date) -> dict[str, str]:
    """The dashboard and what it asks for by itself."""
    first = page(client, on)
    parts = {
        unescape(address): text(client.get(unescape(address))) for address in PART.findall(first)
    }
    return {"": first} | parts


def marks_of(html: str) -> list[tuple[str, int]]:
    """Numbers, and where they lead; those of pictures, too."""
    found = COUNT.findall(html) + MARK.findall(html)
    return [(unescape(href), int(said.replace(",", ""))) for href, said in found]


def length(client, address: str) -> int:
    """How long a list is, as its page says."""
    response = client.get(address)
    assert response.status_code == 200, address
    listing = response.context.get("listing")
    return listing.number if listing else response.context["table"].paginator.count


def rows_of(html: str, caption: str) -> list[tuple[str, list[int]]]:
    """The rows of a table: label and numbers."""
    table = html.split(caption, 1)[1].split("</table>", 1)[0]
    found = []
    for row in table.split("<tr")[2:]:
        label = re.search(r'<th scope="row">([^<]*)', row)
        if label:
            found.append((label[1], [number for _, number in marks_of(row)]))
    return found


@pytest.mark.parametrize(
    ("who", "on"),
    [
        pytest.param("survey office", BEFORE, marks=pytest.mark.prove),
        ("survey office", AFTER),
        ("chief", AFTER),
        ("manager", BEFORE),
        ("officer", AFTER),
        ("officer of a section", BEFORE),
        pytest.param("officer of a section", AFTER, marks=pytest.mark.prove),
        ("auditor", BEFORE),
        ("importer", AFTER),
        ("reader", AFTER),
        ("reader of two", BEFORE),
    ],
)
def test_every_number_is_as_long_as_the_list_it_opens(ledger, who, on):
    client = client_of(ledger.reader(who))
    marks = {mark for html in with_parts(client, on).values() for mark in marks_of(html)}
    assert {mark for mark in marks if length(client, mark[0]) != mark[1]} == set()
    assert sum(number > 0 for _, number in marks) > 40


class TestWhatStands:
    def test_by_provision_beside_a_year_before(self, ledger):
        html = page(client_of(ledger.reader("chief")), AFTER)
        own = list(Finding.objects.filter(agency=ledger.own))

        def standing(provision, day):
            return sum(
                f.provision == provision and f.since <= day and (not f.until or day < f.until)
                for f in own
            )

        found = dict(rows_of(html, "一年前と比べる"))
        assert {f"第{f.provision}" for f in own} <= set(found)
        for label, (now, _, before) in found.items():
            code = label.removeprefix("第")
            assert now == standing(code, AFTER), label
            assert before == standing(code, date(2017, 10, 22)), label
        assert sum(now for now, _, _ in found.values()) > 20

    def test_a_year_before_29_february_is_the_28th(self):
        assert Dashboard(Scope.everything(), date(2020, 2, 29)).year_before == date(2019, 2, 28)

    def test_over_time(self, ledger):
        office = client_of(ledger.reader("survey office"))
        html = page(office, AFTER, "trend")
        numbers = [n for _, (n,) in rows_of(html, "<caption>契約に反する再委託の推移")]
        breaches = Finding.objects.filter(severity="breach")
        assert numbers == [breaches.on(day).count() for day in reversed(days_shown(AFTER))]
        assert max(numbers) > 0 == min(numbers)

    def test_days_shown_are_ends_of_months_and_before_that_of_fiscal_years(self):
        days = days_shown(date(2018, 3, 30))
        assert days[-1] == date(2018, 3, 30)
        assert days[-2] == date(2018, 2, 28)
        assert days[-25] == date(2016, 3, 31)
        assert days[-26:-28:-1] == [date(2015, 3, 31), date(2014, 3, 31)]
        assert all((day + timedelta(days=1)).day == 1 for day in days[:-1])


class TestWhatIsToBeDone:
    def test_due_by_rule(self, ledger):
        html = page(client_of(ledger.reader("officer")), date(2018, 3, 1))
        expected = [
            sum(date(2018, 3, 1) < f.since <= date(2018, 3, 1) + timedelta(days=days)
                for f in Finding.objects.filter(agency=ledger.own))
            for days in (30, 90)
        ]  # fmt: skip
        assert dict(rows_of(html, "何もしなければこれから生じる"))["計"] == expected
        assert min(expected) > 0

    def test_what_is_late_is_told_first(self, ledger):
        html = page(client_of(ledger.reader("auditor")), BEFORE)
        labels = [label for label, _ in rows_of(html, "是正が未済の所見の数")]
        assert labels == ["期限超過", "是正中", "未着手"]
        late, going_on, none = (numbers[0] for _, numbers in rows_of(html, "是正が未済の所見の数"))
        assert 0 < late < going_on
        assert none > 0

    def test_who_writes_for_a_section_sees_its_own_first(self, ledger):
        html = page(client_of(ledger.reader("officer of a section")), BEFORE)
        assert HEADING.findall(html)[0] == "自分の課室"
        ((label, numbers),) = rows_of(html, "是正を要する所見と期限")
        assert label == "第002課"
        assert numbers[0] > 0
        assert "自分の課室" not in page(client_of(ledger.reader("officer")), BEFORE)


class TestWhere:
    def test_agencies_in_printed_order_with_their_contracts(self, ledger):
        html = page(client_of(ledger.reader("survey office")), AFTER, "agencies")
        rows = rows_of(html, "有効な契約の数")
        assert [label for label, _ in rows] == [
            "みどり庁",
            "あおぞら省",
            "なみかぜ機構",
            "のちの庁",
        ]
        assert {numbers[2] for _, numbers in rows} == {3}
        assert re.findall(r'scope="rowgroup" colspan="4">([^<]+)', html) == [
            "行政機関", "試験の法人", "調査の表に掲載のない機関",
        ]  # fmt: skip

    def test_sections_in_order_and_last_what_none_answers_for(self, ledger):
        html = page(client_of(ledger.reader("chief")), BEFORE)
        labels = [label for label, _ in rows_of(html, "有効な契約の数")]
        assert labels == ["第001課", "第002課", "（課室の定めなし）"]

    def test_health_checks_lead(self, ledger):
        rows = rows_of(page(client_of(ledger.reader("chief")), BEFORE), "業務の種類ごと</caption>")
        assert [label for label, _ in rows] == list(Contract.Work.labels)
        assert rows[0][1][0] > 0

    def test_contractors_of_several_agencies_are_told_to_the_ministry_alone(self, ledger):
        office = client_of(ledger.reader("survey office"))
        rows = rows_of(
            page(office, BEFORE, "contractors"), "複数の機関の所見に現れる事業者</caption>"
        )
        html = page(office, BEFORE, "contractors")
        assert {"共通の会社", "番号のない会社"} <= set(
            re.findall(r"<a href=\"/contractors/[^>]+>([^<（]+)", html)
        )
        assert len(rows) == 2
        for who in ("chief", "auditor", "reader of two"):
            client = client_of(ledger.reader(who))
            assert client.get(reverse("dashboard-part", args=["contractors"])).status_code == 404
            assert "contractors/?as_of" not in page(client, BEFORE)


class TestForWhom:
    @pytest.mark.parametrize(
        ("who", "first"),
        [
            ("officer", "是正の状態"),
            ("manager", "是正の状態"),
            ("officer of a section", "自分の課室"),
            ("auditor", "是正の状態"),
            ("chief", "課室ごとの所見"),
            ("survey office", "機関ごとの所見"),
        ],
    )
    def test_the_page_begins_with_what_the_role_works_on(self, ledger, who, first):
        assert HEADING.findall(page(client_of(ledger.reader(who)), BEFORE))[0] == first

    def test_it_is_what_opens_first(self, client):
        agency = make.agency()
        reader = client_of(make.user(role=Role.READER, agency=agency))
        assert reader.get("/").url == reverse("dashboard")
        assert client_of(make.user(role=Role.SYSTEM_ADMIN)).get("/").url == reverse("account")

    def test_no_such_part(self):
        client = client_of(make.user(role=Role.SURVEY_OFFICE))
        assert client.get("/overview/everything/").status_code == 404


def test_what_is_not_counted_says_so(monkeypatch):
    monkeypatch.setattr(dashboard_rows, "COUNTED", 10)
    assert ">10件以上<" in dashboard_rows.Number(11, "/", counted=True).html
    assert ">10<" in dashboard_rows.Number(10, "/", counted=True).html
    assert ">11<" in dashboard_rows.Number(11, "/").html


@pytest.mark.parametrize("who", ["survey office", "officer of a section"])
def test_3000_findings_ask_no_more_than_30(ledger, who):
    client = client_of(ledger.reader(who))
    addresses = [reverse("dashboard"), reverse("dashboard-part", args=["trend"])]
    if who == "survey office":
        parts = ("agencies", "works", "contractors", "corrections", "changes")
        addresses += [reverse("dashboard-part", args=[part]) for part in parts]

    def asked():
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address, {"as_of": "2018-02-28"}).status_code == 200
            found.append(len(queries))
        return found

    few = asked()
    company = make.contractor()
    make.many_contracts(number=300, agency=ledger.own, contractor=company)
    assert Finding.objects.count() > 3000
    assert asked() == few
    assert max(few) <= 60
