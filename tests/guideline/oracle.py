"""The two contract rules and the subsidiary relation, written the other way round: for one single
day, does this rule fail for this link? No interval is computed here, and nothing is shared with
what computes them. Days are plain dates; a ledger is plain data, in the order it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

LAW_BEGINS = date(2004, 9, 14)


class Amended(NamedTuple):
    """From ``day`` on, another clause and the work it frees (if ``clause``), another end."""

    day: date
    clause: str = ""
    exempt: frozenset[str] = frozenset()
    last: date | None = None


class Decided(NamedTuple):
    """A decision: ``approved``, ``conditional``, ``rejected`` or ``withdrawn``."""

    result: str
    day: date | None
    first: date | None = None
    last: date | None = None


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


class Held(NamedTuple):
    """``holder`` has ``share`` percent of the votes of ``held``; both days belong to it."""

    holder: int
    held: int
    share: Decimal
    first: date
    last: date | None = None


class Contract(NamedTuple):
    company: int
    first: date
    last: date
    clause: str
    exempt: frozenset[str] = frozenset()
    information: str = "personal"
    terminated: date | None = None
    amendments: tuple[Amended, ...] = ()
    links: tuple[Link, ...] = ()


class Companies(NamedTuple):
    """Who holds whom, and who was dissolved when."""

    holdings: tuple[Held, ...] = ()
    dissolved: dict[int, date] = {}


# What is in force on a day


def texts_in_force(contract: Contract, day: date) -> list[Amended]:
    """The amendments that have taken effect by ``day``, the last of which stands."""
    return sorted((a for a in contract.amendments if a.day <= day), key=lambda a: a.day)


def clause_on(contract: Contract, day: date) -> tuple[str, frozenset[str]]:
    for amended in reversed(texts_in_force(contract, day)):
        if amended.clause:
            return amended.clause, amended.exempt
    return contract.clause, contract.exempt


def in_force(contract: Contract, day: date) -> bool:
    last = contract.last
    for amended in texts_in_force(contract, day):
        last = amended.last or last
    if contract.terminated and day > contract.terminated:
        return False
    return contract.first <= day <= last


def ended(contract: Contract, link: Link, day: date) -> bool:
    """Whether the link is over by ``day``: by its own end, else by that of what it hangs on."""
    if link.last:
        return day > link.last
    if link.parent:
        (parent,) = (above for above in contract.links if above.number == link.parent)
        return ended(contract, parent, day)
    return not in_force(contract, day)


def runs(contract: Contract, link: Link, day: date) -> bool:
    begun = link.first <= day
    return begun and in_force(contract, day) and not ended(contract, link, day)


# The two rules


def approved(link: Link, day: date) -> bool:
    """Whether any approval is valid at the end of ``day``."""
    return any(
        decision.result in ("approved", "conditional")
        and decision.day is not None
        and decision.day <= day
        and (decision.first is None or decision.first <= day)
        and (decision.last is None or day <= decision.last)
        and not taken_back(decision, link, day)
        for decision in link.decisions
    )


def taken_back(approval: Decided, link: Link, day: date) -> bool:
    return any(
        other.result == "withdrawn"
        and other.day is not None
        and approval.day <= other.day <= day
        and (other.first is None or other.first <= day)
        for other in link.decisions
    )


def unapproved(contract: Contract, link: Link, day: date) -> bool:
    if day < LAW_BEGINS or not runs(contract, link, day):
        return False
    clause, exempt = clause_on(contract, day)
    if link.work in exempt:
        return False
    return clause == "forbidden" or (clause == "prior_approval" and not approved(link, day))


def unnotified(contract: Contract, link: Link, day: date) -> bool:
    if day < LAW_BEGINS or not runs(contract, link, day):
        return False
    clause, exempt = clause_on(contract, day)
    noticed = any(received <= day for received in link.notices)
    return clause == "prior_notice" and link.work not in exempt and not noticed


RULES = {"unapproved-subcontract": unapproved, "unnotified-subcontract": unnotified}


# The subsidiary relation


def subsidiaries(companies: Companies, parent: int, day: date, *, wholly: bool) -> set[int]:
    """Grow the least set until nothing more belongs to it."""
    found: set[int] = set()
    while True:
        more = {
            held.held
            for held in companies.holdings
            if held.held != parent
            and held.held not in found
            and _enough(_votes(companies, {parent, *found}, held.held, day), wholly)
        }
        if not more:
            return found
        found |= more


def _enough(votes: Decimal, wholly: bool) -> bool:
    return votes >= 100 if wholly else votes > 50


def _votes(companies: Companies, holders: set[int], company: int, day: date) -> Decimal:
    return sum(
        (
            held.share
            for held in companies.holdings
            if held.held == company
            and held.holder in holders
            and held.first <= day
            and (held.last is None or day <= held.last)
            and not _gone(companies, held.holder, day)
            and not _gone(companies, company, day)
        ),
        Decimal(0),
    )


def _gone(companies: Companies, company: int, day: date) -> bool:
    return company in companies.dissolved and companies.dissolved[company] <= day


def relation(companies: Companies, prime: int, link: Link, day: date) -> tuple[str, str]:
    """What the link's company is to the prime contractor on ``day``, and how that is known."""
    if link.company == prime:
        return "none", "holdings"
    if any(held.held == link.company for held in companies.holdings):
        if link.company in subsidiaries(companies, prime, day, wholly=True):
            return "wholly_owned", "holdings"
        if link.company in subsidiaries(companies, prime, day, wholly=False):
            return "subsidiary", "holdings"
        return "none", "holdings"
    if _gone(companies, link.company, day):
        return "none", "declared"
    return link.declared, "declared"


# Everything at once


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def failing(contract: Contract, rule: str, first: date, last: date) -> dict[str, set[date]]:
    """Subject → the days of first..last on which it fails the rule; without those that never do."""
    fails = RULES[rule]
    found = {
        f"link:{link.number}": {day for day in days(first, last) if fails(contract, link, day)}
        for link in contract.links
    }
    return {subject: days_ for subject, days_ in found.items() if days_}
