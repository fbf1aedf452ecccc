"""和暦 and 西暦: read the days that people type, print a day in both calendars.

An era that ran past its end (平成32年3月31日, usual in contracts of 2018) is read as the day that
was meant. A day before its era began was never written by anybody, and is refused.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date
from typing import NamedTuple


class Era(NamedTuple):
    name: str
    letter: str
    first_year: int  # the western year of its 元年
    first_day: date


# The newest first. 明治 is only used from 1873-01-01 on (明治6年), the first day of the solar
# calendar: an earlier 明治 day is a day of another calendar.
ERAS = (
    Era("令和", "R", 2019, date(2019, 5, 1)),
    Era("平成", "H", 1989, date(1989, 1, 8)),
    Era("昭和", "S", 1926, date(1926, 12, 25)),
    Era("大正", "T", 1912, date(1912, 7, 30)),
    Era("明治", "M", 1868, date(1873, 1, 1)),
)
EXAMPLES = "例：2018-10-22、2018/10/22、平成30年10月22日、H30.10.22"

_BY_NAME = {key: era for era in ERAS for key in (era.name, era.letter)}
_NAMES = "|".join(_BY_NAME)
_REST = (
    r"(?:年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"
    r"|(?P<sep>[-/.])(?P<m2>\d{1,2})(?P=sep)(?P<d2>\d{1,2}))"
)
_WESTERN = re.compile(rf"(?P<year>\d{{4}}){_REST}", re.ASCII)
_IN_ERA = re.compile(rf"(?P<era>{_NAMES})(?P<year>元|\d{{1,3}}){_REST}", re.ASCII)
_BOTH = re.compile(r"(?P<western>[^()]+)\((?P<era>[^()]+)\)")
# What NFKC leaves alone of the dashes that keyboards and Excel produce.
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def parse(text: str) -> date:
    """The day that was typed, in either calendar or as printed by ``both``; else ValueError."""
    plain = _normalised(text)
    if not plain:
        raise ValueError(f"日付が入力されていません。{EXAMPLES}")
    if match := _BOTH.fullmatch(plain):
        western, era = parse(match["western"]), parse(match["era"])
        if western != era:
            raise ValueError(f"「{text}」は西暦と和暦が食い違っています。{EXAMPLES}")
        return western
    if match := _WESTERN.fullmatch(plain):
        return _day(text, int(match["year"]), match)
    if match := _IN_ERA.fullmatch(plain):
        return _day_in_era(text, match)
    raise ValueError(f"「{text}」は日付として読めません。{EXAMPLES}")


def western(day: date) -> str:
    """2018年10月22日"""
    return f"{day.year}年{day.month}月{day.day}日"


def era(day: date) -> str:
    """平成30年10月22日; a day before 明治6年 has no 和暦 here and is printed by ``western``."""
    found = era_of(day)
    return f"{era_year(day)}{day.month}月{day.day}日" if found else western(day)


def era_year(day: date) -> str:
    """平成30年, 令和元年: the year of the day ``day``."""
    found = era_of(day)
    if found is None:
        return f"{day.year}年"
    number = day.year - found.first_year + 1
    return f"{found.name}{'元' if number == 1 else number}年"


def both(day: date) -> str:
    """2018年10月22日（平成30年10月22日）"""
    return f"{western(day)}（{era(day)}）" if era_of(day) else western(day)


def both_of(number: int) -> str:
    """``both`` of a day number."""
    return both(date.fromordinal(number))


def era_of(day: date) -> Era | None:
    return next((found for found in ERAS if found.first_day <= day), None)


def _normalised(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text or "").translate(_DASHES).upper()
    return "".join(plain.split())


def _day_in_era(text: str, match: re.Match) -> date:
    found = _BY_NAME[match["era"]]
    number = 1 if match["year"] == "元" else int(match["year"])
    if number == 0:
        raise ValueError(f"「{text}」：{found.name}0年はありません。最初の年は元年です。{EXAMPLES}")
    day = _day(text, found.first_year + number - 1, match)
    if day < found.first_day:
        began = western(found.first_day)
        reason = "（それより前は旧暦のため扱いません）" if found.name == "明治" else ""
        raise ValueError(f"「{text}」：{found.name}は{began}からです{reason}。{EXAMPLES}")
    return day


def _day(text: str, year: int, match: re.Match) -> date:
    month, day = int(match["m"] or match["m2"]), int(match["d"] or match["d2"])
    if year == 0:
        raise ValueError(f"「{text}」：西暦0年はありません。{EXAMPLES}")
    if not 1 <= month <= 12:
        raise ValueError(f"「{text}」：{month}月はありません。月は1から12までです。{EXAMPLES}")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(
            f"「{text}」：{year}年{month}月に{day}日はありません。{last}日までです。{EXAMPLES}"
        )
    return date(year, month, day)
