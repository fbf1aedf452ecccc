"""Sheets as offices write them, each ugly in another way; with what must come of each. Written
before any of them was tried: what is understood is taken in, what is not is refused by name."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from exchange.importing.recognizing import IGNORED, SheetMapping

# What the ledger knows of the companies that the sheets name.
SAMPLE, SAMPLE_NUMBER = "株式会社見本", "3999999987654"
LAB = "みどり検査センター株式会社"


@dataclass(frozen=True)
class OfficeSheet:
    """``taken``: by sheet and row of the file, what the row that is added says. ``wrong``: by sheet
    and cell, words that stand in what is said of it. ``told``: words of the cautions."""

    what: str
    make: Callable[[], bytes]
    taken: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    left_out: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    wrong: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    told: tuple[tuple[str, ...], ...] = ()
    unmapped: tuple[str, ...] = ()
    mappings: Mapping[str, SheetMapping] = field(default_factory=dict)
    name: str = "委託契約一覧.xlsx"
    office: bool = False  # sent by the survey office


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(book: Workbook, title: str, rows: list[list]) -> Worksheet:
    page = book.active if book.active and book.active.max_row == 1 else book.create_sheet()
    page.title = title
    for row in rows:
        page.append(row)
    return page


def one_sheet(title: str, rows: list[list]) -> bytes:
    book = Workbook()
    sheet_of(book, title, rows)
    return saved(book)


# --- 1 ----------------------------------------------------------------------------------------


def merged_and_titled() -> bytes:
    """A title, the unit, headings on two lines, cells merged down and across, a sum, notes."""
    book = Workbook()
    page = sheet_of(
        book,
        "H29委託一覧",
        [
            ["平成２９年度　個人情報取扱業務委託契約一覧表"],
            [None, None, None, None, None, None, None, None, None, "（単位：人）"],
            ["通し番号", "件　名", "契約相手方", "契約日", "契約期間", None, "業務種別",
             "情報の種類", "再委託の条項", "本人の数"],
            [None, None, None, None, "始期", "終期", None, None, None, None],
            ["一", "職員健康診断", SAMPLE, date(2017, 4, 3), date(2017, 4, 3), date(2018, 3, 31),
             "職員の健康診断", "保有個人情報", "事前承認", 1200],
            ["二", "特殊健康診断", None, "〃", "〃", "〃", "〃", "〃", "〃", 80],
            ["三", "窓口封筒の印刷・封入", LAB, date(2017, 6, 1), date(2017, 6, 1),
             date(2017, 9, 30), "印刷・封入・発送", "同上", "禁止", 25000],
            [None, "合計", None, None, None, None, None, None, None, 26280],
            ["※　単価契約を含む。"],
            ["※　名簿は人事課が保管する。"],
        ],
    )  # fmt: skip
    for area in ("A1:J1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "G3:G4", "H3:H4", "I3:I4",
                 "J3:J4", "C5:C6", "A9:J9"):  # fmt: skip
        page.merge_cells(area)
    page["A1"].alignment, page["A1"].font = Alignment(horizontal="center"), Font(size=16)
    return saved(book)


MERGED = OfficeSheet(
    "merged cells, a title, headings on two lines, ditto marks, a sum and notes",
    merged_and_titled,
    taken={
        "H29委託一覧": {
            5: {
                "title": "職員健康診断",
                "contractor": SAMPLE,
                "concluded_on": date(2017, 4, 3),
                "first_day": date(2017, 4, 3),
                "agreed_last_day": date(2018, 3, 31),
                "work": "staff_health_check",
                "persons": 1200,
            },
            6: {
                "title": "特殊健康診断",
                "contractor": SAMPLE,
                "concluded_on": date(2017, 4, 3),
                "agreed_last_day": date(2018, 3, 31),
                "work": "staff_health_check",
                "information": "personal",
                "clause": "prior_approval",
                "persons": 80,
            },
            7: {
                "title": "窓口封筒の印刷・封入",
                "contractor": LAB,
                "information": "personal",
                "clause": "forbidden",
                "persons": 25000,
            },
        }
    },
    told=(
        ("合計や注記の行は取り込みません", "8行"),
        ("番号などのほかに値のない行は取り込みません", "9行", "10行"),
    ),
)

# --- 2 ----------------------------------------------------------------------------------------

HEADINGS = ["契約件名", "委託先", "契約締結日", "契約期間の初日", "契約期間の末日", "業務の種類",
            "情報の種類", "再委託の条項"]  # fmt: skip
YEAR = ["平成29年4月1日", "H29.4.1", "H30.3.31"]
KINDS = ["職員の健康診断", "保有個人情報", "事前承認"]

DAYS = OfficeSheet(
    "days in every way there is, some of them no days",
    lambda: one_sheet(
        "契約",
        [
            HEADINGS,
            ["一", SAMPLE, "平成３０年４月１日", "H30.4.1", "平成32年3月31日", *KINDS],
            ["二", SAMPLE, "20180401", 43191, "令和元年５月１日", *KINDS],
            ["三", SAMPLE, "2018/4/1", "２０１８．４．１", "R1/5/1", *KINDS],
            ["四", SAMPLE, "30/4/1", "平成30年2月29日", "2018年4月31日", *KINDS],
            ["五", SAMPLE, "4月1日", date(2018, 4, 1), "未定", *KINDS],
        ],
    ),
    taken={
        "契約": {
            2: {
                "concluded_on": date(2018, 4, 1),
                "first_day": date(2018, 4, 1),
                "agreed_last_day": date(2020, 3, 31),
            },
            3: {
                "concluded_on": date(2018, 4, 1),
                "first_day": date(2018, 4, 1),
                "agreed_last_day": date(2019, 5, 1),
            },
            4: {
                "concluded_on": date(2018, 4, 1),
                "first_day": date(2018, 4, 1),
                "agreed_last_day": date(2019, 5, 1),
            },
        }
    },
    wrong={
        ("契約", "C5"): ("契約締結日", "「30/4/1」", "例："),
        ("契約", "D5"): ("契約期間の初日", "「平成30年2月29日」"),
        ("契約", "E5"): ("「2018年4月31日」",),
        ("契約", "C6"): ("「4月1日」", "例："),
        ("契約", "E6"): ("「未定」", "例："),
    },
)

# --- 3 ----------------------------------------------------------------------------------------

WIDTHS = OfficeSheet(
    "full-width digits, half-width kana, spaces within names, a company by its number alone",
    lambda: one_sheet(
        "　契約　",
        [
            ["契約 No.", "契約件名 ※", "委託先名", *HEADINGS[2:], "対象人数", "要配慮個人情報"],
            ["第１２号", "ﾃﾞｰﾀ入力", "㈱ 見 本", "H29.4.1", "H29.4.1", "H30.3.31",
             "ﾃﾞｰﾀ入力・ﾃﾞｰﾀ処理", "個人情報", "原則禁止・承認があれば可", "１２，３４５人", "有"],
            [13, "ｱﾝｹｰﾄ", "３－９９９９－９９９８－７６５４", "H29.4.1", "H29.4.1", "H30.3.31",
             "調査・アンケート・集計", "調査票情報", "承認制", "5万", "×"],
            ["14", "健診", "ｶﾌﾞｼｷｶﾞｲｼｬﾐﾎﾝ", "H29.4.1", "H29.4.1", "H30.3.31",
             "その他の医学的な検査", "保有個人情報", "届出制", "－", "○"],
        ],
    ),
    taken={
        "　契約　": {
            2: {
                "number": "第１２号",
                "title": "ﾃﾞｰﾀ入力",
                "contractor": SAMPLE,
                "work": "data_entry",
                "information": "personal",
                "clause": "prior_approval",
                "persons": 12345,
                "special_care": True,
            },
            3: {
                "number": "13",
                "contractor": SAMPLE,
                "information": "statistics",
                "persons": 50000,
                "special_care": False,
            },
            4: {
                "contractor": SAMPLE,
                "clause": "prior_notice",
                "persons": None,
                "special_care": True,
            },
        }
    },
)  # fmt: skip

# --- 4 ----------------------------------------------------------------------------------------

OTHER_NAMES = OfficeSheet(
    "columns in another order and under other names, two of them unknown, one missing",
    lambda: one_sheet(
        "契約",
        [
            ["契約額（円）", "終期", "始期", "締結日", "業者名", "委託業務名", "業務種別",
             "情報の種類", "備考"],
            [1_200_000, "2018-03-31", "2017-04-01", "2017-04-01", SAMPLE, "健診",
             "職員の健康診断", "保有個人情報", "単価契約"],
        ],
    ),
    wrong={
        ("契約", ""): ("必須の列「再委託の条項」がありません", "例"),
        ("契約", "A1"): ("列「契約額（円）」は「契約」シートにありません",),
        ("契約", "I1"): ("列「備考」は「契約」シートにありません",),
    },
)  # fmt: skip

# --- 5 ----------------------------------------------------------------------------------------

MINISTRY = "調査票（様式１）"


def as_the_ministry_asks() -> bytes:
    """The ministry's own form: questions as headings, answers by signs."""
    book = Workbook()
    page = sheet_of(
        book,
        MINISTRY,
        [
            ["平成29年度における個人情報の取扱いに関する委託契約の調査票"],
            ["機関名", "あおぞら省"],
            [],
            ["番号", "委託契約の名称", "委託先の名称", "契約の締結日", "契約期間（自）",
             "契約期間（至）", "委託業務の内容", "取り扱う情報", "契約における再委託の定め",
             "契約に反する再委託の有無"],
            [1, "職員健康診断", SAMPLE, "H29.4.1", "H29.4.1", "H30.3.31", "職員の健康診断",
             "保有個人情報", "事前承認", "×"],
            [2, "統計調査票の入力", LAB, "H29.5.8", "H29.5.8", "H30.3.31",
             "データ入力・データ処理", "調査票情報等", "禁止", "○"],
        ],
    )  # fmt: skip
    page.merge_cells("A1:J1")
    return saved(book)


