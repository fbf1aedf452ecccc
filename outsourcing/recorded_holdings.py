"""The holdings on record that bear on some companies, read for ``outsourcing.holdings``."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models.expressions import RawSQL

from outsourcing.days import end_of
from outsourcing.holdings import NONE, WHOLE, WHOLLY_OWNED, Holding, Holdings
from outsourcing.models import Contractor, Shareholding
from outsourcing.prepared import Composed

UNITS = WHOLE // 100  # of a percent

# Only what lies above the links' contractors can make them a subsidiary of anybody. UNION, not
# UNION ALL: circles of holdings end here.
ABOVE = """
WITH RECURSIVE above(company) AS (
    SELECT id FROM outsourcing_contractor WHERE id {among}
    UNION
    SELECT h.holder_id FROM outsourcing_shareholding h JOIN above ON above.company = h.held_id
     WHERE h.voided_on IS NULL
)
SELECT company FROM above
"""
# What it holds, and what they hold: all that can make a company its subsidiary.
BELOW = """
WITH RECURSIVE below(company) AS (
    SELECT CAST(%s AS bigint)
    UNION
    SELECT h.held_id FROM outsourcing_shareholding h JOIN below ON below.company = h.holder_id
     WHERE h.voided_on IS NULL
)
SELECT company FROM below
"""
AMONG = {
    "sqlite": ("IN (SELECT value FROM json_each(%s))", "[{}]"),
    "postgresql": ("= ANY(%s::bigint[])", "{{{}}}"),
}
COMPANIES = "companies"  # stands for them while the statement is composed
HOLDINGS = Composed()


def _holdings(among: str):
    above = RawSQL(ABOVE.format(among=among), [COMPANIES])
    return _columns(Shareholding.objects.valid().filter(held_id__in=above))


def holdings_above(companies: dict[int, date | None]) -> Holdings:
    """The holdings that bear on ``companies`` (key → day of dissolution): one query."""
    if not companies:
        return Holdings(())
    among, listed = AMONG[connection.vendor]
    listed = listed.format(",".join(map(str, companies)))
    rows = HOLDINGS.rows("above", lambda: _holdings(among), {COMPANIES: listed})
    return _of_rows(rows, companies)


def subsidiaries_of(company: Contractor, known, *, on: date) -> list[tuple[Contractor, bool]]:
    """The subsidiaries of ``company`` on a day that are among ``known``, and whether it is all of
    their votes: two queries."""
    rows = _columns(Shareholding.objects.valid().filter(holder_id__in=RawSQL(BELOW, [company.pk])))
    holdings, day = _of_rows(rows, {company.pk: company.dissolved_on}), on.toordinal()
    wholly = holdings.subsidiaries(company.pk, day, wholly=True)
    found = known.filter(pk__in=holdings.subsidiaries(company.pk, day))
    return [(one, one.pk in wholly) for one in found.order_by("search_name", "pk")]


def owners_of(company: Contractor, known, *, on: date) -> list[tuple[Contractor, bool]]:
    """The companies among ``known`` of which ``company`` is a subsidiary on a day, likewise."""
    holdings, day = holdings_above({company.pk: company.dissolved_on}), on.toordinal()
    relations = {
        holder: relation
        for holder in holdings.holders()
        if (relation := holdings.relation(holder, company.pk, day)) != NONE
    }
    found = known.filter(pk__in=relations).order_by("search_name", "pk")
    return [(one, relations[one.pk] == WHOLLY_OWNED) for one in found]


def _columns(holdings):
    return holdings.values_list(
        *("holder_id", "held_id", "share", "first_day", "last_day"),
        *("holder__dissolved_on", "held__dissolved_on"),
    )  # fmt: skip


def _of_rows(rows, companies: dict[int, date | None]) -> Holdings:
    holdings = []
    dissolutions = dict(companies)
    for holder, held, share, first, last, holder_dissolved, held_dissolved in rows:
        votes = int(share * UNITS)
        holdings.append(Holding(holder, held, votes, first.toordinal(), end_of(last)))
        dissolutions[holder] = holder_dissolved
        dissolutions[held] = held_dissolved
    days = {company: day.toordinal() for company, day in dissolutions.items() if day}
    return Holdings(holdings, days)
