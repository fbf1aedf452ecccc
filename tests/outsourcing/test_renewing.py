"""年度更新, what is pure of it: terms that follow, years that are advanced."""

from __future__ import annotations

from datetime import date

import pytest

from outsourcing.renewing import Term, advanced, next_term

FISCAL_2017 = Term(date(2017, 4, 1), date(2018, 3, 31))
FISCAL_2018 = Term(date(2018, 4, 1), date(2019, 3, 31))
FISCAL_2019 = Term(date(2019, 4, 1), date(2020, 3, 31))
FISCAL_2020 = Term(date(2020, 4, 1), date(2021, 3, 31))
THREE_YEARS = Term(date(2015, 4, 1), date(2018, 3, 31))


@pytest.mark.parametrize(
    ("first", "last", "begins", "ends"),
    [
        # A year, with and without a leap day in it or in the next.
        ("2017-04-01", "2018-03-31", "2018-04-01", "2019-03-31"),
        ("2018-04-01", "2019-03-31", "2019-04-01", "2020-03-31"),
        ("2019-04-01", "2020-03-31", "2020-04-01", "2021-03-31"),
        # Three years; a year from the middle of one.
        ("2015-04-01", "2018-03-31", "2018-04-01", "2021-03-31"),
        ("2017-10-01", "2018-09-30", "2018-10-01", "2019-09-30"),
        # Years that begin on 29 February, or would: they begin on 1 March, and end the day before.
        ("2016-02-29", "2017-02-28", "2017-03-01", "2018-02-28"),
        ("2019-03-01", "2020-02-29", "2020-03-01", "2021-02-28"),
        ("2015-03-01", "2016-02-29", "2016-03-01", "2017-02-28"),
        ("2016-02-29", "2020-02-28", "2020-02-29", "2024-02-28"),
        # No whole years: as many days. A day short of a year, a day more.
        ("2017-04-02", "2018-03-31", "2018-04-01", "2019-03-30"),
        ("2017-03-31", "2018-03-31", "2018-04-01", "2019-04-01"),
        ("2018-02-01", "2018-03-31", "2018-04-01", "2018-05-29"),
        ("2018-03-31", "2018-03-31", "2018-04-01", "2018-04-01"),
    ],
)
def test_the_term_that_follows(first, last, begins, ends):
    old = Term(date.fromisoformat(first), date.fromisoformat(last))
    new = Term(date.fromisoformat(begins), date.fromisoformat(ends))
    assert next_term(*old) == new


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("平成29年度健康診断業務", "平成30年度健康診断業務"),
        ("平成２９年度健康診断業務", "平成３０年度健康診断業務"),
        ("健康診断業務（平成29年度）その2", "健康診断業務（平成30年度）その2"),
        ("平成29年度（平成28年度分を含む）", "平成30年度（平成29年度分を含む）"),
        ("2017年度データ入力", "2018年度データ入力"),
        ("２０１７年度データ入力", "２０１８年度データ入力"),
        ("H29名簿", "H30名簿"),
        ("Ｈ２９名簿", "Ｈ３０名簿"),
        ("H29-0012", "H30-0012"),
        ("総務H29-29", "総務H30-29"),
        ("2017-0029", "2018-0029"),
        ("29-105", "30-105"),
        ("29契第29号", "30契第29号"),
        ("総務課２９－７", "総務課３０－７"),
        # What is no year of this contract stays.
        ("第29号", "第29号"),
        ("第298号", "第298号"),
        ("平成15年法律第57号に基づく調査", "平成15年法律第57号に基づく調査"),
        ("12017-1", "12017-1"),
        ("BH29", "BH29"),
        ("名簿の管理", "名簿の管理"),
        ("", ""),
    ],
)
def test_the_year_in_a_number_or_title_is_advanced(before, after):
    assert advanced(before, FISCAL_2017, FISCAL_2018) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("平成30年度名簿", "令和元年度名簿"),
        ("H30-7", "R01-7"),
        ("Ｈ３０－７", "Ｒ０１－７"),
        ("30-7", "01-7"),
        ("2018-7", "2019-7"),
    ],
)
def test_the_era_changes_with_the_fiscal_year_that_is_named_after_the_new_one(before, after):
    assert advanced(before, FISCAL_2018, FISCAL_2019) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [("令和元年度名簿", "令和2年度名簿"), ("平成31年度名簿", "令和2年度名簿"), ("R01-7", "R02-7")],
)
def test_the_first_year_of_an_era(before, after):
    assert advanced(before, FISCAL_2019, FISCAL_2020) == after


def test_a_contract_of_three_years_goes_on_three_years_later():
    new = next_term(*THREE_YEARS)
    assert advanced("平成27年度～平成29年度名簿", THREE_YEARS, new) == "平成30年度～令和2年度名簿"
    assert advanced("27-105", THREE_YEARS, new) == "30-105"
