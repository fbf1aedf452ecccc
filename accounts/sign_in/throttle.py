"""How often a password may be guessed: by pair of account and address, by account, by address.

An attempt is written down as failed *before* the hasher runs, and then judged among all others, so
that of many at once no more slip through than the limit says. What is refused at once is not
written down here (a flood would only fill the table): Django's signal tells the trail of it.

From an address that is *known* for an account (somebody signed in to it from there within 90 days)
only the pair counts. So neither a flood from elsewhere on one account, nor one of a ministry's
address on all accounts, locks out those who work there. Nothing here looks whether an account
exists.

Own code and not django-axes: there every parameter shares one limit and one period, none can be
said to be known, and a failure is counted only after the hasher has run.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from accounts.sign_in.models import Outcome, SignInAttempt
from outsourcing.prepared import Composed

# In a flood the same few questions are asked over and over.
COMPOSED = Composed()
ACCOUNT, ADDRESS = "<account>", "<address>"


class Limit(NamedTuple):
    """At most so many failures within any window of this length."""

    failures: int
    window: timedelta


class Refused(PermissionDenied):
    """No password is looked at before ``until``. Django then asks no other backend."""

    def __init__(self, until: datetime):
        self.until = until
        super().__init__("ログインの試みが多すぎます。")


def canonical(username: str) -> str:
    """As Django's form normalises it, and without case: guesses at Taro and taro are one count."""
    return unicodedata.normalize("NFKC", username).casefold()[:150]


def begin(username: str, address: str, *, now: datetime) -> SignInAttempt:
    """Write an attempt down as failed. Raises Refused, and leaves no attempt behind."""
    account = canonical(username)
    known = is_known(account, address, now=now)
    _refuse(account, address, known=known, now=now)
    attempt = SignInAttempt.objects.create(
        account=account, address=address, address_known=known, at=now
    )
    try:
        # Others may have begun meanwhile: of any two, the one that looks later sees the other.
        _refuse(account, address, known=known, now=now, besides=1)
    except Refused:
        attempt.delete()
        raise
    return attempt


def passed(attempt: SignInAttempt) -> None:
    """The password was right. Whether its owner signs in may hang on a second factor."""
    attempt.outcome = Outcome.PASSED
    attempt.save(update_fields=["outcome"])


def signed_in(username: str, address: str, *, now: datetime) -> None:
    """From now on this address is known for the account."""
    if address:
        SignInAttempt.objects.create(
            account=canonical(username),
            address=address,
            address_known=True,
            outcome=Outcome.SIGNED_IN,
            at=now,
        )
    prune(now=now)


def prune(*, now: datetime) -> None:
    longest = max(window for _, window in settings.SIGN_IN_LIMITS.values())
    SignInAttempt.objects.filter(
        Q(outcome=Outcome.SIGNED_IN, at__lt=now - settings.ADDRESS_KNOWN_FOR)
        | Q(outcome__in=[Outcome.FAILED, Outcome.PASSED], at__lt=now - longest)
    ).delete()


def is_known(account: str, address: str, *, now: datetime) -> bool:
    latest = _latest(1, account, address, outcome=Outcome.SIGNED_IN, of=("account", "address"))
    return latest is not None and now < latest + settings.ADDRESS_KNOWN_FOR


def _refuse(account, address, *, known: bool, now: datetime, besides: int = 0) -> None:
    """``besides``: how many of the failures are the attempt that is judged."""
    until = _refused_until("pair", account, address, besides, of=("account", "address"))
    if not known:
        until += _refused_until(
            "account", account, address, besides, of=("account",), address_known=False
        )
        until += _refused_until("address", account, address, besides, of=("address",))
    if until and max(until) > now:
        raise Refused(max(until))


def _refused_until(name, account, address, besides, **condition) -> list[datetime]:
    """The end of the window that the limit's number of failures fills, if there are so many."""
    limit = Limit(*settings.SIGN_IN_LIMITS[name])
    oldest = _latest(
        limit.failures + besides, account, address, outcome=Outcome.FAILED, **condition
    )
    return [oldest + limit.window] if oldest else []


def _latest(number: int, account, address, *, of: tuple[str, ...], **condition) -> datetime | None:
    """When the attempt was made that, counted from the latest, is the ``number``-th."""
    place = {"account": ACCOUNT, "address": ADDRESS}
    rows = COMPOSED.rows(
        (number, of, *sorted(condition.items())),
        lambda: (
            SignInAttempt.objects.filter(**{name: place[name] for name in of}, **condition)
            .order_by("-at")
            .values_list("at")[number - 1 : number]
        ),
        {ACCOUNT: account, ADDRESS: address},
    )
    return rows[0][0] if rows else None
