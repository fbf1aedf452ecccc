"""What of names is kept to find them by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from outsourcing.folding import fold
from outsourcing.name_parts import LEADING, LONGEST, WITHIN, parts, windows, without_form

LETTERS = st.text("あいう株式会社(株)A１ー ", max_size=30)


def test_a_name_is_kept_from_each_of_its_letters_on():
    assert parts("みどり") == {"みどり": LEADING, "どり": WITHIN, "り": WITHIN}


def test_no_part_is_longer_than_eight_letters():
    assert list(parts("あいうえおかきくけこ"))[:3] == [
        "あいうえおかきく", "いうえおかきくけ", "うえおかきくけこ",
    ]  # fmt: skip


def test_a_name_also_begins_behind_its_form():
    found = parts("株式会社みほん")
    assert {part for part, place in found.items() if place == LEADING} == {
        "株式会社みほん",
        "みほん",
    }


def test_a_part_that_begins_one_of_the_names_begins_a_name():
    assert parts("本日", "日")["日"] == LEADING


def test_the_form_is_left_out_before_and_behind():
    same = ("株式会社みほん", "ミホン株式会社", "㈱ﾐﾎﾝ", "みほん(株)", "有限会社 みほん")
    assert {without_form(name) for name in same} == {"みほん"}


@given(LETTERS, st.data())
def test_whatever_stands_in_a_name_begins_one_of_its_parts(name, data):
    plain = fold(name)
    start = data.draw(st.integers(0, max(len(plain) - 1, 0)))
    within = plain[start : start + data.draw(st.integers(1, LONGEST))]
    assert not within or any(part.startswith(within) for part in parts(name))


@given(st.lists(LETTERS.map(fold).filter(bool), min_size=1, max_size=3))
def test_each_window_stands_in_a_word_and_the_longest_come_first(asked):
    found = windows(asked)
    assert found
    assert all(any(window in word for word in asked) for window in found)
    assert all(len(window) <= LONGEST for window in found)
    assert len(found[0]) == min(LONGEST, max(map(len, asked)))
