"""What a contract and its amendments say on a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from outsourcing.models import Amendment, Clause, Contract, LinkWork


@dataclass
class Terms:
    """``items`` maps a provision to where it is said, or to None where it was taken out; ``since``
    an item to the day of the amendment that says so."""

    concluded_on: date
    clause: str
    clause_article: str
    clause_quote: str
    exempt_work: dict[str, str]
    clause_since: date | None = None
    items: dict[str, dict | None] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)

    @property
    def clause_label(self) -> str:
        return Clause(self.clause).label

    @property
    def exempt(self) -> list[tuple[str, str]]:
        """(kind of work, article) of what the clause frees from approval."""
        return [(LinkWork(work).label, article) for work, article in self.exempt_work.items()]


def terms_on(contract: Contract, amendments: Iterable[Amendment], *, on: date) -> Terms:
    """``amendments``: those that are facts, in the order of their effect. One of the day counts."""
    found = Terms(
        contract.concluded_on,
        contract.clause,
        contract.clause_article,
        contract.clause_quote,
        contract.exempt_work,
        items=dict(contract.items),
    )
    for amendment in amendments:
        if amendment.effective_on > on:
            break
        if amendment.clause:
            found.clause = amendment.clause
            found.clause_article = amendment.clause_article
            found.clause_quote = amendment.clause_quote
            found.exempt_work = amendment.exempt_work
            found.clause_since = found.since["8-4(2)"] = amendment.effective_on
        found.items |= amendment.items
        found.since |= dict.fromkeys(amendment.items, amendment.effective_on)
    return found
