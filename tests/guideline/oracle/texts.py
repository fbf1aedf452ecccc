"""What a contract must say. The edition of the day of its conclusion decides, and for what an
amendment names, the edition of the day on which that was concluded."""

from __future__ import annotations

from datetime import date

from tests.guideline.oracle.law import Edition, Law, edition_on
from tests.guideline.oracle.ledger import CLAUSE, NOTE, Amended, Contract
from tests.guideline.oracle.terms import clause_on, in_force, texts_in_force


def item_missing(contract: Contract, item: str, day: date, law: Law) -> bool:
    asked = item_asked(contract, item, day, law)
    return in_force(contract, day) and bool(asked) and not _said(contract, day, item)


def item_asked(contract: Contract, item: str, day: date, law: Law) -> Edition | None:
    return _asked(law, "required-clause", day, _renewed(contract, day, item), item)


def note_missing(contract: Contract, _, day: date, law: Law) -> bool:
    clause, _ = clause_on(contract, day)
    allowed = in_force(contract, day) and clause != "forbidden"
    return allowed and bool(note_asked(contract, _, day, law)) and not _said(contract, day, NOTE)


def note_asked(contract: Contract, _, day: date, law: Law) -> Edition | None:
    """The note belongs to item (2): an amendment of either brings its edition."""
    return _asked(law, "subsidiary-clause", day, _renewed(contract, day, CLAUSE, NOTE))


def dispatch_unsaid(contract: Contract, _, day: date, law: Law) -> bool:
    unsaid = contract.dispatched and not contract.dispatch_said
    return in_force(contract, day) and unsaid and bool(dispatch_asked(contract, _, day, law))


def dispatch_asked(contract: Contract, _, day: date, law: Law) -> Edition | None:
    return _asked(law, "dispatch-clause", day, concluded(contract))


def concluded(contract: Contract) -> date:
    return contract.concluded or contract.first


def _asked(
    law: Law, rule: str, day: date, written: date, item: str | None = None
) -> Edition | None:
    """The edition of the day it was ``written``, if that asks for it. No edition speaks of days
    before it came into force: there it is the edition of ``day``, if that asks for it too."""
    edition = edition_on(law, written)
    if edition is not None and _asks(edition, rule, item) and day < edition.first:
        edition = edition_on(law, day)
    return edition if _asks(edition, rule, item) else None


def _asks(edition: Edition | None, rule: str, item: str | None) -> bool:
    has = edition is not None and rule in edition.rules
    return has and (item is None or item in edition.items)


def _names(amended: Amended, item: str) -> bool | None:
    """Whether an amendment says an item, or says no more of it; None where it does not name it."""
    if item == CLAUSE:
        return amended.clause != "not_stated" if amended.clause else None
    return dict(amended.items).get(item)


def _said(contract: Contract, day: date, item: str) -> bool:
    for amended in reversed(texts_in_force(contract, day)):
        said = _names(amended, item)
        if said is not None:
            return said
    return contract.clause != "not_stated" if item == CLAUSE else item in contract.items


def _renewed(contract: Contract, day: date, *items: str) -> date:
    """The day on which what stands on ``day`` of these items was concluded."""
    for amended in reversed(texts_in_force(contract, day)):
        if any(_names(amended, item) is not None for item in items):
            return amended.concluded or amended.day
    return concluded(contract)
