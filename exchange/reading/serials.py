"""Days as Excel counts them, and which number formats show a number as a day. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from math import isfinite

_BEFORE_1904 = 1462  # days between the two ways to count
_ZERO = date(1899, 12, 30)  # serial 61 is 1900-03-01
_MOST = 2_958_465  # 9999-12-31


class Shown(StrEnum):
    """What a number is shown as."""

    DAY = "day"
    TIME = "time"
    PERCENT = "percent"


# Formats by number that need no text in the file; 27 to 36 and 50 to 58 are Japanese.
_BUILT_IN = {
    **dict.fromkeys(
        (*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)), Shown.DAY
    ),
    **dict.fromkeys((*range(18, 22), 32, 33, 45, 46, 47), Shown.TIME),
    **dict.fromkeys((9, 10), Shown.PERCENT),
}
_NOISE = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|e[+-]|general|g/標準', re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)


def shown_as(number: int, code: str | None) -> Shown | None:
    """What the format of this number and text shows; None is a plain number or text."""
    if code is None:
        return _BUILT_IN.get(number)
    first = _first_section(code)
    plain = _NOISE.sub("", first).lower()
    if any(letter in plain for letter in "ydeg") or "aaa" in plain:
        return Shown.DAY
    if _ELAPSED.search(first) or any(letter in plain for letter in "hs"):
        return Shown.TIME
    if "m" in plain:
        return Shown.DAY
    return Shown.PERCENT if "%" in plain else None


def day_of(serial: float, date1904: bool = False) -> date:
    """The day of a serial number; ValueError says in Japanese why there is none."""
    if not isfinite(serial):
        raise ValueError("日付として扱えない大きさの数値です")
    whole = int(serial // 1)
    if date1904:
        whole += _BEFORE_1904
        if whole < _BEFORE_1904:
            raise ValueError("日付が1904年1月1日より前です（このブックは1904年から数えます）")
    elif whole < 1:
        raise ValueError("日付が1900年1月1日より前です")
    elif whole == 60:
        raise ValueError("1900年2月29日という日はありません")
    elif whole < 60:
        whole += 1
    if whole > _MOST:
        raise ValueError("日付が9999年12月31日より後です")
    return _ZERO + timedelta(days=whole)


def time_of(serial: float) -> str:
    """13:30, or 13:30:05 where there are seconds; hours beyond a day go on: 36:00."""
    seconds = round(serial * 86_400)
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02}" + (f":{rest:02}" if rest else "")


def _first_section(code: str) -> str:
    """The part of a format for positive numbers: up to the first semicolon that is no text."""
    for match in re.finditer(r'"[^"]*"?|\\.|;', code):
        if match[0] == ";":
            return code[: match.start()]
    return code
