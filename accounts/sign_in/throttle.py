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
from django.db.models import Q, Value

from accounts.sign_in.models import Outcome, SignInAttempt
from outsourcing.prepared import Composed

# In a flood the same few questions are asked over and over.
COMPOSED = Composed()
ACCOUNT, ADDRESS = "<account>", "<address>"


class Limit(NamedTuple):
    """At most so many failures within any window of this length."""

    failures: int
    window: timedelta


class Verdict(NamedTuple):
    known: bool  # the address, for the account
    until: datetime | None


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
    verdict = judge(account, address, now=now)
    if verdict.until:
        raise Refused(verdict.until)
    attempt = SignInAttempt.objects.create(
        account=account, address=address, address_known=verdict.known, at=now
    )
    # Others may have begun meanwhile: of any two, the one that looks later sees the other.
    if until := judge(account, address, now=now, besides=1).until:
        attempt.delete()
        raise Refused(until)
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


def judge(account: str, address: str, *, now: datetime, besides: int = 0) -> Verdict:
    """Until when the pair is refused, if it is. ``besides``: how many of the failures written down
    are the attempt that is judged."""
    limits = {name: Limit(*given) for name, given in settings.SIGN_IN_LIMITS.items()}
    moments = _moments(account, address, {n: limits[n].failures + besides for n in limits})
    known = "known" in moments and now < moments["known"] + settings.ADDRESS_KNOWN_FOR
    binding = ("pair",) if known else ("pair", "account", "address")
    ends = [moments[name] + limits[name].window for name in binding if name in moments]
    return Verdict(known, max((end for end in ends if now < end), default=None))


def _moments(account: str, address: str, places: dict[str, int]) -> dict[str, datetime]:
    """When the failure was that stands, counted from the latest, at the place given for its name;
    ``known``: when the pair last signed in. What there is not is left out. One question."""
    rows = COMPOSED.rows(
        tuple(places.items()),
        lambda: _composed(places | {"known": 1}),
        {ACCOUNT: account, ADDRESS: address},
    )
    return dict(rows)


def _composed(places: dict[str, int]):
    failed = SignInAttempt.objects.filter(outcome=Outcome.FAILED)
    signed_in = SignInAttempt.objects.filter(outcome=Outcome.SIGNED_IN)
    among = {
        "pair": failed.filter(account=ACCOUNT, address=ADDRESS),
        "account": failed.filter(account=ACCOUNT, address_known=False),
        "address": failed.filter(address=ADDRESS),
        "known": signed_in.filter(account=ACCOUNT, address=ADDRESS),
    }
    one, *others = (
        SignInAttempt.objects.filter(
            pk__in=among[name].order_by("-at").values("pk")[place - 1 : place]
        ).values_list(Value(name), "at")
        for name, place in places.items()
    )
    return one.union(*others, all=True)
