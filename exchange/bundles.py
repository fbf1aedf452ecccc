"""Files that take longer to make than a page may: made by a process of their own, which tells how
far it is, in a file beside it. They are kept for a day, for who asked for them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from exchange import aside, ledger_files
from outsourcing.scope import Scope

KEPT = 24 * 60 * 60  # seconds
PAUSE = 0.2  # seconds between two signs of life
STALE = 60  # without a sign of life it has been stopped
STATE = "state.json"
AGENCIES, LEDGER = "agencies", "ledger"
NAMES = {AGENCIES: "agencies.zip", LEDGER: "ledger.xlsx"}
TITLES = {AGENCIES: "全機関の台帳（機関ごとのExcel）", LEDGER: "台帳の全体（一つのExcel）"}


@dataclass(frozen=True)
class Bundle:
    """``done`` of ``known`` agencies or sheets; ``failed`` says why it came to nothing."""

    key: str
    what: str
    by: int
    begun: float
    seen: float
    done: int = 0
    known: int = 0
    rows: int = 0
    finished: bool = False
    failed: str = ""

    @property
    def title(self) -> str:
        return TITLES[self.what]

    @property
    def unit(self) -> str:
        return "機関" if self.what == AGENCIES else "シート"

    @property
    def is_going(self) -> bool:
        return not (self.finished or self.failed or self.is_stopped)

    @property
    def is_stopped(self) -> bool:
        """Whether the process that made it is gone."""
        return not (self.finished or self.failed) and time.time() - self.seen > STALE

    @property
    def state(self) -> str:
        if self.finished:
            return "できました"
        return "作っています" if self.is_going else "作れませんでした"

    @property
    def begun_at(self) -> datetime:
        return datetime.fromtimestamp(self.begun, tz=UTC)

    @property
    def file(self) -> Path:
        return _folder(self.key) / NAMES[self.what]


def begin(*, by: int, what: str) -> Bundle:
    """Have one made, unless the same is being made for this user already."""
    sweep()
    for other in bundles_of(by):
        if other.is_going and other.what == what:
            return other
    made = add(by=by, what=what)
    start(made)
    return made


def add(*, by: int, content: bytes = b"", **fields) -> Bundle:
    """One that is yet to be made; or that is, with what it holds."""
    now = time.time()
    made = Bundle(key=str(uuid4()), by=by, **{"begun": now, "seen": now} | fields)
    _root().mkdir(exist_ok=True, mode=0o700)
    _folder(made.key).mkdir(mode=0o700)
    if made.finished:
        made.file.write_bytes(content)
    return _say(made)


def start(bundle: Bundle) -> None:
    aside.start("write_bundle", bundle.key)


def find(key: UUID | str) -> Bundle | None:
    """None where there is none, or none any more."""
    said = aside.said(_folder(key) / STATE)
    if said is None:
        return None
    bundle = Bundle(**said)
    return None if time.time() - bundle.begun > KEPT else bundle


def bundles_of(user_id: int) -> list[Bundle]:
    """Those of a user, the newest first."""
    found = (find(folder.name) for folder in _root().glob("*-*"))
    own = [bundle for bundle in found if bundle and bundle.by == user_id]
    return sorted(own, key=lambda bundle: -bundle.begun)


def keep(bundle: Bundle) -> Bundle:
    """Say how far it is."""
    return _say(replace(bundle, seen=time.time()))


def _say(bundle: Bundle) -> Bundle:
    aside.say(_folder(bundle.key) / STATE, asdict(bundle))
    return bundle


def sweep() -> None:
    """Delete what is older than a day."""
    for folder in _root().glob("*-*"):
        if find(folder.name) is None and time.time() - folder.stat().st_mtime > STALE:
            shutil.rmtree(folder, ignore_errors=True)


def make(bundle: Bundle) -> Bundle:
    """Write the file, saying again and again how far it is."""
    fd, name = tempfile.mkstemp(dir=_folder(bundle.key))
    try:
        with os.fdopen(fd, "wb") as file:
            for done, known, rows in WAYS[bundle.what](file):
                bundle = replace(bundle, done=done, known=known, rows=rows)
                if time.time() - bundle.seen > PAUSE or done in (0, known):
                    bundle = keep(bundle)
        os.replace(name, bundle.file)
    except Exception as error:
        keep(replace(bundle, failed=str(error) or type(error).__name__))
        raise
    return keep(replace(bundle, finished=True))


def _by_agency(file) -> Iterator[tuple[int, int, int]]:
    scope = Scope.everything()
    sheets = [sheet for sheet in ledger_files.sheets_for(scope) if not sheet.office]
    chosen = ledger_files.slices(scope)
    known = sum(len(part.agencies) for part in chosen)
    yield 0, known, (rows := 0)
    # The workbooks are compressed already.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        made = ledger_files.workbooks_by_agency(sheets, chosen)
        for done, (agency, of_agency, own) in enumerate(made, 1):
            with archive.open(f"{agency.code}_{agency.name}.xlsx", "w") as out:
                rows += ledger_files.write(out, of_agency, own)
            yield done, known, rows


def _whole(file) -> Iterator[tuple[int, int, int]]:
    scope = Scope.everything()
    sheets, chosen = ledger_files.sheets_for(scope), ledger_files.slices(scope)
    rows = {sheet: ledger_files.rows_of(sheet, chosen) for sheet in sheets}
    yield from ledger_files.steps(file, rows, {})


WAYS = {AGENCIES: _by_agency, LEDGER: _whole}


def _root() -> Path:
    return Path(settings.BUNDLE_DIR)


def _folder(key: UUID | str) -> Path:
    return _root() / str(key)
