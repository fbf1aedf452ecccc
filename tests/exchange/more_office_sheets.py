"""More sheets as offices write them: text files, several sheets, signs, chains, percentages."""

from __future__ import annotations

import csv
import io
from datetime import date

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.exchange.office_sheets import (
    FIRST,
    HEADINGS,
    KINDS,
    LAB,
    SAMPLE,
    SAMPLE_NUMBER,
    YEAR,
    OfficeSheet,
    one_sheet,
    saved,
    sheet_of,
)

# --- 7 and 8: CSV -----------------------------------------------------------------------------


def comma_separated(rows: list[list], encoding: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


CP932 = OfficeSheet(
    "CSV of Windows, with characters of its own",
    lambda: comma_separated(
        [
            HEADINGS,
            ["①Ⅱ期健診（髙島屋）", "㈱髙﨑ラボ", *YEAR, *KINDS],
            ["№２　纊の検査～", SAMPLE_NUMBER, *YEAR, *KINDS],
        ],
        "cp932",
    ),
    name="①一覧.csv",
    taken={
        "①一覧": {
            2: {"title": "①Ⅱ期健診（髙島屋）", "contractor": "㈱髙﨑ラボ"},
            3: {"title": "№２　纊の検査～", "contractor": SAMPLE},
        }
    },
    told=(("㈱髙﨑ラボ",),),
)  # fmt: skip
WITH_BREAKS = OfficeSheet(
    "CSV with a mark at its beginning, line breaks within cells, and lines of commas alone",
    lambda: comma_separated(
        [
            ["契約件名", "委託先\r\n（名称）", *HEADINGS[2:]],
            ["職員健康診断\r\n（定期）", "株式会社\r\n見本", *YEAR, *KINDS],
            [""] * 8,
            [""] * 8,
        ],
        "utf-8-sig",
    ),
    name="一覧.csv",
    taken={"一覧": {2: {"title": "職員健康診断\n（定期）", "contractor": SAMPLE}}},
)  # fmt: skip

# --- 9 ----------------------------------------------------------------------------------------

TWO_TABLES = OfficeSheet(
    "two tables on one sheet",
    lambda: one_sheet(
        "契約",
        [
            ["整理番号", *HEADINGS],
            ["新1", "健診", SAMPLE, *YEAR, *KINDS],
            [],
            ["【再委託】"],
            ["契約の整理番号", "再委託先", "再委託開始日"],
            ["新1", LAB, "H29.4.1"],
        ],
    ),
    taken={"契約": {2: {"title": "健診"}}},
    wrong={("契約", "A5"): ("見出し", "一つのシートには一つの表")},
)

PAGES = OfficeSheet(
    "a list for paper, whose headings stand again on each page",
    lambda: one_sheet(
        "契約",
        [
            HEADINGS,
            ["健診一", SAMPLE, *YEAR, *KINDS],
            ["契約 件名", *HEADINGS[1:]],
            ["健診二", SAMPLE, *YEAR, *KINDS],
        ],
    ),
    taken={"契約": {2: {"title": "健診一"}, 4: {"title": "健診二"}}},
    told=(("見出しを繰り返す行は取り込みません", "3行"),),
)

# --- 10 ---------------------------------------------------------------------------------------

CODE, OTHER = "A01-2017-00001", "A01-2017-00002"
SIGNS = OfficeSheet(
    "inspections with signs for yes and no, ditto marks, and a word nobody knows",
    lambda: one_sheet(
        "検査",
        [
            ["契約コード", "整理番号", "実施日", "検査方法", "検査者", "個人情報の管理の状況",
             "管理体制", "実施体制", "検査結果", "指摘事項"],
            [CODE, "春", "平成29年10月2日", "実地検査", "監査班", "○", "レ", "－", "適切", None],
            [OTHER, "〃", "〃", "〃", "〃", "○", "×", "有", "指摘あり", "名簿の施錠"],
            [CODE, "秋", "H29.11.1", "電話", "監査班", "△", None, None, "良", None],
        ],
    ),
    taken={
        "検査": {
            2: {"covers_handling": True, "covers_management": True, "covers_work": False,
                "result": "good", "inspection.method": "on_site",
                "inspection.day": date(2017, 10, 2)},
            3: {"covers_management": False, "covers_work": True, "result": "points",
                "points": "名簿の施錠", "inspection.inspectors": "監査班"},
        }
    },
    wrong={
        ("検査", "D4"): ("検査の方法「電話」", "実地、書面、遠隔"),
        ("検査", "F4"): ("「△」", "はい"),
        ("検査", "I4"): ("結果「良」", "適切、指摘あり、不適切"),
    },
    name="検査記録.xlsx",
)  # fmt: skip

# --- 11 ---------------------------------------------------------------------------------------

GAPS = OfficeSheet(
    "blank rows between, sums of parts, a ditto mark below a gap, a column without a heading",
    lambda: one_sheet(
        "契約",
        [
            [*HEADINGS, "本人の数", None],
            ["健診一", SAMPLE, *YEAR, *KINDS, 10, None],
            ["小　計", None, None, None, None, None, None, None, 10, None],
            [],
            [None],
            ["健診二", "〃", *YEAR, *KINDS, 20, "済"],
            ["総　計", None, None, None, None, None, None, None, 30, None],
        ],
    ),
    taken={"契約": {2: {"title": "健診一"}}},
    wrong={
        ("契約", "B6"): ("B6は「上と同じ」ですが", "直接入力してください"),
        ("契約", "J6"): ("見出しのないJ列", "「済」"),
    },
    told=(("合計や注記の行は取り込みません", "3行", "7行"),),
)

# --- 12 ---------------------------------------------------------------------------------------


def a_chain() -> bytes:
    """Contract, subcontract and its subcontract, which name each other by the office's numbers."""
    book = Workbook()
    sheet_of(
        book,
        "再委託",
        [
            ["再委託の状況（平成29年度）"],
            ["契約の整理番号", "管理番号", "再委託元の番号", "再委託先業者名", "再委託開始日",
             "再委託終了日", "個人情報の取扱い", "資本関係"],
            ["い", "甲", None, "(株)見本", "H29.5.1", "H30.2.28", "有", "１００％子会社"],
            ["い", "乙", "甲", LAB, "H29.6.1", None, "無", "非該当"],
            ["ろ", "甲", "乙", LAB, "H29.6.1", None, "無", "非該当"],
        ],
    )  # fmt: skip
    sheet_of(
        book,
        "契約",
        [
            ["管理番号", *HEADINGS],
            ["い", "健診", "株式会社 見本", *YEAR, *KINDS],
            ["ろ", "入力", LAB, *YEAR, *KINDS],
        ],
    )
    return saved(book)


CHAIN = OfficeSheet(
    "a chain on a sheet before its contracts, one link of it below another contract's",
    a_chain,
    taken={
        "再委託": {
            3: {"contractor": SAMPLE, "declared_relation": "wholly_owned",
                "handles_information": True, "parent": None, "last_day": date(2018, 2, 28)},
            4: {"contractor": LAB, "parent.contractor": SAMPLE, "handles_information": False,
                "last_day": None, "contract.title": "健診"},
        },
        "契約": {2: {"contractor": SAMPLE}, 3: {"contractor": LAB}},
    },
    wrong={("再委託", "C5"): ("再委託元「乙」", "ありません", "例：")},
)  # fmt: skip

# --- 13 ---------------------------------------------------------------------------------------

TICKED = OfficeSheet(
    "rows ticked as not to be taken in, the example among them, and a tick nobody knows",
    lambda: one_sheet(
        "契約",
        [
            ["取込み", *HEADINGS],
            ["記入例", "見本の契約", SAMPLE, "2018-04-01", "2018-04-01", "2019-03-31", *KINDS],
            ["取り込まない", "誤記だらけ", "？", "昨日", "", "未定", "あれ", "これ", "それ"],
            ["○", "同じく", SAMPLE, "2018-04-01", "2018-04-01", "2019-03-31", *KINDS],
            [None, "取り込む", SAMPLE, "2018-04-01", "2018-04-01", "2019-03-31", *KINDS],
            ["保留", "迷う", SAMPLE, "2018-04-01", "2018-04-01", "2019-03-31", *KINDS],
        ],
    ),
    taken={"契約": {5: {"title": "取り込む"}}},
    left_out={"契約": (2, 3, 4)},
    wrong={("契約", "A6"): ("取込み「保留」", "取り込まない、記入例")},
    told=(("「記入例」の行は取り込みません", "2行"), ("「取り込まない」", "3行、4行")),
)

# --- 14 ---------------------------------------------------------------------------------------


def holdings() -> bytes:
    book = Workbook()
    page = sheet_of(
        book,
        "出資関係",
        [
            ["出資者", "被出資者", "出資比率", "保有開始日", "保有終了日"],
            [SAMPLE, LAB, 0.6, "H25.4.1", "H27.3.31"],
            [LAB, SAMPLE, "３３．４％", "H25.4.1", "－"],
            [SAMPLE, LAB, 0.6, "H27.4.1", None],
            [SAMPLE, "どこか商会", "100%", "H27.4.1", None],
        ],
    )
    page["C2"].number_format = "0%"
    return saved(book)


SHARES = OfficeSheet(
    "percentages shown and typed, one that could be either, a company nobody knows",
    holdings,
    office=True,
    taken={
        "出資関係": {
            2: {"holder": SAMPLE, "held": LAB, "share": 60, "last_day": date(2015, 3, 31)},
            3: {"holder": LAB, "held": SAMPLE, "last_day": None},
        }
    },
    wrong={
        ("出資関係", "C4"): ("「0.6」", "0.6％か60％か分かりません"),
        ("出資関係", "B5"): ("被出資者「どこか商会」は登録されていません", "例："),
    },
    name="出資.xlsx",
)

# --- 15 ---------------------------------------------------------------------------------------


def counted_from_1904() -> bytes:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet_of(
        book,
        "契約",
        [HEADINGS, ["健診", SAMPLE, date(2017, 4, 1), 41364, "41728", *KINDS]],
    )
    return saved(book)


MACINTOSH = OfficeSheet(
    "a workbook of an old Macintosh, with days that lost their format",
    counted_from_1904,
    taken={
        "契約": {
            2: {
                "concluded_on": date(2017, 4, 1),
                "first_day": date(2017, 4, 1),
                "agreed_last_day": date(2018, 3, 31),
            }
        }
    },
)

# --- 16 ---------------------------------------------------------------------------------------

LETTER = OfficeSheet(
    "a letter typed into cells",
    lambda: one_sheet(
        "Sheet1",
        [
            ["平成29年4月3日"],
            ["総務課長　殿"],
            [None, "委託契約の状況について（報告）"],
            ["標記の件について、下記のとおり報告します。"],
            [None, None, "記"],
            ["１　健康診断　株式会社見本　4月1日から"],
            [None, None, "以上"],
        ],
    ),
    unmapped=("Sheet1",),
)

ALL = (
    *FIRST, CP932, WITH_BREAKS, TWO_TABLES, PAGES, SIGNS, GAPS, CHAIN, TICKED, SHARES, MACINTOSH,
    LETTER,
)  # fmt: skip
