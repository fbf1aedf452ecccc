"""Subsidiaries by the majority of votes (会社法第2条第3号), on hand-made groups of companies."""

from __future__ import annotations

from datetime import date

import pytest

from outsourcing.holdings import HALF, WHOLE, Holding, Holdings, Part
from outsourcing.recorded_holdings import holdings_above
from tests import factories as make

P, A, B, S = 1, 2, 3, 4
BEGIN, DAY, END = 100, 150, 200


def own(*rows, dissolved=None):
    """(holder, held, percent) on the days 100 to 199."""
    return Holdings(
        (Holding(holder, held, int(share * 10_000), BEGIN, END) for holder, held, share in rows),
        dissolved,
    )


def both(holdings, parent=P, day=DAY):
    """(all subsidiaries, those held entirely)"""
    return holdings.subsidiaries(parent, day), holdings.subsidiaries(parent, day, wholly=True)


@pytest.mark.parametrize(
    ("share", "subsidiaries", "entirely"),
    [
        (0, set(), set()),
        (50, set(), set()),  # half is no majority
        (50.0001, {A}, set()),
        (99.9999, {A}, set()),
        (100, {A}, {A}),
    ],
)
def test_more_than_half_makes_a_subsidiary_and_all_makes_one_entirely(
    share, subsidiaries, entirely
):
    assert both(own((P, A, share))) == (subsidiaries, entirely)


def test_votes_held_together_with_a_subsidiary_count_as_the_definition_says():
    """P has 60 % of A; P has 30 % and A has 30 % of S: S is P's subsidiary."""
    assert both(own((P, A, 60), (P, S, 30), (A, S, 30))) == ({A, S}, set())


def test_votes_of_a_company_that_is_no_subsidiary_do_not_count():
    assert both(own((P, A, 50), (P, S, 30), (A, S, 30))) == (set(), set())


def test_all_through_all_is_all():
    assert both(own((P, A, 100), (A, S, 100))) == ({A, S}, {A, S})


def test_all_through_a_mere_majority_is_a_subsidiary_but_not_entirely():
    assert both(own((P, A, 60), (A, S, 100))) == ({A, S}, set())


def test_all_in_parts_over_entire_subsidiaries():
    assert both(own((P, A, 100), (P, B, 100), (A, S, 40), (B, S, 60))) == ({A, B, S}, {A, B, S})


def test_a_part_held_by_a_mere_majority_keeps_it_from_being_entire():
    found = both(own((P, A, 100), (P, B, 99), (A, S, 40), (B, S, 60)))
    assert found == ({A, B, S}, {A})


def test_several_rows_of_one_holder_are_added_up():
    assert both(own((P, A, 30), (P, A, 30))) == ({A}, set())


def test_more_than_all_is_implausible_and_counts_as_all():
    assert both(own((P, A, 70), (B, S, 100), (P, S, 60), (A, S, 60))) == ({A, S}, set())
    assert both(own((P, A, 60), (P, A, 60))) == ({A}, {A})


def test_companies_that_hold_each_other_are_not_their_own_proof():
    assert both(own((A, B, 100), (B, A, 100))) == (set(), set())
    assert both(own((A, B, 100), (B, A, 70), (P, A, 30))) == (set(), set())
    assert both(own((A, B, 100), (B, A, 49), (P, A, 51))) == ({A, B}, set())


def test_no_company_is_a_subsidiary_of_itself():
    circle = own((P, A, 100), (A, P, 100))
    assert both(circle) == ({A}, {A})
    assert both(circle, parent=A) == ({P}, {P})
    assert circle.parts(P, P, "wholly_owned", BEGIN, END) == (Part(BEGIN, END, "none", "holdings"),)


def test_a_long_chain_is_followed_to_its_end():
    chain = own(*((n, n + 1, 51) for n in range(1, 2000)))
    assert chain.subsidiaries(1, DAY) == set(range(2, 2001))


