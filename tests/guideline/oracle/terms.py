"""What is in force on a day, and the days of a contract and of its links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from tests.guideline.oracle.ledger import Amended, Contract, Disclosure, Link

DAY = timedelta(days=1)


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def done(what: Iterable[date | None], day: date) -> bool:
    """Whether any of these days has come by the end of ``day``."""
    return any(done_on is not None and done_on <= day for done_on in what)


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
        return ended(contract, _above(contract, link), day)
    return not in_force(contract, day)


def runs(contract: Contract, link: Link, day: date) -> bool:
    begun = link.first <= day
    return begun and in_force(contract, day) and not ended(contract, link, day)


def given(disclosure: Disclosure, day: date) -> bool:
    return disclosure.first <= day and (disclosure.last is None or day <= disclosure.last)


def term(contract: Contract, link: Link | None = None) -> tuple[date, date]:
    """The first and the last day of the contract, or of one of its links, as it all turned out;
    the last is before the first where there was no such day."""
    last = contract.last
    for amended in texts_in_force(contract, date.max):
        last = amended.last or last
    if contract.terminated:
        last = min(last, contract.terminated)
    if link is None:
        return contract.first, last
    return max(link.first, contract.first), min(_own_last(contract, link) or last, last)


def _own_last(contract: Contract, link: Link) -> date | None:
    if link.last or not link.parent:
        return link.last
    return _own_last(contract, _above(contract, link))


def _above(contract: Contract, link: Link) -> Link:
    (parent,) = (above for above in contract.links if above.number == link.parent)
    return parent
