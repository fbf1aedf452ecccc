"""How fast the ledger is written as workbooks, beside openpyxl's fastest mode."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from io import BytesIO

from openpyxl import Workbook as Peer
from openpyxl.cell import WriteOnlyCell

from bench.measuring import Measure, seconds, side_by_side
from exchange import bundles, ledger_files
from exchange.sheets import BY_KEY, SHEETS
from exchange.sheets.base import Chosen
from exchange.writing import Workbook
from outsourcing.scope import Scope

COLUMNS = 25
EVERYTHING = Scope.everything()


def exchanging():
    """Writing alone, of the same cells; then the whole ledger and all agencies' workbooks."""
    sheet = BY_KEY["contracts"]
    fields = sheet.fields()[:COLUMNS]
    rows = [row[:COLUMNS] for row in sheet.rows(Chosen(None))]
    headings = [field.heading for field in fields]

    def ours():
        with Workbook(BytesIO()) as book:
            book.add(sheet.title, fields, rows)

    def peers():
        book = Peer(write_only=True)
        page = book.create_sheet(sheet.title)
        page.append(headings)
        for row in rows:
            page.append([_as_text(page, value) for value in row])
        book.save(BytesIO())

    gc.collect()
    gc.freeze()
    took = side_by_side({"ours": ours, "openpyxl": peers}, rounds=3)
    gc.unfreeze()
    size = f"{len(rows):,} rows × {COLUMNS} columns"
    yield Measure("workbook of contracts written", took["ours"], "s", note=size)
    yield Measure("the same by openpyxl, write-only", took["openpyxl"], "s")
    yield Measure("openpyxl / ours", took["openpyxl"] / took["ours"], "times", 12, at_least=True)
    few, many = (_memory(number) for number in (len(rows), 8 * len(rows)))
    note = "of a process that writes so many rows, above one that writes few"
    yield Measure("memory of eight times the rows", many - few, "MB", 5, note=note)
    yield from _the_whole_ledger()


def _as_text(page, value):
    """Typed as text, as it must be; a bare value would become a formula."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, value)
    cell.data_type = "s"
    return cell


def _the_whole_ledger():
    written = []

    def whole():
        chosen = ledger_files.slices(EVERYTHING)
        written.append(ledger_files.write_workbook(BytesIO(), SHEETS, chosen))

    took = seconds(whole)
    yield Measure("whole ledger as one workbook", took, "s", note=f"{written[0]:,} rows")
    last = []

    def bundle():
        last[:] = list(bundles.WAYS[bundles.AGENCIES](BytesIO()))[-1]

    took = seconds(bundle)
    note = f"{last[1]} agencies, {last[2]:,} rows"
    yield Measure("bundle of all agencies' workbooks", took, "s", 10, note=note)


def _memory(rows: int) -> float:
    """The most memory (MB) of a process that writes so many rows to nowhere."""
    call = [sys.executable, "-m", "bench.writing_memory", str(rows)]
    return json.loads(subprocess.run(call, check=True, capture_output=True).stdout)
