"""Gives each request its number, says who acts in it, and records what is refused."""

from __future__ import annotations

from uuid import uuid4

from trail import accesses
from trail.addresses import address_of
from trail.context import acting
from trail.models import Kind
from trail.seals import seal_if_due

READING = ("GET", "HEAD", "OPTIONS", "TRACE")
REFUSED = (403,)
REFUSED_TO_USERS = (404, 405)  # anybody may ask for what is not there; a user tries doors


class TrailMiddleware:
    """Stands around the request's transaction, which tells the database who acts; who opens none
    says so by ``acting()``."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        number = uuid4().hex
        user = request.user
        known = {"user": str(user), "user_id": user.pk} if user.is_authenticated else {}
        address = str(address_of(request) or "")
        with acting(at_once=False, request=number, address=address, **known):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response


class RefusalMiddleware:
    """Stands within the request's transaction, so that a page is shown, a change kept, and a
    refusal recorded together."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        status = response.status_code
        if status in REFUSED or (status in REFUSED_TO_USERS and request.user.is_authenticated):
            accesses.record(Kind.REFUSED, object=request.path, status=status, note=request.method)
        return response


class SealMiddleware:
    """Stands outside of the request's transaction, and seals from time to time what was written."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in READING:
            seal_if_due()
        return response
