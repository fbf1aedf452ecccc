"""Files that must not be read, each made here, with the words that must say why and what to do."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

from tests.exchange.reading.handmade import (
    HEAD,
    MAIN,
    OFFICE,
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

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
MEGABYTE = 1024 * 1024


class Hostile(NamedTuple):
    what: str
    make: Callable[[], bytes]
    words: tuple[str, ...]  # all of these stand in the answer
    name: str = "届出.xlsx"


def ole(*names: str) -> bytes:
    """The container of old Office files, with these names in its directory."""
    return OLE + b"\0" * 504 + b"".join(name.encode("utf-16-le") + b"\0\0" for name in names)


def with_sheet(content: str | bytes) -> bytes:
    return packed({**parts(), "xl/worksheets/sheet1.xml": content})


def bomb_of_zeros() -> bytes:
    """A sheet of 200 MB of spaces that packs into 200 KB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            out.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for _ in range(200):
                out.write(b" " * MEGABYTE)
            out.write(b"</sheetData></worksheet>")
    return made.getvalue()


def flat_bomb() -> bytes:
    """320 MB that no ratio shows: blanks between numbers that hardly repeat."""
    noise = b"".join(
        b"<!--%032x%s-->" % (zlib.crc32(b"%d" % n) * n, b" " * 960) for n in range(1024)
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts().items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            out.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for _ in range(320):
                out.write(noise)
            out.write(b"</sheetData></worksheet>")
    return made.getvalue()


def overlapping() -> bytes:
    """Two entries of the directory that are the same packed bytes."""
    content = packed({**parts(), "xl/a.xml": "a" * 50, "xl/b.xml": "b" * 50})
    at = content.rfind(b"PK\x01\x02")
    first = content.rfind(b"PK\x01\x02", 0, at)
    same = content[first + 42 : first + 46]
    return content[: at + 42] + same + content[at + 46 :]


def forged_size(add: int) -> bytes:
    """The directory claims another size of the sheet than it has."""
    content = bytearray(packed(parts()))
    name = b"xl/worksheets/sheet1.xml"
    at = content.rfind(name) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    size = struct.unpack_from("<I", content, at + 24)[0]
    struct.pack_into("<I", content, at + 24, size + add)
    return bytes(content)


def encrypted_zip() -> bytes:
    content = bytearray(packed(parts()))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def packed_by_lzma() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
    return made.getvalue()


def twice(first: str, second: str) -> bytes:
    """A zip with two entries of these names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts().items():
            if name != first:
                archive.writestr(name, content)
        archive.writestr(first, sheet())
        archive.writestr(second.replace("xl", "XL", 1) if first == second else second, sheet())
    return made.getvalue()


def laughs() -> str:
    lines = ['<!DOCTYPE lolz [<!ENTITY l0 "笑笑笑笑笑笑笑笑笑笑">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return f"{HEAD}{''.join(lines)}]>" + sheet(text_cell("A1", "&l9;")).removeprefix(HEAD)


def fetching(system: str) -> str:
    head = f'{HEAD}<!DOCTYPE x [<!ENTITY e SYSTEM "{system}">]>'
    return head + sheet(text_cell("A1", "&e;")).removeprefix(HEAD)


def many_sheets(count: int) -> bytes:
    return workbook([(f"シート{n}", sheet()) for n in range(count)])


def deep(depth: int) -> str:
    return sheet("", after="<a>" * depth + "</a>" * depth)


def long_row(cells: int) -> str:
    return '<row r="1">' + "<c/>" * cells + "</row>"


def ods() -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": "<office:document-content/>"})


def without(*names: str) -> bytes:
    return packed({name: content for name, content in parts().items() if name not in names})


def relation_outside(kind: str, target: str, mode: str = "External") -> bytes:
    made = parts()
    old = f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"'
    new = f'Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"'
    rels = "xl/_rels/workbook.xml.rels"
    assert old in made[rels]
    return packed({**made, rels: made[rels].replace(old, new)})


KINDS = [
    Hostile("empty", lambda: b"", ("空", "0バイト", "保存し直し")),
    Hostile(".xls", lambda: ole("Workbook"), (".xls", "古い形式", "*.xlsx"), "届出.xls"),
    Hostile(".xls of Excel 5", lambda: ole("Book"), (".xls", "古い形式", "*.xlsx"), "届出.xls"),
    Hostile(".xls of Excel 4", lambda: b"\x09\x04\x06\x00" + b"\0" * 600, (".xls", "*.xlsx")),
    Hostile("password", lambda: ole("EncryptionInfo", "EncryptedPackage"), ("パスワード", "空欄")),
    Hostile(".doc", lambda: ole("WordDocument"), ("Word文書", "*.xlsx")),
    Hostile("other OLE", lambda: ole("Nothing"), ("古い形式のOffice", "*.xlsx")),
    Hostile(".xlsb", lambda: packed({"xl/workbook.bin": b"\x83\x01"}), (".xlsb", "*.xlsx")),
    Hostile(".ods", ods, ("OpenDocument", "*.xlsx"), "届出.ods"),
    Hostile(".docx", lambda: packed({"word/document.xml": "<w/>"}), ("Word文書", "*.xlsx")),
    Hostile(".pptx", lambda: packed({"ppt/presentation.xml": "<p/>"}), ("PowerPoint", "*.xlsx")),
    Hostile("a zip of a workbook", lambda: packed({"届出.xlsx": workbook()}), ("zip", "展開")),
    Hostile("an empty zip", lambda: packed({}), ("中身のない圧縮ファイル",)),
    Hostile("a zip with a password", encrypted_zip, ("パスワード付き", "展開")),
    Hostile("HTML as .xls", lambda: b"<html><table><tr><td>1</table>", ("HTML",), "一覧.xls"),
    Hostile(
        "HTML with BOM", lambda: b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", ("HTML",), "一覧.csv"
    ),
    Hostile("MHTML", lambda: b"MIME-Version: 1.0\r\n", ("HTML",), "一覧.xls"),
    Hostile(
        "XML of 2003",
        lambda: (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
        ("XMLスプレッドシート2003", "*.xlsx"),
        "一覧.xml",
    ),
    Hostile("other XML", lambda: b"<?xml version='1.0'?><a/>", ("XMLファイル", "*.xlsx")),
    Hostile("PDF", lambda: b"%PDF-1.7\n", ("PDF", "*.xlsx"), "届出.pdf"),
    Hostile("PNG", lambda: b"\x89PNG\r\n\x1a\n", ("画像ファイル",)),
    Hostile("RAR", lambda: b"Rar!\x1a\x07", ("圧縮ファイル（RAR）",)),
    Hostile("a program", lambda: b"MZ\x90\0", ("プログラム",)),
    Hostile("text as .xlsx", lambda: "契約番号,件名\n".encode(), (".xlsx", "CSV", "拡張子を.csv")),
    Hostile("noise", lambda: bytes(range(255, 0, -1)) * 9, ("CSVでもありません", "*.xlsx")),
]

ARCHIVES = [
    Hostile("cut off", lambda: packed(parts())[:-400], ("途中で切れている", "送り直す")),
    Hostile("cut in the middle", lambda: packed(parts())[:900], ("途中で切れている",)),
    Hostile("start only", lambda: b"PK\x03\x04", ("途中で切れている",)),
    Hostile("zip bomb", bomb_of_zeros, ("圧縮爆弾",)),
    Hostile("flat zip bomb", flat_bomb, ("圧縮爆弾",)),
    Hostile("overlapping entries", overlapping, ("圧縮爆弾",)),
    Hostile("size forged up", lambda: forged_size(1000), ("サイズの記録が実際と合いません",)),
    Hostile("size forged down", lambda: forged_size(-30), ("サイズの記録が実際と合いません",)),
    Hostile("size forged to 4 GB", lambda: forged_size(4_000_000_000), ("圧縮爆弾",)),
    Hostile("LZMA", packed_by_lzma, ("使わない方法で圧縮",)),
    Hostile("ten thousand sheets", lambda: many_sheets(10_000), ("10,000枚", "40枚まで")),
    Hostile("41 sheets", lambda: many_sheets(41), ("41枚", "40枚まで")),
    Hostile(
        "30,000 entries",
        lambda: packed({**parts(), **{f"xl/media/{n}": b"" for n in range(30_000)}}),
        ("部品が多すぎます",),
    ),
    Hostile("a path up", lambda: packed({**parts(), "../../etc/passwd": "x"}), ("作らない名前",)),
    Hostile("an absolute path", lambda: packed({**parts(), "/etc/passwd": "x"}), ("作らない名前",)),
    Hostile("a drive", lambda: packed({**parts(), "C:/x.dll": "x"}), ("作らない名前", "C:/x.dll")),
    Hostile("backslashes", lambda: packed({**parts(), "xl\\..\\x": "x"}), ("作らない名前",)),
    Hostile("a long name", lambda: packed({**parts(), "x" * 10_000: "x"}), ("作らない名前",)),
    Hostile(
        "the same entry twice",
        lambda: twice("xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("同じ名前の部品",),
    ),
    Hostile("no directory", lambda: without("xl/workbook.xml"), ("目次がファイルの中にない",)),
    Hostile("no relations", lambda: without("xl/_rels/workbook.xml.rels"), ("関係の記録がない",)),
    Hostile("no sheet", lambda: without("xl/worksheets/sheet1.xml"), ("シート「契約」", "中身")),
    Hostile("no content types", lambda: without("[Content_Types].xml"), ("ブック（.xlsx）では",)),
    Hostile(
        "a sheet on the web",
        lambda: relation_outside("worksheet", "http://169.254.169.254/sheet1.xml"),
        ("シート「契約」", "中身がファイルの中にない"),
    ),
    Hostile(
        "a sheet above the file",
        lambda: relation_outside("worksheet", "../../../../etc/passwd", "Internal"),
        ("シート「契約」", "中身がファイルの中にない"),
    ),
    Hostile(
        "only a chart",
        lambda: relation_outside("chartsheet", "worksheets/sheet1.xml", "Internal"),
        ("表のシートが一枚もありません",),
    ),
]

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
        "two million cells of values",
        lambda: one_sheet(
            "".join(
                f"<row>{''.join(f'<c><v>{n * m}</v></c>' for m in range(99))}</row>"
                for n in range(20_300)
            )
        ),
        ("値の入ったセルが多すぎます", "2,000,000個"),
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

REFUSED = [*KINDS, *ARCHIVES, *MARKUP, *CELLS, *TEXTS]
