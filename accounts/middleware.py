"""Gives each request what its user may do and read, before any view asks."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.access import access_of_request
from accounts.downloads import take_out
from outsourcing.abilities import Ability
from outsourcing.row_security import seen_by
from trail.context import acting


class AccessMiddleware:
    """``request.access``: what the user may do; ``request.scope``: whose ledgers are read;
    ``request.duties``: the user's roles in words; ``request.take_out(name=, rows=)``: see there.

    A page is opened to those who may do what it asks for (``abilities.needs``), and one that asks
    for nothing to nobody. On PostgreSQL the page is made within a transaction that sees the rows of
    these ledgers alone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        access = access_of_request(request.user, on=timezone.localdate())
        request.access, request.scope = access, access.scope(Ability.READ_LEDGER)
        request.duties = SimpleLazyObject(lambda: access.duties)
        request.take_out = partial(take_out, request)
        if not request.user.is_authenticated:
            # Sees no rows; and a guess at a password counts at once, for others who guess too.
            with acting():
                return self.get_response(request)
        with seen_by(request.scope) as undo:
            response = self.get_response(request)
            if response.status_code >= 500:
                undo()
        return response

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True):
            return
        ability = getattr(view, "ability", None)
        if ability is None or not request.access.may(ability):
            raise PermissionDenied
