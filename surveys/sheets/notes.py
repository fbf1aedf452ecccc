"""The ※ notes under a table: the ministry's, and those that say what the table does not show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from surveys.sheets.base import CLASSES, HEADINGS, PENDING, TOTAL, Counts, Faults, Listed, Sheet

ONLY_WITH_CONTRACTS = "※ 該当契約のあった機関のみ掲載"
ONLY_VISIBLE = "※ 見る権限のある機関だけを集計しています。計は公表された表の計ではありません。"


def faults_by_agency(sheet: Sheet, faults: Faults, listed: Sequence[Listed]) -> str:
    """Inadequate management, as under the tables by agency, in printed order."""
    numbers = [_at(faults, sheet, row, 0) for row in listed]
    total = sum(numbers)
    found = f"が{total:,}件（{_named(listed, numbers)}）あった" if total else "はなかった"
    return (
        "※ このほか、委託先（再委託先）において適切な管理体制が取られているか否かを併せて確認した"
        f"結果、適切な管理体制が取られていない実態が確認されたもの{found}。"
    )


def faults_together(sheet: Sheet, faults: Faults, listed: Sequence[Listed]) -> tuple[str, ...]:
    """Inadequate management, as under the summary."""
    total = sum(_at(faults, sheet, row, 0) for row in listed)
    if not total:
        return ()
    return (
        "※ このほか、委託先又は再委託先において、個人情報の管理体制が不適切であることが確認された"
        f"事例が{total:,}件。",
    )


def pending(sheet: Sheet, counts: Counts, listed: Sequence[Listed]) -> tuple[str, ...]:
    """Said on the face of a table while some of its contracts stand in none of its columns."""
    numbers = [_at(counts, sheet, row, {}).get(PENDING, 0) for row in listed]
    if not any(numbers):
        return ()
    heading = next(column.heading for column in sheet.columns if column.key == TOTAL)
    return (
        f"※ {heading}のうち{sum(numbers):,}件は確認中又は未回答であり、他の欄には数えていない"
        f"（{_named(listed, numbers, most=5)}）。",
    )


def without_column(sheet: Sheet, tally: Mapping[str, int]) -> tuple[str, ...]:
    """Contracts of a class that the ministry's table has no column for."""
    printed = {column.key for column in sheet.columns}
    return tuple(
        f"※ 総件数のうち{tally[name]:,}件は「{HEADINGS[name]}」であり、この表に欄がない。"
        for name in CLASSES
        if name not in printed and tally[name]
    )


def unlisted(sheet: Sheet, counts: Counts, listed: Iterable[Listed]) -> tuple[str, ...]:
    """Contracts of agencies that the round does not list: never dropped without a word."""
    known = {row.agency_id for row in listed}
    number = sum(
        sum(by_class.values())
        for (information, agency_id), by_class in counts.items()
        if information == sheet.information and agency_id not in known
    )
    if not number:
        return ()
    return (f"※ 掲載順に登録のない機関の契約が{number:,}件ある（この表に含まない）。",)


def _at(numbers: Mapping, sheet: Sheet, row: Listed, default):
    return numbers.get((sheet.information, row.agency_id), default)


def _named(listed: Sequence[Listed], numbers: Sequence[int], most: int | None = None) -> str:
    """厚生労働省1件、国土交通省2件ほか3機関"""
    named = [
        f"{row.printed_name}{number:,}件"
        for row, number in zip(listed, numbers, strict=True)
        if number
    ]
    rest = len(named) - len(named[:most])
    return "、".join(named[:most]) + (f"ほか{rest}機関" if rest else "")
