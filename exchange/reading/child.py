"""What runs in the child process: reads the file on standard input, and tells what it holds on
standard output, as lines of JSON. It imports nothing of Django, knows no setting and no secret,
opens no file and no connection, and writes nothing.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import BinaryIO

from exchange.reading import limits
from exchange.reading.archive import Archive
from exchange.reading.book import Refused
from exchange.reading.cell_values import Totals, Values
from exchange.reading.csv_text import SHEET, read_text
from exchange.reading.kinds import kind_of
from exchange.reading.package import open_package
from exchange.reading.remarks import Remarks
from exchange.reading.styles import read_styles
from exchange.reading.texts import Strings
from exchange.reading.worksheet import Worksheet

TOO_LARGE = (
    f"読むのに必要なメモリーが上限（{limits.MEMORY_BYTES // 1024 // 1024}MB）を超えました。"
    "必要なシート、行、列だけを新しいブックに移すか、ファイルを分けて保存してください。"
)


def main() -> None:
    """Started by ``parent``: arguments are the size and the name of the file."""
    bind()
    tell = _teller(sys.stdout.buffer)
    try:
        read(sys.stdin.buffer, int(sys.argv[1]), sys.argv[2], tell)
        tell({"done": _usage()})
    except Refused as refusal:
        tell({"refused": str(refusal), **_usage()})
    except MemoryError:
        tell({"refused": TOO_LARGE, **_usage()})
    except BrokenPipeError:
        pass  # nobody listens any more
    except Exception:
        tell({"crashed": traceback.format_exc()[-4000:]})
    sys.stdout.flush()


def bind() -> None:
    """Put this process under its limits. On Windows the clock alone ends it."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(what, (most, most))


def read(file: BinaryIO, size: int, name: str, tell: Callable) -> None:
    if kind_of(file, size, name) == "text":
        _read_text(file, name, tell)
    else:
        _read_workbook(file, size, name, tell)


def _read_text(file: BinaryIO, name: str, tell: Callable) -> None:
    tell({"book": {"kind": "csv", "date1904": False}, "cautions": []})
    sheet = PurePath(name).stem[: limits.SHEET_NAME] or SHEET
    tell({"sheet": sheet, "hidden": False})
    encoding, remarks = read_text(file, sheet, tell)
    tell({"around": [[], [], [], []], "cautions": remarks.cautions(), "encoding": encoding})


def _read_workbook(file: BinaryIO, size: int, name: str, tell: Callable) -> None:
    archive = Archive(file, size)
    package = open_package(archive)
    kind = "xlsm" if name.lower().endswith(".xlsm") else package.kind
    book = {"kind": kind, "date1904": package.date1904}
    tell({"book": book, "cautions": package.cautions})
    totals = Totals()
    strings = Strings(archive, package.strings)
    values = Values(strings, read_styles(archive, package.styles), package.date1904, totals)
    for sheet in package.sheets:
        tell({"sheet": sheet.name, "hidden": sheet.hidden})
        reading = Worksheet(sheet, values, totals, tell)
        around = reading.read(archive, sheet.part)
        cautions = _of_whole_sheet(sheet.name, sheet.hidden, around.hidden_columns)
        tell({"around": around, "cautions": [*cautions, *reading.remarks.cautions()]})


def _of_whole_sheet(name: str, hidden: bool, columns: list[str]) -> list:
    remarks = Remarks(name)
    if hidden:
        remarks.note("hidden-sheets")
    for column in columns:
        remarks.note("hidden-columns", f"{column}列")
    return remarks.cautions()


def _teller(out: BinaryIO) -> Callable:
    encode = json.JSONEncoder(
        ensure_ascii=False, separators=(",", ":"), check_circular=False
    ).encode

    def tell(what: object) -> None:
        out.write(encode(what).encode() + b"\n")

    return tell


def _usage() -> dict:
    """Memory at its highest, in kilobytes, and seconds of the processor."""
    peak = 0
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            peak = next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    except OSError:
        pass  # told on Linux alone
    return {"peak": peak, "seconds": round(time.process_time(), 3)}
