"""What is made once for all tests of a module, as making it costs more than they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import connection, transaction

Made = TypeVar("Made")


def shared(django_db_blocker, make: Callable[[], Made]) -> Iterator[Made]:
    """What is made stands until the end, and is then taken back. What a test changes of it is
    taken back after that test, as ever."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make()
        # PostgreSQL puts off its foreign keys. Each test would look at those of all that was made.
        connection.check_constraints()
        yield made
        transaction.set_rollback(True)
