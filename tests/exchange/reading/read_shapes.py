"""Odd texts, odd shapes of sheets, and text files: read all the same."""

from __future__ import annotations

from tests.exchange.reading.handmade import (
    MAIN,
    ROWS,
    one_sheet,
    packed,
    parts,
    sheet,
    strings,
    text_cell,
    workbook,
)
from tests.exchange.reading.read_files import HEADING, Odd, number, row

IN_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"

TEXTS = [
    Odd(
        "text as Excel escapes it",
        lambda: one_sheet(row(text_cell("A1", "一_x000D_\n二_x005F_x0041_"))),
        {1: ["一\n二_x0041_"]},
    ),
    Odd(
        "control characters",
        lambda: one_sheet(row(text_cell("B1", "件_x0007_名"))),
        {1: [None, "件\x07名"]},
        {"control-characters": ("B1", "制御文字")},
    ),
    Odd(
        "half a character",
        lambda: one_sheet(row(text_cell("A1", "_xD83D_"))),
        {1: ["_xD83D_"]},
    ),
    Odd(
        "外字",
        lambda: one_sheet(row(text_cell("A1", "髙\ue000"))),
        {1: ["髙\ue000"]},
        {"private-characters": ("A1", "外字")},
    ),
    Odd(
        "furigana",
        lambda: one_sheet(
            row(number("A1", "0", kind="s")),
            strings=strings('<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr/>'),
        ),
        {1: ["東京"]},
    ),
    Odd(
        "a name of 10,000 characters",
        lambda: one_sheet(row(text_cell("A1", "名" * 10_000))),
        {1: ["名" * 10_000]},
    ),
    Odd(
        "empty texts",
        lambda: one_sheet(row(text_cell("A1", ""), number("B1", "1"))),
        {1: [None, 1]},
    ),
    Odd(
        "emoji, and what is right to left",
        lambda: one_sheet(row(text_cell("A1", "😀 \u202e契約"))),
        {1: ["😀 \u202e契約"]},
    ),
]

