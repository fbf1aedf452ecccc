from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing import fiscal_year


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2017, 3, 31), 2016),
        (date(2017, 4, 1), 2017),
        (date(2017, 4, 2), 2017),
        (date(2018, 3, 30), 2017),
        (date(2018, 3, 31), 2017),
        (date(2018, 4, 1), 2018),
    ],
)
def test_the_year_turns_on_the_first_of_april(day, year):
    assert fiscal_year.fiscal_year_of(day) == year


def test_fiscal_2017_has_both_its_ends():
    assert fiscal_year.first_day(2017) == date(2017, 4, 1)
    assert fiscal_year.last_day(2017) == date(2018, 3, 31)


@given(st.dates(min_value=date(2, 1, 1), max_value=date(9998, 1, 1)))
def test_every_day_lies_in_its_fiscal_year_and_in_no_other(day):
    year = fiscal_year.fiscal_year_of(day)
    assert fiscal_year.first_day(year) <= day <= fiscal_year.last_day(year)
    assert fiscal_year.last_day(year) + timedelta(days=1) == fiscal_year.first_day(year + 1)


@pytest.mark.parametrize(
    ("year", "printed"),
    [
        (2017, "平成29年度"),
        (2018, "平成30年度"),
        (2019, "令和元年度"),
        (2020, "令和2年度"),
        (1988, "昭和63年度"),
        (1989, "平成元年度"),
        (1926, "大正15年度"),
        (1927, "昭和2年度"),
    ],
)
def test_a_year_is_named_by_the_era_it_mostly_lies_in(year, printed):
    assert fiscal_year.label(year) == printed
