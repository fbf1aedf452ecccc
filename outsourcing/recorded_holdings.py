"""The holdings on record that bear on some companies, read for ``outsourcing.holdings``."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models.expressions import RawSQL

from outsourcing.days import end_of
from outsourcing.holdings import WHOLE, Holding, Holdings
from outsourcing.models import Shareholding
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
AMONG = {
    "sqlite": ("IN (SELECT value FROM json_each(%s))", "[{}]"),
    "postgresql": ("= ANY(%s::bigint[])", "{{{}}}"),
}
COMPANIES = "companies"  # stands for them while the statement is composed
HOLDINGS = Composed()


def _holdings(among: str):
    return Shareholding.objects.valid().filter(
        held_id__in=RawSQL(ABOVE.format(among=among), [COMPANIES])
    ).values_list(
        *("holder_id", "held_id", "share", "first_day", "last_day"),
        *("holder__dissolved_on", "held__dissolved_on"),
    )  # fmt: skip


def holdings_above(companies: dict[int, date | None]) -> Holdings:
    """The holdings that bear on ``companies`` (key → day of dissolution): one query."""
    if not companies:
        return Holdings(())
    among, listed = AMONG[connection.vendor]
    listed = listed.format(",".join(map(str, companies)))
    rows = HOLDINGS.rows("above", lambda: _holdings(among), {COMPANIES: listed})
    holdings = []
    dissolutions = dict(companies)
    for holder, held, share, first, last, holder_dissolved, held_dissolved in rows:
        votes = int(share * UNITS)
        holdings.append(Holding(holder, held, votes, first.toordinal(), end_of(last)))
        dissolutions[holder] = holder_dissolved
        dissolutions[held] = held_dissolved
    days = {company: day.toordinal() for company, day in dissolutions.items() if day}
    return Holdings(holdings, days)
