"""Serials within an agency and a fiscal year, which public identifiers are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from outsourcing import fiscal_year
from outsourcing.models import Agency
from outsourcing.prepared import LOWEST, Composed


def number(rows: Sequence[models.Model], *, by_day: str) -> None:
    """Give new rows of one model the fiscal year of their ``by_day`` and the next serials in it.

    Under a lock on the agency, so that two writers never get the same. Raises ValidationError where
    the day is missing.
    """
    groups: dict[tuple[int, int], list[models.Model]] = defaultdict(list)
    for row in rows:
        day = getattr(row, by_day)
        if day is None:
            named = row._meta.get_field(by_day).verbose_name
            raise ValidationError({by_day: f"{named}を入力してください。"})
        row.fiscal_year = fiscal_year.fiscal_year_of(day)
        groups[row.agency_id, row.fiscal_year].append(row)
    if not groups:
        return
    agencies = Agency.objects.filter(pk__in={agency for agency, _ in groups}).order_by("pk")
    if connection.features.has_select_for_update:  # else there is one writer at a time anyway
        list(agencies.select_for_update(no_key=True).values_list("pk"))
    model = type(rows[0])
    if len(groups) == 1:  # as an officer writes: the plainer query
        ((key, group),) = groups.items()
        _count_on(group, _last_of_one(model, *key))
        return
    for year in {year for _, year in groups}:
        for agency, last in agencies.values_list("pk", _last_serial(model, year)):
            _count_on(groups.get((agency, year), ()), last)


def _count_on(rows: Iterable[models.Model], last: int) -> None:
    for serial, row in enumerate(rows, last + 1):
        row.serial = serial


LAST = Composed()
AGENCY, YEAR = LOWEST, 32_767  # stand for them while the query is composed; no row has them


def _last_of_one(model: type[models.Model], agency: int, year: int) -> int:
    def rows():
        found = model.objects.filter(agency=AGENCY, fiscal_year=YEAR)
        return found.order_by("-serial").values_list("serial")[:1]

    found = LAST.rows(model, rows, {AGENCY: agency, YEAR: year})
    return found[0][0] if found else 0


def _last_serial(model: type[models.Model], year: int) -> Coalesce:
    """Of an agency in a fiscal year, 0 before the first. From its end of the index: to group would
    be to read all rows of the year."""
    rows = model.objects.filter(agency=OuterRef("pk"), fiscal_year=year)
    return Coalesce(Subquery(rows.order_by("-serial").values("serial")[:1]), 0)
