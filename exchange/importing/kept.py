"""What lies aside of an import until it is carried out or withdrawn, at most 30 days: the file as
it was sent, what was read of it, the preview, the same workbook with its mistakes marked, and how
far the process is that works on it.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from django.conf import settings

from exchange import aside
from exchange.reading.book import Book

KEPT = 30 * 24 * 60 * 60  # seconds
PIECE = 1 << 20


class Step(StrEnum):
    """What is being done, in its order."""

    TURN = "順番を待っています"  # of those who are at it
    READING = "ファイルを読んでいます"
    CHECKING = "すべての行を台帳と照らし合わせています"
    EXPECTING = "反映した場合の所見を調べています"
    MARKING = "誤りに印を付けたExcelを作っています"
    CONFIRMING = "検査した後に台帳が変わっていないかを確かめています"
    WRITING = "台帳に書いています"


# What is done from the first to the last, as a page counts it.
OF_CHECK = (Step.TURN, Step.READING, Step.CHECKING, Step.EXPECTING)
OF_CARRYING = (Step.TURN, Step.CONFIRMING, Step.WRITING)


@dataclass(frozen=True)
class Job:
    """What a process is to do, for whom. ``sections``: those written for, None for all of the
    agency. ``address``: whence it was asked for."""

    by: int
    sections: list[int] | None = None
    address: str = ""


class Kept:
    """The folder of one import."""

    def __init__(self, key: UUID | str):
        self.folder = root() / str(key)
        self.upload = self.folder / "upload"
        self.marked = self.folder / "marked.xlsx"
        self.preview = self.folder / "preview.json"
        self.pages = self.folder / "pages.jsonl"
        self.sign = self.folder / "alive"
        self._book = self.folder / "book"
        self._job = self.folder / "job.json"
        self._step = self.folder / "step.json"
        self._sheets = self.folder / "sheets.json"

    def make(self) -> None:
        root().mkdir(exist_ok=True, mode=0o700)
        self.folder.mkdir(mode=0o700)

    @property
    def is_there(self) -> bool:
        return self.upload.exists()

    @property
    def is_going(self) -> bool:
        return aside.is_alive(self.sign)

    def take(self, upload) -> tuple[str, int]:
        """Keep what is sent, piece by piece. Returns its SHA-256 and its size."""
        digest, size = hashlib.sha256(), 0
        with self.upload.open("xb") as file:
            for piece in upload.chunks(PIECE):
                digest.update(piece)
                size += len(piece)
                file.write(piece)
        return digest.hexdigest(), size

    def ask(self, command: str, job: Job) -> None:
        """Have a process of its own do it; it ends with the server."""
        self.prepare(job)
        aside.start(command, self.folder.name, tied=True)

    def prepare(self, job: Job) -> None:
        aside.say(self._job, asdict(job))
        self.say(Step.TURN)
        self.sign.touch()

    @property
    def job(self) -> Job:
        return Job(**aside.said(self._job))

    def say(self, step: Step) -> None:
        aside.say(self._step, step.name)

    @property
    def step(self) -> Step | None:
        said = aside.said(self._step)
        return Step[said] if said else None

    def progress(self, steps: tuple[Step, ...]) -> tuple[int, int]:
        """How many of these steps are done, and how many there are."""
        step = self.step
        return (steps.index(step) if step in steps else 0), len(steps)

    def keep_book(self, book: Book) -> None:
        """What was read, for it is read once. None but this ledger writes here, so that it may be
        taken as it was written."""
        beside = self._book.with_suffix(".new")
        with beside.open("wb") as file:
            pickle.dump(book, file, pickle.HIGHEST_PROTOCOL)
        os.replace(beside, self._book)

    @property
    def book(self) -> Book | None:
        try:
            with self._book.open("rb") as file:
                return pickle.load(file)
        except FileNotFoundError:
            return None

    def keep_sheets(self, sheets: list[dict]) -> None:
        """The headings of each sheet and the first values under them."""
        aside.say(self._sheets, sheets)

    @property
    def sheets(self) -> list[dict]:
        return aside.said(self._sheets) or []

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def root() -> Path:
    return Path(settings.IMPORT_DIR)


def sweep() -> None:
    """Delete what is too old."""
    for folder in root().glob("*-*-*"):
        if time.time() - folder.stat().st_mtime > KEPT and not Kept(folder.name).is_going:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_turn(what: str, most: int) -> Iterator[None]:
    """Of those who want to do it, on this machine, so many at a time; the others wait. Who is
    stopped lets go."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    place = 0
    while True:
        with (root() / f"{what}.{place}").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                place = (place + 1) % most
                time.sleep(0.1)
                continue
            yield
            return


# --- While the ledger is written -------------------------------------------------------------


def carrying_sign() -> Path:
    """Gives a sign of life while an import is being written into the ledger."""
    return root() / "carrying"


def is_carrying() -> bool:
    return aside.is_alive(carrying_sign())
