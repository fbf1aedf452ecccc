"""Inspection windows, against years counted by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from guideline.windows import windows


def cut(first: date, last: date, kind: str = "rolling", short: int = 90) -> list[tuple]:
    """The first and last days of the windows."""
    found = windows(first.toordinal(), last.toordinal() + 1, kind, short)
    return [(date.fromordinal(a), date.fromordinal(b - 1)) for a, b in found]


APRIL = date(2017, 4, 1)


@pytest.mark.parametrize(
    ("last", "ends"),
    [
        (date(2017, 4, 1), [date(2017, 4, 1)]),
        (date(2018, 3, 31), [date(2018, 3, 31)]),
        # 89 days more join the year before, 90 stand alone.
        (date(2018, 6, 28), [date(2018, 6, 28)]),
        (date(2018, 6, 29), [date(2018, 3, 31), date(2018, 6, 29)]),
        (date(2020, 3, 31), [date(2018, 3, 31), date(2019, 3, 31), date(2020, 3, 31)]),
    ],
)
def test_rolling_years_run_from_the_first_day(last, ends):
    assert [end for _, end in cut(APRIL, last)] == ends


def test_years_from_29_february_begin_on_1_march_in_common_years():
    assert [begin for begin, _ in cut(date(2016, 2, 29), date(2021, 2, 28))] == [
        date(2016, 2, 29), date(2017, 3, 1), date(2018, 3, 1), date(2019, 3, 1), date(2020, 2, 29),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "begins"),
    [
        (date(2017, 4, 1), date(2019, 3, 31), [date(2017, 4, 1), date(2018, 4, 1)]),
        # A first window of 90 days stands alone, one of 89 joins the next.
        (date(2017, 1, 1), date(2018, 3, 31), [date(2017, 1, 1), date(2017, 4, 1)]),
        (date(2017, 1, 2), date(2018, 3, 31), [date(2017, 1, 2)]),
        # Both ends short: one window of all.
        (date(2017, 3, 1), date(2018, 4, 30), [date(2017, 3, 1)]),
        (date(2017, 3, 31), date(2017, 4, 1), [date(2017, 3, 31)]),
    ],
)
def test_fiscal_windows_are_cut_at_each_1_april(first, last, begins):
    assert [begin for begin, _ in cut(first, last, "fiscal")] == begins


@pytest.mark.parametrize("kind", ["rolling", "fiscal"])
def test_windows_leave_no_gap(kind):
    found = cut(date(2015, 8, 7), date(2021, 5, 3), kind)
    assert found[0][0] == date(2015, 8, 7)
    assert found[-1][1] == date(2021, 5, 3)
    for (_, last), (first, _) in pairwise(found):
        assert first.toordinal() == last.toordinal() + 1


def test_a_term_without_a_day_has_none():
    assert windows(APRIL.toordinal(), APRIL.toordinal(), "rolling", 90) == ()
