"""Which findings stand on a day, by the nodes they are filed under, beside a plain comparison."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guideline.models import Finding
from guideline.standing import arms, node_of
from tests import factories as make

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
LENGTHS = st.one_of(st.integers(1, 3), st.integers(1, 4000), st.none())


def until(since: date, length: int | None) -> date:
    return date.max if length is None else since + timedelta(days=length)


@given(DAYS, LENGTHS)
@example(date(2018, 3, 31), 1)
def test_a_node_is_one_of_the_days_and_none_of_them_is_divided_more_often(since, length):
    ends = until(since, length)
    node = node_of(since, ends)
    assert since.toordinal() <= node < ends.toordinal()
    divides = node & -node
    # The next day that two divides as often or more lies outside, on either side.
    twice = 2 * divides
    assert (node - divides) % twice or node - divides < since.toordinal()
    assert (node + divides) % twice or node + divides >= ends.toordinal()


@given(DAYS, LENGTHS, st.integers(-2, 2), st.booleans())
def test_one_arm_alone_holds_what_stands_on_a_day(since, length, near, from_the_end):
    ends = until(since, length)
    edge = ends if from_the_end and length is not None else since
    day = edge + timedelta(days=near)
    node, (first, second) = node_of(since, ends), arms(day)
    first, second = dict(first.children), dict(second.children)
    of_first = node in first["node__in"] and ends > first["ends__gt"]
    of_second = node in second["node__in"] and since <= second["since__lte"]
    assert (of_first + of_second) == (since <= day < ends)


@pytest.mark.django_db
def test_in_the_database_as_by_days():
    make.approval(link=make.link(contract=make.contract()), decided_on=date(2017, 10, 1))
    make.contract(first_day=date(2016, 4, 1), last_day=date(2021, 3, 31))
    assert Finding.objects.exists()
    for year in range(2016, 2023):
        for day in (date(year, 3, 31), date(year, 4, 1), date(year, 9, 30), date(year, 10, 1)):
            found = [
                *(
                    key
                    for arm in arms(day)
                    for key in Finding.objects.filter(arm).values_list("pk", flat=True)
                )
            ]
            assert sorted(found) == sorted(Finding.objects.on(day).values_list("pk", flat=True))
