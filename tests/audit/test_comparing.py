"""Comparing: what came, went and stayed between two days; two parts, and two editions, side by
side. Every number is the length of the list it opens."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from guideline.models import Finding
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, numbers, text
from tests.shared import shared

pytestmark = pytest.mark.django_db
DAYS, PARTS, EDITIONS, CHANGES = map(
    reverse, ("comparing", "comparing-parts", "comparing-editions", "finding-changes")
)
FIRST, LAST = date(2017, 9, 30), date(2018, 4, 30)
BETWEEN = f"first={FIRST}&last={LAST}"


@pytest.fixture(scope="module")
def ledger(django_db_setup, django_db_blocker):
    """Three agencies, of which two have the same kinds of contracts; one that has sections."""
    yield from shared(django_db_blocker, _made)


def _made() -> ledgers.Ledger:
    made = ledgers.three_agencies()
    section = make.section(agency=made.own, code="001")
    for agency in (made.own, made.other):
        of = section if agency == made.own else None
        contract = make.contract(agency=agency, section=of, work="staff_health_check")
        make.approval(link=make.link(contract=contract), decided_on=date(2017, 10, 1))
        for first_day in (date(2017, 4, 1), date(2018, 4, 1)):
            make.contract(agency=agency, first_day=first_day, last_day=date(2019, 3, 31))
    make.disclosure(agency=made.own)
    return made


@pytest.fixture
def office(ledger):
    return client_of(make.user(role=Role.SURVEY_OFFICE))


@pytest.fixture
def auditor(ledger):
    return client_of(make.user(role=Role.AUDITOR, agency=ledger.own))


@pytest.fixture
def officer(ledger):
    return client_of(make.officer(ledger.own))


def true_on(finding, day) -> bool:
    return finding.since <= day and (not finding.until or day < finding.until)


def changed(findings) -> dict[str, list]:
    """A plain reading of what each list should hold."""
    return {
        "come": [f for f in findings if true_on(f, LAST) and not true_on(f, FIRST)],
        "gone": [f for f in findings if true_on(f, FIRST) and not true_on(f, LAST)],
        "stayed": [f for f in findings if true_on(f, FIRST) and true_on(f, LAST)],
    }


def keys(rows) -> list[int]:
    return sorted(row["pk"] for row in rows)


def length(client, address: str) -> int:
    """Of the list of findings or contracts behind a number."""
    response = client.get(address)
    assert response.status_code == 200, address
    if "listing" in response.context:
        return response.context["listing"].number
    return response.context["table"].paginator.count


class TestTheListsOfChanges:
    @pytest.mark.parametrize("show", ["come", "gone", "stayed"])
    def test_hold_what_differs_and_what_does_not(self, office, show):
        expected = changed(Finding.objects.all())
        response = office.get(f"{CHANGES}?{BETWEEN}&show={show}")
        assert expected[show]
        assert keys(response.context["listing"].rows) == sorted(f.pk for f in expected[show])
        assert response.context["numbers"] == {name: len(f) for name, f in expected.items()}

    def test_can_be_narrowed_by_what_the_list_of_findings_can(self, office, ledger):
        expected = changed(Finding.objects.filter(agency=ledger.own, rule="required-clause"))
        asked = f"{CHANGES}?{BETWEEN}&show=come&agency=A01&rule=required-clause"
        response = office.get(asked)
        assert expected["come"]
        assert keys(response.context["listing"].rows) == sorted(f.pk for f in expected["come"])
        page = text(response)
        assert "機関：あおぞら省" in page
        assert "agency=A01&amp;rule=required-clause" in page  # kept from tab to tab

    def test_days_out_of_order_are_refused(self, office):
        for address in (CHANGES, DAYS):
            page = text(office.get(f"{address}?first=2018-01-01&last=2017-01-01"))
            assert "前です" in page
            assert "エラー：" in page

    def test_days_are_those_of_the_page_where_none_are_asked_for(self, office):
        response = office.get(f"{CHANGES}?rule=required-clause&as_of=2018-04-30")
        assert (response.context["first"], response.context["last"]) == (date(2018, 3, 31), LAST)
        assert not response.context["form"].errors

    @pytest.mark.parametrize("condition", ["agency=A02", "agency=A99", "rule=none"])
    def test_a_condition_that_is_not_understood_shows_nothing(self, officer, condition):
        response = officer.get(f"{CHANGES}?{BETWEEN}&{condition}")
        assert response.context["listing"].number == 0
        assert "エラー：" in text(response)


class TestTwoDays:
    @pytest.mark.parametrize("by", ["rule", "provision"])
    def test_each_row_counts_what_the_findings_say_of_their_days(self, office, by):
        expected = changed(Finding.objects.all())
        rows = [row for row, _ in office.get(f"{DAYS}?{BETWEEN}&by={by}").context["rows"]]
        for name, number in (("come", "came"), ("gone", "went"), ("stayed", "stayed")):
            counted = Counter(getattr(f, by) for f in expected[name])
            assert {r.key: getattr(r, number) for r in rows if getattr(r, number)} == counted
        for row in rows:
            assert row.before == row.stayed + row.went
            assert row.after == row.stayed + row.came

    @pytest.mark.parametrize("who", ["office", "auditor", "officer"])
    @pytest.mark.parametrize("more", ["", "&by=provision", "&agency=A01&severity=violation"])
    def test_every_number_is_the_length_of_its_list(self, request, who, more):
        client = request.getfixturevalue(who)
        found = numbers(text(client.get(f"{DAYS}?{BETWEEN}{more}")))
        assert len(found) > 20
        assert [n for n in found if length(client, n.href) != n.value] == []

    def test_one_agency_is_shown_its_own(self, officer, office):
        page = text(office.get(f"{DAYS}?{BETWEEN}&agency=A01"))
        assert numbers(text(officer.get(f"{DAYS}?{BETWEEN}"))) == [
            n._replace(href=n.href.replace("agency=A01&", "")) for n in numbers(page)
        ]

    def test_asks_no_more_for_more_findings(self, office, ledger):
        def asked():
            with CaptureQueriesContext(connection) as queries:
                office.get(f"{DAYS}?{BETWEEN}")
                office.get(f"{CHANGES}?{BETWEEN}")
            return len(queries)

        few = asked()
        for _ in range(10):
            make.link(contract=make.contract(agency=ledger.own))
        assert asked() == few


class TestTwoParts:
    def asked(self, left: str, right: str, left_on=LAST, right_on="") -> str:
        query = QueryDict(mutable=True)
        query.update({"left": left, "left_on": left_on, "right": right, "right_on": right_on})
        return f"{PARTS}?{query.urlencode()}"

    @pytest.mark.parametrize(
        ("who", "right"),
        [
            ("office", "A02"),
            *((who, right) for who in ("auditor", "officer") for right in ("A01", "A01/001")),
        ],
    )
    def test_every_number_is_the_length_of_its_list(self, request, who, right):
        client = request.getfixturevalue(who)
        address = self.asked("A01", right, right_on="2017-06-01")
        found = numbers(text(client.get(address)))
        assert len(found) > 15
        assert [n for n in found if length(client, n.href) != n.value] == []

    def test_stand_side_by_side_with_the_contracts_in_force(self, office, ledger):
        on = date(2017, 6, 1)
        left, right = office.get(self.asked("A01", "B001", on)).context["sides"]
        standing = [f for f in Finding.objects.filter(agency=ledger.own) if true_on(f, on)]
        assert left.by_rule == Counter(f.rule for f in standing)
        assert (left.in_force, right.in_force) == (2, 0)
        assert left.contracts == {"staff_health_check": 1, "data_entry": 1}
        assert right.findings == 0

    def test_a_section_has_its_own_alone(self, officer):
        on = date(2018, 4, 1)
        whole, section = officer.get(self.asked("A01", "A01/001", on)).context["sides"]
        assert (whole.in_force, section.in_force) == (2, 0)
        assert whole.findings > section.findings

    def test_one_can_be_compared_with_itself_on_another_day(self, officer):
        before, after = officer.get(self.asked("A01", "A01", "2017-09-30", "2017-10-01")).context[
            "sides"
        ]
        rule = "unapproved-subcontract"
        assert (before.by_rule[rule], after.by_rule[rule]) == (1, 0)

    def test_who_reads_one_ledger_is_offered_it_and_its_sections(self, officer, office):
        page = text(officer.get(PARTS))
        assert 'value="A01/001"' in page
        assert 'value="A01" selected' in page
        assert "A02" not in page
        assert 'value="A02"' in text(office.get(PARTS))

    @pytest.mark.parametrize("code", ["A02", "A99", "A02/001", "A01/999"])
    def test_what_is_not_the_readers_is_refused_like_what_there_is_not(self, officer, code):
        response = officer.get(self.asked("A01", code))
        assert response.context["sides"] == []
        assert f"「{code}」は選べません" in text(response)


class TestTwoEditions:
    @pytest.mark.parametrize("who", ["office", "auditor", "officer"])
    def test_every_number_is_the_length_of_its_list(self, request, who):
        client = request.getfixturevalue(who)
        page = text(client.get(f"{EDITIONS}?as_of=2018-10-22"))
        found = numbers(page)
        assert len(found) >= 4
        assert [n for n in found if length(client, n.href) != n.value] == []

    @pytest.mark.parametrize(("day", "there"), [("2018-10-21", False), ("2018-10-22", True)])
    def test_findings_are_owed_to_the_later_from_its_first_day(self, office, day, there):
        rows = office.get(f"{EDITIONS}?as_of={day}").context["rows"]
        assert bool(rows) == there
        assert {row.since for row, *_ in rows} <= {date(2018, 10, 22)}

    def test_says_what_the_guideline_changed(self, office):
        response = office.get(EDITIONS)
        page = text(response)
        assert "実施体制" in page
        assert "匿名化" in page
        assert f"{reverse('guideline-compare')}?old=2004-09-14&amp;new=2018-10-22" in page

    def test_an_edition_beside_itself_owes_nothing(self, office):
        response = office.get(f"{EDITIONS}?old=2018-10-22&new=2018-10-22&as_of=2018-10-22")
        assert response.context["rows"] == []
        assert not response.context["rules"]
