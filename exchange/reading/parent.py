"""Starts the child that reads an uploaded file, and makes a ``Book`` of what it tells. Nothing of
the file is parsed here: it is handed on as an open file, and what comes back is our own JSON.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO

from exchange.reading import limits
from exchange.reading.book import Book, Caution, Merge, Refused, Row, Sheet, Unreadable
from exchange.reading.child import TOO_LARGE

_logger = logging.getLogger(__name__)
_ROOT = str(Path(__file__).resolve().parent.parent.parent)
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop()); "
    "from exchange.reading import child; child.main()"
)

_turns = threading.BoundedSemaphore(limits.AT_ONCE)

BUSY = (
    "ほかのファイルを読んでいるため、順番が来ませんでした。何も取り込んでいません。1分ほど待ってから、もう一度"
    "アップロードしてください。"
)
TOO_SLOW = (
    f"読むのに{limits.SECONDS}秒より長くかかるため、読み取りを中止しました。表より下の空の行や右の空の列を削除し、"
    "必要なシートだけを新しいブックに移して保存してください。"
)
STOPPED = (
    "ファイルを読む処理が途中で強制的に止められました（{how}）。何も取り込んでいません。もう一度アップロードし、"
    "同じことが起きるときは、必要なシートだけを新しいブックに移して保存してください。"
)
CRASHED = (
    "ファイルを読んでいる途中で予期しない誤りが起きました。何も取り込んでいません。Excelで「名前を付けて保存」を"
    "選んで新しいブックに保存し直しても同じときは、システム管理者に知らせてください。"
)


def read(source: str | os.PathLike | bytes, *, name: str) -> Book:
    """The workbook or CSV file at a path, or these bytes, uploaded under ``name``; ``Refused``
    says in Japanese why a file is not read and what to do about it."""
    with _opened(source) as file, _a_turn():
        size = os.fstat(file.fileno()).st_size
        if size > limits.FILE_BYTES:
            raise Refused(
                f"ファイルが大きすぎます（{size >> 20:,}MB。{limits.FILE_BYTES >> 20}MBまで）。"
                "画像や不要なシートを除くか、ファイルを分けて保存してください。"
            )
        return _told(file, size, name)


@contextmanager
def _a_turn():
    """So that many uploads at one moment do not together take what one may."""
    if not _turns.acquire(timeout=limits.SECONDS):
        raise Refused(BUSY)
    try:
        yield
    finally:
        _turns.release()


@contextmanager
def _opened(source):
    """An open file. Bytes go into one without a name, which is gone with whoever holds it."""
    if not isinstance(source, bytes):
        with open(source, "rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as file:
        file.write(source)
        file.flush()
        file.seek(0)
        yield file


def _told(file: BinaryIO, size: int, name: str) -> Book:
    child = subprocess.Popen(
        # Isolated and without site-packages: the standard library and exchange.reading alone.
        [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, str(size), _shown(name), _ROOT],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ},  # Windows
    )
    late = threading.Event()

    def stop():
        late.set()
        child.kill()

    clock = threading.Timer(limits.SECONDS, stop)
    clock.daemon = True
    clock.start()
    listener = _Listener(name)
    try:
        ended = listener.listen(child.stdout)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        _logger.exception("The child that reads a workbook told something else")
        raise Refused(CRASHED) from error
    finally:
        clock.cancel()
        if child.poll() is None and not listener.ended:
            child.kill()
        child.stdout.close()
        status = child.wait()
    if ended:
        return listener.book
    raise _killed(status, late.is_set())


def _shown(name: str) -> str:
    """The name as an argument of a process: no path, no NUL, not without end; with its suffix."""
    plain = name.replace("\0", "").replace("\\", "/").rpartition("/")[2]
    return plain.encode(errors="replace").decode()[-120:]


def _killed(status: int, late: bool) -> Refused:
    if late or status == -getattr(signal, "SIGXCPU", 0):
        return Refused(TOO_SLOW)
    how = f"シグナル{-status}" if status < 0 else f"終了コード{status}"
    _logger.warning("The child that reads a workbook ended with %s", status)
    return Refused(STOPPED.format(how=how))


class _Listener:
    """Makes a book of the lines that the child tells."""

    def __init__(self, name: str):
        self.book = Book(name)
        self.ended = False
        self._days: dict[str, date] = {}
        self._texts: dict[str, str] = {}

    def listen(self, lines: BinaryIO) -> bool:
        """Whether the child told all; False if it fell silent before."""
        taken = 0
        while line := lines.readline(limits.MOST_LINE):
            taken += len(line)
            if taken > limits.MOST_OUTPUT or len(line) == limits.MOST_LINE:
                raise Refused(TOO_LARGE)
            if not line.endswith(b"\n"):
                return False  # it was stopped in mid-sentence
            told = json.loads(line)
            if type(told) is list:
                self._rows(told)
            elif self._tell(told):
                self.ended = True
                return True
        return False

    def _tell(self, told: dict) -> bool:
        """Take anything but rows; whether it was the last word."""
        book = self.book
        if "refused" in told:
            refusal = Refused(told["refused"])
            refusal.peak_kilobytes = told["peak"]
            self.ended = True
            raise refusal
        if "crashed" in told:
            self.ended = True
            _logger.error("The child that reads a workbook failed:\n%s", told["crashed"])
            raise Refused(CRASHED)
        if "done" in told:
            book.peak_kilobytes, book.seconds = told["done"]["peak"], told["done"]["seconds"]
            return True
        if "book" in told:
            book.kind, book.date1904 = told["book"]["kind"], told["book"]["date1904"]
        if "sheet" in told:
            book.sheets.append(Sheet(told["sheet"], told["hidden"]))
        if "around" in told:
            sheet = book.sheets[-1]
            merges, sheet.hidden_rows, sheet.hidden_columns, sheet.struck_rows = told["around"]
            sheet.merges = [Merge(*merge) for merge in merges]
        book.encoding = told.get("encoding", book.encoding)
        for code, text, sheet, places, count in told.get("cautions", ()):
            book.cautions.append(Caution(code, text, sheet, tuple(places), count))
        return False

    def _rows(self, told: list) -> None:
        rows, days, same = self.book.sheets[-1].rows, self._days, self._texts.setdefault
        for number, values, day_columns, bad in told:
            for column in day_columns:
                text = values[column]
                day = days.get(text)
                if day is None:
                    day = days[text] = date.fromisoformat(text)
                values[column] = day
            for column, why in bad.items():
                values[int(column)] = Unreadable(values[int(column)], why)
            # Ledgers say the same again and again: one text for all of it.
            rows.append(Row(number, [same(v, v) if type(v) is str else v for v in values]))
