"""The numbers of many days, from one reading, are those of the list asked as of each of them."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from audit import counting, reports
from audit.timing import NEVER
from guideline.corrections import MARKS
from guideline.models import CorrectiveAction, Finding, Law
from guideline.refresh import SHAPED
from guideline.shapes import Numbers, Shape, shape_of
from guideline.standing import node_of
from tests import factories as make
from tests.properties import fewer

pytestmark = pytest.mark.django_db

BASE = date(2017, 2, 1)
FIRST, LAST = BASE - timedelta(days=5), BASE + timedelta(days=130)

CONDITIONS = (
    "",
    "when=standing",
    "due=30",
    "due=90",
    "longer=30",
    "when=standing&longer=90",
    "due=30&state=none",
    "since=2017-02-10&until=2017-03-20",
    "since=2017-02-10&until=2017-03-20&longer=30",
    "since=2017-02-10&until=2017-03-20&state=overdue",
    "state=none",
    "state=open",
    "state=overdue",
    "state=settled",
    "state=unneeded",
    "state=open&when=standing",
    "state=overdue&when=standing",
    "state=settled&longer=30",
    "state=overdue&longer=30",
    "begun=2017-03-01",
    "severity=breach",
)
RULES = ("capability-check", "contract-items", MARKS[0])


def days(lowest: int = 0, highest: int = 120):
    return st.integers(lowest, highest).map(lambda n: BASE + timedelta(days=n))


@st.composite
def findings(draw) -> dict:
    since = draw(days())
    until = draw(st.none() | st.integers(1, 60).map(lambda n: since + timedelta(days=n)))
    acted = draw(st.just(NEVER) | days())
    settled = draw(st.just(NEVER) | days())
    return {
        "rule": draw(st.sampled_from(RULES)),
        "subject": draw(st.sampled_from(("contract", "link:1"))),
        "severity": draw(st.sampled_from(("breach", "violation"))),
        "since": since,
        "until": until,
        "ends": until or NEVER,
        "excused": draw(st.integers(0, 4)) == 0,
        "acted_on": acted,
        "settled_on": settled,
        "leaves_on": draw(st.sampled_from((settled, NEVER)) | days()),
    }


@st.composite
def actions(draw) -> dict:
    first, started = draw(days()), draw(days())
    due = draw(st.none() | st.integers(0, 40).map(lambda n: started + timedelta(days=n)))
    closed = draw(st.none() | st.integers(0, 80).map(lambda n: started + timedelta(days=n)))
    last = draw(st.none() | st.integers(0, 60).map(lambda n: first + timedelta(days=n)))
    return {
        "rule": draw(st.sampled_from(RULES[:2])),
        "subject": draw(st.sampled_from(("contract", "link:1"))),
        "first_day": first,
        "last_day": last,
        "started_on": started,
        "due_on": due,
        "closed_on": closed,
    }


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def contract():
    return make.contract()


def write(contract, rows: list[dict], acts: list[dict]) -> None:
    """Findings and actions as they come, whatever would make them."""
    law = Law.objects.get_or_create(digest="x" * 64)[0]
    Finding.objects.all().delete()
    of = {(row["rule"], row["subject"], row["since"]): row for row in rows}
    numbers = Numbers().of({shape_in(row) for row in of.values()})
    Finding.objects.bulk_create(
        Finding(
            contract=contract,
            agency=contract.agency,
            law=law,
            node=node_of(row["since"], row["ends"]),
            shape_id=numbers[shape_in(row)],
            **row,
        )
        for row in of.values()
    )
    CorrectiveAction.objects.bulk_create(
        CorrectiveAction(
            contract=contract, agency=contract.agency, recorded_by=make.recorder(),
            measure="guidance", **row,
        )
        for row in acts
    )  # fmt: skip


def shape_in(row: dict) -> Shape:
    carried = (getattr(Finding(**row), name) for name in SHAPED)
    return shape_of(row["rule"], *carried)


def turning(conditions: str, rows: list[dict], acts: list[dict]) -> set[date]:
    """The day before, the day itself and the day after of each on which a number could change."""
    ahead = next((int(n) for n in ("90", "30") if f"due={n}" in conditions), 0)
    long = next((int(n) for n in ("90", "30") if f"longer={n}" in conditions), 0)
    names = ("since", "ends", "acted_on", "settled_on", "leaves_on")
    found = {row[name] for row in rows for name in names}
    found |= {row[name] for row in acts for name in ("due_on", "closed_on") if row[name]}
    found = {day for day in found if day != NEVER}
    found |= {row["since"] - timedelta(days=ahead) for row in rows}
    found |= {row["since"] + timedelta(days=long) for row in rows}
    near = {day + timedelta(days=n) for day in found for n in (-1, 0, 1)} | {FIRST, LAST}
    return {day for day in near if FIRST <= day <= LAST}


OVERDUE_TWICE = (
    [
        {
            "rule": "capability-check", "subject": "contract", "severity": "violation",
            "since": BASE, "until": None, "ends": NEVER, "excused": False,
            "acted_on": BASE, "settled_on": NEVER, "leaves_on": NEVER,
        },
    ],
    [
        {
            "rule": "capability-check", "subject": "contract", "first_day": BASE,
            "last_day": None, "started_on": BASE, "due_on": BASE + timedelta(days=due),
            "closed_on": BASE + timedelta(days=closed),
        }
        for due, closed in ((5, 9), (8, 12), (30, 40), (50, 50), (60, 59))
    ],
)  # fmt: skip


@fewer(3)
@given(
    st.sampled_from(CONDITIONS),
    st.lists(findings(), max_size=7),
    st.lists(actions(), max_size=4),
)
@example("state=overdue", *OVERDUE_TWICE)
@example("state=overdue&longer=30", *OVERDUE_TWICE)
def test_every_day_has_the_number_of_the_list_as_of_it(conditions, rows, acts):
    with undone():
        contract = make.contract()
        write(contract, rows, acts)
        found = reports.listed(conditions, contract.agency, FIRST)
        numbers = counting.numbers(found, FIRST, LAST)
        assert len(numbers) == (LAST - FIRST).days + 1
        for day in sorted(turning(conditions, rows, acts)):
            found.conditions.on = day
            assert numbers[(day - FIRST).days] == found.qs.count(), day


def test_counted_by_hand(contract):
    """Overdue from the day after the due day, until the day it is closed on."""
    with undone():
        write(contract, *OVERDUE_TWICE)
        found = reports.listed("state=overdue", contract.agency, BASE)
        numbers = counting.numbers(found, BASE, BASE + timedelta(days=60))
    assert [n for n, number in enumerate(numbers) if number] == [*range(6, 12), *range(31, 40)]
    assert max(numbers) == 1


def test_a_finding_that_ended_before_the_first_day_counts_on_none(contract):
    rows = [OVERDUE_TWICE[0][0] | {"until": BASE + timedelta(days=3), "ends": BASE + timedelta(3)}]
    with undone():
        write(contract, rows, [])
        found = reports.listed("when=standing", contract.agency, BASE)
        assert counting.numbers(found, BASE, BASE + timedelta(days=4)) == [1, 1, 1, 0, 0]
        assert counting.numbers(found, BASE + timedelta(days=3), BASE + timedelta(4)) == [0, 0]
        assert counting.numbers(found, BASE - timedelta(days=2), BASE) == [0, 0, 1]


def test_what_cannot_be_understood_counts_nothing(contract):
    found = reports.listed("severity=none-such", contract.agency, BASE)
    assert counting.numbers(found, BASE, BASE + timedelta(days=1)) == [0, 0]


def test_many_days_take_one_reading(contract, django_assert_num_queries):
    with undone():
        write(contract, *OVERDUE_TWICE)
        for conditions, queries in (("", 1), ("when=standing&severity=breach", 1), ("due=30", 1)):
            found = reports.listed(conditions, contract.agency, BASE)
            with django_assert_num_queries(queries):
                counting.numbers(found, BASE, BASE + timedelta(days=4000))


class TestUnion:
    day = staticmethod(lambda n: BASE + timedelta(days=n))

    @given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=6))
    def test_has_each_day_once(self, pairs):
        runs = [(self.day(a), self.day(b)) for a, b in pairs]
        united = counting.union(runs)
        days = {n for a, b in pairs for n in range(a, b)}
        found = [
            n for since, until in united for n in range((since - BASE).days, (until - BASE).days)
        ]
        assert sorted(days) == found
        assert all(a[1] < b[0] for a, b in pairwise(united))
