"""年度: fiscal year N runs from N-04-01 to (N+1)-03-31, both days included."""

from __future__ import annotations

from datetime import date

from outsourcing import wareki


def first_day(year: int) -> date:
    return date(year, 4, 1)


def last_day(year: int) -> date:
    return date(year + 1, 3, 31)


def fiscal_year_of(day: date) -> int:
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1


def label(year: int) -> str:
    """平成29年度, 令和元年度: named by the era that most of the year lies in.

    So fiscal 2019 is 令和元年度 although its April was 平成, and fiscal 1988 is 昭和63年度 although
    it ended in 平成. The first of October stands in the middle.
    """
    return f"{wareki.era_year(date(year, 10, 1))}度"
