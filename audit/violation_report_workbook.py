"""違反報告書 as a workbook: what the page prints, ready for A4, and every finding in a sheet that a
program reads. Written row by row, so that memory does not grow with the findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from datetime import date, datetime
from typing import IO, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from audit.export_files import Counted, ExportError
from audit.exports import COLUMNS, NOTES, cells
from audit.violation_report import EXCUSED, Section, ViolationReport
from audit.violation_report_details import Told
from audit.violation_report_words import NAMES_NOTE, NAMES_WARNING, beyond, notes_of, paragraphs
from guideline.models import Severity
from outsourcing import spreadsheets
from surveys.workbook_data import REAL, SYNTHETIC
from surveys.workbook_layout import FONT, SYNTHETIC_MARK

TITLE = "違反報告書"
OVERVIEW, FINDINGS, METADATA = "概要", "findings", "メタデータ"

_LINE = Side(style="thin", color="949494")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FILL = PatternFill("solid", fgColor="E6E6E6")

# Sheet of a section → column → its width. All fit on the width of A4 on its side.
BREACHES = {
    "契約コード": 16, "契約件名": 24, "委託先": 18, "再委託": 8, "段階": 5, "再委託先": 18,
    "委託先との関係": 10, "いつから": 10, "いつまで": 10, "日数": 6, "欠けていたもの": 22,
    "是正の状態": 9, "是正・再発防止策": 26,
}  # fmt: skip
OTHERS = {
    "条項": 9, "規則": 24, "契約・提供コード": 16, "契約件名・提供先": 26, "委託先": 18,
    "対象": 10, "再委託先": 18, "いつから": 10, "いつまで": 10, "日数": 6, "是正の状態": 9,
    "是正・再発防止策": 26,
}  # fmt: skip
EXCUSES = {name: width for name, width in OTHERS.items() if not name.startswith("是正")} | {
    "区分": 14,
    "理由": 30,
}


class Head(NamedTuple):
    """Who made it when, and what was typed onto it."""

    made_by: str
    made_at: datetime
    typed: dict


def write(file: IO[bytes], report: ViolationReport, head: Head) -> None:
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = _title(report), ""
    _overview(book, report, head)
    for section in report.sections:
        _section(book, report, section)
    lines = (cells(row, report.asked.on) for row in report.all_rows())
    count = Counted(lines)
    _plain_sheet(book, FINDINGS, COLUMNS, count)
    about = _metadata(report, head, count.written.rows)
    _plain_sheet(book, METADATA, {"項目": 24, "内容": 90}, about)
    book.save(file)


def _title(report: ViolationReport) -> str:
    return f"{TITLE}　{report.asked.agency}"


def _overview(book: Workbook, report: ViolationReport, head: Head) -> None:
    paper = Paper(book, OVERVIEW, (34, 14, 44, 14, 14), report)
    paper.line(paper.text(_title(report), bold=True, size=14))
    for label, value in _head(report, head):
        paper.line(paper.boxed(label, heads=True), paper.text(value))
    paper.line()
    for paragraph in paragraphs(report):
        paper.paragraph(paragraph)
    paper.line()
    counted = [
        (line.severity, f"第{line.provision}", line.rule, line.number.findings,
         line.number.contracts)
        for line in report.lines
    ]  # fmt: skip
    totals = [("計", "", n.label, n.findings, n.contracts) for n in report.totals.values()]
    paper.table(("区分", "条項", "規則", "所見（件）", "契約（件）"), [*counted, *totals])
    paper.line()
    states = [(number.label, number.findings) for number in report.states]
    paper.table(("是正の状態", "所見（件）"), states)
    paper.line()
    measures = [
        (taken.label, taken.actions, "", taken.contracts, taken.closed) for taken in report.measures
    ]
    paper.table(("是正・再発防止策", "件数", "", "契約（件）", "完了（件）"), measures)
    if not measures:
        paper.line(paper.text("記録はありません。"))
    paper.line()
    for note in notes_of(report):
        paper.paragraph(f"※ {note}", size=9)


def _head(report: ViolationReport, head: Head) -> Iterator[tuple[str, str]]:
    asked = report.asked
    yield "文書番号", head.typed.get("document_number") or ""
    decided = head.typed.get("decided_on")
    yield "決裁日", decided.isoformat() if decided else ""
    yield "機関", f"{asked.agency.code}　{asked.agency}"
    yield "対象", asked.in_words
    yield "基準日", asked.on.isoformat()
    yield "作成者", head.made_by
    yield "作成日", head.made_at.date().isoformat()
    yield "データの種類", SYNTHETIC_MARK if report.synthetic else REAL


def _section(book: Workbook, report: ViolationReport, section: Section) -> None:
    of = {Severity.BREACH: (BREACHES, _breach), EXCUSED: (EXCUSES, _excused)}
    columns, line_of = of.get(section.key, (OTHERS, _other))
    paper = Paper(book, section.title, columns.values(), report)
    if section.rows is None:
        paper.line(paper.text(beyond(section, f"シート「{FINDINGS}」")))
        return
    paper.page.print_title_rows = "1:1"
    paper.page.freeze_panes = "A2"
    paper.table(columns, [line_of(told) for told in section.rows])
    if not section.rows:
        paper.line(paper.text("該当する所見はありません。"))


def _breach(told: Told) -> tuple:
    row = told.row
    return (
        row.code, row.title, row.contractor, row.subject_in_words, row.depth, row.link_contractor,
        row.relation_in_words, row.since, told.last_day or "継続中", told.days, told.lacking,
        told.state, "\n".join(told.measures),
    )  # fmt: skip


def _other(told: Told) -> tuple:
    return (*_plain(told), told.state, "\n".join(told.measures))


def _excused(told: Told) -> tuple:
    return (*_plain(told), told.severity, "\n".join(told.reasons))


def _plain(told: Told) -> tuple:
    row = told.row
    return (
        f"第{row.provision}", told.rule, row.code, row.title, row.contractor, row.subject_in_words,
        row.link_contractor, row.since, told.last_day or "継続中", told.days,
    )  # fmt: skip


def _metadata(report: ViolationReport, head: Head, rows: int) -> Iterator[tuple[str, str | int]]:
    yield "題名", _title(report)
    for label, value in _head(report, head):
        if label not in ("文書番号", "決裁日", "データの種類"):
            yield label, value
    yield "データの種類", SYNTHETIC if report.synthetic else REAL
    yield "件数", rows
    if report.asked.hides_names:
        yield "事業者の名称", NAMES_NOTE + NAMES_WARNING
    for column, note in NOTES:
        yield f"列「{column}」", note


class Paper:
    """A sheet that is printed, on A4 on its side, as many pages as it takes."""

    def __init__(self, book: Workbook, name: str, widths: Iterable[int], report: ViolationReport):
        self.page = page = book.create_sheet(name)
        self._styles: dict[tuple, WriteOnlyCell] = {}
        self._lines, self._widths = 0, list(widths)
        for place, width in enumerate(self._widths, 1):
            page.column_dimensions[get_column_letter(place)].width = width
        spreadsheets.on_paper(page, repeated="")
        page.oddHeader.center.text = SYNTHETIC_MARK if report.synthetic else None
        footer = f"{TITLE}　{report.asked.agency.code}　{name}"
        page.oddFooter.left.text = footer.replace("&", "&&")
        page.oddFooter.right.text = f"基準日：{report.asked.on.isoformat()}"

    def line(self, *cells) -> None:
        self._lines += 1
        self.page.append(list(cells))

    def paragraph(self, value: str, **font) -> None:
        """A text over the whole width, as high as it needs: Excel does not fit merged cells."""
        cell = self.text(value, **font)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        number, last = self._lines + 1, get_column_letter(len(self._widths))
        self.page.merged_cells.add(f"A{number}:{last}{number}")
        lines = -(-spreadsheets.display_width(value) // int(sum(self._widths) * 0.9))
        self.page.row_dimensions[number].height = 16 * lines + 2
        self.line(cell)

    def text(self, value: str, **font) -> WriteOnlyCell:
        return styled(self.page, value, font=Font(name=FONT, **{"size": 10.5, **font}))

    def table(self, heading: Iterable[str], lines: Iterable[tuple]) -> None:
        self.line(*(self.boxed(title, heads=True) for title in heading))
        for line in lines:
            self._as_high_as(line)
            self.line(*map(self.boxed, line))

    def _as_high_as(self, line: tuple) -> None:
        """Not every program finds by itself how many lines a text takes."""
        most = max(
            sum(-(-spreadsheets.display_width(part) // int(width)) for part in value.split("\n"))
            for value, width in zip(line, self._widths, strict=False)
            if isinstance(value, str)
        )
        if most > 1:
            self.page.row_dimensions[self._lines + 1].height = 12 * most + 3

    def boxed(self, value, *, heads=False) -> WriteOnlyCell:
        """A cell of a table: numbers and days to the right, a text as high as it needs."""
        key = isinstance(value, int | date), isinstance(value, date), heads
        if key not in self._styles:
            self._styles[key] = self._boxed(*key)
        return styled(self.page, value, self._styles[key])

    def _boxed(self, is_right: bool, is_day: bool, heads: bool) -> WriteOnlyCell:
        side = "right" if is_right else "left"
        how = {"fill": _FILL} if heads else {}
        return styled(
            self.page,
            None,
            font=Font(name=FONT, size=9, bold=heads),
            border=_BORDER,
            alignment=Alignment(horizontal=side, vertical="top", wrap_text=True),
            number_format="yyyy-mm-dd" if is_day else "#,##0" if is_right else "General",
            **how,
        )


def _plain_sheet(book: Workbook, name: str, columns: dict[str, int], lines: Iterable) -> None:
    """Header in row 1, data from row 2, nothing merged and nothing computed."""
    page = book.create_sheet(name)
    page.freeze_panes = "A2"
    spreadsheets.on_paper(page, plain=True)
    for place, width in enumerate(columns.values(), 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.append([styled(page, title, font=Font(bold=True)) for title in columns])
    for line in lines:
        page.append([_safe(page, value) for value in line])


def _safe(page, value):
    """What openpyxl may take as it is; a text that could be a formula as a cell that is none."""
    if isinstance(value, str):
        if spreadsheets.is_formula_like(value):
            return styled(page, value)
        if any(ord(character) < 32 and character not in "\t\n\r" for character in value):
            raise ExportError(f"出力できない制御文字があります：{value!r}")
    return value


def styled(page, value, like: WriteOnlyCell | None = None, **how) -> WriteOnlyCell:
    """A cell of its own, in whatever style: ``like`` another, which is ten times as fast."""
    cell = WriteOnlyCell(page)
    if like is not None:
        cell._style = copy(like._style)
    for name, style in how.items():
        setattr(cell, name, style)
    try:
        return spreadsheets.put(cell, value)
    except ValueError as error:
        raise ExportError(f"出力できない制御文字があります：{value!r}") from error
