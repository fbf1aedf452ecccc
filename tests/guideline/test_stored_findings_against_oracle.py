"""The stored findings of the two contract rules against the oracle, through the database: a random
ledger written by the actions, single and in bulk, then changed by one random verb after the other.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guideline.models import Finding
from guideline.refresh import refresh_everything
from tests import factories as make
from tests import strategies
from tests.guideline import oracle, written
from tests.guideline.written import VERBS, Chance, World
from tests.properties import fewer
from tests.snapshots import signals

pytestmark = pytest.mark.django_db

# The agencies and companies are made once; each example undoes what it wrote.
SHARED = settings(fewer(20), suppress_health_check=list(HealthCheck))


@pytest.fixture
def world():
    return World(
        [make.agency() for _ in range(2)],
        {number: make.contractor() for number in strategies.COMPANIES},
    )


@st.composite
def stories(draw):
    """(first day of the window, contracts, who holds whom, in bulk or not, changes)"""
    begin = draw(st.sampled_from(strategies.BEGINS))
    day = st.sampled_from(list(oracle.days(begin, strategies.window(begin)[1] - strategies.MARGIN)))
    changes = st.tuples(
        st.sampled_from(list(VERBS)),
        st.builds(Chance, st.integers(0, 99), st.integers(0, 99), day, st.none() | day),
    )
    return (
        begin,
        draw(st.lists(strategies.contracts(begin), min_size=1, max_size=2)),
        draw(strategies.companies(begin)),
        draw(st.booleans()),
        draw(st.lists(changes, min_size=1, max_size=8)),
    )


@SHARED
@given(stories())
def test_stored_findings_are_those_of_the_oracle_after_each_change(world, story):
    begin, plain, companies, bulk, changes = story
    with undone():
        written.write_companies(world, companies, bulk=bulk)
        for contract in plain:
            written.write(world, contract, bulk=bulk)
        agrees(begin)
        for verb, chance in changes:
            change(verb, chance)
            agrees(begin)
        judged = refresh_everything()
        assert (judged.added, judged.changed, judged.removed) == (0, 0, 0)


@SHARED
@given(stories())
def test_written_in_bulk_and_one_by_one_a_ledger_has_the_same_findings(world, story):
    _, plain, companies, _, _ = story

    def result(*, bulk: bool):
        with undone():
            written.write_companies(world, companies, bulk=bulk)
            made = [written.write(world, contract, bulk=bulk).pk for contract in plain]
            ledger = list(written.read_all().values())
            return ledger, [
                (made.index(row["contract_id"]), {**row, "contract_id": None})
                for row in Finding.objects.order_by("contract", "rule", "subject", "since").values(
                    "contract_id", "rule", "subject", "severity", "since", "until", "relations"
                )
            ]

    assert result(bulk=True) == result(bulk=False)


def change(verb, chance: Chance) -> None:
    """One change, or its refusal, which leaves everything as it was."""
    if chance.pick(VERBS[verb]) is None:
        return
    before, keys = everything(), stored_keys()
    if (
        verb is written.void_record
        and chance.pick(chance.choice([written.models.Approval, written.models.Notification]))
        is None
    ):
        return
    with signals() as sent:
        try:
            verb(chance, make.recorder())
        except ValidationError:
            assert everything() == before
            assert stored_keys() == keys
            assert not sent
    assert len(sent) <= 1
    # A finding that says the same is the same row.
    after = stored_keys()
    assert {key: after[key] for key in keys.keys() & after} == {
        key: keys[key] for key in keys.keys() & after
    }


def everything():
    return written.read_all(), written.read_companies()


def stored_keys() -> dict[tuple, int]:
    rows = Finding.objects.values_list("pk", "contract_id", "rule", "subject", "since")
    return {tuple(key): pk for pk, *key in rows}


def agrees(begin: date) -> None:
    assert said_by_rows() == said_by_oracle(*strategies.window(begin))


def said_by_oracle(first: date, last: date) -> dict[tuple, dict[date, tuple[str, str]]]:
    companies = written.read_companies()
    said = {}
    for pk, contract in written.read_all().items():
        links = {f"link:{link.number}": link for link in contract.links}
        for rule in oracle.CONTRACT_RULES:
            for subject, failing in oracle.failing(contract, rule, first, last).items():
                said[pk, rule, subject] = {
                    day: oracle.relation(companies, contract.company, links[subject], day)
                    for day in failing
                }
    return said


def said_by_rows() -> dict[tuple, dict[date, tuple[str, str]]]:
    rows: dict[tuple, list[Finding]] = {}
    for row in Finding.objects.filter(rule__in=oracle.CONTRACT_RULES).order_by("since"):
        rows.setdefault((row.contract_id, row.rule, row.subject), []).append(row)
    for findings in rows.values():
        assert all(before.until < after.since for before, after in pairwise(findings))
    return {
        key: {day: what for row in findings for day, what in said_by(row)}
        for key, findings in rows.items()
    }


def said_by(row: Finding):
    """(day, relation and basis) of each day of a finding."""
    until = row.since
    for part in row.relations:
        assert part["since"] == until.isoformat()
        until = date.fromisoformat(part["until"])
        for day in oracle.days(date.fromisoformat(part["since"]), until):
            if day < until:
                yield day, (part["relation"], part["basis"])
    assert until == row.until


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
