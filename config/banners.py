"""What stands above every page: asked in one query, once a page says it."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from django.db.models import IntegerField, Subquery
from django.utils.functional import SimpleLazyObject

from accounts.downloads import unseen
from accounts.models import User
from audit.advisories import own_agencies, unread
from outsourcing.abilities import Ability
from outsourcing.prepared import LOWEST, Composed
from outsourcing.scope import Scope
from surveys.middleware import first_contract

ASKED = Composed(planned_once=True)


class Banners(NamedTuple):
    """``synthetic``: whether pages must say that they show synthetic data; ``notices``: how many of
    downloads nobody has seen yet; ``advisories``: how many 注意喚起 the user has not read yet."""

    synthetic: bool = False
    notices: int = 0
    advisories: int = 0


class BannersMiddleware:
    """``request.banners``: see there; nothing for who is not signed in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.banners = SimpleLazyObject(partial(banners, request))
        return self.get_response(request)


def banners(request) -> Banners:
    if not request.user.is_authenticated:
        return Banners()
    access = request.access
    key = request.scope, access.scope(Ability.READ_NOTICES), own_agencies(access)
    # Of a user for whom nothing may be asked the subqueries are empty.
    rows = ASKED.rows(key, partial(_asked, *key), {LOWEST: request.user.pk})
    return Banners(*(found or 0 for found in rows[0]))


class Number(Subquery):
    """How many rows it has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _asked(scope: Scope, of_notices: Scope, own: frozenset[int]):
    return User.objects.filter(pk=LOWEST).values_list(
        Subquery(first_contract(scope, synthetic=True)),
        Number(unseen(of_notices).values("pk")),
        Number(unread(own, LOWEST).values("pk")),
    )
