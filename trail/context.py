"""Who does it, in which request, and why: what the triggers write beside each change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections

from trail import session_variables

VARIABLE = "trail.acting"  # on PostgreSQL
FUNCTION = "trail_acting"  # on SQLite


class Acting(NamedTuple):
    """``user`` is a name, copied; ``user_id`` is empty where nobody is signed in."""

    user: str = ""
    user_id: int | None = None
    request: str = ""
    address: str = ""
    reason: str = ""


NOBODY = Acting()
_acting: ContextVar[Acting] = ContextVar("acting", default=NOBODY)


def current() -> Acting:
    return _acting.get()


@contextmanager
def acting(*, at_once: bool = True, **values) -> Iterator[None]:
    """Whatever is written within is recorded with these, and where they say nothing with what held
    before: ``user``, ``user_id``, ``request``, ``address``, ``reason``. Not ``at_once``: whoever
    goes on tells the database, with ``variables`` or by ``acting``, before anything is written."""
    token = _acting.set(_acting.get()._replace(**values))
    try:
        if at_once:
            _tell(connections[DEFAULT_DB_ALIAS])
        yield
    finally:
        _acting.reset(token)
        _tell(connections[DEFAULT_DB_ALIAS])


def on_connection_created(sender, connection, **kwargs) -> None:
    """A new connection knows who acts."""
    _tell(connection)
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, 1, _said)
        # Without this, what REPLACE replaces vanishes and no trigger sees it.
        connection.connection.execute("PRAGMA recursive_triggers = ON")


def _tell(connection) -> None:
    """What SQLite asks for with its function, PostgreSQL is told. Of several connections only the
    one that pages use is kept from one to the next; the others are told when they are made."""
    session_variables.put(connection, variables())


def variables() -> dict[str, str]:
    """What PostgreSQL is told of who acts."""
    return {VARIABLE: json.dumps(_acting.get()._asdict())}


def _said(name: str):
    return getattr(_acting.get(), name)
