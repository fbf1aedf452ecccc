"""What the preview accepts is carried out: nothing is refused only when it is written, whatever
somebody types, unless the ledger changed meanwhile."""

from __future__ import annotations

import copy

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from exchange.columns import Choice, Choices, Company, Day, YesNo
from exchange.importing.committing import carry_out
from exchange.reading.book import Book
from exchange.sheets import BY_KEY
from outsourcing.models import Disclosure, Inspection
from tests import factories as make
from tests.exchange.importing.files import plan_of
from tests.exchange.importing.planted import Place, put, workbook
from tests.properties import fewer
from tests.shared import shared

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]
DAYS = (None, "2016-03-31", "2017-04-01", "2017-08-01", "2018-03-31", "2018-06-30", "9999-12-31",
        "0001-01-01")  # fmt: skip
WORDS = {
    "再委託の番号": (None, 1, 2, "子", "孫"),
    "再委託元": (None, 1, 2, "子", "孫"),
    "対象": ("契約", "提供", "再委託1", "再委託2", "再委託3", "第8-4(3)"),
    "法人番号": (None, "7000012050002", "2000012010019"),
    "調査年度": (2016, 2017, 2018),
    "番号": (None, 1, 2),
    "議決権割合（％）": (0, 50, "0.5%", 100),
}


@pytest.fixture(scope="module", params=["officer", "operator"])
def made(request, django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, lambda: _made(request.param == "operator"))


def _made(whole: bool):
    agency = make.agency(code="A01", name="あおぞら省")
    by = make.officer(agency)
    round_ = make.survey_round(organs=[agency]) if whole else None
    found = workbook(agency, by, round_=round_)
    found.how = {"by": by} | ({} if whole else {"agency": agency})
    visit, provision = Inspection.objects.get(), Disclosure.objects.get()
    codes = [row["契約コード"] for row in _rows(found.book, "再委託") if row["契約コード"]]
    return found, {
        "契約コード": (None, *dict.fromkeys(codes)),
        "更新元の契約": (None, *dict.fromkeys(codes)),
        "提供コード": (None, provision.code),
        "検査コード": (None, visit.code),
        "実施した検査": (None, visit.code, "甲の検査"),
        **WORDS,
    }


def _rows(book: Book, title: str) -> list[dict]:
    heads, *rows = (row.values for row in book.sheet(title).rows)
    return [dict(zip(heads, row, strict=False)) for row in rows]


@fewer(2)
@given(edits=st.lists(st.tuples(*[st.integers(0, 99_999)] * 3), min_size=1, max_size=5))
def test_what_is_accepted_is_carried_out(made, edits):
    found, words = made
    book = copy.deepcopy(found.book)
    places = list(found.called)
    for at, heading, value in edits:
        _edit(book, places[at % len(places)], heading, value, words)
    plan = plan_of(book, **found.how)
    if plan.can_be_carried_out:
        with transaction.atomic():
            carry_out(plan, by=found.how["by"])
            transaction.set_rollback(True)


def _edit(book: Book, place: Place, heading: int, value: int, words) -> None:
    columns = [c for c in BY_KEY[place.key].own if not c.told]
    column = columns[heading % len(columns)]
    if column.heading in words:
        said = words[column.heading]
    elif isinstance(column, Day):
        said = DAYS
    elif isinstance(column, Choice | YesNo | Choices):
        said = (None, *column.choices)
    elif isinstance(column, Company):
        said = ("株式会社見本", "株式会社新規（7000012050002）", "株式会社初出（2000012010019）")
    else:
        title = BY_KEY[place.key].title
        said = (None, "別の文言", *(row.get(column.heading) for row in _rows(book, title)))
    put(book, place.key, place.row, column.heading, said[value % len(said)])
