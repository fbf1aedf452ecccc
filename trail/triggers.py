"""The triggers that record and those that refuse, on whichever database it is."""

from __future__ import annotations

from django.db import connections, transaction

from trail import postgresql, sqlite
from trail.recorded import tables

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}


def install(connection) -> None:
    """Make what is missing or out of date; where nothing is, this needs no right to."""
    backend, recorded = BACKENDS[connection.vendor], tables()
    if backend.missing(connection, recorded):
        with transaction.atomic(using=connection.alias):
            backend.install(connection, recorded)


def missing(connection) -> list[str]:
    """The tables some of whose triggers are missing, turned off or out of date."""
    return BACKENDS[connection.vendor].missing(connection, tables())


def standing(connection) -> list:
    """The triggers there are, each with its ``table`` and ``name``."""
    return BACKENDS[connection.vendor].standing(connection)


def remove(connection) -> None:
    BACKENDS[connection.vendor].remove(connection)


def on_migrate(sender, using, **kwargs) -> None:
    install(connections[using])


def before_migrate(sender, using, plan=(), **kwargs) -> None:
    """A table that SQLite changes may be named in no trigger. What a migration itself writes there
    is not recorded."""
    if plan and connections[using].vendor == "sqlite":
        remove(connections[using])
