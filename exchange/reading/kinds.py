"""What kind of file this is, by its first bytes; its name decides only between text and text."""

from __future__ import annotations

from pathlib import PurePath
from typing import BinaryIO

from exchange.reading.book import Refused

SAVE_AS_XLSX = (
    "Excelで開き、「名前を付けて保存」で「Excelブック（*.xlsx）」を選んで保存し直してください。"
)
EXPORT_AS_XLSX = (
    "元のシステムまたはExcelで「Excelブック（*.xlsx）」かCSVとして保存し直してください。"
)
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_OTHERS = (
    (b"%PDF", "PDFファイル"),
    (b"{\\rtf", "リッチテキスト（RTF）"),
    (b"\x89PNG", "画像ファイル（PNG）"),
    (b"\xff\xd8\xff", "画像ファイル（JPEG）"),
    (b"GIF8", "画像ファイル（GIF）"),
    (b"Rar!", "圧縮ファイル（RAR）"),
    (b"7z\xbc\xaf", "圧縮ファイル（7z）"),
    (b"\x1f\x8b", "圧縮ファイル（gzip）"),
    (b"MZ", "プログラム（実行ファイル）"),
    (b"SQLite format 3", "データベースファイル"),
)
_HTML = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"mime-version:")
_LOOKED_AT = 4096


def kind_of(file: BinaryIO, size: int, name: str) -> str:
    """ "zip" or "text"; refuses all else by name. Leaves the file at its beginning."""
    start = file.read(_LOOKED_AT)
    file.seek(0)
    if size == 0 or not start:
        raise Refused(
            "ファイルが空（0バイト）です。アップロードの前に、ファイルを開いて中身があることを確かめ、"
            "保存し直してください。"
        )
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if start.startswith(_OLE):
        raise Refused(_of_ole(file))
    if start.startswith(_BIFF):
        raise Refused(f"古い形式のExcelファイル（.xls）は取り込めません。{SAVE_AS_XLSX}")
    for magic, what in _OTHERS:
        if start.startswith(magic):
            raise Refused(f"これは{what}で、Excelブックではありません。{EXPORT_AS_XLSX}")
    _refuse_markup(start)
    suffix = PurePath(name).suffix.lower()
    if suffix in TEXT_SUFFIXES:
        return "text"
    shown = f"拡張子は{suffix[:10]}ですが、" if suffix else ""
    raise Refused(
        f"{shown}中身はExcelブック（.xlsx）でもCSVでもありません。ファイルが途中で壊れたか、別の種類の"
        f"ファイルです。{EXPORT_AS_XLSX}CSVのときは拡張子を.csvにしてください。"
    )


def _refuse_markup(start: bytes) -> None:
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if plain.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in plain:
        raise Refused(f"「XMLスプレッドシート2003」の形式は取り込めません。{SAVE_AS_XLSX}")
    if plain.startswith(b"<?xml") and b"<html" not in plain:
        raise Refused(f"これはXMLファイルで、Excelブックではありません。{EXPORT_AS_XLSX}")
    if plain.startswith((*_HTML, b"<?xml", b"<!doctype")):
        raise Refused(
            "中身はHTML（Webページ）です。システムが拡張子だけを.xlsなどにして出力したファイルと思われます。"
            f"{SAVE_AS_XLSX}"
        )


def _of_ole(file: BinaryIO) -> str:
    """Of the container of old Office files, which one this is: names in its directory tell."""
    content = file.read()
    file.seek(0)

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return (
            "パスワードで保護された（暗号化された）ファイルは開けません。Excelで開き、「ファイル」→「情報」→"
            "「ブックの保護」→「パスワードを使用して暗号化」で空欄にして保存し直してください。"
        )
    if holds("WordDocument"):
        return f"これは古い形式のWord文書（.doc）で、Excelブックではありません。{EXPORT_AS_XLSX}"
    if holds("Workbook") or holds("Book"):
        return f"古い形式のExcelファイル（.xls）は取り込めません。{SAVE_AS_XLSX}"
    return f"古い形式のOfficeファイルで、Excelブック（.xlsx）ではありません。{SAVE_AS_XLSX}"
