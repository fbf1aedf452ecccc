"""Files whose outside is right and whose contents must not be read."""

from __future__ import annotations

from exchange.reading import letters
from tests.exchange.reading.handmade import (
    HEAD,
    MAIN,
    ROWS,
    one_sheet,
    packed,
    parts,
    sheet,
    strings,
    styles,
    text_cell,
    workbook,
)
from tests.exchange.reading.refused_files import Hostile


def with_sheet(content: str | bytes) -> bytes:
    return packed({**parts(), "xl/worksheets/sheet1.xml": content})


def laughs() -> str:
    lines = ['<!DOCTYPE lolz [<!ENTITY l0 "笑笑笑笑笑笑笑笑笑笑">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return f"{HEAD}{''.join(lines)}]>" + sheet(text_cell("A1", "&l9;")).removeprefix(HEAD)


def fetching(system: str) -> str:
    head = f'{HEAD}<!DOCTYPE x [<!ENTITY e SYSTEM "{system}">]>'
    return head + sheet(text_cell("A1", "&e;")).removeprefix(HEAD)


def deep(depth: int) -> str:
    return sheet("", after="<a>" * depth + "</a>" * depth)


def cells(row: int) -> str:
    """The cells of a row up to CU, each with a value of its own."""
    return "".join(f'<c r="{letters(at)}{row}"><v>{row * at}</v></c>' for at in range(99))


MARKUP = [
    Hostile("billion laughs", lambda: with_sheet(laughs()), ("DOCTYPE", "安全のため")),
    Hostile("external entity", lambda: with_sheet(fetching("file:///etc/passwd")), ("DOCTYPE",)),
    Hostile("entity on the web", lambda: with_sheet(fetching("http://10.0.0.1/")), ("DOCTYPE",)),
    Hostile(
        "laughs in shared strings",
        lambda: workbook(strings=laughs()),
        ("DOCTYPE", "共有文字列"),
    ),
    Hostile(
        "not closed", lambda: with_sheet(sheet().replace("</row>", "")), ("シート「契約」", "XML")
    ),
    Hostile("cut off inside", lambda: with_sheet(sheet()[:-30]), ("シート「契約」", "XML")),
    Hostile("an empty sheet part", lambda: with_sheet(""), ("シート「契約」", "XML")),
    Hostile(
        "a control character",
        lambda: one_sheet(f'<row r="1">{text_cell("A1", "a" + chr(11))}</row>'),
        ("XMLの書き方",),
    ),
    Hostile(
        "bad UTF-8",
        lambda: with_sheet(sheet().encode().replace("契".encode(), b"\xe5\xa5")),
        ("XML",),
    ),
    Hostile(
        "an encoding nobody knows",
        lambda: with_sheet(sheet().replace("UTF-8", "UTF-7")),
        ("文字コード「UTF-7」",),
    ),
    Hostile(
        "another root",
        lambda: with_sheet(f'<html xmlns="{MAIN}"/>'),
        ("Excelのものではない", "「html」"),
    ),
    Hostile(
        "another namespace", lambda: with_sheet(sheet().replace(MAIN, "urn:x")), ("壊れています",)
    ),
    Hostile("deep nesting", lambda: with_sheet(deep(3_000_000)), ("圧縮爆弾",)),
]

CELLS = [
    Hostile(
        "a cell at XFD1048576",
        lambda: one_sheet(f'{ROWS}<row r="1048576">{text_cell("XFD1048576", "x")}</row>'),
        ("シート「契約」", "XFD1048576", "200,000行目", "CV列"),
    ),
    Hostile(
        "row 200,001",
        lambda: one_sheet(f'<row r="200001">{text_cell("A200001", "x")}</row>'),
        ("A200001", "200,000行目"),
    ),
    Hostile(
        "column 101",
        lambda: one_sheet(f'<row r="1">{text_cell("CW1", "x")}</row>'),
        ("CW1", "CV列（100列目）"),
    ),
    Hostile("a row beyond Excel", lambda: one_sheet('<row r="1048577"/>'), ("1048577",)),
    Hostile("a huge row number", lambda: one_sheet(f'<row r="{"9" * 5000}"/>'), ("番号",)),
    Hostile(
        "a column beyond Excel", lambda: one_sheet('<row r="1"><c r="XFE1"/></row>'), ("XFE1",)
    ),
    Hostile("no address", lambda: one_sheet('<row r="1"><c r="１Ａ"/></row>'), ("番地「１Ａ」",)),
    Hostile("a cell in another row", lambda: one_sheet('<row r="1"><c r="A2"/></row>'), ("A2",)),
    Hostile(
        "a cell twice",
        lambda: one_sheet('<row r="1"><c r="B1"/><c r="B1"><v>2</v></c></row>'),
        ("セルB1が二度",),
    ),
    Hostile("a row twice", lambda: one_sheet('<row r="2"/><row r="2"/>'), ("2行目が二度",)),
    Hostile("rows backwards", lambda: one_sheet('<row r="3"/><row r="2"/>'), ("2行目が二度",)),
    Hostile("a cell without row", lambda: one_sheet('<c r="A1"/>'), ("行の外にセル",)),
    Hostile(
        "a row within a row", lambda: one_sheet('<row r="1"><row r="2"/></row>'), ("行の中に行",)
    ),
    Hostile(
        "a shared string that is not there",
        lambda: one_sheet(
            '<row r="1"><c r="A1" t="s"><v>7</v></c></row>', strings=strings("<t>a</t>")
        ),
        ("セルA1", "ファイルにない文字列"),
    ),
    Hostile(
        "a negative shared string",
        lambda: one_sheet(
            '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', strings=strings("<t>a</t>")
        ),
        ("セルA1", "ファイルにない文字列"),
    ),
    Hostile(
        "no shared strings at all",
        lambda: one_sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
        ("セルA1", "ファイルにない文字列"),
    ),
    Hostile(
        "a number that is none",
        lambda: one_sheet('<row r="1"><c r="C1"><v>12abc</v></c></row>'),
        ("セルC1", "12abc"),
    ),
    Hostile(
        "a type that is none",
        lambda: one_sheet('<row r="1"><c r="C1" t="x"><v>1</v></c></row>'),
        ("セルC1", "種類「x」"),
    ),
    Hostile(
        "a text of 40,000 characters",
        lambda: one_sheet(f'<row r="1">{text_cell("A1", "あ" * 40_000)}</row>'),
        ("セルA1", "40,000文字", "32,767文字まで"),
    ),
    Hostile(
        "a shared text said 2,000 times",
        lambda: one_sheet(
            "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(1, 2001)),
            strings=strings(f"<t>{'あ' * 32_000}</t>"),
        ),
        ("文字が多すぎます", "30,000,000文字"),
    ),
    Hostile(
        "four million blank cells",
        lambda: one_sheet("".join(f'<row r="{n}">{"<c/>" * 100}</row>' for n in range(1, 40_101))),
        ("シート「契約」", "値のないセルや行が多すぎます"),
    ),
    Hostile(
        "more than two million cells of values",
        lambda: one_sheet("".join(f'<row r="{n}">{cells(n)}</row>' for n in range(1, 25_400))),
        ("値の入ったセルが多すぎます", "2,500,000個"),
    ),
    Hostile(
        "30,000 merged ranges",
        lambda: one_sheet("", after="<mergeCell ref='A1:A2'/>" * 30_000),
        ("結合セルが多すぎます", "20,000か所"),
    ),
    Hostile(
        "a merge backwards", lambda: one_sheet("", after="<mergeCell ref='B2:A1'/>"), ("B2:A1",)
    ),
    Hostile("a merge of nothing", lambda: one_sheet("", after="<mergeCell/>"), ("番地",)),
    Hostile(
        "70,000 styles",
        lambda: workbook(styles=styles("<xf/>" * 70_000)),
        ("書式", "65,000種類"),
    ),
    Hostile(
        "a sheet's name of 10,000 characters",
        lambda: workbook({"契" * 10_000: sheet()}),
        ("名前が長すぎます", "10,000文字", "31文字"),
    ),
    Hostile(
        "sheets of one name",
        lambda: workbook([("契約", sheet()), ("契約", sheet())]),
        ("同じ名前のシート「契約」",),
    ),
    Hostile(
        "sheets of one name in two cases",
        lambda: workbook([("Data", sheet()), ("DATA", sheet())]),
        ("同じ名前のシート「DATA」",),
    ),
    Hostile("a sheet without name", lambda: workbook({" ": sheet()}), ("名前のないシート",)),
]

TEXTS = [
    Hostile(
        "bytes of no encoding",
        lambda: "番号,件名\n1,委託\n2,業務".encode() + b"\xff\xfe\n",
        ("3行目の5文字目", "FF", "UTF-8"),
        "一覧.csv",
    ),
    Hostile(
        "cp932 with a byte of none",
        lambda: "番号,件名\n1,委託".encode("cp932") + b"\x80\n",
        ("2行目の5文字目", "80", "cp932"),
        "一覧.csv",
    ),
    Hostile(
        "UTF-8 by its BOM with cp932 inside",
        lambda: b"\xef\xbb\xbf" + "番号\n".encode() + "委託".encode("cp932"),
        ("2行目の1文字目", "UTF-8"),
        "一覧.csv",
    ),
    Hostile("NUL bytes", lambda: b"a,b\n1,\x002\n", ("2行目", "NUL"), "一覧.csv"),
    Hostile(
        "UTF-16 without BOM", lambda: "番,1\n".encode("utf-16-le"), ("NUL", "UTF-16"), "一覧.csv"
    ),
    Hostile("UTF-16 cut off", lambda: "番号,1\n".encode("utf-16")[:-1], ("UTF-16",), "一覧.txt"),
    Hostile(
        "quotes left open", lambda: b'a,b\n1,"2\n3,4\n', ("引用符", "閉じられない"), "一覧.csv"
    ),
    Hostile("quotes inside", lambda: b'a,b\n1,"2"x\n', ("2行目付近", "引用符"), "一覧.csv"),
    Hostile(
        "a field of 200,000", lambda: b"a\n" + b"x" * 200_000, ("文字が長すぎます",), "一覧.csv"
    ),
    Hostile("a field of 40,000", lambda: b"a\n" + b"x" * 40_000, ("2行目の1列目",), "一覧.csv"),
    Hostile("200 columns", lambda: b"x," * 199 + b"x\n", ("1行目の200列目", "100列"), "一覧.csv"),
    Hostile("200,001 rows", lambda: b"1\n" * 200_001, ("200,001行目", "200,000行"), "一覧.csv"),
]
