"""True progress of a command: rows done of rows known, on one line of the error stream."""

from __future__ import annotations

import time


class Progress:
    """``at(done)`` tells how far it is; nothing is written in the first second, or off a terminal
    more often than every five seconds."""

    def __init__(self, stream, label: str, known: int):
        self.stream, self.label, self.known = stream, label, known
        self.begun = self.last = time.monotonic()
        self.terminal = bool(getattr(stream, "isatty", lambda: False)())
        self.shown = False

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.shown and self.terminal:
            self.stream.write("")

    def at(self, done: int) -> None:
        now = time.monotonic()
        pause = 0.2 if self.terminal else 5
        if now - self.begun < 1 or (now - self.last < pause and done < self.known):
            return
        self.last, self.shown = now, True
        line = f"{self.label}: {done:,} / {self.known:,}"
        self.stream.write(
            f"\r{line}" if self.terminal else line, ending="" if self.terminal else "\n"
        )
        flush = getattr(self.stream, "flush", None)
        if flush:
            flush()
