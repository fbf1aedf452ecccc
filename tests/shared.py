"""What is made once for all tests of a module, as making it costs more than they do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def shared(django_db_blocker) -> Iterator[None]:
    """What is written within stands until the end, and is then taken back. What a test changes
    of it is taken back after that test, as ever."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
