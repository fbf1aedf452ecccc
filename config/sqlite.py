"""How SQLite is made to keep what it has committed; imports nothing, so that settings can ask.

Versions 3.7.0 to 3.51.2, save 3.44.6 and 3.50.7, can lose committed rows in WAL mode when two
connections write and checkpoint at once, and Python often carries one of them. There the rollback
journal is used, which blocks readers for longer, but loses nothing. The journal mode is kept in the
file, `synchronous` in each connection.
"""

from __future__ import annotations

from typing import NamedTuple

FIRST_AFFECTED = (3, 7, 0)
MENDED = (3, 51, 3)
MENDED_BRANCHES = ((3, 44, 6), (3, 50, 7))


class Durability(NamedTuple):
    journal_mode: str
    synchronous: str


def wal_can_lose_commits(version: tuple[int, int, int]) -> bool:
    if any(version[:2] == branch[:2] and version >= branch for branch in MENDED_BRANCHES):
        return False
    return FIRST_AFFECTED <= version < MENDED


def durability(version: tuple[int, int, int]) -> Durability:
    """What to ask of this version of SQLite. Never NORMAL: a power cut may cost it commits."""
    if wal_can_lose_commits(version):
        return Durability(journal_mode="delete", synchronous="EXTRA")
    return Durability(journal_mode="wal", synchronous="FULL")
