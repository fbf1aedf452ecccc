"""From facts to findings. Pure: no database, no today; the same facts give the same findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from guideline.facts import ContractFact, DisclosureFact, LinkFact
from guideline.intervals import FOREVER, Span, intersect, subtract, union
from guideline.law import law
from guideline.provisions import Edition, Editions
from guideline.rules import BY_CODE, RULES
from guideline.rules.base import ATTENTION, BY_DAY, BY_TEXT, CONTRACT, LINK, Failure, Failures, Rule
from outsourcing.holdings import Part
from outsourcing.models import Contract

Subject = ContractFact | DisclosureFact
STATISTICS = Contract.Information.STATISTICS.value


@dataclass(slots=True)  # as facts are
class FindingValue:
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


def evaluate(subjects: Iterable[Subject], editions: Editions | None = None) -> list[FindingValue]:
    """All findings of contracts, or of provisions of information to others.

    For one rule and subject the days are a union: spans neither overlap nor touch, except an open
    one and an excused one.
    """
    if editions is None:
        editions = law()
    everything = Docket.of(subjects)
    personal = everything.without_statistics()
    later: dict[int, Docket] = {}
    came_first = editions.editions[0].since
    found: list[FindingValue] = []
    # Rule by rule, not contract by contract: twice as fast.
    _judge_windows(found, personal, editions)
    for rule in RULES:
        docket = everything if rule.judges_statistics else personal
        came = min((since for since, _ in editions.days_of(rule.code)), default=FOREVER)
        if came > came_first and docket is personal and not rule.after_term:
            # Most were over when it came.
            docket = later[came] = later.get(came) or personal.not_over(came)
        _judge(found, rule, docket, editions)
    return found


class Docket(NamedTuple):
    """What is to be judged: contracts, their links each with its contract, and provisions of
    information to others."""

    contracts: list[ContractFact]
    links: list[tuple[ContractFact, LinkFact]]
    disclosures: list[DisclosureFact]

    @classmethod
    def of(cls, subjects: Iterable[Subject]) -> Docket:
        contracts, disclosures = [], []
        for subject in subjects:
            (contracts if type(subject) is ContractFact else disclosures).append(subject)
        return cls(contracts, [(c, link) for c in contracts for link in c.links], disclosures)

    def without_statistics(self) -> Docket:
        personal = [c for c in self.contracts if c.information != STATISTICS]
        if len(personal) == len(self.contracts):
            return self
        return self.of([*personal, *self.disclosures])

    def not_over(self, day: int) -> Docket:
        """Without what was over by ``day``."""
        return self.of([s for s in (*self.contracts, *self.disclosures) if s.until > day])


def _judge(found, rule: Rule, docket: Docket, law: Editions) -> None:
    """Add the findings of one rule."""
    fails_alone = ((rule.contract, docket.contracts), (rule.disclosure, docket.disclosures))
    for fails, subjects in fails_alone:
        if fails is not None:
            for subject in subjects:
                if failures := fails(subject, law):
                    _add(found, rule, subject, None, failures, law)
    fails = rule.link
    if fails is not None:
        for contract, link in docket.links:
            if failures := fails(contract, link, law):
                _add(found, rule, contract, link, failures, law)


def _judge_windows(found, docket: Docket, law: Editions) -> None:
    """Add the findings of the rules for inspection windows: what was held in a window is looked up
    once for all of them."""
    asked_of_contracts = _window_rules(CONTRACT, RULES, law)
    for contract in docket.contracts:
        for rule, failure in _failing_windows(contract, asked_of_contracts, law):
            _add(found, rule, contract, None, [failure], law)
    asked_of_links = _window_rules(LINK, RULES, law)
    for contract, link in docket.links:
        if link.handles:
            for rule, failure in _failing_windows(link, asked_of_links, law):
                _add(found, rule, contract, link, [failure], law)


def _window_rules(of: str, rules: Iterable[Rule], law: Editions) -> dict[int, tuple[list, list]]:
    """What is asked of the inspection windows of contracts, or of links, by the first day of the
    edition that asks: the rules for windows in which none was inspected, and for the others."""
    asked = [rule for rule in rules if of in rule.in_windows_of]
    return {
        edition.since: tuple(
            [r for r in asked if r.code in edition.rules and r.of_empty_windows == empty]
            for empty in (True, False)
        )
        for edition in law.editions
    }


def _failing_windows(subject, asked, law: Editions) -> list[tuple[Rule, Failure]]:
    """Which of the rules ``asked`` a contract or link fails, each from the last days of windows."""
    since, until, inspections = subject.since, subject.until, subject.inspections
    failing = []
    for window in law.windows(since, until):
        first, latest = window.since, window.latest
        held = []
        for seen in inspections:  # in half the time of a comprehension, asked a million times
            if first <= seen.day <= latest:
                held.append(seen)
        of_empty, of_held = asked[window.edition.since]
        for rule in of_held if held else of_empty:
            end = rule.window(held, inspections, window)
            if end is not None:
                failing.append((rule, [(window.last, end if end < until else until)]))
    if not failing:  # like most
        return failing
    if len(failing) > 1:
        days: dict[str, list[Span]] = {}
        for rule, spans in failing:
            days.setdefault(rule.code, []).extend(spans)
        failing = [(BY_CODE[code], union(spans)) for code, spans in days.items()]
    return [
        (rule, Failure(subject.subject, days, None, _severity(rule, since, until, law)))
        for rule, days in failing
    ]


def _severity(rule: Rule, since: int, until: int, law: Editions) -> str:
    if rule.short_is_attention and until - since < law.first(since).parameters.short_term_days:
        return ATTENTION
    return rule.severity


def _add(found, rule: Rule, subject: Subject, link, failures: Failures, editions) -> None:
    code, by_day, by_text = rule.code, rule.judged == BY_DAY, rule.judged == BY_TEXT
    oldest = editions.editions[0]
    contract, disclosure = subject.id, None
    if type(subject) is DisclosureFact:
        contract, disclosure = None, subject.id
    for failure in _joined(failures) if by_text else failures:
        named, days, judged = failure.subject, failure.days, failure.judged
        if by_day:
            days = _under_the_law(days, code, editions)
        reasons = subject.justified and subject.justified.get((code, named))
        for begun, end in days:
            parts = _parted((begun, end), reasons) if reasons else ((begun, end, False),)
            for since, until, excused in parts:
                if by_text and since != begun:
                    judged = _text_of(failures, named, since)
                edition = _deciding(editions, since if by_day else begun, judged, since)
                relations, owed_to = (), None
                if rule.tells_relation:
                    relations = _relations(subject, link, since, until)
                if edition is not oldest:
                    owed_to = _owed_to(subject, rule, named, link, editions, edition, since, until)
                found.append(
                    FindingValue(
                        contract,
                        disclosure,
                        subject.agency,
                        code,
                        named,
                        failure.severity or rule.severity,
                        since,
                        until,
                        excused,
                        relations,
                        edition.since,
                        owed_to,
                    )
                )


def _deciding(editions: Editions, day: int, judged: int | None, since: int) -> Edition:
    """Conduct is judged by the edition of its day, a window by that of its last one, a text by that
    of the day it was agreed. None speaks of days before it: there the one of then decides."""
    edition = editions.at(day if judged is None else judged)
    return edition if edition.since <= since else editions.at(since)


def _joined(failures: Sequence[Failure]) -> Sequence[Failure]:
    """Failures of one subject that touch as one, judged by the first of them: where a text fails
    after another."""
    if len(failures) == 1:
        return failures
    joined: list[Failure] = []
    parts = [(f.subject, span, f) for f in failures for span in f.days]
    for subject, (since, until), failure in sorted(parts, key=lambda part: part[:2]):
        before = joined[-1] if joined else None
        if before is not None and before.subject == subject and since <= before.days[0][1]:
            days = (before.days[0][0], max(before.days[0][1], until))
            joined[-1] = replace(before, days=[days])
        else:
            joined.append(replace(failure, days=[(since, until)]))
    return joined


def _text_of(failures: Failures, named: str, day: int) -> int | None:
    """The day of the text that stands on a day on which ``named`` fails."""
    return next(
        failure.judged
        for failure in failures
        if failure.subject == named and intersect(failure.days, day, day + 1)
    )


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
    if rule.window:
        asked = _window_rules(LINK if link else CONTRACT, [rule], editions)
        return [failure for _, failure in _failing_windows(link or subject, asked, editions)]
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