MINISTRYS = OfficeSheet(
    "the ministry's form, whose columns somebody has to say first",
    as_the_ministry_asks,
    unmapped=(MINISTRY,),
)
MAPPED = OfficeSheet(
    "the ministry's form, once its columns are known",
    as_the_ministry_asks,
    mappings={
        MINISTRY: SheetMapping(
            "contracts",
            {
                "番号": "reference",
                "委託契約の名称": "title",
                "委託先の名称": "contractor",
                "契約の締結日": "concluded_on",
                "契約期間（自）": "first_day",
                "契約期間（至）": "agreed_last_day",
                "委託業務の内容": "work",
                "取り扱う情報": "information",
                "契約における再委託の定め": "clause",
                "契約に反する再委託の有無": IGNORED,
            },
        )
    },
    taken={
        MINISTRY: {
            5: {"title": "職員健康診断", "contractor": SAMPLE, "clause": "prior_approval"},
            6: {"title": "統計調査票の入力", "contractor": LAB, "information": "statistics"},
        }
    },
)

# --- 6 ----------------------------------------------------------------------------------------


def hidden_and_struck() -> bytes:
    book = Workbook()
    page = sheet_of(
        book,
        "契約",
        [
            [*HEADINGS, "本人の数（人）"],
            ["見える契約", SAMPLE, *YEAR, *KINDS, 10],
            ["隠した契約", SAMPLE, *YEAR, *KINDS, 20],
            ["やめた契約", SAMPLE, *YEAR, *KINDS, 30],
        ],
    )
    page.row_dimensions[3].hidden = True
    page.column_dimensions["I"].hidden = True
    for cell in page[4]:
        cell.font = Font(strike=True)
    return saved(book)


HIDDEN = OfficeSheet(
    "a hidden row and column, which are read, and a row struck out, which is not taken in",
    hidden_and_struck,
    taken={
        "契約": {
            2: {"title": "見える契約", "persons": 10},
            3: {"title": "隠した契約", "persons": 20},
        }
    },
    left_out={"契約": (4,)},
    told=(
        ("非表示の行", "3行"),
        ("非表示の列", "I列"),
        ("取り消し線で消された行は取り込みません", "4行"),
    ),
)

FIRST = (MERGED, DAYS, WIDTHS, OTHER_NAMES, MINISTRYS, MAPPED, HIDDEN)
