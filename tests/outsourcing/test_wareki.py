"""和暦 against the gazetted days on which eras changed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing import wareki

OCTOBER_22 = date(2018, 10, 22)


@pytest.mark.parametrize(
    "typed",
    [
        "2018-10-22",
        "2018/10/22",
        "2018.10.22",
        "2018年10月22日",
        "平成30年10月22日",
        "H30.10.22",
        "h30/10/22",
        "H30-10-22",
        "２０１８－１０－２２",
        "２０１８／１０／２２",
        "2018−10−22",
        "Ｈ３０．１０．２２",
        "平成３０年１０月２２日",
        "㍻30年10月22日",
        "  平成 30年 10月 22日　",
        "2018年10月22日（平成30年10月22日）",
    ],
)
def test_one_day_in_the_ways_people_type_it(typed):
    assert wareki.parse(typed) == OCTOBER_22


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2018-1-2", date(2018, 1, 2)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("R1.5.1", date(2019, 5, 1)),
        ("S64.1.7", date(1989, 1, 7)),
        ("昭和25年4月1日", date(1950, 4, 1)),
        ("T15.12.24", date(1926, 12, 24)),
        ("M45.7.29", date(1912, 7, 29)),
        ("明治6年1月1日", date(1873, 1, 1)),
        ("平成28年2月29日", date(2016, 2, 29)),
    ],
)
def test_every_era_is_read(typed, day):
    assert wareki.parse(typed) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("平成31年4月30日", date(2019, 4, 30)),
        ("平成31年5月1日", date(2019, 5, 1)),
        ("平成32年3月31日", date(2020, 3, 31)),
        ("昭和64年1月8日", date(1989, 1, 8)),
        ("昭和100年1月1日", date(2025, 1, 1)),
    ],
)
def test_an_era_that_ran_past_its_end_is_converted(typed, day):
    assert wareki.parse(typed) == day


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 5, 2), "令和元年5月2日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 9), "平成元年1月9日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 26), "昭和元年12月26日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 7, 31), "大正元年7月31日"),
        (date(1872, 12, 31), "1872年12月31日"),
        (date(1873, 1, 1), "明治6年1月1日"),
        (date(1873, 1, 2), "明治6年1月2日"),
    ],
)
def test_the_day_before_the_day_and_the_day_after_an_era_began(day, printed):
    assert wareki.era(day) == printed


def test_both_calendars_are_printed_together():
    assert wareki.both(OCTOBER_22) == "2018年10月22日（平成30年10月22日）"
    assert wareki.both(date(2019, 5, 1)) == "2019年5月1日（令和元年5月1日）"
    assert wareki.both(date(1800, 1, 1)) == "1800年1月1日"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "入力されていません"),
        ("　", "入力されていません"),
        ("来年の春", "日付として読めません"),
        ("30.10.22", "日付として読めません"),
        ("2018-10/22", "日付として読めません"),
        ("2018-10", "日付として読めません"),
        ("平成30年2月29日", "2018年2月に29日はありません。28日までです"),
        ("2018-13-01", "13月はありません"),
        ("2018-04-31", "4月に31日はありません"),
        ("2018-04-00", "4月に0日はありません"),
        ("0000-01-01", "西暦0年はありません"),
        ("平成0年1月8日", "平成0年はありません"),
        ("平成元年1月7日", "平成は1989年1月8日からです"),
        ("令和元年4月30日", "令和は2019年5月1日からです"),
        ("昭和元年12月24日", "昭和は1926年12月25日からです"),
        ("大正元年7月29日", "大正は1912年7月30日からです"),
        ("明治5年12月2日", "旧暦"),
        ("2018年10月22日（平成30年10月23日）", "食い違っています"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason_and_an_example(typed, why):
    with pytest.raises(ValueError, match=why) as refused:
        wareki.parse(typed)
    message = str(refused.value)
    assert "例：2018-10-22" in message
    if typed.strip():
        assert typed in message


# Era years have at most three digits, western years have four.
PRINTABLE = st.dates(min_value=date(1000, 1, 1), max_value=date(2866, 12, 31))


@given(PRINTABLE)
def test_whatever_is_printed_is_read_back(day):
    assert wareki.parse(wareki.both(day)) == day
    assert wareki.parse(wareki.western(day)) == day
    assert wareki.parse(day.isoformat()) == day


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2866, 12, 31)))
def test_the_printed_era_alone_names_one_day(day):
    assert wareki.parse(wareki.era(day)) == day
