"""Every mistake of a file is told in one pass, however many are in one row: those that were made,
and none that only follow from a cell that cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing.models import Section
from tests import factories as make
from tests.exchange.importing.files import plan_of
from tests.exchange.importing.planted import KINDS, together, workbook
from tests.properties import fewer
from tests.shared import shared

pytestmark = pytest.mark.django_db
MANY = 100_000


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, _made)


def _made():
    agency = make.agency(code="A01", name="あおぞら省")
    by = make.officer(agency)
    found = workbook(agency, by)
    mine = Section.objects.get(agency=agency, code="001")
    found.how = {"agency": agency, "by": by, "may_write": lambda _, section: section == mine.pk}
    return found


def told(book, how) -> list[tuple]:
    return sorted((m.sheet, m.row, m.heading) for m in plan_of(book, **how).mistakes)


def test_nothing_is_wrong_with_the_workbook(made):
    assert [m.message for m in plan_of(made.book, **made.how).mistakes] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.key}-{kind.heading}-{kind.typed}")
def test_each_mistake_alone_is_told_as_what_it_is(made, kind):
    for one in (one for one in made.possible() if one.kind is kind):
        assert told(made.with_mistakes([one]), made.how) == made.told([one]), one


@fewer(4)
@given(numbers=st.lists(st.integers(0, MANY), min_size=2, max_size=30))
def test_all_that_are_planted_are_told_at_once_and_nothing_else(made, numbers):
    possible = made.possible()
    planted = together(possible[number % len(possible)] for number in numbers)
    assert told(made.with_mistakes(planted), made.how) == made.told(planted)
