"""Files that are odd but read: what each gives, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from exchange.reading import Unreadable
from tests.exchange.reading.handmade import (
    OFFICE,
    ROWS,
    one_sheet,
    packed,
    parts,
    strings,
    styles,
    text_cell,
    workbook,
)


class Odd(NamedTuple):
    what: str
    make: Callable[[], bytes]
    rows: dict[int, list]  # of the first sheet, by number
    told: dict[str, tuple[str, ...]] = {}  # by code of caution, words that stand in it
    name: str = "届出.xlsx"


HEADING = {1: ["契約番号"]}
STRUCK = "<font/><font><strike/></font>"


def with_part(name: str, content: str = "x") -> bytes:
    return packed({**parts(), name: content})


def row(*cells: str, number: int = 1, attributes: str = "") -> str:
    return f'<row r="{number}" {attributes}>{"".join(cells)}</row>'


def number(at: str, value: str, style: int | None = None, kind: str = "") -> str:
    styled = "" if style is None else f' s="{style}"'
    return f'<c r="{at}"{styled}{f" t={chr(34)}{kind}{chr(34)}" if kind else ""}><v>{value}</v></c>'


def shown(format_number: int, value: str, code: str = "", **how) -> bytes:
    formats = f'<numFmt numFmtId="{format_number}" formatCode="{code}"/>' if code else ""
    xfs = f'<xf numFmtId="0"/><xf numFmtId="{format_number}"/>'
    return one_sheet(row(number("A1", value, 1)), styles=styles(xfs, formats=formats), **how)


def formula(text: str, stored: str, kind: str = "") -> bytes:
    kind = f' t="{kind}"' if kind else ""
    return one_sheet(row(f'<c r="A1"{kind}><f>{text}</f>{stored}</c>'))


def struck(*cells: str) -> bytes:
    return one_sheet(row(*cells), styles=styles('<xf fontId="0"/><xf fontId="1"/>', fonts=STRUCK))


def other_sheet(kind: str) -> bytes:
    more = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="worksheets/x.xml"/>'
    made = parts(relations=more, more={"xl/worksheets/x.xml": "<x/>"})
    entry = '<sheet name="別" sheetId="9" r:id="rIdX"/></sheets>'
    made["xl/workbook.xml"] = made["xl/workbook.xml"].replace("</sheets>", entry)
    return packed(made)


DROPPED = [
    Odd("macros", lambda: with_part("xl/vbaProject.bin"), HEADING, {"macros": ("マクロ", "捨て")}),
    Odd(
        "links to another workbook",
        lambda: with_part("xl/externalLinks/externalLink1.xml"),
        HEADING,
        {"external-links": ("外部のブックへのリンク",)},
    ),
    Odd(
        "drawings", lambda: with_part("xl/drawings/drawing1.xml"), HEADING, {"drawings": ("図形",)}
    ),
    Odd("images", lambda: with_part("xl/media/image1.png"), HEADING, {"drawings": ("画像",)}),
    Odd(
        "comments",
        lambda: packed({**parts(), "xl/comments1.xml": "x", "xl/drawings/vmlDrawing1.vml": "x"}),
        HEADING,
        {"comments": ("コメント",)},
    ),
    Odd(
        "pivot tables",
        lambda: with_part("xl/pivotTables/pivotTable1.xml"),
        HEADING,
        {"pivot-tables": ("ピボットテーブル",)},
    ),
    Odd(
        "connections", lambda: with_part("xl/connections.xml"), HEADING, {"connections": ("接続",)}
    ),
    Odd(
        "an embedded workbook",
        lambda: with_part("xl/embeddings/sheet.xlsx"),
        HEADING,
        {"objects": ("埋め込まれた",)},
    ),
    Odd("a chart sheet", lambda: other_sheet("chartsheet"), HEADING, {"other-sheets": ("「別」",)}),
    Odd(
        "a macro sheet", lambda: other_sheet("xlMacrosheet"), HEADING, {"other-sheets": ("「別」",)}
    ),
]

FORMULAS = [
    Odd(
        "a formula", lambda: formula("1+2", "<v>3</v>"), {1: [3]}, {"formulas": ("A1", "計算結果")}
    ),
    Odd(
        "a formula of text",
        lambda: formula("A2&amp;B2", "<v>有</v>", "str"),
        {1: ["有"]},
        {"formulas": ("A1",)},
    ),
    Odd(
        "a formula without result",
        lambda: formula("1+2", ""),
        {1: [Unreadable("", "")]},
        {"formulas": ("A1",), "no-results": ("A1", "計算結果が保存されていない")},
    ),
    Odd(
        "DDE",
        lambda: formula("cmd|' /C calc'!A0", "<v>0</v>"),
        {1: [0]},
        {"formulas": ("A1",), "dde": ("A1", "DDE")},
    ),
    Odd(
        "a formula on another workbook",
        lambda: formula("'[1]台帳'!A1", "<v>5</v>"),
        {1: [5]},
        {"formulas": ("A1",), "external-formulas": ("A1", "別のブック")},
    ),
    Odd(
        "a formula that fetches",
        lambda: formula('WEBSERVICE("http://10.0.0.1/")', "<v>x</v>", "str"),
        {1: ["x"]},
        {"formulas": ("A1",), "external-formulas": ("A1",)},
    ),
    Odd(
        "#REF!",
        lambda: formula("#REF!+1", "<v>#REF!</v>", "e"),
        {1: [Unreadable("#REF!", "")]},
        {"formulas": ("A1",), "errors": ("A1（#REF!）",)},
    ),
    Odd(
        "text that looks like a formula",
        lambda: one_sheet(row(text_cell("A1", "=cmd|' /C calc'!A0"), text_cell("B1", "#REF!"))),
        {1: ["=cmd|' /C calc'!A0", "#REF!"]},
    ),
]

HIDDEN = [
    Odd(
        "a hidden sheet",
        lambda: workbook(states={"契約": "veryHidden"}),
        HEADING,
        {"hidden-sheets": ("「契約」", "非表示のシート")},
    ),
    Odd(
        "hidden rows",
        lambda: one_sheet(ROWS + row(number("A3", "1"), number=3, attributes='hidden="1"')),
        {**HEADING, 3: [1]},
        {"hidden-rows": ("3行",)},
    ),
    Odd(
        "hidden columns",
        lambda: one_sheet(
            row(number("A1", "1"), number("C1", "3")),
            before='<col min="2" max="2" hidden="1"/><col min="3" max="16384" width="0"/>',
        ),
        {1: [1, None, 3]},
        {"hidden-columns": ("B列", "C列")},
    ),
    Odd(
        "a row struck through",
        lambda: struck(number("A1", "1", 1), number("B1", "2", 1), '<c r="C1" s="0"/>'),
        {1: [1, 2]},
        {"struck-rows": ("1行",)},
    ),
    Odd(
        "some cells struck through",
        lambda: struck(number("A1", "1", 0), number("B1", "2", 1)),
        {1: [1, 2]},
        {"struck-cells": ("B1",)},
    ),
    Odd(
        "text struck through within the cell",
        lambda: one_sheet(
            row('<c r="A1" t="s"><v>0</v></c>'),
            strings=strings(
                "<r><rPr><strike/></rPr><t>旧</t></r><r><rPr><strike/></rPr><t>姓</t></r>"
            ),
        ),
        {1: ["旧姓"]},
        {"struck-rows": ("1行",)},
    ),
    Odd(
        "text struck through in part",
        lambda: one_sheet(
            row(
                '<c r="A1" t="inlineStr"><is><r><rPr><strike/></rPr><t>旧</t></r>'
                "<r><t>新</t></r></is></c>"
            )
        ),
        {1: ["新"]},
        {"struck-texts": ("A1", "残りの文字")},
    ),
]

NUMBERS = [
    Odd("a day", lambda: shown(14, "43191"), {1: [date(2018, 4, 1)]}),
    Odd("a day in 和暦", lambda: shown(57, "43191"), {1: [date(2018, 4, 1)]}),
    Odd(
        "a day by its own format",
        lambda: shown(176, "43191", "[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"),
        {1: [date(2018, 4, 1)]},
    ),
    Odd(
        "a number with days in quotes",
        lambda: shown(176, "43191", "#,##0&quot;days&quot;"),
        {1: [43191]},
    ),
    Odd("a red number", lambda: shown(176, "5", "#,##0_ ;[Red]\\-#,##0\\ "), {1: [5]}),
    Odd("an exponent", lambda: shown(11, "1.5E+3"), {1: [1500]}),
    Odd(
        "a day counted from 1904",
        lambda: shown(14, "41729", workbook='<workbookPr date1904="1"/>'),
        {1: [date(2018, 4, 1)]},
    ),
    Odd(
        "a day before 1904",
        lambda: shown(14, "-1", workbook='<workbookPr date1904="1"/>'),
        {1: [Unreadable("-1", "")]},
        {"unreadable-days": ("A1（-1）",)},
    ),
    Odd("the first day", lambda: shown(14, "1"), {1: [date(1900, 1, 1)]}),
    Odd("1900-02-28", lambda: shown(14, "59"), {1: [date(1900, 2, 28)]}),
    Odd(
        "1900-02-29",
        lambda: shown(14, "60"),
        {1: [Unreadable("60", "")]},
        {"unreadable-days": ("A1（60）",)},
    ),
    Odd("1900-03-01", lambda: shown(14, "61"), {1: [date(1900, 3, 1)]}),
    Odd(
        "a day before 1900",
        lambda: shown(14, "0"),
        {1: [Unreadable("0", "")]},
        {"unreadable-days": ("A1（0）",)},
    ),
    Odd("the last day", lambda: shown(14, "2958465"), {1: [date(9999, 12, 31)]}),
    Odd(
        "a day after the last",
        lambda: shown(14, "2958466"),
        {1: [Unreadable("2958466", "")]},
        {"unreadable-days": ("A1",)},
    ),
    Odd(
        "a day with a time",
        lambda: shown(22, "43191.5"),
        {1: [date(2018, 4, 1)]},
        {"times": ("A1", "時刻")},
    ),
    Odd("a time", lambda: shown(20, "0.5625"), {1: ["13:30"]}),
    Odd("hours beyond a day", lambda: shown(46, "1.5"), {1: ["36:00"]}),
    Odd("a percentage", lambda: shown(9, "0.6"), {1: ["60%"]}),
    Odd("a percentage with a part", lambda: shown(10, "0.3337"), {1: ["33.37%"]}),
    Odd(
        "a day in ISO",
        lambda: one_sheet(row(number("A1", "2018-04-01T00:00:00", kind="d"))),
        {1: [date(2018, 4, 1)]},
    ),
    Odd(
        "a day in ISO that is none",
        lambda: one_sheet(row(number("A1", "2018-02-30", kind="d"))),
        {1: [Unreadable("2018-02-30", "")]},
        {"unreadable-days": ("A1",)},
    ),
    Odd(
        "booleans",
        lambda: one_sheet(row(number("A1", "1", kind="b"), number("B1", "0", kind="b"))),
        {1: [True, False]},
    ),
    Odd(
        "numbers as text, and text as numbers",
        lambda: one_sheet(
            row(text_cell("A1", "0012"), number("B1", "12"), number("C1", "1.5", kind="str"))
        ),
        {1: ["0012", 12, "1.5"]},
    ),
    Odd(
        "a 法人番号 as a number",
        lambda: one_sheet(row(number("A1", "7000012050002"), number("B1", "7.000012050002E+12"))),
        {1: [7000012050002, 7000012050002]},
    ),
    Odd(
        "a number too large",
        lambda: one_sheet(row(number("A1", "1e400"))),
        {1: [Unreadable("1e400", "")]},
        {"large-numbers": ("A1",)},
    ),
    Odd("fractions", lambda: one_sheet(row(number("A1", "-0.1"))), {1: [-0.1]}),
    Odd("a style that is not there", lambda: one_sheet(row(number("A1", "7", 99))), {1: [7]}),
]
