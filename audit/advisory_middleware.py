"""Gives each request the number of warnings that wait to be read."""

from __future__ import annotations

from functools import partial

from django.utils.functional import SimpleLazyObject

from audit.advisories import unread


class AdvisoryMiddleware:
    """``request.advisories``: how many 注意喚起 its user has not read yet; asked once a page says
    so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.advisories = SimpleLazyObject(partial(_unread, request))
        return self.get_response(request)


def _unread(request) -> int:
    return unread(request.access, request.user)
