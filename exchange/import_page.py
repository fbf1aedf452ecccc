"""What the page of an import shows, whatever it has come to."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.core.paginator import Paginator

from exchange.importing import foreseen, preview
from exchange.importing.kept import OF_CARRYING, OF_CHECK, Kept
from exchange.importing.plan import Outcome
from exchange.importing.preview import WORDS, Preview
from exchange.models import Import, State
from outsourcing.abilities import Ability

OUTCOMES = tuple(Outcome)
# The rows that open first: what changes something the ledger has comes before what is new.
FIRST = (Outcome.CHANGED, Outcome.ADDED, Outcome.LEFT_OUT, Outcome.SAME)


class Stage(StrEnum):
    """What a page says of an import; its state and whether a process is at work make it."""

    GOING = "going"
    STOPPED = "stopped"  # while it was checked
    STOPPED_CARRYING = "stopped-carrying"
    FAILED = "failed"
    CHECKED = "checked"
    EXPIRED = "expired"  # the file is gone
    DONE = "done"
    WITHDRAWN = "withdrawn"


def stage_of(row: Import) -> Stage:
    kept = Kept(row.public_id)
    if row.state in (State.CHECKING, State.CARRYING):
        if kept.is_going:
            return Stage.GOING
        row.refresh_from_db(fields=["state", "version", "failure"])  # it has just ended
    if row.state == State.CHECKING:
        return Stage.STOPPED if kept.is_there else Stage.EXPIRED
    if row.state == State.CARRYING:
        return Stage.STOPPED_CARRYING
    if row.state in (State.DONE, State.WITHDRAWN):
        return Stage(row.state)
    if not kept.is_there:
        return Stage.EXPIRED
    return Stage.FAILED if row.state == State.FAILED else Stage.CHECKED


def progress_of(row: Import) -> tuple[int, int]:
    """Steps done, of steps there are."""
    steps = OF_CARRYING if row.state == State.CARRYING else OF_CHECK
    return Kept(row.public_id).progress(steps)


def page_of(request, row: Import) -> dict[str, Any]:
    stage, kept = stage_of(row), Kept(row.public_id)
    found = {
        "import": row,
        "stage": stage,
        "kept": kept,
        "progress": progress_of(row),
        "totals": _totals(row),
        "before": _sent_before(request, row) if stage != Stage.WITHDRAWN else None,
        "may_release": _may_release(request, row),
    }
    if stage == Stage.CHECKED and (shown := preview.load(kept)) is not None:
        found |= _shown(request, row, kept, shown)
    return found


def _may_release(request, row: Import) -> bool:
    """Whether the user carries anything out there; which sections of it is asked when it is."""
    return request.access.scope(Ability.RELEASE_IMPORT).covers(row.agency_id)


def preview_of(row: Import) -> Preview | None:
    return preview.load(Kept(row.public_id))


def _shown(request, row: Import, kept: Kept, shown: Preview) -> dict[str, Any]:
    page, pages = _number(request, "mistakes"), len(shown.mistake_pages)
    return {
        "preview": shown,
        "findings": _findings(request, shown),
        "mistakes": preview.mistakes(kept, shown, min(page, pages)),
        "mistakes_page": _Page(page, pages),
        "marks": kept.marked.exists(),
        "unmapped": _places(kept, shown.unmapped),
        "misnamed": _places(kept, shown.misnamed),
        "rows": _rows(request, kept, shown),
        "changes": shown.changes_something,
    }


class _Page:
    """As components/pagination.html asks for one."""

    def __init__(self, number: int, pages: int):
        self.number, self.num_pages = max(1, min(number, pages)), pages
        self.paginator = self

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.num_pages

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def _totals(row: Import) -> dict[str, Any]:
    """By sheet, and of all, for the table: each number with how it opens."""
    sheets = [
        {
            "number": number,
            "name": one["sheet"],
            "title": one["title"],
            "numbers": [(outcome.value, one.get(outcome, 0)) for outcome in WORDS],
        }
        for number, one in enumerate(row.totals, 1)
    ]
    sums = [sum(one.get(outcome, 0) for one in row.totals) for outcome in WORDS]
    return {"words": list(WORDS.values()), "sheets": sheets, "sums": sums}


def _rows(request, kept: Kept, shown: Preview) -> dict[str, Any] | None:
    """The rows that are open: of a sheet and an outcome."""
    sheet, outcome = _chosen(request, shown)
    if sheet is None:
        return None
    page, pages = _number(request, "page"), len(sheet.pages.get(outcome, []))
    page = max(1, min(page, pages))
    rows = preview.rows(kept, sheet, outcome, page)
    used = _used(rows, sheet.headings)
    return {
        "sheet": sheet,
        "number": shown.sheets.index(sheet) + 1,
        "outcome": outcome.value,
        "word": WORDS[outcome],
        "count": sheet.count(outcome),
        "rows": [row._replace(cells=[row.cells[place] for place in used]) for row in rows],
        "page": _Page(page, pages),
        "headings": [sheet.headings[place] for place in used],
    }


def _used(rows: list[preview.Rows], headings: list[str]) -> list[int]:
    """The places of columns that hold anything on this page."""
    full = [row.cells for row in rows if row.cells]
    return [place for place in range(len(headings)) if any(cells[place] for cells in full)]


def _chosen(request, shown: Preview):
    """As the address says; without that the first there is anything of."""
    number, said = _number(request, "sheet"), request.GET.get("show", "")
    if said in WORDS and said != Outcome.REFUSED and 1 <= number <= len(shown.sheets):
        return shown.sheets[number - 1], Outcome(said)
    for outcome in FIRST:
        for sheet in shown.sheets:
            if sheet.count(outcome):
                return sheet, outcome
    return None, None


def _findings(request, shown: Preview) -> dict[str, Any] | None:
    """By rule, and those of one rule, or of all, in words: the page that is asked for."""
    if not shown.findings:
        return None
    rules = foreseen.rules(shown.findings)
    counts = [(which, foreseen.number(shown.findings, which)) for which in foreseen.WORDS]
    found = {
        "words": list(foreseen.WORDS.values()),
        "rules": rules,
        "counts": counts,
        "number": sum(count for _, count in counts),
    }
    which, rule = request.GET.get("finding", ""), request.GET.get("rule", "")
    if which in foreseen.WORDS:
        of_rule = [one for one in rules if rule in ("", one.code)]
        told = foreseen.told(shown.findings, which, rule)
        found |= {
            "which": foreseen.WORDS[which],
            "title": of_rule[0].title if rule and of_rule else "",
            "count": sum(dict(one.counts)[which] for one in of_rule),
            "told": len(told),
            "page": Paginator(told, preview.PER_PAGE).get_page(request.GET.get("findings", 1)),
        }
    return found


def _places(kept: Kept, sheets: list[str]) -> list[tuple[int, str]]:
    """Sheets of the file with their place in it."""
    names = [sheet["name"] for sheet in kept.sheets]
    return [(names.index(name) + 1, name) for name in sheets if name in names]


def _sent_before(request, row: Import) -> Import | None:
    """The latest other with the same content, of the same agency."""
    rows = Import.objects.visible_to(request.access.scope(Ability.IMPORT)).valid()
    same = rows.filter(agency=row.agency, sha256=row.sha256, pk__lt=row.pk)
    return same.select_related("recorded_by").order_by("-pk").first()


def _number(request, name: str) -> int:
    said = request.GET.get(name, "1")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 1
