"""From facts to findings. Pure: no database, no today; the same facts give the same findings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from guideline.facts import ContractFact, DisclosureFact, LinkFact
from guideline.intervals import Span, intersect, subtract, union
from guideline.law import law
from guideline.provisions import Edition, Editions
from guideline.rules import BY_CODE, RULES
from guideline.rules.base import BY_DAY, Failure, Rule
from outsourcing.holdings import Part

Subject = ContractFact | DisclosureFact


class FindingValue(NamedTuple):
    """A finding before it is stored: ``subject`` breaks ``rule`` on the days [since, until).

    ``contract`` or ``disclosure`` is the key of the row judged, the other is None. ``edition`` is
    the first day of the edition that decides; ``owed_to`` the same where the finding would not be
    without that edition, else None.
    """

    contract: int | None
    disclosure: int | None
    agency: int
    rule: str
    subject: str
    severity: str
    since: int
    until: int
    excused: bool
    relations: tuple[Part, ...]
    edition: int
    owed_to: int | None


def evaluate(
    subject: Subject, editions: Editions | None = None, rules: tuple[Rule, ...] = RULES
) -> list[FindingValue]:
    """All findings of one contract, or of one provision of information to others.

    For one rule and subject the days are a union: spans neither overlap nor touch, except an open
    one and an excused one.
    """
    if editions is None:
        editions = law()
    found: list[FindingValue] = []
    if type(subject) is DisclosureFact:
        for rule in rules:
            if rule.disclosure is not None:
                _add(found, subject, rule, rule.disclosure(subject, editions), editions, None)
        return found
    of_contract, of_link = ALL if rules is RULES else functions(rules)
    if subject.information == "statistics":
        of_contract = [pair for pair in of_contract if pair[0].judges_statistics]
        of_link = [pair for pair in of_link if pair[0].judges_statistics]
    for rule, fails in of_contract:
        if failures := fails(subject, editions):
            _add(found, subject, rule, failures, editions, None)
    for link in subject.links:
        for rule, fails in of_link:
            if failures := fails(subject, link, editions):
                _add(found, subject, rule, failures, editions, link)
    return found


def functions(rules: Iterable[Rule]):
    """The rules for contracts, and those for links, each with its function."""
    rules = list(rules)
    return (
        [(rule, rule.contract) for rule in rules if rule.contract is not None],
        [(rule, rule.link) for rule in rules if rule.link is not None],
    )


ALL = functions(RULES)


def _add(found, subject, rule, failures, editions, link) -> None:
    code, by_day, justified = rule.code, rule.judged == BY_DAY, subject.justified
    if type(subject) is ContractFact:
        contract, disclosure = subject.id, None
    else:
        contract, disclosure = None, subject.id
    for failure in failures if len(failures) == 1 else _joined(failures):
        named, days, judged, severity = failure
        if by_day:
            days = _under_the_law(days, code, editions)
        reasons = justified.get((code, named)) if justified else None
        for begun, end in days:
            parts = _parted((begun, end), reasons) if reasons else ((begun, end, False),)
            for since, until, excused in parts:
                edition = _deciding(editions, since if by_day else begun, judged, since)
                relations = owed_to = None
                if rule.tells_relation:
                    relations = _relations(subject, link, since, until)
                if edition is not editions.editions[0]:
                    owed_to = _owed_to(subject, rule, named, link, editions, edition, since, until)
                found.append(
                    FindingValue(
                        contract,
                        disclosure,
                        subject.agency,
                        code,
                        named,
                        severity or rule.severity,
                        since,
                        until,
                        excused,
                        relations or (),
                        edition.since,
                        owed_to,
                    )
                )


def _deciding(editions: Editions, day: int, judged: int | None, since: int) -> Edition:
    """Conduct is judged by the edition of its day, a window by that of its last one, a text by that
    of the day it was agreed. None speaks of days before it: there the one of then decides."""
    edition = editions.at(day if judged is None else judged)
    return edition if edition.since <= since else editions.at(since)


def _joined(failures: Iterable[Failure]) -> list[Failure]:
    """Failures of one subject that touch as one, judged by the first of them: where a text fails
    after another."""
    joined: list[Failure] = []
    parts = [(f.subject, span, f) for f in failures for span in f.days]
    for subject, (since, until), failure in sorted(parts, key=lambda part: part[:2]):
        before = joined[-1] if joined else None
        if before is not None and before.subject == subject and since <= before.days[0][1]:
            days = (before.days[0][0], max(before.days[0][1], until))
            joined[-1] = before._replace(days=[days])
        else:
            joined.append(failure._replace(days=[(since, until)]))
    return joined


def _under_the_law(days: list[Span], rule: str, editions: Editions) -> list[Span]:
    """Conduct is judged day by day: the days on which the edition in force has the rule."""
    spans = editions.days_of(rule)
    if len(spans) == 1 and days and spans[0][0] <= days[0][0] and days[-1][1] <= spans[0][1]:
        return days
    return [span for law_days in spans for span in intersect(days, *law_days)]


def _parted(span: Span, reasons: list[Span]) -> list[tuple[int, int, bool]]:
    """What of a span is open and what a reason excuses: (since, until, excused)."""
    excused = union(part for reason in reasons for part in intersect([span], *reason))
    open_ = subtract([span], excused)
    return [(*part, False) for part in open_] + [(*part, True) for part in excused]


def _relations(contract: ContractFact, link: LinkFact, since: int, until: int):
    """Whether the link's contractor is a subsidiary of the prime contractor, part by part."""
    return contract.holdings.parts(
        contract.contractor, link.contractor, link.declared, since, until
    )


def _owed_to(subject, rule, named, link, editions, edition, since, until) -> int | None:
    """The edition without which none of the days [since, until) would fail, if there is one."""
    if not changes(rule.code, edition.since, editions):
        return None
    without = editions.without(edition.since)
    if without.days_of(rule.code):
        for failure in _failures(subject, rule, link, without):
            if failure.subject != named:
                continue
            days = failure.days
            if rule.judged == BY_DAY:
                days = _under_the_law(days, rule.code, without)
            if intersect(days, since, until):
                return None
    return edition.since


def _failures(subject: Subject, rule: Rule, link: LinkFact | None, editions: Editions):
    if type(subject) is DisclosureFact:
        return rule.disclosure(subject, editions)
    return rule.link(subject, link, editions) if link else rule.contract(subject, editions)


@lru_cache(maxsize=4096)
def changes(code: str, since: int, editions: Editions) -> bool:
    """Whether the edition of the day ``since`` brought a rule, or other parameters for it."""
    edition = editions.at(since)
    before = editions.before(edition)
    if before is None:
        return False
    if code not in before.rules:
        return True
    old, new = before.parameters, edition.parameters
    return any(getattr(old, name) != getattr(new, name) for name in BY_CODE[code].reads)
