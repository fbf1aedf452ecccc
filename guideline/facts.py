"""What rules see of the ledger. Pure: ``guideline.reading`` is where it meets the ORM.

Days are day numbers, spans half-open; ``FOREVER`` stands for a day that has not come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from guideline.intervals import Span
from outsourcing.days import FOREVER, end_of
from outsourcing.holdings import Holdings
from outsourcing.models import ApprovalResult, Clause

# What the ledger keeps as ``clause`` (記載なし is its absence), and the note to it on subsidiaries.
CLAUSE_ITEM = "8-4(2)"
SUBSIDIARY_ITEM = "8-4(2)注"

# Never changed once made. Rules read dozens of fields a contract: from slots in a quarter of the
# time a NamedTuple takes. Not frozen, which would double the time of making one.
fact = dataclass(slots=True)


@fact
class ClauseFact:
    """The subcontracting clause in force on the days [since, until), and what work it frees.

    ``judged`` is the day of the contract, or of the amendment, that says so.
    """

    since: int
    until: int
    clause: str
    exempt: frozenset[str]
    judged: int


class AmendedClause(NamedTuple):
    """The clause an amendment put in place on a day, and the work it frees."""

    day: int
    clause: str
    exempt: Iterable[str]
    judged: int


class AmendedItem(NamedTuple):
    """From ``day`` on an amendment, of the day ``judged``, says an item of 8-4 or takes it out."""

    day: int
    judged: int
    item: str
    said: bool


@fact
class ApprovalFact:
    """An approval that counts, on the days [since, until), or a withdrawal that takes effect."""

    decided: int
    since: int
    until: int
    withdrawn: bool


@fact
class InspectionFact:
    """A subject was inspected on ``day``; ``in_principle``: on site, or otherwise for a reason."""

    day: int
    in_principle: bool
    scopes: frozenset[str]


Inspections = tuple[InspectionFact, ...]


@fact
class Listed:
    """Put on record on ``day``: matters confirmed in writing, or items of a checklist."""

    day: int
    things: frozenset[str]


def first_day_of(thing: str, lists: Iterable[Listed]) -> int:
    """The day ``thing`` was first on record."""
    first = FOREVER
    for listed in lists:
        if listed.day < first and thing in listed.things:
            first = listed.day
    return first


@fact
class LinkFact:
    """One link on the days [since, until) that lie in its contract's term, ``depth`` 1 for 再委託.

    ``flow_down``: what of the checklist was recorded; ``proof``: the day of the first proof of
    return or erasure.
    """

    number: int
    contractor: int
    work: str
    declared: str
    since: int
    until: int
    approvals: tuple[ApprovalFact, ...] = ()
    notices: tuple[int, ...] = ()
    handles: bool = True
    inspections: Inspections = ()
    flow_down: tuple[Listed, ...] = ()
    proof: int = FOREVER
    depth: int = 1

    @property
    def subject(self) -> str:
        return f"link:{self.number}"


@fact
class ContractFact:
    """One contract in force on [since, until), with all that rules ask of it.

    ``items``: what of 8-4 it says as concluded; ``amended_items``: what amendments say, in order.
    ``checked``: the day of the first check of the contractor; ``confirmed``: what was
    confirmed in writing; ``decisions``: (day, needed) on anonymization, in order;
    ``measured``: the day of the first measure. ``justified`` maps (rule, subject) to days.
    """

    id: int
    agency: int
    contractor: int
    information: str
    since: int
    until: int
    clauses: tuple[ClauseFact, ...]
    links: tuple[LinkFact, ...]
    holdings: Holdings
    concluded: int = 0
    medical: bool = False
    items: frozenset[str] = frozenset()
    amended_items: tuple[AmendedItem, ...] = ()
    dispatched: bool = False
    dispatch_said: bool = False
    checked: int = FOREVER
    confirmed: tuple[Listed, ...] = ()
    inspections: Inspections = ()
    decisions: tuple[tuple[int, bool], ...] = ()
    measured: int = FOREVER
    proof: int = FOREVER
    work: str = ""
    justified: Mapping[tuple[str, str], list[Span]] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return "contract"


@fact
class DisclosureFact:
    """One provision of information to others, on the days [since, until); else days of deeds."""

    id: int
    agency: int
    since: int
    until: int
    public: bool
    terms: int = FOREVER
    safety: int = FOREVER
    survey_decided: int = FOREVER
    survey_needed: bool = False
    surveyed: int = FOREVER
    measures_decided: int = FOREVER
    measures_needed: bool = False
    decisions: tuple[tuple[int, bool], ...] = ()
    measured: int = FOREVER
    justified: Mapping[tuple[str, str], list[Span]] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return "disclosure"


def clauses_in_force(
    clause: str, exempt: Iterable[str], amendments: Iterable[AmendedClause], concluded: int = 0
) -> tuple[ClauseFact, ...]:
    """``_clauses_in_force``, made once for all contracts that say the same."""
    return _clauses_in_force(clause, frozenset(exempt), _hashable(amendments), concluded)


def _hashable(amendments: Iterable[AmendedClause]) -> tuple[AmendedClause, ...]:
    return tuple(AmendedClause(d, clause, frozenset(e), j) for d, clause, e, j in amendments)


@lru_cache(maxsize=8192)
def _clauses_in_force(
    clause: str,
    exempt: frozenset[str],
    amendments: tuple[AmendedClause, ...],
    concluded: int,
) -> tuple[ClauseFact, ...]:
    """The clause day by day: the first one, then each that an amendment puts in its place.

    ``amendments`` are in order of their days of effect; of two of one day the later one stands.
    """
    texts = [(0, clause, frozenset(exempt), concluded)]
    texts += [(day, new, frozenset(freed), judged) for day, new, freed, judged in amendments]
    ends = [text[0] for text in texts[1:]] + [FOREVER]
    return tuple(
        ClauseFact(since, until, *text)
        for (since, *text), until in zip(texts, ends, strict=True)
        if since < until
    )


@lru_cache(maxsize=8192)
def items_said(clause: str, items: tuple[str, ...]) -> frozenset[str]:
    """What of 8-4 a contract says: its items, and item (2) where it has any clause at all."""
    said = frozenset(items)
    return said if clause == Clause.NOT_STATED else said | {CLAUSE_ITEM}


def links_in_term(rows: list[dict], since: int, until: int) -> tuple[LinkFact, ...]:
    """Links in order of their numbers, whatever order they were read in, with their own ends
    resolved, on the days of their contract's term.

    Outside the term no clause is in force that a link could break; such days are only implausible.
    """
    by_id = {row["id"]: row for row in rows}

    def end(row: dict) -> int:
        for _ in rows:  # no chain is longer than all links together
            if row["last_day"] is not None or row["parent_id"] not in by_id:
                break
            row = by_id[row["parent_id"]]
        return until if row["last_day"] is None else end_of(row["last_day"])

    def depth(row: dict) -> int:
        number = 1
        while number <= len(rows) and row["parent_id"] in by_id:
            row, number = by_id[row["parent_id"]], number + 1
        return number

    return tuple(
        LinkFact(
            number=row["number"],
            contractor=row["contractor_id"],
            work=row["work"],
            declared=row["declared_relation"],
            since=max(since, row["first_day"].toordinal()),
            until=min(until, end(row)),
            approvals=row["approvals"],
            notices=row["notices"],
            handles=row["handles_information"],
            inspections=row["inspections"],
            flow_down=row["flow_down"],
            proof=row["proof"],
            depth=depth(row),
        )
        for row in sorted(rows, key=itemgetter("number"))
    )


def approval_fact(decided, first, last, result) -> ApprovalFact | None:
    """What a recorded decision counts for: nothing when refused, or when its day is not known."""
    if decided is None or result == ApprovalResult.REJECTED:
        return None
    since = max(decided, first or decided).toordinal()
    until = end_of(last)
    return ApprovalFact(decided.toordinal(), since, until, result == ApprovalResult.WITHDRAWN)
