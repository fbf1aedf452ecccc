"""Tells pages that an import is being written: on SQLite whoever saves meanwhile waits for it."""

from __future__ import annotations

from django.db import connection
from django.utils.functional import SimpleLazyObject

from exchange.importing.kept import is_carrying


class CarryingMiddleware:
    """``request.carrying``: asked of the file system, and only by a page that shows it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.carrying = SimpleLazyObject(lambda: connection.vendor == "sqlite" and is_carrying())
        return self.get_response(request)
