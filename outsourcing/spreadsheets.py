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

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, NamedTuple

from outsourcing.formula_text import csv_text, is_formula_like

# Loaded where it is used: that takes longer than much of what else stands here.
if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_A4 = "9"
_ROW_HEIGHT = 18
_ENCODINGS = ("utf-8", "cp932")
_SLICE = 1000  # lines that are written at once
MOST_BAD = 10_000  # characters that are listed; then nobody goes on looking


class BadCharacter(NamedTuple):
    row: int  # as a spreadsheet counts, the header being row 1
    column: str
    character: str


class UnencodableText(ValueError):
    """Characters that the encoding asked for does not have. They are listed, never replaced."""

    def __init__(self, encoding: str, characters: Sequence[BadCharacter], *, beyond: int = 0):
        self.characters = tuple(characters)
        listed = "、".join(
            f"{bad.row}行目「{bad.column}」の「{bad.character}」" for bad in self.characters[:20]
        )
        rest = len(self.characters) - 20
        more = f"、ほか{rest}か所" if rest > 0 else ""
        super().__init__(
            f"文字コード{encoding}で表せない文字があります：{listed}{more}。"
            "UTF-8で出力してください。" + (f"{beyond}行目以下は調べていません。" if beyond else "")
        )


def put(cell: Cell, value: str | int | float | None) -> Cell:
    """Set a cell's value; None leaves it empty, which is not 0 and not an empty text."""
    from openpyxl.utils.exceptions import IllegalCharacterError

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


def on_paper(
    page: Worksheet, *, lying: bool = True, repeated: str = "1:1", plain=False, across: int = 1
) -> None:
    """How a sheet is printed: on A4, as wide as a page (or as ``across``), with these rows on each,
    and numbered. ``plain``: without lines of its own, so that those between the cells are printed.
    """
    from openpyxl.worksheet.properties import PageSetupProperties

    page.page_setup.paperSize = _A4
    page.page_setup.orientation = "landscape" if lying else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = across, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if repeated:
        page.print_title_rows = repeated
    if plain:
        page.print_options.gridLines = True
        page.sheet_format.defaultRowHeight, page.sheet_format.customHeight = _ROW_HEIGHT, True
    page.oddFooter.left.text = page.title.replace("&", "&&")
    page.oddFooter.center.text = "&P／&N"


def display_width(text: str) -> int:
    """Columns of a fixed-width font: a kanji takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


def csv_bytes(
    header: Sequence[str], rows: Iterable[Sequence[str | int | None]], encoding: str = "utf-8"
) -> bytes:
    """A CSV file in memory."""
    out = io.BytesIO()
    write_csv(out, header, rows, encoding)
    return out.getvalue()


def write_csv(
    file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence], encoding: str = "utf-8"
) -> None:
    """UTF-8 with a byte order mark, or cp932; UnencodableText if that cannot hold it. Written as
    the rows come.

    None becomes an empty field; 0 is written; a day is written as 2018-04-01.
    """
    if encoding not in _ENCODINGS:
        raise ValueError(f"文字コード「{encoding}」は使えません。utf-8かcp932を選んでください。")
    if encoding == "utf-8":
        file.write(codecs.BOM_UTF8)
    number, bad = 1, []
    for lines in _slices(chain([tuple(header)], rows)):
        text = _csv_lines(lines)
        if not _survives(text, encoding):
            bad += _unencodable(header, lines, number, encoding)
        if not bad:  # else only what else is wrong is still of interest
            file.write(text.encode(encoding))
        number += len(lines)
        if len(bad) >= MOST_BAD:
            raise UnencodableText(encoding, bad, beyond=number)
    if bad:
        raise UnencodableText(encoding, bad)


def _slices(lines: Iterable[Sequence]) -> Iterator[list[Sequence]]:
    lines = iter(lines)
    while some := list(islice(lines, _SLICE)):
        yield some


def _csv_lines(lines: Iterable[Sequence]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(
        [csv_text(value) if isinstance(value, str) else value for value in line] for line in lines
    )
    return out.getvalue()


def _unencodable(
    header: Sequence[str], lines: Iterable[Sequence], first: int, codec: str
) -> Iterator[BadCharacter]:
    for number, line in enumerate(lines, first):
        for column, value in zip(header, line, strict=True):
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
