"""法人番号: thirteen digits of which the first is a check digit; and numbers that nobody has.

Synthetic contractors need numbers that look right and can belong to no one. The twelve digits
behind the check digit are given out in three families only (国税庁「法人番号の構成」):

- registered corporations have their 会社法人等番号: 登記所コード (4 digits, 0100 to about 5000, so
  the first digit is 0 to 5), 組織区分 (2 digits, 01 to 05 or so), a serial of 6 digits;
- organs of the state and local governments begin with 0000;
- everything else begins with 7.

So 9999 is no registry office, 99 no kind of corporation, and nothing that begins with 9 is given
out. A synthetic number is 999999 and a serial.
"""

from __future__ import annotations

import unicodedata

from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength
from stdnum.jp import cn

SYNTHETIC_PREFIX = "999999"
SYNTHETIC_LIMIT = 1_000_000
EXAMPLE = "8999999000001"  # in what users read: nobody's, and as it is typed


def parse(text: str) -> str:
    """The thirteen digits without hyphens, spaces or full width; else ValueError."""
    try:
        return cn.validate(compact(text))
    except InvalidLength:
        found = len(compact(text))
        raise ValueError(f"法人番号「{text}」は13桁の数字ではありません（{found}文字）。") from None
    except InvalidFormat:
        raise ValueError(f"法人番号「{text}」に数字でない文字があります。") from None
    except InvalidChecksum:
        raise ValueError(
            f"法人番号「{text}」は先頭の検査用数字が合いません。入力誤りがないか確認してください。"
        ) from None


def compact(text: str) -> str:
    return cn.compact(unicodedata.normalize("NFKC", text))


def check_digit(twelve_digits: str) -> str:
    if len(twelve_digits) != 12 or not (twelve_digits.isascii() and twelve_digits.isdigit()):
        raise ValueError(f"「{twelve_digits}」は12桁の数字ではありません。")
    return cn.calc_check_digit(twelve_digits)


def synthetic_number(serial: int) -> str:
    """A number with a right check digit from the range that is never given out."""
    if not 0 <= serial < SYNTHETIC_LIMIT:
        raise ValueError(f"合成データの法人番号の通番は0から999999までです（{serial}）。")
    body = f"{SYNTHETIC_PREFIX}{serial:06}"
    return check_digit(body) + body


def is_synthetic(number: str) -> bool:
    return len(number) == 13 and number[1:].startswith(SYNTHETIC_PREFIX)