@pytest.mark.parametrize(
    ("day", "found"), [(BEGIN - 1, set()), (BEGIN, {A}), (END - 1, {A}), (END, set())]
)
def test_a_holding_counts_on_its_first_and_last_day_and_on_no_other(day, found):
    assert own((P, A, 60)).subsidiaries(P, day) == found


@pytest.mark.parametrize("dissolved", [P, A, S])
@pytest.mark.parametrize(("day", "is_one"), [(DAY - 1, True), (DAY, False), (DAY + 1, False)])
def test_a_dissolved_company_neither_holds_nor_is_held(dissolved, day, is_one):
    group = own((P, A, 100), (A, S, 100), dissolved={dissolved: DAY})
    assert (S in group.subsidiaries(P, day)) is is_one


# Parts


def test_each_change_begins_a_part_and_no_other_day_does():
    group = Holdings(
        [
            Holding(P, A, WHOLE, BEGIN, END),
            Holding(A, S, WHOLE, BEGIN, 120),
            Holding(A, S, HALF + 1, 120, 140),
            Holding(A, S, HALF, 140, 160),
            Holding(B, S, 1, 130, 150),  # a stranger's vote changes nothing
        ]
    )
    assert group.parts(P, S, "unknown", 90, 210) == (
        Part(90, BEGIN, "none", "holdings"),
        Part(BEGIN, 120, "wholly_owned", "holdings"),
        Part(120, 140, "subsidiary", "holdings"),
        Part(140, 210, "none", "holdings"),
    )


def test_parts_stay_within_the_days_asked_for():
    group = own((P, S, 100))
    assert group.parts(P, S, "none", 110, 120) == (Part(110, 120, "wholly_owned", "holdings"),)
    assert group.parts(P, S, "none", END - 1, END + 1) == (
        Part(END - 1, END, "wholly_owned", "holdings"),
        Part(END, END + 1, "none", "holdings"),
    )


@pytest.mark.parametrize("declared", ["wholly_owned", "subsidiary", "unknown"])
def test_without_recorded_holdings_the_declaration_stands_until_dissolution(declared):
    nothing = Holdings((), {A: DAY, B: BEGIN})
    assert nothing.parts(P, S, declared, BEGIN, END) == (Part(BEGIN, END, declared, "declared"),)
    assert nothing.parts(P, A, declared, BEGIN, END) == (
        Part(BEGIN, DAY, declared, "declared"),
        Part(DAY, END, "none", "declared"),
    )
    assert nothing.parts(P, B, declared, BEGIN, END) == (Part(BEGIN, END, "none", "declared"),)


def test_a_declared_stranger_stays_one_when_dissolved():
    assert Holdings((), {A: DAY}).parts(P, A, "none", BEGIN, END) == (
        Part(BEGIN, END, "none", "declared"),
    )


def test_recorded_holdings_decide_even_on_days_they_do_not_reach():
    group = own((P, S, 100))
    assert group.parts(P, S, "wholly_owned", END, END + 10) == (
        Part(END, END + 10, "none", "holdings"),
    )


# Read from the ledger


@pytest.mark.django_db
def test_what_lies_above_is_read_in_one_query(django_assert_num_queries):
    prime, middle, bottom, aside = (make.contractor() for _ in range(4))
    make.holding(holder=prime, held=middle, share="50.0001", last_day=date(2017, 9, 30))
    make.holding(holder=middle, held=bottom)
    make.holding(holder=bottom, held=prime, share=10)  # a circle does not hang it
    make.holding(holder=bottom, held=aside)  # lies below
    with django_assert_num_queries(1):
        read = holdings_above({bottom.pk: None})
    last = date(2017, 9, 30).toordinal()
    assert read.subsidiaries(prime.pk, last) == {middle.pk, bottom.pk}
    assert read.subsidiaries(prime.pk, last + 1) == set()
    assert not read.recorded(aside.pk)
    assert read.recorded(bottom.pk)


@pytest.mark.django_db
def test_holdings_of_nobody_need_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not holdings_above({}).recorded(1)
