"""公表様式: a table as the ministry printed it, ready for A4.

Title, （単位：件）, the heading in one or two rows, group rows, 計, ※ notes.
"""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from outsourcing import fiscal_year, spreadsheets
from surveys.sheets.base import TOTAL, Row, Sheet
from surveys.workbook_data import About

SYNTHETIC_MARK = "【合成データ】この表は架空の契約から作成したもので、実在の契約を示しません。"

FONT = "游ゴシック"  # on every Windows with Excel; others take their own Japanese font
_LINE = Side(style="thin", color="949494")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEADING_FILL = PatternFill("solid", fgColor="E6E6E6")
_GROUP_FILL = PatternFill("solid", fgColor="F2F2F2")
_WHOLE = Alignment(vertical="center", wrap_text=True)  # text over the whole width
_NUMBER = Alignment(horizontal="right", vertical="center", indent=1)
_NUMBER_WIDTH = 18
_LINE_HEIGHT = 16


def add(book: Workbook, sheet: Sheet, about: About) -> None:
    page = book.create_sheet(sheet.name)
    columns = 1 + len(sheet.columns)
    line = 1
    if about.synthetic:
        _put(page, line, 1, SYNTHETIC_MARK, font=_font(bold=True, color="CE0000"))
        _merge(page, line, columns)
        line += 1
    title = f"{sheet.full_title}（{about.subject}）" if about.subject else sheet.full_title
    _put(page, line, 1, title, font=_font(bold=True, size=12), alignment=_WHOLE)
    _merge(page, line, columns)
    _put(page, line + 1, columns, sheet.unit, alignment=Alignment(horizontal="right"))
    first_heading = line + 2
    first_row = _add_heading(page, first_heading, sheet)
    last_row = _add_rows(page, first_row, sheet)
    end = _add_notes(page, last_row + 1, sheet.notes, columns)
    _set_widths(page, sheet)
    page.row_dimensions[line].height = _height(title, _width(page, columns))
    page.freeze_panes = f"B{first_row}"
    _set_print(page, (first_heading, first_row - 1), f"A1:{get_column_letter(columns)}{end}", about)


def _add_heading(page: Worksheet, line: int, sheet: Sheet) -> int:
    """The heading as ``Sheet.heading`` lays it out; the first line under it is given back."""
    heading = sheet.heading
    taken: set[tuple[int, int]] = set()
    for down, cells in enumerate(heading):
        place = 1
        for cell in cells:
            while (down, place) in taken:
                place += 1
            covered = [
                (down + y, place + x) for y in range(cell.rowspan) for x in range(cell.colspan)
            ]
            taken.update(covered)
            _put_heading(page, line, covered, cell.text)
            place += cell.colspan
    page.row_dimensions[line + len(heading) - 1].height = _LINE_HEIGHT * 4
    return line + len(heading)


def _put_heading(page: Worksheet, line: int, covered: list[tuple[int, int]], text: str) -> None:
    for down, place in covered:
        cell = page.cell(line + down, place)
        cell.border, cell.fill = _BORDER, _HEADING_FILL
    (top, left), (bottom, right) = covered[0], covered[-1]
    _put(page, line + top, left, text, font=_font(bold=True), alignment=_aligned("center"))
    if len(covered) > 1:
        page.merge_cells(
            start_row=line + top, start_column=left, end_row=line + bottom, end_column=right
        )


def _add_rows(page: Worksheet, line: int, sheet: Sheet) -> int:
    """The rows, groups among them; the last line used is given back."""
    for row in sheet.rows:
        if row.kind == "group":
            _add_group(page, line, row, 1 + len(sheet.columns))
        else:
            _add_numbers(page, line, row)
        line += 1
    return line - 1


def _add_group(page: Worksheet, line: int, row: Row, columns: int) -> None:
    for place in range(1, columns + 1):
        page.cell(line, place).border = _BORDER
        page.cell(line, place).fill = _GROUP_FILL
    _put(page, line, 1, row.label, alignment=_WHOLE)
    _merge(page, line, columns)


def _add_numbers(page: Worksheet, line: int, row: Row) -> None:
    font = _font(bold=row.kind == TOTAL)
    align = "center" if row.kind == TOTAL else "left"
    page.row_dimensions[line].height = _LINE_HEIGHT
    _put(page, line, 1, row.label, font=font, alignment=_aligned(align)).border = _BORDER
    for place, cell in enumerate(row.cells, 2):
        written = _put(page, line, place, cell.value, font=font, alignment=_NUMBER)
        written.number_format = "#,##0"
        written.border = _BORDER


def _add_notes(page: Worksheet, line: int, notes: Iterable[str], columns: int) -> int:
    """The ※ notes below the table; the last line used is given back."""
    for note in notes:
        _put(page, line, 1, note, alignment=Alignment(wrap_text=True, vertical="top"))
        _merge(page, line, columns)
        line += 1
    return max(line - 1, 1)


def _set_widths(page: Worksheet, sheet: Sheet) -> None:
    labels = [row.label for row in sheet.rows]
    widest = max(map(spreadsheets.display_width, (sheet.stub, *labels)))
    page.column_dimensions["A"].width = min(max(widest + 4, 16), 50)
    columns = 1 + len(sheet.columns)
    for place in range(2, columns + 1):
        page.column_dimensions[get_column_letter(place)].width = _NUMBER_WIDTH
    # Excel does not fit the height of merged cells by itself.
    for merged in page.merged_cells.ranges:
        text = page.cell(merged.min_row, 1).value
        if merged.min_col == 1 and merged.max_col == columns and text:
            page.row_dimensions[merged.min_row].height = _height(text, _width(page, columns))


def _set_print(page: Worksheet, repeated: tuple[int, int], area: str, about: About) -> None:
    spreadsheets.on_paper(page, lying=False, repeated=f"{repeated[0]}:{repeated[1]}")
    page.print_options.horizontalCentered = True
    page.print_area = area
    page.oddHeader.center.text = SYNTHETIC_MARK if about.synthetic else None
    page.oddFooter.left.text = f"調査対象：{fiscal_year.label(about.fiscal_year)}"
    page.oddFooter.right.text = f"作成日：{about.made_on.isoformat()}"


def _put(page: Worksheet, line: int, place: int, value, font=None, alignment=None):
    cell = spreadsheets.put(page.cell(line, place), value)
    cell.font = font or _font()
    if alignment:
        cell.alignment = alignment
    return cell


def _merge(page: Worksheet, line: int, columns: int) -> None:
    page.merge_cells(start_row=line, start_column=1, end_row=line, end_column=columns)


def _font(**how) -> Font:
    return Font(name=FONT, **{"size": 10.5, **how})


def _aligned(horizontal: str) -> Alignment:
    indent = 0 if horizontal == "center" else 1  # text would touch the lines
    return Alignment(horizontal=horizontal, vertical="center", wrap_text=True, indent=indent)


def _width(page: Worksheet, columns: int) -> float:
    return sum(page.column_dimensions[get_column_letter(n)].width for n in range(1, columns + 1))


def _height(text: str, width: float) -> float:
    lines = -(-spreadsheets.display_width(text) // int(width))
    return _LINE_HEIGHT * lines + 2
