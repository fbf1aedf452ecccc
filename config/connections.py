"""What becomes of the connections that the threads of a server keep."""

from __future__ import annotations

import threading

from django.db.backends.signals import connection_created

_of_thread = threading.local()


def end_with_their_threads() -> None:
    """For a process that serves pages. A server lets idle threads go, and what Django keeps for a
    thread holds itself: its connection would stay open until garbage is collected."""
    connection_created.connect(_hold)


def _hold(sender, connection, **kwargs) -> None:
    _of_thread.__dict__[id(connection)] = _Ending(connection.connection)


class _Ending:
    """Goes with its thread, or when the thread connects anew."""

    def __init__(self, connection):
        self.connection = connection

    def __del__(self):
        self.connection.close()
