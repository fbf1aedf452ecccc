"""From a file that was read to what taking it in would do: a ``Plan``. Nothing is written, and the
ledger is only read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from exchange.importing.plan import Plan
from exchange.importing.recognizing import SheetMapping
from exchange.reading.book import Book
from outsourcing.models import Agency
from outsourcing.scope import Scope

__all__ = ["MayWrite", "SheetMapping", "check"]

# Whether the importer writes for a section of an agency; None: for its rows that have no section.
MayWrite = Callable[[int, int | None], bool]


def check(
    book: Book,
    *,
    reads: Scope,
    may_write: MayWrite,
    by,
    mappings: Mapping[str, SheetMapping] = {},
    fresh: bool = False,
    agency: Agency | None = None,
) -> Plan:
    """What taking in the file would do. ``reads``: whose ledgers the importer sees. ``mappings``:
    by the name of a sheet of the file. ``fresh``: codes and numbers of the file are kept where the
    ledger has none yet. ``agency``: whose new rows are that do not say so."""
    raise NotImplementedError
