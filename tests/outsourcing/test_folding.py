"""One spelling for searching: what people take for the same is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing.folding import fold, folded, spelled_out, words

KATAKANA = st.text(st.characters(min_codepoint=0x30A1, max_codepoint=0x30F6))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＡＢＣ商事", "abc商事"),
        ("Abc商事", "ABC商事"),
        ("みどりデータ", "ミドリデータ"),
        ("ﾐﾄﾞﾘﾃﾞｰﾀ", "みどりでーた"),
        ("㈱見本", "(株)見本"),
        ("株式会社　見本", "株式会社見本"),
        ("見本 太郎", "見本太郎"),
        ("１２３", "123"),
        ("データ", "デ－タ"),
        ("データ", "デ―タ"),
        ("7‐11", "7-11"),
        ("ヴィーナス", "ゔぃーなす"),
        ("カ\u3099", "ガ"),
    ],
)
def test_is_one_spelling(typed, meant):
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [("はは", "ばば"), ("きよう", "きょう"), ("見本", "見木"), ("a", "b"), ("1", "一")],
)
def test_what_is_read_otherwise_stays_apart(one, other):
    assert fold(one) != fold(other)


def test_names_and_readings_are_kept_apart_by_a_space_that_no_word_has():
    assert folded("株式会社 見本", "ミホン") == "株式会社見本 みほん"
    assert folded("見本", "") == "見本"
    assert words("　見本　データ ") == ["見本", "で-た"]
    assert words(" 　 ") == []


@given(KATAKANA)
def test_katakana_is_found_as_hiragana(text):
    as_hiragana = "".join(chr(ord(c) - 0x60) for c in text)
    assert fold(text) == fold(as_hiragana)


@given(st.text())
def test_what_is_folded_is_not_folded_further_by_case_kana_or_spaces(text):
    once = fold(text)
    assert not any(c.isspace() or 0x30A1 <= ord(c) <= 0x30F6 for c in once)
    assert words(text) == [] or "".join(words(text)) != ""


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("㈱見本", "株式会社見本"),
        ("見本（株）", "見本株式会社"),
        ("(有) 見本", "有限会社見本"),
        ("（一財）見本会", "一般財団法人見本会"),
    ],
)
def test_a_kind_of_company_is_spelled_out_where_it_stands(typed, name):
    assert spelled_out(fold(typed)) == fold(name)
    assert spelled_out(fold(name)) == fold(name)
