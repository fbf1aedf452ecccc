"""What an office meant by what stands in a cell: days, numbers, yes and no, 〃, merged cells. Pure.

Each reader takes a value as ``read`` gives it and returns what it means, or raises ``Problem`` with
the value, why it is not understood, and an example that is. Names stay as typed; only what is
compared is folded (``key``). A reader of what may be left out is ``optional(reader)``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import TypeVar

from exchange.reading.book import Merge, Row, Sheet, Unreadable, address
from exchange.reading.serials import day_of
from exchange.reading.texts import CONTROL
from outsourcing import wareki

T = TypeVar("T")

# Signs for "nothing here". The long-vowel sign is what many type for a dash.
_DASHES = frozenset("-‐‑‒–—―−－ーｰ~〜～")
_NOTHING = frozenset(("なし", "無し", "該当なし", "該当無し", "特になし", "n/a"))
_DITTOS = frozenset(("〃", "″", "々", "同上", "仝", "同", "''", '"', "”", "“"))
_YES = frozenset(
    ("○", "〇", "◯", "◎", "●", "✓", "✔", "☑", "レ", "有", "有り", "あり", "はい", "yes", "y",
     "true", "1", "済", "済み", "該当", "する", "可")
)  # fmt: skip
_NO = frozenset(
    ("×", "✕", "✖", "✗", "☐", "□", "無", "無し", "なし", "いいえ", "no", "n", "false", "0", "未",
     "非該当", "しない", "不可", "x")
)  # fmt: skip
UNITS = ("件", "名", "人", "個", "回", "者", "社", "枚", "部", "台", "箇所", "か所", "ヶ所")
_WHOLE = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.0+)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_MINUS = str.maketrans(dict.fromkeys("‐‑‒–—―−△▲", "-") | {"、": ",", "，": ","})
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_TIME = re.compile(r" [0-2]?\d:\d\d(:\d\d)?$", re.ASCII)  # behind a day, in text files
# Bare numbers that are taken for Excel's days: 1954-10-03 to 2119-01-11.
_SERIALS = range(20_000, 80_001)

EXAMPLE_YES = "例：○、×、有、無"
EXAMPLE_WHOLE = "例：1234、1,234、１，２３４件"
EXAMPLE_PERCENT = "例：60%、33.4"


class Problem(ValueError):
    """Why a value is not understood, in Japanese, with the value and an example."""


def key(value: object) -> str:
    """For comparing: one width, one case, no spaces. 「ｶﾌﾞｼｷ　会社」 → 「カブシキ会社」"""
    return "".join(unicodedata.normalize("NFKC", plain(value)).casefold().split())


def plain(value: object) -> str:
    """The value as text, as it stands in the cell; refuses one that could not be read."""
    if isinstance(value, Unreadable):
        raise Problem(f"「{value}」：{value.why}。" if value else f"{value.why}。")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    return str(value)


def is_blank(value: object, *, dashes: bool = False) -> bool:
    """Nothing, or spaces of any width; with ``dashes`` also －, ― or なし."""
    if isinstance(value, Unreadable):
        return False
    if value is None:
        return True
    if not isinstance(value, str):
        return False
    bare = value.strip()
    if not bare or not dashes:
        return not bare
    return _DASHES.issuperset(bare) or key(bare) in _NOTHING


def optional(reader: Callable[..., T], *, dashes: bool = True, **how) -> Callable[..., T | None]:
    """A reader that takes blanks, and with ``dashes`` －, ― and なし, for None."""

    def read(value: object) -> T | None:
        return None if is_blank(value, dashes=dashes) else reader(value, **how)

    return read


def text(value: object, *, most: int | None = None, lines: bool = True) -> str:
    """The text as typed, without spaces around it. Control characters are refused, as is what is
    longer than ``most``; line breaks become spaces unless ``lines`` are kept."""
    found = plain(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if match := CONTROL.search(found):
        shown = CONTROL.sub("□", found)
        raise Problem(
            f"「{_short(shown)}」：目に見えない制御文字（U+{ord(match[0]):04X}）が"
            f"{match.start() + 1}文字目にあります。セルの内容を入力し直してください。"
        )
    if not found:
        raise Problem("値がありません。")
    if most is not None and len(found) > most:
        raise Problem(f"「{_short(found)}」：{len(found):,}文字あります。{most:,}文字までです。")
    return found if lines else " ".join(found.split("\n"))


def day(value: object, *, date1904: bool = False) -> date:
    """A day: one of Excel's, 和暦 or 西暦 as ``wareki.parse`` reads them, 20180401, or the bare
    number of a day that lost its format. A time behind it is left out."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        raise Problem(f"「{plain(value)}」は日付として読めません。{wareki.EXAMPLES}")
    typed = _TIME.sub("", plain(value).strip())
    bare = "".join(unicodedata.normalize("NFKC", typed).split())
    if not bare:
        raise Problem(f"日付がありません。{wareki.EXAMPLES}")
    if bare.isascii() and bare.isdigit():
        return _day_of_digits(typed, bare, date1904)
    try:
        return wareki.parse(typed)
    except ValueError as error:
        raise Problem(_shortened(str(error), typed)) from error


