"""Trees of links: depth, what lies above, and circles that are refused before they close."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing.chains import ancestors, depth, would_loop

# 1 ─ 2 ─ 3 ─ 4, and 5 beside 2
CHAIN = {1: None, 2: 1, 3: 2, 4: 3, 5: 1}


@pytest.mark.parametrize(("link", "deep"), [(1, 1), (2, 2), (4, 4), (5, 2)])
def test_a_link_lies_as_deep_as_it_has_links_above_it_and_one(link, deep):
    assert depth(link, CHAIN) == deep


def test_what_lies_above_is_told_nearest_first():
    assert ancestors(4, CHAIN) == [3, 2, 1]
    assert ancestors(1, CHAIN) == []


@pytest.mark.parametrize("circle", [{1: 1}, {1: 2, 2: 1}, {1: 2, 2: 3, 3: 2}])
def test_a_circle_is_an_error_and_no_endless_walk(circle):
    with pytest.raises(ValueError, match="再委託1"):
        ancestors(1, circle)


@pytest.mark.parametrize("below", [1, 2, 4])
def test_a_link_under_itself_or_what_hangs_on_it_would_loop(below):
    assert would_loop(1, below, CHAIN)


@pytest.mark.parametrize(("link", "under"), [(2, 5), (3, 1), (3, None), (1, None), (5, 4)])
def test_a_link_elsewhere_would_not(link, under):
    assert not would_loop(link, under, CHAIN)


@st.composite
def trees(draw):
    """Each link hangs on an earlier one or on the contract, under names that tell no order."""
    names = draw(st.permutations(range(1, draw(st.integers(2, 9)) + 1)))
    return {name: draw(st.sampled_from([None, *names[:place]])) for place, name in enumerate(names)}


@given(trees(), st.data())
def test_a_move_loops_exactly_if_walking_up_afterwards_comes_round(tree, data):
    link = data.draw(st.sampled_from(sorted(tree)))
    under = data.draw(st.sampled_from([None, *sorted(tree)]))
    moved = {**tree, link: under}
    above = link
    for _ in tree:
        above = above and moved[above]
    assert would_loop(link, under, tree) == (above is not None)
