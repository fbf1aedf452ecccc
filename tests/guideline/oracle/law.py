"""The law as plain data: which edition asks what, from which day on."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Edition(NamedTuple):
    """In force from ``first`` until the next one is."""

    first: date
    rules: frozenset[str]
    windows: str
    short_window_days: int
    short_term_days: int
    grace_days: int
    disposal_days: int
    items: frozenset[str]
    matters: frozenset[str]
    scopes: frozenset[str]
    checklist: frozenset[str]


Law = tuple[Edition, ...]

FROM_THE_START = frozenset(
    {
        *("unapproved-subcontract", "unnotified-subcontract", "capability-check"),
        *("required-clause", "written-confirmation", "yearly-inspection", "inspection-scope"),
        *("flow-down", "link-inspection", "dispatch-clause", "disposal-proof"),
        *("provision-terms", "provision-safety", "provision-survey", "provision-public"),
    }
)
ADDED = frozenset(
    {
        *("subsidiary-clause", "on-site", "medical-attention"),
        *("anonymization-undecided", "anonymization-missing"),
    }
)
SIX = frozenset({"8-4(1)", "8-4(2)", "8-4(3)", "8-4(4)", "8-4(5)", "8-4(6)"})

FIRST = Edition(
    first=date(2004, 9, 14),
    rules=FROM_THE_START,
    windows="rolling",
    short_window_days=90,
    short_term_days=90,
    grace_days=0,
    disposal_days=30,
    items=SIX,
    matters=frozenset({"responsible_person", "management", "inspection"}),
    scopes=frozenset({"handling"}),
    checklist=SIX | {"capability", "written_confirmation"},
)
SECOND = FIRST._replace(
    first=date(2018, 10, 22),
    rules=FROM_THE_START | ADDED,
    matters=FIRST.matters | {"work_structure"},
    scopes=FIRST.scopes | {"management", "work"},
)
LAW: Law = (FIRST, SECOND)


def edition_on(law: Law, day: date) -> Edition | None:
    """The edition in force on a day, None before the first."""
    begun = [edition for edition in law if edition.first <= day]
    return max(begun, key=lambda edition: edition.first) if begun else None


def edition_or_oldest(law: Law, day: date) -> Edition:
    return edition_on(law, day) or min(law, key=lambda edition: edition.first)


def binds(law: Law, rule: str, day: date) -> bool:
    """Whether the edition in force on a day has the rule."""
    edition = edition_on(law, day)
    return edition is not None and rule in edition.rules


def without(law: Law, edition: Edition) -> Law:
    """Had it never been, the one before would have gone on."""
    return tuple(other for other in law if other != edition)
