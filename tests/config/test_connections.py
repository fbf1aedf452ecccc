"""A thread of the server takes its connection along when it ends."""

from __future__ import annotations

import gc
from threading import Thread

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from config.connections import _hold, end_with_their_threads

CLOSED = {"sqlite": "Cannot operate on a closed database", "postgresql": "the connection is closed"}


@pytest.fixture
def serving():
    """As in a process that serves pages, and no garbage is collected."""
    end_with_their_threads()
    gc.disable()
    yield
    gc.enable()
    connection_created.disconnect(_hold)


@pytest.mark.django_db(transaction=True)
def test_a_connection_ends_with_its_thread(serving):
    kept, answers = [], []

    def make_a_page():
        connection.ensure_connection()
        kept.append(connection.connection)
        answers.append(kept[0].execute("SELECT 1").fetchone())

    thread = Thread(target=make_a_page)
    thread.start()
    thread.join()
    assert list(map(tuple, answers)) == [(1,)]
    with pytest.raises(Exception, match=CLOSED[connection.vendor]):
        kept[0].execute("SELECT 1")


@pytest.mark.django_db(transaction=True)
def test_others_stay_open(serving):
    connection.close()
    connection.ensure_connection()
    thread = Thread(target=connection.ensure_connection)
    thread.start()
    thread.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert tuple(cursor.fetchone()) == (1,)
