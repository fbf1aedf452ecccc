"""Text files with commas or tabs: their encoding decided strictly, then record by record.

Rows are counted as Excel counts them when it opens the file: by records, so that a line break
within quotes starts no new row.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from exchange.reading import limits
from exchange.reading.book import Refused, address
from exchange.reading.cell_values import note_characters
from exchange.reading.remarks import Remarks
from exchange.reading.texts import too_long, too_much_text
from outsourcing.formula_text import original_text

SHEET = "CSV"
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp932": "Shift_JIS（cp932）"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8 = b"\xef\xbb\xbf"
# What Python decodes of cp932 although Windows has no character there.
_NOT_CP932 = frozenset("\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3")

SAVE_AS_TEXT = (
    "Excelで「名前を付けて保存」→「CSV UTF-8（コンマ区切り）」を選んで保存し直してください。"
)


class Undecoded(NamedTuple):
    line: int
    column: int  # in characters, from 1
    byte: int


def read_text(file: BinaryIO, sheet: str, send: Callable) -> tuple[str, Remarks]:
    """Send all rows; give the encoding and what is to be told."""
    encoding = encoding_of(file)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        delimiter = _delimiter(text)
        text.seek(0)
        remarks = _Records(sheet, send).read(text, delimiter)
    except UnicodeDecodeError as error:
        raise Refused(
            f"UTF-16（Unicodeテキスト）として読めない部分があります。ファイルが壊れています。{SAVE_AS_TEXT}"
        ) from error
    return encoding, remarks


def encoding_of(file: BinaryIO) -> str:
    """utf-16, utf-8-sig, utf-8 or cp932; refuses what is none of them, naming the place."""
    start = file.read(3)
    file.seek(0)
    if start.startswith(_UTF_16):
        return "utf-16"
    _refuse_nul(file)
    if start == _UTF_8:
        wrong = undecoded(file, "utf-8-sig")
        if wrong:
            raise _undecodable({"utf-8-sig": wrong})
        return "utf-8-sig"
    wrongs = {}
    for encoding in ("utf-8", "cp932"):
        wrong = undecoded(file, encoding)
        if wrong is None:
            return encoding
        wrongs[encoding] = wrong
    raise _undecodable(wrongs)


def undecoded(file: BinaryIO, encoding: str) -> Undecoded | None:
    """The first byte that is no character in this encoding. In none of these does the byte of a
    line break lie inside a character."""
    try:
        for number, line in enumerate(file, start=1):
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError as error:
                column = len(line[: error.start].decode(encoding)) + 1
                return Undecoded(number, column, line[error.start])
            if encoding == "cp932" and not _NOT_CP932.isdisjoint(text):
                column = next(at for at, sign in enumerate(text) if sign in _NOT_CP932)
                byte = text[column].encode("cp932")[0]
                return Undecoded(number, column + 1, byte)
        return None
    finally:
        file.seek(0)


def _undecodable(wrongs: dict[str, Undecoded]) -> Refused:
    """Said of the encoding that got furthest: it is the one that was meant."""
    meant = max(wrongs, key=lambda encoding: wrongs[encoding][:2])
    line, column, byte = wrongs[meant]
    return Refused(
        f"{line:,}行目の{column:,}文字目（バイト {byte:02X}）が{ENCODINGS[meant]}の文字として"
        f"読めません。文字コードが混ざっているか、壊れています。{SAVE_AS_TEXT}"
    )


def _refuse_nul(file: BinaryIO) -> None:
    for number, line in enumerate(file, start=1):
        if b"\0" in line:
            raise Refused(
                f"{number:,}行目にNUL文字（バイト 00）があります。文字のファイルではないか、BOMの"
                f"ないUTF-16です。{SAVE_AS_TEXT}"
            )
    file.seek(0)


def _delimiter(text: io.TextIOWrapper) -> str:
    """A tab where the first line with any has more of them than commas."""
    for _ in range(20):
        line = text.readline(1 << 16)
        tabs, commas = line.count("\t"), line.count(",")
        if tabs or commas:
            return "\t" if tabs > commas else ","
    return ","


class _Records:
    def __init__(self, sheet: str, send: Callable):
        self._send = send
        self._remarks = Remarks(sheet)
        self._cells = self._characters = 0
        self._widths: Counter[int] = Counter()
        self._different: dict[int, list[int]] = {}  # the first rows of each width

    def read(self, text: io.TextIOWrapper, delimiter: str) -> Remarks:
        csv.field_size_limit(limits.TEXT * 4)
        records = csv.reader(text, delimiter=delimiter, strict=True)
        batch, sent = [], 0
        try:
            for number, record in enumerate(records, start=1):
                if record and (cells := self._cells_of(number, record)):
                    batch.append([number, cells, [], {}])
                characters = self._characters - sent
                if len(batch) >= limits.BATCH_ROWS or characters > limits.BATCH_CHARACTERS:
                    self._send(batch)
                    batch, sent = [], self._characters
        except csv.Error as error:
            raise self._unreadable(error, records.line_num) from error
        if batch:
            self._send(batch)
        self._note_ragged()
        return self._remarks

    def _cells_of(self, number: int, record: list[str]) -> list:
        width = len(record)
        cells = [cell or None for cell in record]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            return cells
        if number > limits.ROW or len(cells) > limits.COLUMN:
            raise Refused(
                f"{number:,}行目の{len(cells):,}列目に値があります。読めるのは{limits.ROW:,}行、"
                f"{limits.COLUMN}列までです。ファイルを分けて保存してください。"
            )
        self._widths[width] += 1
        rows = self._different.setdefault(width, [])
        if len(rows) < limits.PLACES:
            rows.append(number)
        self._count(number, cells)
        return cells

    def _count(self, number: int, cells: list) -> None:
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            self._cells += 1
            self._characters += len(cell)
            if len(cell) > limits.TEXT:
                raise too_long(f"{number:,}行目の{column + 1}列目", len(cell))
            if cell.startswith("'"):  # as we write what could be a formula
                cells[column] = cell = original_text(cell)
            if "\r" in cell:
                cells[column] = cell.replace("\r\n", "\n").replace("\r", "\n")
            if not cell.isprintable():
                note_characters(cell, self._remarks, address(number, column))
        if self._characters > limits.TEXTS or self._cells > limits.CELLS:
            raise too_much_text()

    def _unreadable(self, error: csv.Error, line: int) -> Refused:
        what = str(error)
        if "field larger" in what:
            return too_long(f"{line:,}行目付近のセル", limits.TEXT * 4)
        if "unexpected end" in what:
            return Refused(
                f'引用符（"）が閉じられないままファイルが終わっています（{line:,}行目）。途中で切れたか、引用符が'
                f"抜けています。{SAVE_AS_TEXT}"
            )
        return Refused(
            f'{line:,}行目付近の引用符（"）の使い方が正しくありません。値の中の引用符は "" と'
            f"二つ続けて書きます。{SAVE_AS_TEXT}"
        )

    def _note_ragged(self) -> None:
        """Rows of another number of columns than most."""
        if len(self._widths) < 2:
            return
        usual = self._widths.most_common(1)[0][0]
        rows = sorted(
            (row, width)
            for width, rows in self._different.items()
            if width != usual
            for row in rows
        )
        places = [f"{row}行（{width}列。多くの行は{usual}列）" for row, width in rows]
        total = sum(count for width, count in self._widths.items() if width != usual)
        for place in places:
            self._remarks.note("ragged", place)
        for _ in range(total - len(places)):
            self._remarks.note("ragged")
