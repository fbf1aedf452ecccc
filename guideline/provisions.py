"""The guideline's text as dated law: one file an edition, read once, the truth."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from guideline.intervals import FOREVER, Span, union

HERE = Path(__file__).parent
EDITIONS = HERE / "editions"

# Everything that decides which days a finding has. Any change here makes stored findings stale.
ENGINE = ("intervals.py", "facts.py", "evaluation.py", "provisions.py", "rules", "editions")
LEDGER = ("days.py", "holdings.py", "recorded_holdings.py")


class Edition(NamedTuple):
    """One text of the guideline, in force on the days [since, until) (day numbers)."""

    title: str
    number: str
    issued: date
    since: int
    until: int
    addressed_to: str
    note: str
    provisions: dict[str, str]


@cache
def editions() -> tuple[Edition, ...]:
    """All editions, oldest first; each ends where the next begins."""
    texts = sorted(
        (tomllib.loads(path.read_text(encoding="utf-8")) for path in EDITIONS.glob("*.toml")),
        key=lambda text: text["in_force_from"],
    )
    begins = [text["in_force_from"].toordinal() for text in texts]
    return tuple(
        Edition(
            title=text["title"],
            number=text["number"],
            issued=text["issued"],
            since=since,
            until=until,
            addressed_to=text["addressed_to"],
            note=text.get("note", ""),
            provisions=text["provisions"],
        )
        for text, since, until in zip(texts, begins, [*begins[1:], FOREVER], strict=True)
    )


@cache
def days_of(provision: str) -> tuple[Span, ...]:
    """The days on which an edition in force has ``provision``."""
    return tuple(union((e.since, e.until) for e in editions() if provision in e.provisions))


def edition_in_force(on: date) -> Edition | None:
    """The edition of a day; None before the first."""
    day = on.toordinal()
    return next((e for e in editions() if e.since <= day < e.until), None)


def provision(code: str, on: date) -> str:
    """The text of a provision on a day, empty where no edition in force has it."""
    edition = edition_in_force(on)
    return edition.provisions.get(code, "") if edition else ""


@cache
def digest() -> str:
    """The digest of the law: editions, rules, and the code that turns facts into days."""
    law = hashlib.sha256()
    for name in ENGINE:
        path = HERE / name
        for file in sorted(path.glob("*.*")) if path.is_dir() else [path]:
            if file.suffix in {".py", ".toml"}:
                law.update(file.name.encode())
                law.update(file.read_bytes())
    for name in LEDGER:
        law.update((HERE.parent / "outsourcing" / name).read_bytes())
    return law.hexdigest()
