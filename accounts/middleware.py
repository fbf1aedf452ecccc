"""Gives each request the scope its user may read, before any view asks."""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.scopes import duties, memberships, scope_of


class ScopeMiddleware:
    """``request.scope``: whose ledgers are read; ``request.duties``: the user's roles in words."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        held = SimpleLazyObject(lambda: memberships(request.user, on=timezone.localdate()))
        request.scope = SimpleLazyObject(lambda: scope_of(held))
        request.duties = SimpleLazyObject(lambda: duties(held))
        return self.get_response(request)