def whole(value: object, *, least: int = 0, most: int = 10**12, units=UNITS) -> int:
    """A whole number: 1234, 1,234, １，２３４件, ▲5; and one of ``units`` behind it."""
    bare = _number_text(value, units, EXAMPLE_WHOLE)
    if not _WHOLE.fullmatch(bare) or len(bare) > 40:
        raise Problem(f"「{_short(plain(value))}」は整数として読めません。{EXAMPLE_WHOLE}")
    number = int(bare.replace(",", "").partition(".")[0])
    if number < least:
        raise Problem(f"「{_short(plain(value))}」：{least:,}以上の数を入力してください。")
    if number > most:
        raise Problem(f"「{_short(plain(value))}」：大きすぎます。{most:,}までです。")
    return number


def percent(value: object) -> Decimal:
    """A percentage: 60%, ６０％, 33.4. A bare 0.6 could mean either and is refused."""
    bare = _number_text(value, ("%", "パーセント"), EXAMPLE_PERCENT)
    if not _DECIMAL.fullmatch(bare) or len(bare) > 40:
        raise Problem(f"「{_short(plain(value))}」は割合として読めません。{EXAMPLE_PERCENT}")
    number = Decimal(bare.replace(",", ""))
    if isinstance(value, int | float) and 0 < number <= 1:
        raise Problem(
            f"「{plain(value)}」：{number}％か{(number * 100).normalize():f}％か分かりません。"
            f"％を付けて入力してください。{EXAMPLE_PERCENT}"
        )
    return number


def yes_no(value: object) -> bool:
    """○ or ×, 有 or 無, はい or いいえ, ✓, 1 or 0, TRUE or FALSE."""
    if isinstance(value, bool):
        return value
    word = key(value)
    if word in _YES:
        return True
    if word in _NO:
        return False
    if not word:
        raise Problem(f"値がありません。{EXAMPLE_YES}")
    raise Problem(f"「{_short(plain(value))}」は「はい」か「いいえ」か分かりません。{EXAMPLE_YES}")


def one_of(value: object, options: Mapping[str, T]) -> T:
    """What one of these words stands for, compared by ``key``."""
    word = key(value)
    for name, meant in options.items():
        if key(name) == word:
            return meant
    names = "、".join(list(options)[:20])
    if not word:
        raise Problem(f"値がありません。次のどれかを入力してください：{names}")
    raise Problem(f"「{_short(plain(value))}」は選べません。次のどれかを入力してください：{names}")


def is_ditto(value: object) -> bool:
    """〃 and 同上, however they are typed."""
    return isinstance(value, str) and "".join(value.split()) in _DITTOS


# Whole sheets


