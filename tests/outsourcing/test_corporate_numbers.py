from __future__ import annotations

import re

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from outsourcing import corporate_numbers

# 国税庁 itself, as published on its own site.
TAX_AGENCY = "7000012050002"


@pytest.mark.parametrize(
    "typed",
    ["7000012050002", "7-0000-1205-0002", " 7000 0120 50002 ", "７０００－０１２０－５０００２"],
)
def test_a_number_is_kept_compact_however_it_is_typed(typed):
    assert corporate_numbers.parse(typed) == TAX_AGENCY


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("700001205000", "13桁の数字ではありません（12文字）"),
        ("70000120500020", "13桁の数字ではありません（14文字）"),
        ("", "13桁の数字ではありません（0文字）"),
        ("700001205000X", "数字でない文字"),
        ("8000012050002", "検査用数字が合いません"),
        ("7000012050003", "検査用数字が合いません"),
    ],
)
def test_a_wrong_number_is_named_with_the_reason(typed, why):
    with pytest.raises(ValueError, match=why) as refused:
        corporate_numbers.parse(typed)
    assert f"「{typed}」" in str(refused.value)


def test_the_check_digit_is_that_of_the_published_number():
    assert corporate_numbers.check_digit("000012050002") == "7"


@pytest.mark.parametrize("wrong", ["", "00001205000", "00001205000a", "０００012050002"])
def test_a_check_digit_is_only_made_for_twelve_digits(wrong):
    with pytest.raises(ValueError, match="12桁"):
        corporate_numbers.check_digit(wrong)


@given(st.integers(0, 999_999))
def test_synthetic_numbers_are_valid_and_from_no_range_that_is_given_out(serial):
    number = corporate_numbers.synthetic_number(serial)
    assert corporate_numbers.parse(number) == number
    assert corporate_numbers.is_synthetic(number)
    # Registered corporations begin with 0 to 5, state and local bodies with 0, the rest with 7.
    assert number[1] not in "01234567"


def test_synthetic_numbers_differ_by_their_serial():
    assert corporate_numbers.synthetic_number(0)[1:] == "999999000000"
    assert corporate_numbers.synthetic_number(1)[1:] == "999999000001"


@pytest.mark.parametrize("serial", [-1, 1_000_000])
def test_a_serial_outside_the_range_is_refused(serial):
    with pytest.raises(ValueError, match=str(serial)):
        corporate_numbers.synthetic_number(serial)


def test_a_real_number_is_not_synthetic():
    assert not corporate_numbers.is_synthetic(TAX_AGENCY)
    assert not corporate_numbers.is_synthetic("")


APPS = ("accounts", "audit", "exchange", "guideline", "outsourcing", "surveys", "templates")
NUMBER = re.compile(r"(?<![0-9])[0-9]{13}(?![0-9])")


def test_each_number_that_users_read_as_an_example_can_be_typed():
    sources = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*")]
    found = {
        number
        for path in sources
        if path.suffix in (".py", ".html") and "migrations" not in path.parts
        for number in NUMBER.findall(path.read_text())
    }
    assert corporate_numbers.EXAMPLE in found
    for number in found:
        assert corporate_numbers.parse(number) == number


def test_the_number_of_examples_is_nobodys():
    assert corporate_numbers.is_synthetic(corporate_numbers.EXAMPLE)
