"""Tells pages what goes on with imports."""

from __future__ import annotations

from functools import partial

from django.db import connection
from django.utils.functional import SimpleLazyObject

from exchange.importing.kept import is_carrying
from exchange.models import Import, State
from outsourcing.abilities import Ability


class ImportsMiddleware:
    """Each only where a page shows it. ``request.carrying``: whether an import is being written, so
    that on SQLite whoever saves meanwhile waits for it; asked of the file system.
    ``request.imports_waiting``: how many imports wait for the user to have them carried out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.carrying = SimpleLazyObject(lambda: connection.vendor == "sqlite" and is_carrying())
        request.imports_waiting = SimpleLazyObject(partial(_waiting, request.access))
        return self.get_response(request)


def _waiting(access) -> int:
    if not access.may(Ability.RELEASE_IMPORT):
        return 0
    rows = Import.objects.visible_to(access.scope(Ability.RELEASE_IMPORT)).valid()
    return rows.filter(state=State.WAITING).count()
