"""The list of findings: by day, period and deadline, and by every other condition."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Role
from guideline.models import Finding
from tests import factories as make
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db
LIST = reverse("findings")


@pytest.fixture
def office():
    return client_of(make.user(role=Role.SURVEY_OFFICE))


def listed(client, **conditions) -> list[Finding]:
    response = client.get(LIST, conditions)
    assert response.status_code == 200
    return listed_rows(response)


def listed_rows(response) -> list[Finding]:
    """The findings of a page, in its order."""
    keys = [row["pk"] for row in response.context["listing"].rows]
    found = Finding.objects.in_bulk(keys)
    return [found[key] for key in keys]


def keys(findings) -> set[tuple]:
    return {(f.contract_id, f.rule, f.subject, f.since) for f in findings}


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
        assert keys(listed(office, as_of=day.isoformat(), when="standing")) == keys(expected)

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
        found = listed(office, as_of="2018-10-22", when="standing", owed="yes")
        assert {f.rule for f in found} == {"written-confirmation", "anonymization-undecided"}
        assert {f.subject for f in found} == {"item:work_structure", "contract"}
        assert listed(office, as_of="2018-10-21", when="standing", owed="yes") == []

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
        assert not response.context["listing"].rows

    def test_is_in_one_order_without_gap_or_doubling_over_pages(self, office):
        for _ in range(12):
            make.contract()
        pages = [
            office.get(LIST, {"as_of": "2017-06-01", "when": "standing", "page": n})
            for n in (1, 2, 3, 4, 5)
        ]
        seen = [f.pk for p in pages for f in listed_rows(p)]
        standing = Finding.objects.filter(since__lte="2017-06-01", ends__gt="2017-06-01")
        assert len(seen) == len(set(seen)) == standing.count()


def test_who_may_warn_agencies_is_led_from_a_list_to_a_warning_about_it(office):
    page = text(office.get(LIST, {"severity": "breach", "as_of": "2018-10-22"}))
    address = f"{reverse('advisory-new')}?about=severity%3Dbreach%26as_of%3D2018-10-22"
    assert f'href="{address}"' in page
    assert "所見の一覧のアドレスとして読めません" not in text(office.get(address))
    assert "severity=breach&amp;as_of=2018-10-22" in text(office.get(address))
    auditor = client_of(make.user(role=Role.AUDITOR, agency=make.agency()))
    assert "注意喚起を送る" not in text(auditor.get(LIST))
