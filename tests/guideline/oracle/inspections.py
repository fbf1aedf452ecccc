"""The inspection windows of a contract or a link, and what one failed leaves on later days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tests.guideline.oracle.law import Edition, Law, edition_on, edition_or_oldest
from tests.guideline.oracle.ledger import Contract, Inspected, Link
from tests.guideline.oracle.terms import DAY, term

Window = tuple[date, date]


def uninspected(contract: Contract, link: Link | None, day: date, law: Law) -> list[Edition]:
    """The editions of the windows that fail on ``day``, in order; so for the other two rules."""
    rule = "link-inspection" if link else "yearly-inspection"
    return [
        edition
        for _, last, held, edition in _windows_past(contract, link, day, law, rule)
        if not held and not any(last < visit.day <= day for visit in _visits(contract, link))
    ]


def not_on_site(contract: Contract, link: Link | None, day: date, law: Law) -> list[Edition]:
    return [
        edition
        for _, last, held, edition in _windows_past(contract, link, day, law, "on-site")
        if held
        and not any(map(_in_principle, held))
        and not any(
            last < visit.day <= day and _in_principle(visit) for visit in _visits(contract, link)
        )
    ]


def scope_missed(contract: Contract, link: Link | None, day: date, law: Law) -> list[Edition]:
    return [
        edition
        for first, _, held, edition in _windows_past(contract, link, day, law, "inspection-scope")
        if held
        and not edition.scopes <= _scopes(held)
        and not edition.scopes
        <= _scopes([visit for visit in _visits(contract, link) if first <= visit.day <= day])
    ]


def is_short(contract: Contract, link: Link | None, law: Law) -> bool:
    """Whether the term is so short that a missed inspection asks for attention only."""
    first, last = term(contract, link)
    return (last - first).days + 1 < edition_or_oldest(law, first).short_term_days


def _in_principle(visit: Inspected) -> bool:
    return visit.on_site or visit.reason


def _scopes(visits: list[Inspected]) -> set[str]:
    return {scope for visit in visits for scope in visit.scopes}


def _visits(contract: Contract, link: Link | None) -> tuple[Inspected, ...]:
    return (link or contract).inspections


def _windows_past(
    contract: Contract, link: Link | None, day: date, law: Law, rule: str
) -> Iterator[tuple[date, date, list[Inspected], Edition]]:
    """The windows over by the end of ``day``, a day of the term, on whose last day the rule binds:
    (first day, last day, visits held in it, edition of the last day)."""
    first, last = term(contract, link)
    if not first <= day <= last or (link and not link.handles):
        return
    grace = timedelta(days=edition_or_oldest(law, first).grace_days)
    for begins, ends in windows(first, last, edition_or_oldest(law, first)):
        edition = edition_on(law, ends)
        if ends <= day and edition is not None and rule in edition.rules:
            held = [v for v in _visits(contract, link) if begins <= v.day <= ends + grace]
            yield begins, ends, held, edition


def windows(first: date, last: date, edition: Edition) -> list[Window]:
    """The years of a term; a short last one, then a short first one joins its neighbour."""
    begins = [first]
    for year in range(first.year, last.year + 1):
        cut = date(year, 4, 1) if edition.windows == "fiscal" else _anniversary(first, year)
        if first < cut <= last:
            begins.append(cut)
    ends = [day - DAY for day in begins[1:]] + [last]
    found = list(zip(begins, ends, strict=True))
    if len(found) > 1 and _length(found[-1]) < edition.short_window_days:
        found[-2:] = [(found[-2][0], found[-1][1])]
    if len(found) > 1 and _length(found[0]) < edition.short_window_days:
        found[:2] = [(found[0][0], found[1][1])]
    return found


def _anniversary(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _length(window: Window) -> int:
    return (window[1] - window[0]).days + 1
