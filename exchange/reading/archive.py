"""The zip that a workbook is: looked through before anything is unpacked, then read in pieces.

Nothing is ever written to disk, so names cannot lead anywhere; crooked ones are refused all the
same, because Excel never writes them.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from exchange.reading import limits
from exchange.reading.book import Refused
from exchange.reading.markup import REPAIR, Broken

PIECE = 1 << 18
_END = b"PK\x05\x06"
_DRIVE = re.compile(r"[A-Za-z]:")
_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_LOCAL_HEADER = 30

CUT_OFF = (
    "ファイルが途中で切れているか、壊れています。送り直すか、元のファイルをExcelで開いて保存し直してから、"
    "もう一度アップロードしてください。"
)
BOMB = (
    "展開すると異常に大きくなるファイル（圧縮爆弾と呼ばれるもの）は、安全のため読みません。"
    f"心当たりがないときは、誰が作ったファイルかを確かめてください。{REPAIR}"
)
FORGED = f"ファイルの中のサイズの記録が実際と合いません。改ざんされたか、壊れています。{REPAIR}"
CROOKED = f"ファイルの中に、Excelが作らない名前の部品があります。安全のため読みません。{REPAIR}"


class Archive:
    """The entries by name, and their content in pieces, counted."""

    def __init__(self, file: BinaryIO, size: int):
        _look_at_the_end(file, size)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
            raise Refused(CUT_OFF) from error
        self._entries = {info.filename: info for info in self._zip.infolist()}
        _look_through(self._zip.infolist(), size)
        self._lower = {name.lower(): name for name in self._entries}
        self._unpacked = 0

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def find(self, name: str) -> str | None:
        """The entry of this name, whatever its case: parts of a workbook are found so."""
        return self._lower.get(name.lower())

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of an entry, never more of it than may be unpacked."""
        info, taken = self._entries[name], 0
        try:
            with self._zip.open(info) as content:
                while piece := content.read(PIECE):
                    taken += len(piece)
                    self._unpacked += len(piece)
                    if self._unpacked > limits.UNPACKED_BYTES:
                        raise Refused(BOMB)
                    yield piece
        except (NotImplementedError, RuntimeError, ValueError) as error:
            raise Refused(CUT_OFF) from error
        except (zipfile.BadZipFile, EOFError, zlib.error, struct.error) as error:
            wrong = FORGED if "CRC" in str(error) else CUT_OFF
            raise Refused(wrong) from error
        if taken != info.file_size:
            raise Refused(FORGED)


def _look_at_the_end(file: BinaryIO, size: int) -> None:
    """How many entries there are, before a list is made of them."""
    file.seek(max(0, size - 65_557))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise Refused(CUT_OFF)
    _, _, _, entries, directory, _ = struct.unpack("<HHHHII", tail[at + 4 : at + 20])
    if entries == 0:
        raise Refused(f"中身のない圧縮ファイルで、Excelブックではありません。{REPAIR}")
    # 0xFFFF and more means "see the larger record": no workbook needs that many.
    if entries > limits.ENTRIES or directory > limits.DIRECTORY_BYTES:
        raise Refused(
            f"ファイルの中の部品が多すぎます（{limits.ENTRIES:,}個まで）。シートは{limits.SHEETS}枚までにして、"
            "必要なシートだけを新しいブックに移して保存してください。"
        )


def _look_through(entries: list[zipfile.ZipInfo], size: int) -> None:
    seen = set()
    for info in entries:
        _check_name(info.filename, info.orig_filename)
        if info.filename.lower() in seen:
            raise Refused(
                f"ファイルの中に同じ名前の部品「{info.filename[:60]}」が二つあります。"
                f"安全のため読みません。{REPAIR}"
            )
        seen.add(info.filename.lower())
        if info.flag_bits & 0x1:
            raise Refused(
                "パスワード付きの圧縮ファイル（zip）です。展開し、中のExcelブックをパスワードなしで保存してから、"
                "そのブックをアップロードしてください。"
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Broken("圧縮ファイル", "Excelが使わない方法で圧縮されている")
        if info.file_size > max(limits.RATIO_FROM, limits.RATIO * info.compress_size):
            raise Refused(BOMB)
    _check_overlaps(entries, size)
    sheets = sum(1 for info in entries if _SHEETS.fullmatch(info.filename))
    if sheets > limits.SHEETS:
        raise too_many_sheets(sheets)


def too_many_sheets(count: int) -> Refused:
    return Refused(
        f"シートが{count:,}枚あります。読めるのは{limits.SHEETS}枚までです。必要なシートだけを新しいブックに"
        "移して保存してください。"
    )


def _check_name(name: str, original: str) -> None:
    parts = name.split("/")
    if (
        len(original) > 500
        or "\0" in original
        or "\\" in original
        or name.startswith("/")
        or _DRIVE.match(name)
        or ".." in parts
    ):
        raise Refused(f"{CROOKED}（部品の名前「{original[:60]}」）")


def _check_overlaps(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Entries that share their packed bytes unpack to far more than a file could hold."""
    end = 0
    for info in sorted(entries, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Refused(BOMB)
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    if end > size:
        raise Refused(FORGED)