def office_rows(sheet: Sheet, *, below: int = 0, struck: bool = False) -> Iterator[Row]:
    """The rows under row ``below`` (the headings) as they are meant: merged cells filled, 〃
    replaced, and without those struck through (unless ``struck``)."""
    left_out = () if struck else set(sheet.struck_rows)
    rows = (row for row in filled(sheet.rows, sheet.merges) if row.number > below)
    return (row for row in without_dittos(rows) if row.number not in left_out)


def filled(rows: Iterable[Row], merges: Iterable[Merge]) -> Iterator[Row]:
    """Rows with the value of a vertical merge in each row it spans that has any value of its own. A
    merge across columns stays a value in its first."""
    waiting: dict[int, list[Merge]] = {}
    for merge in sorted(merges, key=lambda merge: merge.first_row, reverse=True):
        if merge.last_row > merge.first_row:
            waiting.setdefault(merge.first_column, []).append(merge)
    values: dict[int, object] = {}
    for row in rows:
        row = Row(row.number, list(row.values)) if waiting else row
        for column, merges_of_column in list(waiting.items()):
            while merges_of_column and merges_of_column[-1].last_row < row.number:
                merges_of_column.pop()
                values.pop(column, None)
            if not merges_of_column:
                del waiting[column]
            elif merges_of_column[-1].first_row == row.number:
                values[column] = row.at(column)
            elif merges_of_column[-1].first_row < row.number and row.at(column) is None:
                _put(row.values, column, values.get(column))
        yield row


def without_dittos(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with the value above in place of 〃. It must stand in the row right above, for a blank
    row ends a block; where it does not, the cell becomes ``Unreadable`` and says so."""
    rows = list(rows)
    said = set(chain.from_iterable(row.values for row in rows))
    if not any(is_ditto(value) for value in said):
        yield from rows
        return
    above: list = []
    previous = None
    for row in rows:
        if previous is None or row.number != previous + 1:
            above = []
        previous = row.number
        if any(type(value) is str and is_ditto(value) for value in row.values):
            take = partial(_above, above, row.number)
            values = [take(place, value) for place, value in enumerate(row.values)]
            row = Row(row.number, values)
        above = row.values
        yield row


def _above(above: list, number: int, column: int, value: object) -> object:
    if not is_ditto(value):
        return value
    found = above[column] if column < len(above) else None
    if found is None or isinstance(found, Unreadable):
        wrong = "上のセルに値がありません" if found is None else "上のセルの値を読めません"
        where = address(number, column)
        return Unreadable(value, f"{where}は「上と同じ」ですが、{wrong}。値を直接入力してください")
    return found


def _put(values: list, column: int, value: object) -> None:
    if value is None:
        return
    if len(values) <= column:
        values.extend([None] * (column + 1 - len(values)))
    values[column] = value


def _day_of_digits(typed: str, bare: str, date1904: bool) -> date:
    if match := _EIGHT_DIGITS.fullmatch(bare):
        dashed = "-".join(match.groups())
        try:
            return wareki.parse(dashed)
        except ValueError as error:
            raise Problem(str(error).replace(dashed, _short(typed), 1)) from error
    if len(bare) < 8 and int(bare) in _SERIALS:
        return day_of(int(bare), date1904)
    raise Problem(f"「{_short(typed)}」は日付として読めません。{wareki.EXAMPLES}")


def _number_text(value: object, units: Iterable[str], example: str) -> str:
    if isinstance(value, bool | date):
        raise Problem(f"「{plain(value)}」は数として読めません。{example}")
    bare = "".join(unicodedata.normalize("NFKC", plain(value)).split()).translate(_MINUS)
    if not bare:
        raise Problem(f"値がありません。{example}")
    for unit in units:
        if bare.endswith(unit):
            return bare.removesuffix(unit)
    return bare


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:40]}…"


def _shortened(message: str, value: str) -> str:
    return message.replace(value, _short(value)) if len(value) > 40 else message
