"""Work done beside the server, by a process of its own, and what is known of it: files, which are
there for every worker and on both databases, and wait for no transaction. A queue with a worker
would be one more thing to run, for what somebody asks for now and then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

STALE = 15  # seconds without a sign of life, and a process is gone
BEAT = 1  # seconds between two of them
TIED = "--tied"  # what a process is called with that ends with the server

# Open pipes to processes that end with this one, by which they know.
_tied: list[subprocess.Popen] = []


def start(command: str, key: str, *, tied: bool = False) -> None:
    """Have ``manage.py command key`` done. What is ``tied`` ends when this process does."""
    call = [sys.executable, str(settings.BASE_DIR / "manage.py"), command, str(key)]
    process = subprocess.Popen(
        [*call, TIED] if tied else call,
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE if tied else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    if tied:
        _tied[:] = [*(other for other in _tied if other.poll() is None), process]


def say(place: Path, what: object) -> None:
    """Write it, whole or not at all, whoever looks meanwhile."""
    beside = place.with_suffix(".new")
    beside.write_text(json.dumps(what, ensure_ascii=False), encoding="utf-8")
    os.replace(beside, place)


def said(place: Path):
    """None where nothing was."""
    try:
        return json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


@contextmanager
def alive(*places: Path, tied: bool = False) -> Iterator[None]:
    """Give a sign of life at these places, again and again, until it is done."""
    over = threading.Event()

    def beat():
        while not over.wait(BEAT):
            for place in places:
                _touch(place)

    for place in places:
        place.touch()
    if tied:
        threading.Thread(target=_end_with_server, daemon=True).start()
    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def is_alive(place: Path) -> bool:
    """Whether somebody is at work there: one question to the file system."""
    try:
        return time.time() - place.stat().st_mtime < STALE
    except FileNotFoundError:
        return False


def _touch(place: Path) -> None:
    with suppress(FileNotFoundError):  # taken away: nobody is to think so any more
        os.utime(place)


def _end_with_server() -> None:
    """Nothing is ever said on this pipe; it ends when the server does, however that ends."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)  # in the midst of whatever it does: a transaction that is open counts for nothing
