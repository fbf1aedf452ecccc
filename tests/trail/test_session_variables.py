"""A connection of PostgreSQL carries what was put last, in its session or its transaction."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from trail import session_variables

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL's sessions"),
]
NAME = "ledger.test"


def put(value: str) -> None:
    session_variables.put(connection, {NAME: value})


def carried() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [NAME])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("values", [["one"], ["one", "one"], ["one", "two"], ["one", "two", "one"]])
def test_the_last_of_several(values):
    connection.ensure_connection()
    for value in values:
        put(value)
        assert carried() == value


def test_a_transaction_has_its_own_until_its_end():
    connection.ensure_connection()
    put("session")
    with transaction.atomic():
        put("transaction")
        assert carried() == "transaction"
    assert carried() == "session"
    put("session")
    assert carried() == "session"


def test_a_connection_that_is_opened_anew_carries_what_it_is_told_then():
    connection.ensure_connection()
    put("one")
    connection.close()
    connection.ensure_connection()
    put("one")
    assert carried() == "one"
