"""Files that must not be read, each made here, with the words that must say why and what to do."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

from tests.exchange.reading.handmade import (
    MAIN,
    OFFICE,
    packed,
    parts,
    sheet,
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


def many_sheets(count: int) -> bytes:
    return workbook([(f"シート{n}", sheet()) for n in range(count)])


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
