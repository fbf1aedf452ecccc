"""The connections that the threads of a server keep from one request to the next."""

from __future__ import annotations

import select
import threading

from django.core.signals import request_started
from django.db import connections
from django.db.backends.signals import connection_created

_of_thread = threading.local()


def look_after_connections() -> None:
    """For a process that serves pages on PostgreSQL: each connection ends with its thread, and none
    is used that the database has ended meanwhile."""
    connection_created.connect(_end_with_thread)
    request_started.connect(_leave_the_ended)


def _end_with_thread(sender, connection, **kwargs) -> None:
    """A server lets idle threads go, and what Django keeps for a thread holds itself: it would stay
    open until garbage is collected. Of SQLite, to which it is a file, let it: closed while a thread
    ends, it would call its functions, of Python, in a thread that is no more."""
    if connection.vendor == "postgresql":
        _of_thread.__dict__[id(connection)] = _Ending(connection.connection)


class _Ending:
    """Goes with its thread, or when the thread connects anew."""

    def __init__(self, connection):
        self.connection = connection

    def __del__(self):
        self.connection.close()


def _leave_the_ended(sender, **kwargs) -> None:
    """Else the first pages after the database was started anew would fail. Looked at, not asked, as
    CONN_HEALTH_CHECKS would: that takes a twentieth of a page's time."""
    for connection in connections.all(initialized_only=True):
        within = connection.connection
        if connection.vendor == "postgresql" and within is not None and _has_ended(within):
            connection.close()


def _has_ended(connection) -> bool:
    """PostgreSQL says nothing unasked to who listens for nothing, but that it ends."""
    if connection.closed:
        return True
    said = select.poll()
    said.register(connection.fileno(), select.POLLIN)
    return bool(said.poll(0))
