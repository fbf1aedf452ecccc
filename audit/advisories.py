"""注意喚起 as they are read: those sent to one's agencies, those one's office has sent, and who has
read them.

To whom else one was sent, and who read it there, is the sender's to know alone.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, When

from audit.models import Addressee, Advisory, Reading
from outsourcing.abilities import Ability
from outsourcing.models import Agency, AgencyKind
from surveys.models import Listing

ELSE = AgencyKind.INDEPENDENT.label


class Group(NamedTuple):
    """Agencies that are printed under one heading: an office of a kind, or a 法人区分."""

    label: str
    agencies: list[Agency]


class Addressed(NamedTuple):
    """An agency that was sent to, and who there has read it, the first one first."""

    agency: Agency
    readings: list[tuple[str, datetime]]


def own_agencies(access) -> frozenset[int]:
    """Where somebody is to read what is sent; who reads all ledgers by an office is nowhere."""
    return frozenset(agency.pk for agency in access.agencies(Ability.READ_LEDGER))


def received(access) -> QuerySet:
    to = Addressee.objects.filter(agency__in=own_agencies(access))
    return Advisory.objects.filter(pk__in=to.values("advisory"))


def sent(access) -> QuerySet:
    """By whom the user speaks for: the ministry, or the own agencies."""
    return Advisory.objects.filter(_sent_by(access))


def seen(access) -> QuerySet:
    """Both."""
    to = Addressee.objects.filter(agency__in=own_agencies(access))
    return Advisory.objects.filter(_sent_by(access) | Q(pk__in=to.values("advisory")))


def _sent_by(access) -> Q:
    scope = access.scope(Ability.ADVISE)
    return Q(agency=None) if scope.is_everything else Q(agency__in=scope.agency_ids)


def unread_first(advisories: QuerySet, user) -> QuerySet:
    """With ``read_at``, when the user read each, and ``waits`` where that is still to be done."""
    own = Reading.objects.filter(advisory=OuterRef("pk"), reader=user).order_by()
    rows = advisories.annotate(
        read_at=Subquery(own.values("advisory").annotate(at=Min("read_at")).values("at"))
    )
    waits = Q(read_at=None, voided_on=None) & ~Q(recorded_by=user)
    rows = rows.annotate(waits=Case(When(waits, then=1), default=0, output_field=IntegerField()))
    return rows.order_by("-waits", "-sent_on", "-pk")


def unread(agencies: frozenset[int], user_id: int) -> QuerySet:
    """Those sent to some agencies that wait for a user; one's own one knows."""
    own = Reading.objects.filter(advisory=OuterRef("pk"), reader=user_id)
    to = Addressee.objects.filter(agency__in=agencies).values("advisory")
    rows = Advisory.objects.valid().filter(~Exists(own), pk__in=to)
    return rows.exclude(recorded_by=user_id).order_by()


def numbers(advisories: list[Advisory]) -> dict[int, tuple[int, int]]:
    """(agencies in which somebody has read it, agencies it was sent to) of each."""
    keys = [advisory.pk for advisory in advisories]
    found = {key: [0, 0] for key in keys}
    read = Reading.objects.filter(advisory=OuterRef("advisory"), agency=OuterRef("agency"))
    rows = Addressee.objects.filter(advisory__in=keys).annotate(read=Exists(read))
    for key, has_read in rows.values_list("advisory", "read"):
        found[key][0] += has_read
        found[key][1] += 1
    return {key: (read, of) for key, (read, of) in found.items()}


def addressed(advisory: Advisory) -> list[Addressed]:
    """Every agency it was sent to, in printed order."""
    readings = defaultdict(list)
    rows = Reading.objects.filter(advisory=advisory).select_related("reader").order_by("read_at")
    for row in rows:
        readings[row.agency_id].append((str(row.reader), row.read_at))
    to = Agency.objects.filter(pk__in=advisory.addressees.values("agency")).order_by("code")
    return [Addressed(agency, readings[agency.pk]) for agency in to]


def groups(agencies: QuerySet) -> list[Group]:
    """Agencies as they are printed: organs, then each 法人区分 as the latest round has it."""
    latest = Listing.objects.exclude(group="").order_by("-survey__fiscal_year")
    listed = Listing.objects.exclude(group="").filter(
        survey__fiscal_year=latest.values("survey__fiscal_year")[:1]
    )
    of = dict(listed.order_by("order").values_list("agency", "group"))
    found: dict[str, list[Agency]] = {AgencyKind.ORGAN.label: []}
    found |= {label: [] for label in of.values()}
    for agency in agencies.order_by("code"):
        organ = agency.kind == AgencyKind.ORGAN
        label = AgencyKind.ORGAN.label if organ else of.get(agency.pk, ELSE)
        found.setdefault(label, []).append(agency)
    return [Group(label, rows) for label, rows in found.items() if rows]
