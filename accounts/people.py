"""Who is shown to whom, and who may be put in charge."""

from __future__ import annotations

from datetime import date
from functools import wraps

from django.db.models import Prefetch

from accounts.models import Membership, User
from accounts.truth_table import MAY
from outsourcing.abilities import Ability
from outsourcing.models import Agency
from outsourcing.row_security import seen_by
from outsourcing.scope import Scope


def people(scope: Scope):
    """The accounts a scope lets see: for an agency those that have, had or wait for a role there.
    A newcomer's first role in it is asked for by who opens the account."""
    if scope.is_everything:
        return User.objects.all()
    here = Membership.objects.valid().visible_to(scope)
    return User.objects.filter(pk__in=here.values("user"))


def with_duties(users, scope: Scope):
    """With ``duties``: the roles of each that the scope lets see, newest first."""
    rows = Membership.objects.valid().visible_to(scope).select_related("agency", "section")
    return users.prefetch_related(
        Prefetch("memberships", rows.order_by("-first_day", "-pk"), to_attr="duties")
    )


def writers(agency: Agency, *, on: date):
    """Who may write in an agency's ledger from that day on, or from later."""
    roles = MAY[Ability.WRITE_LEDGER]
    held = Membership.objects.confirmed().filter(agency=agency, role__in=roles)
    held = held.exclude(last_day__lt=on)
    return User.objects.filter(pk__in=held.values("user")).order_by("full_name", "username")


def seeing(ability: Ability):
    """Within the view PostgreSQL shows what the ability reaches, and not what the user may read of
    ledgers: who manages accounts reads none, and names sections all the same."""

    def wrap(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            with seen_by(request.access.scope(ability)):
                return view(request, *args, **kwargs)

        return wrapped

    return wrap
