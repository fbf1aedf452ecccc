"""From facts to findings. Pure: no database, no today; the same facts give the same findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guideline.facts import ContractFact, LinkFact
from guideline.intervals import Span, intersect
from guideline.provisions import days_of
from guideline.rules import RULES
from guideline.rules.base import Rule
from outsourcing.holdings import Part


class FindingValue(NamedTuple):
    """A finding before it is stored: ``subject`` breaks ``rule`` on the days [since, until)."""

    contract: int
    agency: int
    rule: str
    subject: str
    severity: str
    since: int
    until: int
    relations: tuple[Part, ...]


def evaluate(contract: ContractFact, rules: tuple[Rule, ...] = RULES) -> Iterator[FindingValue]:
    """All findings of one contract; spans of one rule and subject neither overlap nor touch."""
    for rule in rules:
        if contract.information == "statistics" and not rule.judges_statistics:
            continue
        for failure in rule.fails(contract):
            for since, until in under_the_law(failure.days, rule.provision):
                yield FindingValue(
                    contract.id,
                    contract.agency,
                    rule.code,
                    failure.subject,
                    rule.severity,
                    since,
                    until,
                    relations(contract, failure.link, since, until),
                )


def under_the_law(days: list[Span], provision: str) -> list[Span]:
    """Conduct is judged day by day: the days on which the edition in force has the provision."""
    return [span for law in days_of(provision) for span in intersect(days, *law)]


def relations(contract: ContractFact, link: LinkFact | None, since: int, until: int):
    """Whether the link's contractor is a subsidiary of the prime contractor, part by part."""
    if link is None:
        return ()
    return contract.holdings.parts(
        contract.contractor, link.contractor, link.declared, since, until
    )
