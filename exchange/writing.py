"""Writes plain workbooks fast: rows of text, days and numbers under a heading, nothing else.

A writer of our own, since none fits: openpyxl, which writes the formatted tables, takes twelve
times as long; XlsxWriter eight times; rustpy-xlsxwriter is as fast, but cannot offer a list that
stands on another sheet, which choices of an agency's sections and companies need. A row is let go
once it is written, so memory does not grow with the rows.

Text is typed as a string, never as a formula, and marked (``quotePrefix``) where somebody who edits
it could make one of it. What XML cannot hold is escaped as Excel does it: _x0008_.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from operator import call
from typing import IO, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from outsourcing.spreadsheets import display_width, is_formula_like

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576  # of a sheet, its heading among them
LONGEST_TEXT = 32_767  # of a cell
LONGEST_PROMPT = 255
BATCH = 500  # rows made into one piece of XML
KEPT = 2_000  # cells of each kind, made once: in a ledger most values stand in many rows
_EPOCH = date(1899, 12, 30).toordinal()
# Excel counts 1900-02-29 among its days: before it another number would be another day.
_FIRST_DAY = date(1900, 3, 1)

TEXT, DAY, NUMBER = "text", "day", "number"
# Places in ``_STYLES``.
HEADING, REQUIRED, QUOTED = 1, 2, 4
WRAPPED = "wrapped"
_STYLE = {TEXT: 3, DAY: 5, NUMBER: 0, WRAPPED: 6}
LINE = 18  # points of a line, as high as 游ゴシック wants it
PAGE_WIDTH = 200  # of columns that are still read with ease on A4 on its side


class TooManyRows(ValueError):
    """More than a sheet of a workbook can hold."""


class Field(NamedTuple):
    """A column: ``choices`` is a range of another sheet to choose from, and ``strict`` that nothing
    else may be typed; ``prompt`` is told to whoever chooses a cell of it."""

    heading: str
    kind: str = TEXT
    width: float = 16
    required: bool = False
    choices: str = ""
    strict: bool = True
    prompt: str = ""
    wraps: bool = False  # text in as many lines as it needs


class _Cells(dict):
    """The XML of a cell of one kind, by its value."""

    def __init__(self, style: int):
        super().__init__()
        self.style = style
        self.opening = f'<c s="{style}" t="inlineStr"><is><t>'

    def __missing__(self, value) -> str:
        if type(value) is str and value:
            cell = self.text(value)
        elif value is None or value == "":
            cell = f'<c s="{self.style}"/>'
        elif type(value) is date:
            cell = _day(value)
        elif type(value) in (int, float, Decimal):
            cell = f'<c s="{self.style}"><v>{value}</v></c>'
        else:
            raise TypeError(f"{value!r} is no value of a cell")
        if len(self) >= KEPT:
            self.clear()
        self[value] = cell
        return cell

    def text(self, value: str) -> str:
        if _SPECIAL(value) or not value[0].isalnum():
            return _careful(value, self.style)
        return f"{self.opening}{value}</t></is></c>"


_SPECIAL = re.compile(r"[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x|\s$|.{2000}").search
_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def in_xml(text: str) -> str:
    """``text`` as a cell holds it: control characters by their numbers, as Excel writes them."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(_ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", text))


def _careful(value: str, style: int) -> str:
    if len(value) > LONGEST_TEXT:
        raise ValueError(
            f"「{value[:30]}…」は{len(value):,}字あり、セルに入る{LONGEST_TEXT:,}字を超えます。"
        )
    if is_formula_like(value):
        style = QUOTED
    space = "" if value == value.strip() else ' xml:space="preserve"'
    return f'<c s="{style}" t="inlineStr"><is><t{space}>{in_xml(value)}</t></is></c>'


def _day(value: date) -> str:
    if value < _FIRST_DAY:
        return f'<c s="{_STYLE[TEXT]}" t="inlineStr"><is><t>{value.isoformat()}</t></is></c>'
    return f'<c s="{_STYLE[DAY]}"><v>{value.toordinal() - _EPOCH}</v></c>'


