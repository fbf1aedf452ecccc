"""What is told about a sheet that was read: kinds of remarks, each with the places it holds for."""

from __future__ import annotations

from exchange.reading import limits
from exchange.reading.book import Caution, some

# What is told, by code; {places} are the cells, rows or columns.
TEXTS = {
    "hidden-sheets": "非表示のシートです。読みました。",
    "hidden-rows": "非表示の行に値があります。読みました：{places}。",
    "hidden-columns": "非表示の列があります。読みました：{places}。",
    "struck-rows": "行全体が取り消し線で消されています：{places}。",
    "struck-cells": "一部のセルだけに取り消し線があります。値として読みました：{places}。",
    "struck-texts": "取り消し線で消された文字を除き、残りの文字だけを読みました：{places}。",
    "formulas": "数式があります。保存されている計算結果の値を読み、数式は捨てます：{places}。",
    "dde": "外部プログラムを呼ぶ数式（DDE）は実行せず、保存された値を読みます：{places}。",
    "external-formulas": "別のブック等を参照する数式は、保存された値を読みます：{places}。",
    "no-results": "数式の計算結果が保存されていないため、値を読めません：{places}。",
    "errors": "数式のエラー値があります：{places}。",
    "unreadable-days": "日付の書式ですが、日付として読めない数値があります：{places}。",
    "large-numbers": "大きすぎて読めない数値があります：{places}。",
    "times": "日付に時刻が付いています。時刻は捨て、日付だけを読みました：{places}。",
    "control-characters": "目に見えない制御文字が含まれています：{places}。",
    "private-characters": "外字（その端末でしか表示できない文字）があります：{places}。",
    "ragged": "列の数がほかの行と違います。区切り文字や引用符を確かめてください：{places}。",
}
# In this order they are told.
_ORDER = {code: place for place, code in enumerate(TEXTS)}


class Remarks:
    """Counts each kind, and keeps the first places."""

    def __init__(self, sheet: str):
        self._sheet = sheet
        self._places: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def note(self, code: str, place: str = "") -> None:
        count = self._counts[code] = self._counts.get(code, 0) + 1
        if place and count <= limits.PLACES:
            self._places.setdefault(code, []).append(place)

    def cautions(self) -> list[Caution]:
        return [
            self._caution(code, count)
            for code, count in sorted(self._counts.items(), key=lambda item: _ORDER[item[0]])
        ]

    def _caution(self, code: str, count: int) -> Caution:
        places = tuple(self._places.get(code, ()))
        named = TEXTS[code].format(places=some(places, count))
        return Caution(code, f"シート「{self._sheet}」：{named}", self._sheet, places, count)
