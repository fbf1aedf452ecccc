"""Text that leaves for Excel, as .xlsx or CSV, stays the text it is.

Excel and LibreOffice take a cell that begins with = + - @ for a formula, so a contract's title
could run one on the reader's machine.

- In .xlsx the cell is typed as a string, and marked (``quotePrefix``) so that it stays one when
  somebody edits it. The text itself is not changed.
- CSV has no types. There the text gets an apostrophe in front, which shows, and which no program
  runs. A text that already looks like this gets one more, so that ``original_text`` can always
  take it off again. Numbers are written as numbers and never get one: -1 stays -1.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from openpyxl.cell import Cell
from openpyxl.utils.exceptions import IllegalCharacterError

# Tab and line breaks in front are passed over by some programs before they look for a formula.
_STARTS = frozenset("=+-@")
_ENCODINGS = {"utf-8": "utf-8-sig", "cp932": "cp932"}


class BadCharacter(NamedTuple):
    row: int  # as a spreadsheet counts, the header being row 1
    column: str
    character: str


class UnencodableText(ValueError):
    """Characters that the encoding asked for does not have. They are listed, never replaced."""

    def __init__(self, encoding: str, characters: Sequence[BadCharacter]):
        self.characters = tuple(characters)
        listed = "、".join(
            f"{bad.row}行目「{bad.column}」の「{bad.character}」" for bad in self.characters[:20]
        )
        rest = len(self.characters) - 20
        more = f"、ほか{rest}か所" if rest > 0 else ""
        super().__init__(
            f"文字コード{encoding}で表せない文字があります：{listed}{more}。"
            "UTF-8で出力してください。"
        )


def put(cell: Cell, value: str | int | float | None) -> Cell:
    """Set a cell's value; None leaves it empty, which is not 0 and not an empty text."""
    try:
        cell.value = value
    except IllegalCharacterError as error:
        raise ValueError(
            f"セル{cell.coordinate}に出力できない制御文字があります：{value!r}"
        ) from error
    if isinstance(value, str):
        cell.data_type = "s"
        if is_formula_like(value):
            cell.quotePrefix = True
    return cell


def is_formula_like(text: str) -> bool:
    """Whether a program could take the text for a formula, full-width signs included."""
    stripped = text.lstrip()
    return unicodedata.normalize("NFKC", stripped[:1]) in _STARTS if stripped else False


def csv_text(text: str) -> str:
    return f"'{text}" if is_formula_like(text.lstrip("'")) else text


def original_text(text: str) -> str:
    """The text that ``csv_text`` was given."""
    guarded = text.startswith("'") and is_formula_like(text.lstrip("'"))
    return text[1:] if guarded else text


def csv_bytes(
    header: Sequence[str], rows: Iterable[Sequence[str | int | None]], encoding: str = "utf-8"
) -> bytes:
    """A CSV file: UTF-8 with a byte order mark, or cp932; UnencodableText if that cannot hold it.

    None becomes an empty field; 0 is written.
    """
    if encoding not in _ENCODINGS:
        raise ValueError(f"文字コード「{encoding}」は使えません。utf-8かcp932を選んでください。")
    lines = [tuple(header), *rows]
    codec = _ENCODINGS[encoding]
    bad = [] if codec == "utf-8-sig" else list(_unencodable(lines, codec))
    if bad:
        raise UnencodableText(encoding, bad)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for line in lines:
        writer.writerow([csv_text(value) if isinstance(value, str) else value for value in line])
    return out.getvalue().encode(codec)


def _unencodable(lines: Sequence[Sequence], codec: str) -> Iterator[BadCharacter]:
    for number, line in enumerate(lines, 1):
        for column, value in zip(lines[0], line, strict=True):
            if isinstance(value, str) and not _survives(value, codec):
                for character in value:
                    if not _survives(character, codec):
                        yield BadCharacter(number, column, character)


def _survives(text: str, codec: str) -> bool:
    # Python's cp932 writes some characters as their neighbours (¥ as a backslash), so read it back.
    try:
        return text.encode(codec).decode(codec) == text
    except UnicodeEncodeError:
        return False
