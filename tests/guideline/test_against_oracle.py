"""The engine against the oracle: the days of its intervals are exactly the failing days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from guideline import law as carried
from guideline.evaluation import FindingValue, evaluate
from guideline.rules import RULES
from outsourcing.days import FOREVER
from tests import strategies
from tests.guideline import oracle
from tests.guideline.adapter import AGENCY, CONTRACT, DISCLOSURE, editions, fact, recorded
from tests.properties import fewer
from tests.strategies import duties, inspections, laws


class Span(NamedTuple):
    since: int
    until: int


# Clauses that the rule does not ask about are fewer, so that most examples are about the rule.
LEDGERS = {
    "unapproved-subcontract": strategies.ledgers(
        ["prior_approval"] * 8 + ["forbidden"] + strategies.CLAUSES
    ),
    "unnotified-subcontract": strategies.ledgers(["prior_notice"] * 5 + strategies.CLAUSES),
    "capability-check": duties.conduct(),
    "required-clause": duties.texts(),
    "subsidiary-clause": duties.texts(oracle.NOTE),
    "written-confirmation": duties.conduct(),
    "yearly-inspection": inspections.inspected(),
    "on-site": inspections.inspected(),
    "inspection-scope": inspections.inspected(),
    "flow-down": duties.passed_down(),
    "link-inspection": inspections.inspected(least_links=1),
    "dispatch-clause": duties.texts(),
    "anonymization-undecided": duties.conduct() | duties.disclosures(),
    "anonymization-missing": duties.conduct() | duties.disclosures(),
    "disposal-proof": duties.disposals(),
    "medical-attention": duties.conduct(),
    "provision-terms": duties.disclosures(),
    "provision-safety": duties.disclosures(),
    "provision-survey": duties.disclosures(),
    "provision-public": duties.disclosures(),
}
every_rule = pytest.mark.parametrize("rule", LEDGERS)


@every_rule
@given(st.data())
def test_a_rule_fails_on_the_days_the_oracle_says(rule, data):
    agrees(rule, *ledger(data, rule), oracle.LAW)


@every_rule
@fewer(2)
@given(st.data())
def test_it_does_so_under_laws_that_are_made_up(rule, data):
    walk, of, companies = ledger(data, rule)
    agrees(rule, walk, of, companies, data.draw(laws.made_up(rule, of, walk)))


@every_rule
@fewer(4)
@given(st.data())
def test_a_finding_is_owed_to_its_edition_if_none_of_its_days_fails_without(rule, data):
    """The oldest edition replaced none, and nothing is said to be owed to it."""
    walk, of, companies = ledger(data, rule)
    law = data.draw(st.just(oracle.LAW) | laws.made_up(rule, of, walk))
    owed = set()
    for value in values_of(rule, of, companies, law):
        edition = oracle.edition_on(law, date.fromordinal(value.edition))
        without = oracle.without(law, edition)
        asked = [day for day in seen(walk, law, [value]) if lies_in(day, value)]
        owes = edition != law[0] and value.subject not in broken_by(of, rule, asked, without)
        assert value.owed_to == (value.edition if owes else None)
        owed.add(value.owed_to is not None)
    event(f"owed: {sorted(owed)}")


def test_every_rule_is_held_against_the_oracle():
    codes = {rule.code for rule in RULES}
    assert codes == set(LEDGERS) == set(oracle.RULES) | set(oracle.DISCLOSURE_RULES)


def test_the_oracle_knows_the_law_that_is_carried():
    plain = editions(oracle.LAW).editions
    assert [(e.since, e.until, e.parameters, set(e.rules)) for e in carried.law().editions] == [
        (e.since, e.until, e.parameters, set(e.rules)) for e in plain
    ]


# What agreement means


def ledger(data, rule: str):
    """(days to ask about, contract or disclosure, who holds whom)"""
    walk, of, companies = data.draw(LEDGERS[rule])
    if isinstance(walk, date):
        walk = list(oracle.days(*strategies.window(walk)))
    return walk, of._replace(excuses=data.draw(laws.excuses(of, rule, walk))), companies


def values_of(rule: str, of, companies, law: oracle.Law) -> list[FindingValue]:
    known = None if law is oracle.LAW else editions(law)
    values = evaluate([fact(of, companies)], known)
    key = (None, DISCLOSURE) if isinstance(of, oracle.Disclosure) else (CONTRACT, None)
    assert all((v.contract, v.disclosure, v.agency) == (*key, AGENCY) for v in values)
    return [value for value in values if value.rule == rule]


def agrees(rule: str, walk: list[date], of, companies, law: oracle.Law) -> None:
    values = values_of(rule, of, companies, law)
    walk = seen(walk, law, values)
    expected = oracle.failing_on(of, rule, walk, law)
    assert days_of([value for value in values if not value.excused], walk) == expected
    excused = oracle.excused(of, rule, walk, law)
    assert days_of([value for value in values if value.excused], walk) == excused
    for value in values:
        assert value.edition == deciding(of, value, law)
        assert (value.severity == "attention") == is_attention(of, value, law)
        said = day_by_day(value.relations, value, walk) if value.relations else {}
        assert said == relations(value, of, companies, walk)
        assert (value.severity == "breach") == (rule in oracle.CONTRACT_RULES)
    event("fails" if expected else "excused" if excused else "keeps the rule")


def seen(walk: list[date], law: oracle.Law, values: Iterable[FindingValue]) -> list[date]:
    """The days to ask about, those around each edge of a finding and of an edition included."""
    edges = {edge for value in values for edge in (value.since, value.until) if edge < FOREVER}
    edges |= {edition.first.toordinal() for edition in law}
    more = {date.fromordinal(edge + number) for edge in edges for number in (-1, 0)}
    return sorted(more.union(walk))


def lies_in(day: date, span) -> bool:
    return span.since <= day.toordinal() < span.until


def days_of(values: list[FindingValue], walk: list[date]) -> dict[str, set[date]]:
    """Subject → the days of ``walk`` in its findings, which are in order and do not touch."""
    found: dict[str, list[FindingValue]] = {}
    for value in values:
        assert value.since < value.until
        found.setdefault(value.subject, []).append(value)
    for spans in found.values():
        assert all(before.until < after.since for before, after in pairwise(spans))
    return {
        subject: {day for day in walk if any(lies_in(day, value) for value in spans)}
        for subject, spans in found.items()
    }


def broken_by(of, rule: str, walk: list[date], law: oracle.Law) -> set[str]:
    """The subjects that fail on any of these days, excused or not."""
    return set(oracle.failing_on(of._replace(excuses=()), rule, walk, law))


def is_attention(of, value: FindingValue, law: oracle.Law) -> bool:
    if isinstance(of, oracle.Disclosure):
        return False
    return oracle.attention(of, value.rule, value.subject, law)


def deciding(of, value: FindingValue, law: oracle.Law) -> int:
    """The edition that decides on the first day of a finding."""
    day = date.fromordinal(value.since)
    return oracle.deciding(of, value.rule, value.subject, day, law).first.toordinal()


def relations(value: FindingValue, of, companies, walk: list[date]) -> dict:
    """What a breach says of its link on each day: what its company is to the contractor."""
    if value.rule not in oracle.CONTRACT_RULES:
        return {}
    link = of.links[int(value.subject.removeprefix("link:")) - 1]
    return {
        day: oracle.relation(companies, of.company, link, day)
        for day in walk
        if lies_in(day, value)
    }


def day_by_day(parts, span, walk: Iterable[date]) -> dict[date, tuple[str, str]]:
    """What the parts of a span say of each day; they follow each other without gap, and each says
    another thing than the one before."""
    assert all(part.since < part.until for part in parts)
    assert (parts[0].since, parts[-1].until) == (span.since, span.until)
    for before, after in pairwise(parts):
        assert before.until == after.since
        assert (before.relation, before.basis) != (after.relation, after.basis)
    return {day: (p.relation, p.basis) for p in parts for day in walk if lies_in(day, p)}


@given(strategies.holdings())
def test_subsidiaries_are_those_the_oracle_says(given_):
    begin, companies = given_
    first, last = strategies.window(begin)
    holdings = recorded(companies)
    any_found = False
    for day in oracle.days(first, last):
        for parent in strategies.COMPANIES:
            for wholly in (False, True):
                expected = oracle.subsidiaries(companies, parent, day, wholly=wholly)
                found = holdings.subsidiaries(parent, day.toordinal(), wholly=wholly)
                assert found == expected
                any_found = any_found or len(expected) > 1
    event("has chains" if any_found else "has none")


@given(strategies.holdings())
def test_the_parts_of_a_relation_are_what_the_oracle_says_of_each_day(given_):
    begin, companies = given_
    first, last = strategies.window(begin)
    span = Span(first.toordinal(), last.toordinal() + 1)
    walk = list(oracle.days(first, last))
    holdings = recorded(companies)
    for parent in strategies.COMPANIES:
        for company in strategies.COMPANIES:
            parts = holdings.parts(parent, company, "subsidiary", span.since, span.until)
            link = oracle.Link(1, company, first, declared="subsidiary")
            assert day_by_day(parts, span, walk) == {
                day: oracle.relation(companies, parent, link, day) for day in walk
            }
