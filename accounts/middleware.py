"""Gives each request the scope its user may read, before any view asks."""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.scopes import scope_for


class ScopeMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.scope = SimpleLazyObject(lambda: scope_for(request.user, on=timezone.localdate()))
        return self.get_response(request)
