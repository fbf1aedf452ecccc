"""A ledger as plain data, in the order it was recorded. Days are plain dates; both days of a run
belong to it; an empty last day means that the run goes on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

# What the ledger keeps as the clause, and the note to it on subsidiaries.
CLAUSE, NOTE = "8-4(2)", "8-4(2)注"


class Amended(NamedTuple):
    """From ``day`` on, another clause and the work it frees (if ``clause``), another end, and items
    said (True) or taken out (False). ``concluded``: the day of its conclusion, if known."""

    day: date
    clause: str = ""
    exempt: frozenset[str] = frozenset()
    last: date | None = None
    concluded: date | None = None
    items: tuple[tuple[str, bool], ...] = ()


class Decided(NamedTuple):
    """A decision: ``approved``, ``conditional``, ``rejected`` or ``withdrawn``."""

    result: str
    day: date | None
    first: date | None = None
    last: date | None = None


class Inspected(NamedTuple):
    """One visit, as far as it looked at one subject; ``reason``: why it was not on site."""

    day: date
    on_site: bool = True
    reason: bool = False
    scopes: frozenset[str] = frozenset({"handling"})


class Recorded(NamedTuple):
    """Things put on record on a day: matters confirmed in writing, or items of a checklist."""

    day: date
    things: frozenset[str]


class Judged(NamedTuple):
    """Whether anonymization is needed, as decided on a day."""

    day: date
    needed: bool


class Excused(NamedTuple):
    """A justification: the days of one rule and subject that it covers."""

    rule: str
    subject: str
    first: date
    last: date


class Link(NamedTuple):
    number: int
    company: int
    first: date
    last: date | None = None
    parent: int | None = None
    work: str = "core"
    declared: str = "unknown"
    decisions: tuple[Decided, ...] = ()
    notices: tuple[date, ...] = ()
    handles: bool = True
    inspections: tuple[Inspected, ...] = ()
    checklist: tuple[Recorded, ...] = ()
    proofs: tuple[date, ...] = ()


class Held(NamedTuple):
    """``holder`` has ``share`` percent of the votes of ``held``; both days belong to it."""

    holder: int
    held: int
    share: Decimal
    first: date
    last: date | None = None


class Contract(NamedTuple):
    """``concluded``: the first day of the term unless said. ``items``: those it says as concluded,
    without item (2), which is there unless the clause is ``not_stated``. ``judgements`` and
    ``measures`` are about anonymization."""

    company: int
    first: date
    last: date
    clause: str
    exempt: frozenset[str] = frozenset()
    information: str = "personal"
    terminated: date | None = None
    amendments: tuple[Amended, ...] = ()
    links: tuple[Link, ...] = ()
    concluded: date | None = None
    items: frozenset[str] = frozenset()
    medical: bool = False
    dispatched: bool = False
    dispatch_said: bool = False
    checks: tuple[date, ...] = ()
    confirmed: tuple[Recorded, ...] = ()
    inspections: tuple[Inspected, ...] = ()
    judgements: tuple[Judged, ...] = ()
    measures: tuple[date, ...] = ()
    proofs: tuple[date, ...] = ()
    excuses: tuple[Excused, ...] = ()


class Disclosure(NamedTuple):
    """Information provided to others, and the days on which what is asked was done."""

    first: date
    last: date | None = None
    public: bool = False
    terms: date | None = None
    safety: date | None = None
    survey_decided: date | None = None
    survey_needed: bool = False
    surveyed: date | None = None
    measures_decided: date | None = None
    measures_needed: bool = False
    judgements: tuple[Judged, ...] = ()
    measures: tuple[date, ...] = ()
    excuses: tuple[Excused, ...] = ()


class Companies(NamedTuple):
    """Who holds whom, and who was dissolved when."""

    holdings: tuple[Held, ...] = ()
    dissolved: dict[int, date] = {}
