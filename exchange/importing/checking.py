"""From a file that was read to what taking it in would do: a ``Plan``. Nothing is written, and the
ledger is only read, by as many queries for many rows as for few.

The sheets are recognized (``recognizing``) and read column by column (``tables``); each row is
found in the ledger (``settling``), compared with it (``differences``), and made as it would be
written (``making``), so that what cannot be is refused before anything is (``refusals``).

Of a sheet 検査 several rows are one visit: where it is new it stands ``beside`` its first row,
unsaved; where it is recorded and changes, its first row has in ``values`` the visit's own fields
too. A company that only a contract or a link names stands ``beside`` the first row that does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils import timezone

from exchange.importing.ledger import Ledger
from exchange.importing.outcomes import Outcomes
from exchange.importing.plan import Mistake, Plan
from exchange.importing.recognizing import SheetMapping, is_beside, recognize
from exchange.importing.settling import ORDER, Settling
from exchange.importing.tables import Table, table_of
from exchange.reading.book import Book
from exchange.sheets.base import Sheet
from outsourcing.bulk import without_collector
from outsourcing.models import Agency
from outsourcing.scope import Scope

__all__ = ["MayWrite", "SheetMapping", "check"]

# Whether the importer writes for a section of an agency; None: for its rows that have no section.
MayWrite = Callable[[int, int | None], bool]


@without_collector()
def check(
    book: Book,
    *,
    reads: Scope,
    may_write: MayWrite,
    by,
    mappings: Mapping[str, SheetMapping] = {},
    fresh: bool = False,
    agency: Agency | None = None,
    today: date | None = None,
) -> Plan:
    """What taking in the file would do. ``reads``: whose ledgers the importer sees. ``mappings``:
    by the name of a sheet of the file. ``fresh``: codes and numbers of the file are kept where the
    ledger has none yet. ``agency``: whose new rows are that do not say so."""
    beside = {sheet.name for sheet in book if is_beside(sheet)}  # what is said of them helps nobody
    plan = Plan(cautions=[one.text for one in book.cautions if one.sheet not in beside])
    tables = _tables(book, plan, mappings, reads)
    ledger = Ledger(reads, by=by, agency=agency)
    if not _has_new(tables):
        ledger.narrow(_agencies(tables))
    # Where a column is missing nothing more can be said of the rows.
    whole = [table for table in tables if table.found.is_whole and len(table)]
    for table in tables:
        if not table.found.is_whole:
            table.refuse_all()
    settling = Settling(ledger, fresh=fresh)
    if plan.unmapped:  # whatever these hold
        settling.not_read(*ORDER)
    settling.not_read(*(table.sheet.key for table in tables if not table.found.is_whole))
    settling.settle(whole)
    outcomes = Outcomes(settling, may_write=may_write, fresh=fresh, today=today or _today())
    outcomes.decide(whole)
    plan.cautions += outcomes.cautions
    for table in tables:
        plan.mistakes += table.mistakes
        plan.cautions += table.cautions
        plan.sheets.append(table.plan())
    _ragged(book, plan)
    plan.mistakes = _in_order(book, plan.mistakes)
    return plan


def _today() -> date:
    return timezone.localdate()


def _tables(book: Book, plan: Plan, mappings: Mapping[str, SheetMapping], reads: Scope):
    """The sheets that are rows of the ledger. Those that are not ours wait to be mapped."""
    found = []
    for sheet in book:
        mapping = mappings.get(sheet.name)
        if not sheet.rows or (is_beside(sheet) and mapping is None):
            continue
        ours = recognize(sheet, mapping)
        if ours is None:
            plan.unmapped.append(sheet.name)
        elif ours.sheet.office and not reads.is_everything:
            plan.mistakes.append(_not_yours(sheet.name, ours.sheet))
        else:
            found.append(table_of(ours, sheet, date1904=book.date1904))
    return found


def _not_yours(name: str, sheet: Sheet) -> Mistake:
    message = (
        f"「{sheet.title}」シートは、調査担当だけが取り込めます。このシートを削ってから、もう一度"
        "アップロードしてください。"
    )
    return Mistake(name, None, None, "", None, message)


def _has_new(tables: list[Table]) -> bool:
    """Whether there are rows that may be of any agency."""
    rows = (t for t in tables if t.sheet.key in ("contracts", "disclosures"))
    return any(not code for t in rows for code in t.values.get("code", [None] * len(t)))


def _agencies(tables: list[Table]) -> set[str]:
    """The codes of agencies that the file names."""
    found = set()
    for table in tables:
        for name in ("code", "contract", "renews", "inspection", "disclosure"):
            for value in {*table.values.get(name, ())}:
                if isinstance(value, str):
                    found.add(value.partition("-")[0].upper())
    return found


def _ragged(book: Book, plan: Plan) -> None:
    """Rows of a text file that have more or fewer cells than the others: a comma too many moves all
    that is behind it into another column."""
    for caution in book.cautions:
        if caution.code == "ragged":
            name = caution.sheet or book.sheets[0].name
            plan.mistakes.append(Mistake(name, None, None, "", None, caution.text))
            plan.cautions.remove(caution.text)


def _in_order(book: Book, mistakes: list[Mistake]) -> list[Mistake]:
    order = {sheet.name: number for number, sheet in enumerate(book)}

    def place(mistake: Mistake) -> tuple[int, int, int]:
        row = 0 if mistake.row is None else mistake.row
        column = -1 if mistake.column is None else mistake.column
        return order.get(mistake.sheet, 0), row, column

    return sorted(mistakes, key=place)
