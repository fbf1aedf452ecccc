"""The law this code carries: one file an edition, read once, the truth."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from guideline.edition_files import read_editions
from guideline.provisions import Edition, Editions

HERE = Path(__file__).parent
EDITIONS = HERE / "editions"

# Everything that decides which days a finding has. Any change here makes stored findings stale.
ENGINE = (
    *("intervals.py", "windows.py", "facts.py", "records.py", "reading.py", "evaluation.py"),
    *("provisions.py", "edition_files.py", "law.py", "rules", "editions"),
)
LEDGER = ("days.py", "holdings.py", "recorded_holdings.py")


@cache
def law() -> Editions:
    """All editions. Raises edition_files.EditionErrors where a file cannot be used."""
    return Editions(read_editions(EDITIONS))


def edition_in_force(on: date) -> Edition | None:
    """The edition of a day; None before the first."""
    return law().at(on.toordinal())


@cache
def digest() -> str:
    """The digest of the law: editions, rules, and the code that turns facts into days."""
    digest = hashlib.sha256()
    for name in ENGINE:
        path = HERE / name
        for file in sorted(path.glob("*.*")) if path.is_dir() else [path]:
            if file.suffix in {".py", ".toml"}:
                digest.update(file.name.encode())
                digest.update(file.read_bytes())
    for name in LEDGER:
        digest.update((HERE.parent / "outsourcing" / name).read_bytes())
    return digest.hexdigest()
