"""The preview of an import as pages show it: written once by the process that checks the file, and
read a page at a time, however long it is.

``preview.json`` has the totals and where each page of rows begins in ``pages.jsonl``, of which
every line is one page.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import IO, Any, NamedTuple

from exchange import aside
from exchange.importing.kept import Kept
from exchange.importing.plan import Difference, Line, Mistake, Outcome, Plan, SheetPlan
from exchange.reading.book import Unreadable
from exchange.reading.cells import plain

PER_PAGE = 25
MOST_COLUMNS, FEWEST = 5, 3  # columns that are named beside the list, and mistakes of each
# What changes the ledger: what is carried out later must be just this.
CHANGING = (Outcome.ADDED, Outcome.CHANGED)
# Of these rows the whole is shown.
IN_FULL = (Outcome.ADDED, Outcome.LEFT_OUT)
WORDS = {
    Outcome.ADDED: "追加",
    Outcome.CHANGED: "変更",
    Outcome.SAME: "変更なし",
    Outcome.LEFT_OUT: "取り込まない",
    Outcome.REFUSED: "誤り",
}


# By sheet of the file its headings, and by number of a row the values under them.
Typed = Mapping[str, tuple[list[str], Mapping[int, list]]]


class Rows(NamedTuple):
    """A row of the file under its number. ``cells`` as the headings of its sheet; ``differences``
    of one that changes: heading, old, new."""

    number: int
    named: str
    cells: list[str]
    differences: list[list[str]]


@dataclass
class SheetPreview:
    """``pages``: by outcome, where they begin. ``mistakes_from``: the page where its first is."""

    key: str
    title: str
    name: str
    headings: list[str]
    counts: dict[str, int]
    pages: dict[str, list[int]] = field(default_factory=dict)
    mistakes_from: int = 0

    def count(self, outcome: Outcome) -> int:
        return self.counts.get(outcome, 0)


@dataclass
class Preview:
    """``touched``: the sections whose records change, by key, None for those of no section.
    ``findings``: what would appear and clear, as ``expected`` makes it."""

    digest: str
    sheets: list[SheetPreview]
    mistakes: int = 0
    mistake_pages: list[int] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)  # sheets with headings that nobody knows
    # [sheet, heading, number] of the columns with most mistakes, where there are several pages
    by_column: list[list] = field(default_factory=list)
    touched: list[list] = field(default_factory=list)
    findings: dict[str, Any] = field(default_factory=dict)

    def total(self, *outcomes: Outcome) -> int:
        return sum(sheet.count(outcome) for sheet in self.sheets for outcome in outcomes)

    @property
    def changes_something(self) -> bool:
        return self.total(*CHANGING) > 0


def keep(
    kept: Kept,
    plan: Plan,
    typed: Typed,
    *,
    touched: Iterable[tuple[int, int | None]] = (),
    findings: Mapping[str, Any] = {},
) -> Preview:
    """Write the preview of a plan."""
    beside = kept.pages.with_suffix(".new")
    with beside.open("wb") as file:
        writer = _Pages(file)
        sheets = _sheets(writer, plan, typed)
        mistake_pages = writer.write(_mistakes(plan.mistakes))
    for sheet in sheets:
        sheet.mistakes_from = _first_page(plan.mistakes, sheet.name)
    made = Preview(
        digest=digest_of(plan),
        sheets=sheets,
        mistakes=len(plan.mistakes),
        mistake_pages=mistake_pages,
        cautions=list(plan.cautions),
        unmapped=list(plan.unmapped),
        misnamed=list(dict.fromkeys(one.sheet for one in plan.mistakes if _is_heading(one))),
        by_column=_by_column(plan.mistakes),
        touched=[list(one) for one in touched],
        findings=dict(findings),
    )
    beside.replace(kept.pages)
    aside.say(kept.preview, asdict(made))
    return made


def totals_of(plan: Plan) -> list[dict]:
    """As an import keeps them for good."""
    return [
        {
            "sheet": sheet.name,
            "key": sheet.sheet.key,
            "title": sheet.sheet.title,
            **counts_of(sheet),
        }
        for sheet in plan
    ]


def counts_of(plan: SheetPlan) -> dict[str, int]:
    counts = Counter(line.outcome for line in plan.lines)
    return {outcome.value: counts[outcome] for outcome in Outcome}


def digest_of(plan: Plan) -> str:
    """Of all that a plan would change, and of what is said of it. What new rows are stands in the
    file, which stays as it is."""
    said = [
        [sheet.name, sheet.sheet.key, outcome, [_changing(line) for line in sheet.of(outcome)]]
        for sheet in plan
        for outcome in CHANGING
    ]
    return hashlib.sha256(json.dumps([said, plan.cautions]).encode()).hexdigest()


def load(kept: Kept) -> Preview | None:
    said = aside.said(kept.preview)
    if said is None:
        return None
    return Preview(**said | {"sheets": [SheetPreview(**sheet) for sheet in said["sheets"]]})


def rows(kept: Kept, sheet: SheetPreview, outcome: str, page: int) -> list[Rows]:
    """A page of them, from 1."""
    return [Rows(*row) for row in _page(kept, sheet.pages.get(outcome, []), page)]


def mistakes(kept: Kept, preview: Preview, page: int) -> list[Mistake]:
    return [Mistake(*row) for row in _page(kept, preview.mistake_pages, page)]


def shown(value: Any) -> str:
    """A value as a page shows it."""
    return str(value) if isinstance(value, Unreadable) else plain(value)


class _Pages:
    """Writes pages of rows."""

    def __init__(self, file: IO[bytes]):
        self.file = file
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def write(self, rows: Iterable) -> list[int]:
        """Where the pages begin."""
        rows, beginnings = iter(rows), []
        while page := list(islice(rows, PER_PAGE)):
            beginnings.append(self.file.tell())
            self.file.write(self._encode(page).encode() + b"\n")
        return beginnings


def _sheets(writer: _Pages, plan: Plan, typed: Typed) -> list[SheetPreview]:
    return [_sheet(writer, sheet, *typed.get(sheet.name, ([], {}))) for sheet in plan]


def _sheet(writer: _Pages, plan: SheetPlan, headings: list[str], typed) -> SheetPreview:
    made = SheetPreview(
        key=plan.sheet.key,
        title=plan.sheet.title,
        name=plan.name,
        headings=headings,
        counts=counts_of(plan),
    )
    for outcome in WORDS:
        if outcome != Outcome.REFUSED:
            made.pages[outcome] = writer.write(_row(line, typed) for line in plan.of(outcome))
    return made


def _row(line: Line, typed: Mapping[int, list]) -> tuple:
    cells = []
    if line.outcome in IN_FULL:
        cells = [value if type(value) is str else shown(value)
                 for value in typed.get(line.number, ())]  # fmt: skip
    number, named, differences = _changing(line)
    return number, named, cells, differences


def _changing(line: Line) -> tuple:
    return line.number, line.named, [_texts(one) for one in line.differences]


def _texts(difference: Difference) -> list[str]:
    return [difference.heading, shown(difference.old), shown(difference.new)]


def _mistakes(mistakes: Iterable[Mistake]) -> Iterator[list]:
    return ([*one[:4], shown(one.typed), one.message] for one in mistakes)


def _is_heading(mistake: Mistake) -> bool:
    """Of one that nobody knows, or of a column that is not there."""
    of_sheet = mistake.row is None or mistake.column is not None
    return of_sheet and bool(mistake.typed) and mistake.typed == mistake.heading


def _by_column(mistakes: list[Mistake]) -> list[list]:
    if len(mistakes) <= PER_PAGE:
        return []
    counts = Counter((one.sheet, one.heading or "（行）") for one in mistakes)
    most = counts.most_common(MOST_COLUMNS)
    return [[*of, number] for of, number in most if number >= FEWEST]


def _first_page(mistakes: list[Mistake], sheet: str) -> int:
    place = next((place for place, one in enumerate(mistakes) if one.sheet == sheet), None)
    return 0 if place is None else place // PER_PAGE + 1


def _page(kept: Kept, beginnings: list[int], page: int) -> list:
    if not 1 <= page <= len(beginnings):
        return []
    with kept.pages.open("rb") as file:
        file.seek(beginnings[page - 1])
        return json.loads(file.readline())
