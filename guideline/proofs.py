"""Why a finding is one: provision and edition, the facts with their days and who recorded them, and
the smallest change that would clear it."""

from __future__ import annotations

from typing import NamedTuple

from guideline.evidence import ContractEvidence, DisclosureEvidence, Record
from guideline.facts import ContractFact, DisclosureFact
from guideline.intervals import FOREVER
from guideline.law import law
from guideline.models import Finding
from guideline.provisions import Edition, Provision
from guideline.reading import disclosure_facts_for, facts_for
from guideline.rules import BY_CODE
from guideline.rules.base import Remedy, Rule
from outsourcing.models import Contract, Disclosure


class Proof(NamedTuple):
    finding: Finding
    rule: Rule
    edition: Edition
    provisions: list[Provision]
    records: list[Record]
    remedy: Remedy | None


class _Days(NamedTuple):
    """A stored finding as a rule's ``remedy`` takes it."""

    subject: str
    since: int
    until: int


def proofs_of(subject: Contract | Disclosure, findings: list[Finding]) -> list[Proof]:
    """The proofs of findings of one contract, or of one provision of information. A fixed number
    of queries, however many findings."""
    if not findings:
        return []
    if isinstance(subject, Contract):
        evidence = ContractEvidence(subject)
        fact = next(facts_for([subject.pk]))
    else:
        evidence = DisclosureEvidence(subject)
        fact = next(disclosure_facts_for([subject.pk]))
    return [_proof(finding, fact, evidence) for finding in findings]


def _proof(finding: Finding, fact: ContractFact | DisclosureFact, evidence) -> Proof:
    rule = BY_CODE[finding.rule]
    edition = law().first((finding.edition or finding.since).toordinal())
    return Proof(
        finding,
        rule,
        edition,
        provisions_of(rule.code, finding.subject, edition),
        evidence.of(rule.evidence, finding.subject),
        remedy_of(finding, fact),
    )


def provisions_of(rule: str, subject: str, edition: Edition) -> list[Provision]:
    """What a finding rests on: the item where it is about one, else the rule's provisions."""
    item = subject.removeprefix("item:")
    codes = (item,) if item in edition.provisions else edition.rules.get(rule, ())
    return [edition.provisions[code] for code in codes]


def remedy_of(finding: Finding, fact: ContractFact | DisclosureFact) -> Remedy | None:
    """The smallest change that would clear the finding as a whole; None where nothing does."""
    until = FOREVER if finding.until is None else finding.until.toordinal()
    return remedy_of_days(
        finding.rule, _Days(finding.subject, finding.since.toordinal(), until), fact
    )


def remedy_of_days(rule: str, finding, fact: ContractFact | DisclosureFact) -> Remedy | None:
    """The same of anything with a ``subject`` and the day numbers ``since`` and ``until``."""
    link = None
    if finding.subject.startswith("link:"):
        link = next(link for link in fact.links if link.subject == finding.subject)
    return BY_CODE[rule].remedy(fact, link, finding, law())
