"""The subsidiary relation on one day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.guideline.oracle.ledger import Companies, Link


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
