"""Approvals and withdrawals alone, on one link that runs all the time: what random ledgers, which
hold everything at once, come to seldom. All fall within a few days, so most share some."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from guideline.facts import approval_fact
from guideline.rules.unapproved_subcontract import approved_days
from tests.guideline import oracle

BEGIN, DAYS = date(2017, 4, 1), 8
ALL = [BEGIN + timedelta(days=number) for number in range(DAYS)]

maybe_day = st.one_of(st.none(), st.sampled_from(ALL))


@st.composite
def decisions(draw, results=("approved", "conditional", "withdrawn", "withdrawn", "rejected")):
    first, last = draw(maybe_day), draw(maybe_day)
    if first and last and last < first:
        first, last = last, first
    # Mostly with a day of decision: without one it counts for nothing.
    day = draw(st.one_of(st.sampled_from(ALL), st.sampled_from(ALL), maybe_day))
    return oracle.Decided(draw(st.sampled_from(results)), day, first, last)


given_first = decisions(results=("approved", "conditional"))


@given(given_first, st.lists(decisions(), max_size=3), st.randoms(use_true_random=False))
def test_approved_days_are_those_the_oracle_says_in_whatever_order_recorded(first, more, random):
    recorded = [first, *more]
    random.shuffle(recorded)
    facts = (approval_fact(d.day, d.first, d.last, d.result) for d in recorded)
    spans = approved_days(tuple(filter(None, facts)))
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    link = oracle.Link(1, 1, BEGIN, decisions=tuple(recorded))
    for day in ALL:
        expected = oracle.approved(link, day)
        assert any(a <= day.toordinal() < b for a, b in spans) == expected, day
