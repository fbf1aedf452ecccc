"""Ａ社, Ｂ社 …: the same company the same letter, whatever stands beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.anonymous import Letters, Names, folded, label


@pytest.mark.parametrize(
    ("number", "letters"),
    [
        (0, "Ａ社"), (1, "Ｂ社"), (25, "Ｚ社"), (26, "ＡＡ社"), (27, "ＡＢ社"), (51, "ＡＺ社"),
        (52, "ＢＡ社"), (701, "ＺＺ社"), (702, "ＡＡＡ社"),
    ],
)  # fmt: skip
def test_letters_go_on_after_the_last(number, letters):
    assert label(number) == letters


def test_no_two_companies_have_the_same_letters():
    assert len({label(number) for number in range(20_000)}) == 20_000


def met(*names: str) -> Letters:
    letters = Letters()
    letters.meet(enumerate(names, 1))
    return letters


def test_a_company_has_the_letter_of_its_place_and_keeps_it():
    letters = met("架空健診センター", "架空検査所")
    letters.meet([(2, "架空検査所"), (7, "架空印刷"), (1, "架空健診センター")])
    assert [letters.of(key, "某") for key in (1, 2, 7)] == ["Ａ社", "Ｂ社", "Ｃ社"]


def test_who_was_never_met_has_no_name_either():
    assert met("架空検査所").of(9, "個人の名") == ""


def test_numbers_are_hidden_with_the_names():
    assert met().number("1234567890123") == ""
    assert Names().number("1234567890123") == "1234567890123"
    assert Names().number(None) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("架空検査所による検体検査", "Ａ社による検体検査"),
        ("（架空検査所、架空検査所大阪）", "（Ａ社、Ｂ社）"),
        ("ABC印刷とＡＢＣ印刷とabc印刷", "Ｃ社とＣ社とＣ社"),
        ("架空検査", "架空検査"),
        ("", ""),
        ("試験太郎様", "Ｄ社様"),
    ],
)
def test_free_text_has_letters_where_it_had_a_name_the_longest_first(text, shown):
    letters = met("架空検査所", "架空検査所大阪", "ＡＢＣ印刷", "試験太郎")
    assert letters.text(text) == shown


def test_a_letter_is_not_taken_for_a_name_again():
    assert met("Ｂ社", "Ａ社").text("Ａ社とＢ社") == "Ｂ社とＡ社"


def test_of_two_companies_of_one_name_free_text_has_the_first():
    assert met("架空検査所", "架空検査所").text("架空検査所") == "Ａ社"


NAMES = st.lists(st.text("架空検査所ＡAａ株式会社", min_size=1, max_size=6), max_size=8)


@given(names=NAMES, text=st.text("架空検査所ＡAａ株式会社の業務", max_size=30))
def test_no_name_that_was_there_is_left_where_it_stood(names, text):
    """Against another way to say it: whatever is left of the text between letters has no name."""
    letters = met(*names)
    labels = {letters.of(key, "某") for key in range(1, len(names) + 1)}
    rest = letters.text(text)
    for each in sorted(labels, key=len, reverse=True):
        rest = rest.replace(each, "\n")
    for name in names:
        assert folded(name) not in folded(rest)


@given(text=st.text(max_size=40))
def test_a_text_is_folded_without_growing(text):
    assert len(folded(text)) == len(text)
