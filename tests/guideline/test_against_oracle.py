"""The engine against the oracle: the days of its intervals are exactly the failing days."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import event, given

from guideline.evaluation import evaluate
from guideline.facts import ContractFact, approval_fact, clauses_in_force, links_in_term
from guideline.rules import RULES
from outsourcing.days import end_of
from outsourcing.holdings import Holding, Holdings
from tests import strategies
from tests.guideline import oracle

CONTRACT, AGENCY = 7, 3


def fact(contract: oracle.Contract, companies: oracle.Companies) -> ContractFact:
    """What the engine sees of a plain ledger."""
    since = contract.first.toordinal()
    until = min(filter(None, (contract.last, contract.terminated))).toordinal() + 1
    amendments = sorted(contract.amendments, key=lambda amended: amended.day)
    return ContractFact(
        id=CONTRACT,
        agency=AGENCY,
        contractor=contract.company,
        information=contract.information,
        since=since,
        until=until,
        clauses=clauses_in_force(
            contract.clause,
            contract.exempt,
            [(a.day.toordinal(), a.clause, a.exempt) for a in amendments],
        ),
        links=links_in_term([row(link) for link in contract.links], since, until),
        holdings=recorded(companies),
    )


def row(link: oracle.Link) -> dict:
    facts = (approval_fact(d.day, d.first, d.last, d.result) for d in link.decisions)
    return {
        "id": 100 + link.number,
        "number": link.number,
        "parent_id": link.parent and 100 + link.parent,
        "contractor_id": link.company,
        "work": link.work,
        "declared_relation": link.declared,
        "first_day": link.first,
        "last_day": link.last,
        "approvals": tuple(filter(None, facts)),
        "notices": tuple(day.toordinal() for day in link.notices),
    }


def recorded(companies: oracle.Companies) -> Holdings:
    return Holdings(
        (
            Holding(h.holder, h.held, int(h.share * 10_000), h.first.toordinal(), end_of(h.last))
            for h in companies.holdings
        ),
        {company: day.toordinal() for company, day in companies.dissolved.items()},
    )


def agrees(rule: str, begin: date, contract: oracle.Contract, companies: oracle.Companies):
    found = {}
    for value in evaluate(fact(contract, companies)):
        assert (value.contract, value.agency) == (CONTRACT, AGENCY)
        if value.rule == rule:
            found.setdefault(value.subject, []).append(value)
    expected = oracle.failing(contract, rule, *strategies.window(begin))
    assert {subject: in_order(values) for subject, values in found.items()} == expected
    for subject, values in found.items():
        link = contract.links[int(subject.removeprefix("link:")) - 1]
        for value in values:
            assert day_by_day(value.relations, value.since, value.until) == {
                day: oracle.relation(companies, contract.company, link, day)
                for day in days(value.since, value.until)
            }
    event("fails" if expected else "keeps the rule")


def days(since: int, until: int) -> list[date]:
    return [date.fromordinal(number) for number in range(since, until)]


def in_order(spans) -> set[date]:
    """The days of ``spans``, which are sorted, not empty, and neither overlap nor touch."""
    assert all(span.since < span.until for span in spans)
    assert all(before.until < after.since for before, after in pairwise(spans))
    return {day for span in spans for day in days(span.since, span.until)}


def day_by_day(parts, since: int, until: int) -> dict[date, tuple[str, str]]:
    """What the parts say of each day; they follow each other without gap, and each says another
    thing than the one before."""
    assert all(part.since < part.until for part in parts)
    assert (parts[0].since, parts[-1].until) == (since, until)
    for before, after in pairwise(parts):
        assert before.until == after.since
        assert (before.relation, before.basis) != (after.relation, after.basis)
    return {day: (p.relation, p.basis) for p in parts for day in days(p.since, p.until)}


# Clauses that the rule does not ask about are fewer, so that most examples are about the rule.
@given(strategies.ledgers(["prior_approval"] * 8 + ["forbidden"] + strategies.CLAUSES))
def test_unapproved_subcontract_fails_on_the_days_the_oracle_says(ledger):
    agrees("unapproved-subcontract", *ledger)


@given(strategies.ledgers(["prior_notice"] * 5 + strategies.CLAUSES))
def test_unnotified_subcontract_fails_on_the_days_the_oracle_says(ledger):
    agrees("unnotified-subcontract", *ledger)


def test_every_rule_is_held_against_the_oracle():
    assert {rule.code for rule in RULES} == set(oracle.RULES)


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
    since, until = first.toordinal(), last.toordinal() + 1
    holdings = recorded(companies)
    for parent in strategies.COMPANIES:
        for company in strategies.COMPANIES:
            parts = holdings.parts(parent, company, "subsidiary", since, until)
            link = oracle.Link(1, company, first, declared="subsidiary")
            assert day_by_day(parts, since, until) == {
                day: oracle.relation(companies, parent, link, day)
                for day in oracle.days(first, last)
            }
