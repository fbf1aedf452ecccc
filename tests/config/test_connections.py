"""Connections that a server keeps: until its thread ends, or the database ends them."""

from __future__ import annotations

import gc
from threading import Thread

import pytest
from django.core.signals import request_started
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from config import connections

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is no server"),
]


@pytest.fixture
def serving():
    """As in a process that serves pages, and no garbage is collected."""
    connections.look_after_connections()
    gc.disable()
    yield
    gc.enable()
    connection_created.disconnect(connections._end_with_thread)
    request_started.disconnect(connections._leave_the_ended)


def ask() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()[0]


def test_a_connection_ends_with_its_thread(serving):
    kept, answers = [], []

    def make_a_page():
        answers.append(ask())
        kept.append(connection.connection)

    thread = Thread(target=make_a_page)
    thread.start()
    thread.join()
    assert answers == [1]
    assert kept[0].closed


def test_that_of_another_thread_stays_open(serving):
    connection.close()
    assert ask() == 1
    before = connection.connection
    thread = Thread(target=ask)
    thread.start()
    thread.join()
    request_started.send(None)
    assert ask() == 1
    assert connection.connection is before


def test_after_the_database_was_started_anew_pages_are_made_as_before(serving, client):
    ask()
    end_it_from_outside()
    with pytest.raises(OperationalError):
        ask()
    connection.close()

    ask()
    end_it_from_outside()
    assert client.get("/login/").status_code == 200
    assert ask() == 1


def end_it_from_outside():
    number = connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        assert cursor.fetchone() == (True,)
    other.close()