class Workbook:
    """A workbook written sheet by sheet into ``file``; whole once it is closed."""

    def __init__(self, file: IO[bytes]):
        # The fastest compression: the next costs twice the time for a fifth of the size.
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._sheets: list[tuple[str, bool]] = []
        self._repeated: list[str] = []
        self._cells = {kind: _Cells(style) for kind, style in _STYLE.items()}

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, exception, *rest) -> None:
        if exception is None:
            self.close()
        else:
            self._zip.close()

    def add(self, name: str, fields: Sequence[Field], rows: Iterable[Sequence], *, hidden=False):
        """Write a sheet; how many rows it has is given back. Raises TooManyRows."""
        self._sheets.append((name, hidden))
        self._repeated.append(_repeated(name, _pages(fields)))
        written = 0
        with self._zip.open(f"xl/worksheets/sheet{len(self._sheets)}.xml", "w") as out:
            out.write(_head(fields, selected=len(self._sheets) == 1).encode())
            for batch in _batches(rows):
                written += len(batch)
                if written >= MOST_ROWS:
                    raise TooManyRows(
                        f"シート「{name}」が{MOST_ROWS:,}行を超え、Excelのファイルに入りません。"
                        "範囲を絞ってください。"
                    )
                out.write(self._rows(fields, batch).encode())
            out.write(_tail(fields, written).encode())
        return written

    def _rows(self, fields: Sequence[Field], rows: list[Sequence]) -> str:
        made = [self._cells[_look(field)].__getitem__ for field in fields]
        if any(field.wraps for field in fields):
            return "".join(
                [f"{_row_of(fields, row)}{''.join(map(call, made, row))}</row>" for row in rows]
            )
        return "".join([f"<row>{''.join(map(call, made, row))}</row>" for row in rows])

    def close(self) -> None:
        numbered = list(enumerate(self._sheets, 1))
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"'
            f"{_HIDDEN if hidden else ''}/>"
            for n, (name, hidden) in numbered
        )
        types = "".join(_override(f"worksheets/sheet{n}.xml", "worksheet") for n, _ in numbered)
        types += _override("workbook.xml", "sheet.main") + _override("styles.xml", "styles")
        links = "".join(
            _link(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered
        )
        links += _link("rIdStyles", "styles", "styles.xml")
        for name, content in (
            ("[Content_Types].xml", _TYPES.format(types)),
            ("_rels/.rels", _LINKS.format(_link("rId1", "officeDocument", "xl/workbook.xml"))),
            ("xl/_rels/workbook.xml.rels", _LINKS.format(links)),
            ("xl/workbook.xml", _WORKBOOK.format(sheets, self._names())),
            ("xl/styles.xml", _STYLES),
        ):
            with self._zip.open(name, "w") as out:
                out.write(f"{_DECLARED}{content}".encode())
        self._zip.close()

    def _names(self) -> str:
        """What is printed on each page of a sheet."""
        return "".join(
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">{escape(rows)}'
            "</definedName>"
            for n, rows in enumerate(self._repeated)
        )


def _batches(rows: Iterable[Sequence]) -> Iterator[list[Sequence]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def letter(column: int) -> str:
    """A, B, … AA: how a workbook names a column, from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _head(fields: Sequence[Field], *, selected: bool) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{field.width}" style="{_STYLE[_look(field)]}"'
        ' customWidth="1"/>'
        for n, field in enumerate(fields, 1)
    )
    headings = "".join(
        _careful(field.heading, REQUIRED if field.required else HEADING) for field in fields
    )
    headed = [field._replace(wraps=True) for field in fields]
    titles = [field.heading for field in fields]
    return (
        f'{_DECLARED}<worksheet xmlns="{_MAIN}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        f'<sheetView workbookViewId="0"{_SELECTED if selected else ""}>'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f'</sheetView></sheetViews><sheetFormatPr defaultRowHeight="{LINE}"/>'
        f"<cols>{columns}</cols><sheetData>{_row_of(headed, titles)}{headings}</row>"
    )


def _tail(fields: Sequence[Field], rows: int) -> str:
    told = [_told(n, field) for n, field in enumerate(fields, 1) if field.choices or field.prompt]
    validations = f'<dataValidations count="{len(told)}">{"".join(told)}</dataValidations>'
    return (
        f'</sheetData><autoFilter ref="A1:{letter(len(fields))}{rows + 1}"/>'
        f"{validations if told else ''}{_PAPER.format(_pages(fields))}</worksheet>"
    )


def _row_of(fields: Sequence[Field], row: Sequence) -> str:
    """The beginning of a row as high as its texts need: not every program finds that by itself."""
    lines = max(map(_lines, fields, row), default=1)
    return f'<row ht="{LINE * lines}" customHeight="1">'


def _lines(field: Field, value) -> int:
    if not (field.wraps and value):
        return 1
    wide = int(field.width - 2)
    return sum(-(-display_width(line) // wide) or 1 for line in str(value).splitlines())


def _look(field: Field) -> str:
    return WRAPPED if field.wraps else field.kind


def _pages(fields: Sequence[Field]) -> int:
    """How many pages side by side a sheet takes."""
    return -(-int(sum(field.width for field in fields)) // PAGE_WIDTH)


def _repeated(name: str, pages: int) -> str:
    """The heading, and where a row goes on to another page the columns that name it."""
    sheet = f"'{name.replace(chr(39), chr(39) * 2)}'"
    columns = f"{sheet}!$A:$B," if pages > 1 else ""
    return f"{columns}{sheet}!$1:$1"


@lru_cache(maxsize=1024)
def _told(column: int, field: Field) -> str:
    """What Excel offers, says and refuses where a cell of the column is chosen."""
    prompt = field.prompt
    if len(prompt) > LONGEST_PROMPT:
        prompt = prompt[: LONGEST_PROMPT - 1] + "…"
    says = f" promptTitle={quoteattr(field.heading[:32])} prompt={quoteattr(prompt)}"
    refuses = ' showErrorMessage="1" errorTitle="選択肢にない値です"' if field.strict else ""
    offers = f' type="list"{refuses}' if field.choices else ""
    place = letter(column)
    return (
        f'<dataValidation allowBlank="1" showInputMessage="1"{says if prompt else ""}{offers}'
        f' sqref="{place}2:{place}{MOST_ROWS}">'
        f"{f'<formula1>{escape(field.choices)}</formula1>' if field.choices else ''}"
        "</dataValidation>"
    )


_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HIDDEN, _SELECTED = ' state="hidden"', ' tabSelected="1"'
_FORMATS = "http://schemas.openxmlformats.org"
_MAIN = f"{_FORMATS}/spreadsheetml/2006/main"
_OFFICE = f"{_FORMATS}/officeDocument/2006/relationships"
_PACKAGE = f"{_FORMATS}/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{}</Types>'
)
_LINKS = f'<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
_WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{{}}</sheets>'
    "<definedNames>{}</definedNames></workbook>"
)
# A4 on its side, row by row of pages; below, sheet and page.
_PAPER = (
    '<printOptions gridLines="1"/>'
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" pageOrder="overThenDown" fitToWidth="{}"'
    ' fitToHeight="0"/><headerFooter><oddFooter>&amp;L&amp;A&amp;C&amp;P／&amp;N</oddFooter>'
    "</headerFooter>"
)


def _override(part: str, kind: str) -> str:
    content = f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"
    return f'<Override PartName="/xl/{part}" ContentType="{content}"/>'


def _link(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _format(number=0, font=0, fill=0, more="") -> str:
    applied = (
        f' applyNumberFormat="{int(number > 0)}" applyFont="{font}" applyFill="{int(fill > 0)}"'
    )
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"'
        f"{applied}{more}"
    )


def _fill(colour: str) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/></patternFill></fill>'
    )


_FONT = '<font>{}<sz val="11"/><name val="游ゴシック"/></font>'
_TOP = ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
_MIDDLE = ' applyAlignment="1"><alignment horizontal="center"/></xf>'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    f'<fonts count="2">{_FONT.format("")}{_FONT.format("<b/>")}</fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill>'
    f'<fill><patternFill patternType="gray125"/></fill>{_fill("E6E6E6")}{_fill("D9E6FF")}</fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="7">'
    + _format(more="/>")
    + _format(font=1, fill=2, more=_TOP)  # HEADING
    + _format(font=1, fill=3, more=_TOP)  # REQUIRED
    + _format(number=49, more="/>")  # text: what is typed there stays as typed
    + _format(number=49, more=' quotePrefix="1"/>')  # QUOTED
    + _format(number=164, more=_MIDDLE)  # day
    + _format(number=49, more=_TOP)  # WRAPPED
    + '</cellXfs><cellStyles count="1"><cellStyle name="標準" xfId="0" builtinId="0"/></cellStyles>'
    + "</styleSheet>"
)