SHAPES = [
    Odd("no rows", lambda: one_sheet(""), {}),
    Odd(
        "a dimension that lies",
        lambda: one_sheet(ROWS, before='<dimension ref="A1:XFD1048576"/>'),
        HEADING,
    ),
    Odd("a dimension too small", lambda: one_sheet(ROWS, before='<dimension ref="Z9"/>'), HEADING),
    Odd(
        "a million blank rows",
        lambda: one_sheet(ROWS + "".join(f'<row r="{n}" s="1"/>' for n in range(2, 1_000_002))),
        HEADING,
    ),
    Odd(
        "a formatted cell at XFD1048576",
        lambda: one_sheet(ROWS + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'),
        HEADING,
    ),
    Odd(
        "a value at CV200000",
        lambda: one_sheet(ROWS + row(number("CV200000", "1"), number=200_000)),
        {**HEADING, 200_000: [None] * 99 + [1]},
    ),
    Odd(
        "no addresses",
        lambda: one_sheet(
            "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>"
        ),
        {1: [1, None, 3], 2: [4]},
    ),
    Odd(
        "names with a prefix",
        lambda: packed(
            {
                **parts(),
                "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{MAIN}" xmlns="urn:y">'
                '<x:sheetData><x:row r="1"><c r="Z1"/><x:c r="A1"><x:v>5</x:v></x:c></x:row>'
                "</x:sheetData></x:worksheet>",
            }
        ),
        {1: [5]},
    ),
    Odd(
        "the strict kind",
        lambda: packed({k: v.replace(MAIN, IN_STRICT) for k, v in parts().items()}),
        HEADING,
    ),
    Odd(
        "UTF-16 inside",
        lambda: packed(
            {
                **parts(),
                "xl/worksheets/sheet1.xml": sheet()
                .replace('encoding="UTF-8"', "")
                .encode("utf-16"),
            }
        ),
        HEADING,
    ),
    Odd(
        "cells in a comment and in CDATA",
        lambda: one_sheet(
            '<row r="1"><!-- <c r="A1"><v>9</v></c> --><c r="B1" t="str"><v>'
            '<![CDATA[<c r="A1"><v>8</v></c>]]></v></c></row>'
        ),
        {1: [None, '<c r="A1"><v>8</v></c>']},
    ),
    Odd(
        "deep nesting that repeats little",
        lambda: one_sheet(ROWS, after="<a>" * 20_000 + "</a>" * 20_000),
        HEADING,
    ),
    Odd(
        "targets from the root",
        lambda: packed(
            {
                **parts(),
                "xl/_rels/workbook.xml.rels": parts()["xl/_rels/workbook.xml.rels"].replace(
                    'Target="worksheets', 'Target="/xl/worksheets'
                ),
            }
        ),
        HEADING,
    ),
    Odd("a workbook called .csv", workbook, HEADING, {}, "届出.csv"),
    Odd("a name with a path", workbook, HEADING, {}, "..\\..\\/etc/届出.xlsx"),
    Odd("a file name of 10,000 characters", workbook, HEADING, {}, "届" * 10_000 + ".xlsx"),
    Odd("a name with NUL and half characters", workbook, HEADING, {}, "届\0出\ud83d.xlsx"),
    Odd("no name", workbook, HEADING, {}, ""),
]

COMMA = {1: ["番号", "件名"], 2: ["0012", "委託"]}
CSV = [
    Odd("UTF-8", lambda: "番号,件名\r\n0012,委託\r\n".encode(), COMMA, {}, "一覧.csv"),
    Odd("with BOM", lambda: "番号,件名\n0012,委託".encode("utf-8-sig"), COMMA, {}, "一覧.csv"),
    Odd("cp932", lambda: "番号,件名\r\n0012,委託\r\n".encode("cp932"), COMMA, {}, "一覧.csv"),
    Odd("cp932 of Windows", lambda: "①,髙﨑\n".encode("cp932"), {1: ["①", "髙﨑"]}, {}, "a.csv"),
    Odd("Unicode text", lambda: "番号\t件名\r\n0012\t委託".encode("utf-16"), COMMA, {}, "一覧.txt"),
    Odd("tabs", lambda: "番号\t件名\n0012\t委託\n".encode(), COMMA, {}, "一覧.tsv"),
    Odd("old line ends", lambda: "番号,件名\r0012,委託\r".encode(), COMMA, {}, "一覧.csv"),
    Odd(
        "line breaks in quotes",
        lambda: '番号,件名\r\n1,"一\r\n""二"",三"\r\n2,次\r\n'.encode(),
        {1: ["番号", "件名"], 2: ["1", '一\n"二",三'], 3: ["2", "次"]},
        {},
        "一覧.csv",
    ),
    Odd(
        "ragged rows",
        lambda: "番号,件名\n1,委託\n2,委託,業務\n3\n4,委託\n".encode(),
        {
            1: ["番号", "件名"],
            2: ["1", "委託"],
            3: ["2", "委託", "業務"],
            4: ["3"],
            5: ["4", "委託"],
        },
        {"ragged": ("3行（3列。多くの行は2列）", "4行（1列。")},
        "一覧.csv",
    ),
    Odd("blank lines", lambda: b"a,b\n\n,,\nc,d\n", {1: ["a", "b"], 4: ["c", "d"]}, {}, "一覧.csv"),
    Odd("nothing but a line break", lambda: b"\r\n", {}, {}, "一覧.csv"),
    Odd(
        "formulas in text",
        lambda: b'a,b\n=1+1,"@SUM(1)"\n+1,-1\n',
        {1: ["a", "b"], 2: ["=1+1", "@SUM(1)"], 3: ["+1", "-1"]},
        {},
        "一覧.csv",
    ),
    Odd(
        "control characters in text",
        lambda: b"a,b\n1,x\x07\n",
        {1: ["a", "b"], 2: ["1", "x\x07"]},
        {"control-characters": ("B2",)},
        "一覧.csv",
    ),
]
