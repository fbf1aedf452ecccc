"""A long list, page by page: nothing is left out, nothing comes twice, and it is in order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from audit import listing, paging
from audit.listing import Listing
from audit.tables import COLUMNS
from guideline.models import Finding
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2017, 6, 1)
SORTS = [sign + name for name in COLUMNS for sign in ("", "-")]


@pytest.fixture
def findings(monkeypatch):
    """Of 160 days and more, many of one day; counted no further than to ten, and shown by fours."""
    for module in (paging, listing):
        monkeypatch.setattr(module, "PER_PAGE", 4, raising=False)
        monkeypatch.setattr(module, "COUNTED", 10, raising=False)
        monkeypatch.setattr(module, "FEW", 2, raising=False)
    first = date(2017, 4, 1)
    for number in range(4):
        agency = make.agency()
        for days in (0, 0, number, 40):
            make.contract(agency=agency, first_day=first + timedelta(days=days))
    make.disclosure()
    return list(Finding.objects.values("pk", "since", "ends", "provision", "agency_id"))


def opened(query: str) -> Listing:
    asked = QueryDict(query)
    provisions = sorted({f.provision for f in Finding.objects.all()})
    return Listing(Finding.objects.all(), asked, on=DAY, provisions=provisions)


def expected(findings: list[dict], sort: str) -> list[int]:
    name = COLUMNS[sort.removeprefix("-")]
    columns = (name, "since", "pk") if name else ("since", "pk")
    rows = sorted(findings, key=lambda f: [f[c] for c in columns], reverse=sort.startswith("-"))
    return [row["pk"] for row in rows]


def keys(page: Listing) -> list[int]:
    return [row["pk"] for row in page.rows]


@pytest.mark.parametrize("sort", SORTS)
def test_forward_and_back_every_page_is_met_once_and_in_order(findings, sort):
    page, forward = opened(f"sort={sort}"), []
    assert not page.is_numbered
    while True:
        forward.append(keys(page))
        if "next" not in page.links:
            break
        page = opened(page.links["next"].removeprefix("?"))
    assert [key for rows in forward for key in rows] == expected(findings, sort)
    back = [keys(page)]
    while "previous" in page.links:
        page = opened(page.links["previous"].removeprefix("?"))
        back.append(keys(page))
    assert back == forward[::-1]


@pytest.mark.parametrize("sort", SORTS)
def test_the_last_page_ends_with_the_last_row_and_leads_back(findings, sort):
    last = opened(f"sort={sort}&page=last")
    assert keys(last) == expected(findings, sort)[-4:]
    assert "next" not in last.links
    before = opened(last.links["previous"].removeprefix("?"))
    assert keys(before) == expected(findings, sort)[-8:-4]
    assert keys(opened(last.links["first"].removeprefix("?"))) == expected(findings, sort)[:4]


def test_an_address_shows_no_key_of_a_row(findings):
    link = opened("sort=agency").links["next"]
    code = Finding.objects.order_by("agency_id").first().agency.code
    assert f"after={code}~2017-04-01~4" in link


@pytest.mark.parametrize("place", ["nonsense", "2017-04-01", "2017-04-01~x", "2017-99-01~1", "~~~"])
def test_a_place_that_is_none_shows_the_first_page(findings, place):
    assert keys(opened(f"after={place}")) == expected(findings, "-since")[:4]


def test_how_many_there_are_is_counted_to_ten_and_beyond_when_asked(findings):
    assert opened("").number == 11
    assert not opened("").is_exact
    exact = opened("count=exact")
    assert (exact.number, exact.is_exact) == (len(findings), True)


@pytest.mark.parametrize("number", [9, 10, 11])
def test_up_to_ten_pages_are_numbered(findings, number):
    some = Finding.objects.filter(pk__in=[f["pk"] for f in findings[:number]])
    page = Listing(some, QueryDict("page=2"), on=DAY)
    assert page.is_numbered == (number <= 10)
    if number <= 10:
        among = expected(findings[:number], "-since")
        assert keys(page) == among[4:8]
        assert (page.pages, page.span) == (3, "5～8")


@pytest.mark.parametrize("sort", ["since", "-since"])
def test_from_the_last_page_back_and_forward_again_the_same_pages_are_met(findings, sort):
    page, back = opened(f"sort={sort}&page=last"), []
    back.append(keys(page))
    for _ in range(3):
        page = opened(page.links["previous"].removeprefix("?"))
        back.append(keys(page))
    forward = [keys(page)]
    while "next" in page.links:
        page = opened(page.links["next"].removeprefix("?"))
        forward.append(keys(page))
    assert forward == back[::-1]


def test_after_a_place_that_nothing_comes_after_the_last_page_is_shown(findings):
    assert keys(opened("sort=since&after=2090-01-01~0")) == expected(findings, "since")[-4:]
