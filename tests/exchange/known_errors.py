"""A workbook of a ledger with fifty errors in it, each in a cell of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from exchange import ledger_files
from exchange.sheets import BY_KEY, SHEETS
from exchange.sheets.base import Chosen, Sheet

LONG = "長" * 2_001

# By the key of a sheet: the heading and what somebody typed below it.
ERRORS: dict[str, tuple[tuple[str, Any], ...]] = {
    "contracts": (
        ("契約締結日", "平成31年2月30日"),
        ("契約期間の末日（当初）", "未定"),
        ("業務の種類", "あれこれ"),
        ("情報の種類", "個人"),
        ("再委託の条項", "相談"),
        ("本人の数（人）", "多数"),
        ("契約件名", None),
        ("課室", "ない課（999）"),
        ("委託先", "9876543210987"),
        ("保護担当者", "だれか（nobody）"),
        ("要配慮個人情報を含む", "たぶん"),
        ("契約番号", LONG),
        ("更新元の契約", "A99-2017-00001"),
    ),
    "links": (
        ("契約コード", "A01-2017-99999"),
        ("再委託元", "999"),
        ("再委託先", None),
        ("再委託期間の初日", "4月1日"),
        ("申告された資本関係", "孫会社"),
        ("個人情報を取り扱う", "△"),
    ),
    "approvals": (
        ("結果", "保留"),
        ("再委託の番号", "99"),
        ("決定日", "30/4/1"),
    ),
    "notices": (("受理日", None),),
    "flow-down": (("措置の項目", "なにか"), ("確認日", "昨日")),
    "inspections": (
        ("検査日", "2017-13-01"),
        ("検査の方法", "電話"),
        ("結果", "良"),
    ),
    "amendments": (("変更の効力が生じる日", None), ("変更後の再委託の条項", "自由")),
    "selections": (("確認日", "不明"),),
    "confirmations": (("確認した事項", "責任者、その他"), ("書面で確認した日", None)),
    "decisions": (("匿名化措置の要否", "△"), ("判断した日", "H29.13.1")),
    "measures": (("措置の方法", None),),
    "disposals": (("返却・消去の方法", "処分"), ("証明書の受領日", "後日")),
    "reports": (("報告の種類", "臨時"), ("受領日", "予定")),
    "faults": (("内容", None),),
    "justifications": (("規則", "ない規則"), ("申請者", "だれか")),
    "disclosures": (("提供の根拠", "いろいろ"), ("提供先", None), ("提供の初日", "春")),
    "surveyed": (("確認の結果", "未確認"),),
    "companies": (("名称", None),),
    "holdings": (("議決権割合（％）", 101), ("保有開始日", "設立時")),
}


class Place(NamedTuple):
    """Of an error: the sheet, the row as Excel counts it, the column from 0."""

    sheet: str
    row: int
    column: int
    heading: str


def with_errors(chosen: Sequence[Chosen]) -> tuple[bytes, list[Place]]:
    """The workbook, and where its errors are, spread over the rows of each sheet."""
    out, places = BytesIO(), []
    rows = {sheet: list(_spoilt(sheet, chosen, places)) for sheet in SHEETS}
    ledger_files.write(out, rows, {})
    return out.getvalue(), places


def _spoilt(sheet: Sheet, chosen: Sequence[Chosen], places: list[Place]) -> Iterator[tuple]:
    rows = [list(row) for row in ledger_files.rows_of(sheet, chosen)]
    errors = ERRORS.get(sheet.key, ())
    headings = [column.heading for column in sheet.columns]
    for number, (heading, typed) in enumerate(errors):
        row = number * max(len(rows) // len(errors), 1) % len(rows)
        column = headings.index(heading)
        rows[row][column] = typed
        places.append(Place(sheet.title, row + 2, column, heading))
    return map(tuple, rows)


assert BY_KEY.keys() >= ERRORS.keys()
