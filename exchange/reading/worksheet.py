"""One sheet of a workbook as a stream: its values row by row, and what a person sees around them.

The dimension that a sheet claims is not believed, and nothing is set aside for it: what counts is
each cell as it comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from exchange.reading import limits
from exchange.reading.archive import Archive
from exchange.reading.book import Refused, address, column_of, letters
from exchange.reading.cell_values import Totals, Values
from exchange.reading.markup import TRUE, Broken, parse, spreadsheet_root
from exchange.reading.package import SheetPart
from exchange.reading.plain_rows import PlainRows, cells_of
from exchange.reading.remarks import Remarks
from exchange.reading.texts import TextOfRuns

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", re.ASCII)
_LETTERS = [letters(column) for column in range(limits.COLUMN + 1)]

TRIM = "不要な行や列を選んで削除し（最後のセルはCtrl＋Endで分かります）、保存し直してください。"


class Around(NamedTuple):
    """What is known of a sheet once all its rows are read."""

    merges: list[tuple[int, int, int, int]]
    hidden_rows: list[int]
    hidden_columns: list[str]
    struck_rows: list[int]


class Worksheet:
    """``send`` is given rows in batches: number, values, columns that are days (as ISO text), and
    reasons of unreadable values by column."""

    quick = True  # whether plain rows are taken by their pattern; no difference but in time

    def __init__(self, sheet: SheetPart, values: Values, totals: Totals, send: Callable):
        self.name = f"シート「{sheet.name}」"
        self.remarks = Remarks(sheet.name)
        self.values, self.totals, self.send = values, totals, send
        self.values.begin_sheet(self.remarks, self.name)
        self.merges, self.hidden_rows, self.struck_rows = [], [], []
        self._hidden_ranges, self._batch, self._width = [], [], 0
        self._sent_characters = totals.characters
        self._row = 0  # the one that is being read, or was last
        self._open = False
        self._rows = PlainRows(self._plain_row, self._unset_handlers, self._set_handlers)
        self._text = TextOfRuns()
        self._buffer: list[str] = []

    def read(self, archive: Archive, part: str) -> Around:
        feeder = self._rows if self.quick else None
        parse(archive.pieces(part), self.name, self._begin, feeder)
        self._flush()
        hidden = [
            letters(column)
            for first, last in self._hidden_ranges
            for column in range(first, min(last + 1, self._width))
        ]
        return Around(self.merges, self.hidden_rows, sorted(set(hidden), key=column_of),
                      self.struck_rows)  # fmt: skip

    def _begin(self, prefix, local, namespace, parser):
        spreadsheet_root(self.name, "worksheet", local, namespace)
        self._skip, self._parser = len(prefix), parser
        self._tags = tuple(prefix + tag for tag in ("c", "v", "row", "f", "is"))
        self._take = self._buffer.append
        self._set_handlers(parser)

    def _set_handlers(self, parser):
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take

    def _unset_handlers(self, parser):
        parser.StartElementHandler = None
        parser.EndElementHandler = None
        parser.CharacterDataHandler = None

    # Called for each element of the sheet, a million times: no frills.

    def _start(self, tag, attributes):
        cell, value, row, formula, inline = self._tags
        if tag == cell:
            self._start_cell(attributes)
        elif tag == value:
            self._buffer.clear()
        elif tag == row:
            self._start_row(attributes)
        elif tag == formula:
            self._formula = ""
            self._buffer.clear()
        elif tag == inline:
            self._text.clear()
            self._parser.CharacterDataHandler = self._text.take
            self._inline = True
        elif self._open:
            if self._inline:
                self._text.start(tag[self._skip :], attributes)
        else:
            self._start_other(tag[self._skip :], attributes)

    def _end(self, tag):
        cell, value, row, formula, inline = self._tags
        if tag == cell:
            self._end_cell()
        elif tag == value:
            self._value = "".join(self._buffer)
        elif tag == row:
            self._end_row()
        elif tag == formula:
            self._formula = "".join(self._buffer)
        elif tag == inline:
            self._parser.CharacterDataHandler = self._take
        elif self._open and self._inline:
            self._text.end(tag[self._skip :])

    def _plain_row(self, attributes, content):
        """A row of plain cells, as if expat had told each of its tags."""
        self._start_row(attributes)
        row, row_text, values = self._row, self._row_text, self.values
        for ref, style, kind, text, inline in cells_of(content):
            column = self._column + 1
            if ref and (column >= limits.COLUMN or ref != _LETTERS[column] + row_text):
                column = self._placed(ref)
            self._column = column
            if text:
                value = values.of(text, kind or None, style or None, None, (row, column))
            elif inline:
                value = values.plain_text(inline, style or None, (row, column))
            else:
                self._count_blank()
                continue
            if value is not None:
                self._put(value)
        self._end_row()

    def _start_row(self, attributes):
        if self._open:
            raise Broken(self.name, "行の中に行がある")
        stated = attributes.get("r")
        number = self._row + 1 if stated is None else self._number(stated)
        if number <= self._row:
            raise Broken(self.name, f"{number}行目が二度あるか、行の順が正しくない")
        if number > limits.LAST_ROW:
            raise Broken(self.name, f"Excelにない行番号（{number}）")
        self._row, self._row_text, self._open = number, str(number), True
        self._column, self._cells = -1, []
        self._days, self._bad, self._struck, self._filled = [], {}, [], 0
        self._inline = False
        self._hidden = attributes.get("hidden") in TRUE or attributes.get("ht") == "0"
        self.totals.rows += 1
        if self.totals.rows > limits.ROWS_SEEN:
            raise _too_many_blanks(self.name)

    def _start_cell(self, attributes):
        if not self._open:
            raise Broken(self.name, "行の外にセルがある")
        stated = attributes.get("r")
        column = self._column + 1
        if stated is not None and (
            column >= limits.COLUMN or stated != _LETTERS[column] + self._row_text
        ):
            column = self._placed(stated)
        self._column = column
        self._type, self._style = attributes.get("t"), attributes.get("s")
        self._value = self._formula = None
        self._inline = False
        self._buffer.clear()

    def _end_cell(self):
        text = self._value
        if self._inline and text is None:
            text = self._text
        elif text is None and self._formula is None:
            self._count_blank()
            return
        at = (self._row, self._column)
        value = self.values.of(text, self._type, self._style, self._formula, at)
        if value is not None:
            self._put(value)

    def _count_blank(self):
        self.totals.blanks += 1
        if self.totals.blanks > limits.BLANKS:
            raise _too_many_blanks(self.name)

    def _put(self, value):
        if self._column >= limits.COLUMN or self._row > limits.ROW:
            raise _too_far(self.name, address(self._row, self._column))
        cells = self._cells
        if len(cells) < self._column:
            cells.extend([None] * (self._column - len(cells)))
        kind = type(value)
        if kind is date:
            self._days.append(self._column)
            value = value.isoformat()
        elif kind is not str and kind not in (int, float, bool):
            self._bad[self._column] = value.why
        cells.append(value)
        self._filled += 1
        if self.values.struck:
            self._struck.append(self._column)

    def _end_row(self):
        self._open = False
        self._rows.between = not self._skip
        if not self._cells:
            return
        self._width = max(self._width, len(self._cells))
        self.totals.cells += self._filled
        if self.totals.cells > limits.CELLS:
            raise Refused(
                f"値の入ったセルが多すぎます（{limits.CELLS:,}個まで）。必要な行と列だけを新しいブックに移すか、"
                "ファイルを分けて保存してください。"
            )
        if self._hidden:
            self.hidden_rows.append(self._row)
            self.remarks.note("hidden-rows", f"{self._row}行")
        if self._struck:
            self._note_struck()
        self._batch.append([self._row, self._cells, self._days, self._bad])
        characters = self.totals.characters - self._sent_characters
        if len(self._batch) >= limits.BATCH_ROWS or characters > limits.BATCH_CHARACTERS:
            self._flush()

    def _note_struck(self):
        if len(self._struck) == self._filled:
            self.struck_rows.append(self._row)
            self.remarks.note("struck-rows", f"{self._row}行")
            return
        for column in self._struck:
            self.remarks.note("struck-cells", address(self._row, column))

    def _flush(self):
        if self._batch:
            self.send(self._batch)
            self._batch = []
            self._sent_characters = self.totals.characters

    def _start_other(self, tag, attributes):
        if tag == "col":
            first, last = (self._number(attributes.get(end)) for end in ("min", "max"))
            hidden = attributes.get("hidden") in TRUE or attributes.get("width") == "0"
            if hidden and first <= last <= limits.LAST_COLUMN:
                self._hidden_ranges.append((first - 1, min(last - 1, limits.COLUMN)))
                if len(self._hidden_ranges) > limits.LAST_COLUMN:
                    raise Broken(self.name, "列の設定が多すぎる")
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _merge(self, ref):
        first, _, last = ref.partition(":")
        (row, column), (last_row, last_column) = self._parsed(first), self._parsed(last or first)
        if last_row < row or last_column < column:
            raise Broken(self.name, f"結合セルの範囲「{ref[:40]}」が正しくない")
        self.merges.append((row, column, last_row, last_column))
        self.totals.merges += 1
        if self.totals.merges > limits.MERGES:
            raise Refused(
                f"結合セルが多すぎます（{limits.MERGES:,}か所まで）。セルの結合を解除して保存し直してください。"
            )

    def _number(self, text):
        if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Broken(self.name, f"行や列の番号「{(text or '')[:40]}」が正しくない")
        return int(text)

    def _parsed(self, ref):
        match = _ADDRESS.fullmatch(ref)
        if match is None:
            raise Broken(self.name, f"セルの番地「{ref[:40]}」が正しくない")
        row, column = int(match[2]), column_of(match[1])
        if row > limits.LAST_ROW or column >= limits.LAST_COLUMN:
            raise Broken(self.name, f"Excelにないセルの番地「{ref[:40]}」")
        return row, column

    def _placed(self, ref):
        """The column of a cell that does not follow right on the one before it."""
        row, column = self._parsed(ref)
        if row != self._row:
            raise Broken(self.name, f"{self._row}行目にセル{ref[:40]}がある")
        if column <= self._column:
            raise Broken(self.name, f"セル{ref[:40]}が二度あるか、セルの順が正しくない")
        return column


def _too_far(name: str, at: str) -> Refused:
    return Refused(
        f"{name}のセル{at}に値があります。読めるのは{limits.ROW:,}行目、"
        f"{_LETTERS[limits.COLUMN - 1]}列（{limits.COLUMN}列目）までです。{TRIM}"
    )


def _too_many_blanks(name: str) -> Refused:
    return Refused(
        f"{name}まで読んだところで、書式だけで値のないセルや行が多すぎます。表より下の行と"
        f"右の列が要りません。{TRIM}"
    )
