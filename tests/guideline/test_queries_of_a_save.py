"""With all rules a save asks the database no more often than with the two of the contract."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.guideline.test_refresh import SAVES, counted, deep

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("save", "at_most"), SAVES.values(), ids=SAVES)
def test_of_a_chain_of_thirty_as_of_one(save, at_most):
    make.recorder()
    save(deep(1)[-1])  # findings of these shapes are known
    save(deep(30)[-1])
    short, long = deep(1)[-1], deep(30)[-1]
    with CaptureQueriesContext(connection) as queries:
        save(short)
    assert len(queries.captured_queries) <= at_most, [q["sql"] for q in queries.captured_queries]
    assert counted(lambda: save(long)) == len(queries.captured_queries)
