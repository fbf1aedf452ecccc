"""The value of one cell, out of its text, type and style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from exchange.reading import limits
from exchange.reading.book import Unreadable, address
from exchange.reading.markup import TRUE, Broken
from exchange.reading.remarks import Remarks
from exchange.reading.serials import Shown, day_of, time_of
from exchange.reading.styles import Styles
from exchange.reading.texts import (
    CONTROL,
    PRIVATE,
    Strings,
    TextOfRuns,
    broken_index,
    too_long,
    too_much_text,
    unescaped,
)

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)[\d:.]*Z?)?", re.ASCII)
_DDE = re.compile(r"\|[^!]*!|\bDDE(AUTO)?\b|\bCALL\(|\bREGISTER", re.IGNORECASE)
_EXTERNAL = re.compile(
    r"\[[^\]]+\][^!]*!|\bHYPERLINK\(|\bWEBSERVICE\(|\bIMPORT\w+\(", re.IGNORECASE
)
_EXACT = 10**15  # a spreadsheet keeps 15 digits

NO_RESULT = (
    "数式の計算結果が保存されていません。Excelで開いて保存し直すか、値を直接入力してください"
)
ERROR = "数式のエラー値です。Excelで数式を直すか、値を直接入力してください"


@dataclass(slots=True)
class Totals:
    """What all sheets of a book have together so far."""

    cells: int = 0  # with a value
    blanks: int = 0
    rows: int = 0
    merges: int = 0
    characters: int = 0


class Values:
    """Reads the cells of a book, one sheet after the other. ``struck`` tells of the last one."""

    def __init__(self, strings: Strings, styles: Styles, date1904: bool, totals: Totals):
        self._strings, self._styles, self._date1904 = strings, styles, date1904
        self._totals = totals
        self._days: dict[str, date] = {}
        self.struck = False

    def begin_sheet(self, remarks: Remarks, name: str) -> None:
        self._remarks, self._name = remarks, name

    def of(self, text, kind, style, formula, at):
        """The value of a cell at a place (row, column): its text may be that of inline runs."""
        self.struck = style in self._styles.struck
        if formula is not None:
            self._note_formula(formula, at)
            if text is None or (text == "" and kind != "str"):
                self._remarks.note("no-results", address(*at))
                return Unreadable("", NO_RESULT)
        if type(text) is TextOfRuns:
            self.struck = self.struck or text.struck
            if text.partly_struck:
                self._remarks.note("struck-texts", address(*at))
            return self._text(unescaped(text.text), at)
        if kind is None or kind == "n":
            return self._number(text, style, at)
        if kind == "s":
            return self._shared(text, at)
        if kind in ("str", "inlineStr"):
            return self._text(unescaped(text), at)
        if kind == "b":
            return text.strip() in TRUE
        if kind == "e":
            self._remarks.note("errors", f"{address(*at)}（{text[:20]}）")
            return Unreadable(text[:40], ERROR)
        if kind == "d":
            return self._iso_day(text, at)
        raise Broken(self._name, f"セル{address(*at)}の種類「{kind[:20]}」が正しくない")

    def plain_text(self, text, style, at):
        """The value of a cell of inline text without runs."""
        self.struck = style in self._styles.struck
        return self._text(unescaped(text), at)

    def _shared(self, text, at):
        try:
            index = int(text) if len(text) < 10 else -1
            found = self._strings.texts[index] if index >= 0 else None
        except (ValueError, IndexError):
            found = None
        if found is None:
            raise broken_index(f"{self._name}のセル{address(*at)}")
        if index in self._strings.struck:
            self.struck = True
        elif index in self._strings.partly_struck:
            self._remarks.note("struck-texts", address(*at))
        return self._text(found, at)

    def _text(self, text, at):
        if not text:
            return None
        self._totals.characters += len(text)
        if self._totals.characters > limits.TEXTS:
            raise too_much_text()
        if len(text) > limits.TEXT:
            raise too_long(f"{self._name}のセル{address(*at)}", len(text))
        if not text.isprintable():  # which full-width spaces are not either
            note_characters(text, self._remarks, address(*at))
        return text

    def _number(self, text, style, at):
        shown = self._styles.shown.get(style)
        if shown is None and text.isdigit() and text.isascii() and len(text) <= 15:
            return int(text)
        if shown is Shown.DAY and (day := self._days.get(text)):
            return day
        plain = text.strip()
        if not plain:
            return None
        if not _NUMBER.fullmatch(plain):
            raise Broken(self._name, f"セル{address(*at)}の数値「{text[:40]}」が正しくない")
        if len(plain) > 400 or abs(number := float(plain)) == float("inf"):
            self._remarks.note("large-numbers", address(*at))
            return Unreadable(plain[:40], "数値が大きすぎて読めません")
        number = float(plain)
        if shown is Shown.DAY:
            return self._day(text, number, at)
        if shown is Shown.PERCENT:
            return f"{(Decimal(repr(number)) * 100).normalize():f}%"
        if shown is Shown.TIME and 0 <= number < 1000:
            return time_of(number)
        return int(number) if number.is_integer() and abs(number) < _EXACT else number

    def _day(self, text, number, at):
        try:
            day = day_of(number, self._date1904)
        except ValueError as error:
            self._remarks.note("unreadable-days", f"{address(*at)}（{text[:20]}）")
            return Unreadable(text[:40], f"{error}。日付を入力し直してください")
        if number % 1:
            self._remarks.note("times", address(*at))
        elif len(self._days) < 50_000:
            self._days[text] = day
        return day

    def _iso_day(self, text, at):
        match = _ISO_DAY.fullmatch(text.strip())
        try:
            day = date.fromisoformat(match[1]) if match else None
        except ValueError:
            day = None
        if day is None:
            self._remarks.note("unreadable-days", f"{address(*at)}（{text[:20]}）")
            return Unreadable(text[:40], "日付として読めません。日付を入力し直してください")
        if match[2] and match[2] != "00:00":
            self._remarks.note("times", address(*at))
        return day

    def _note_formula(self, formula, at):
        self._remarks.note("formulas", address(*at))
        if _DDE.search(formula[:4000]):
            self._remarks.note("dde", address(*at))
        elif _EXTERNAL.search(formula[:4000]):
            self._remarks.note("external-formulas", address(*at))


def note_characters(text: str, remarks: Remarks, place: str) -> None:
    if CONTROL.search(text):
        remarks.note("control-characters", place)
    if PRIVATE.search(text):
        remarks.note("private-characters", place)
