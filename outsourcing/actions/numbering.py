"""Serials within an agency and a fiscal year, which public identifiers are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max

from outsourcing import fiscal_year
from outsourcing.models import Agency


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
    agencies = {agency for agency, _ in groups}
    list(Agency.objects.select_for_update(no_key=True).filter(pk__in=agencies).order_by("pk"))
    for (agency, year), group in groups.items():
        taken = type(group[0]).objects.filter(agency=agency, fiscal_year=year)
        last = taken.aggregate(last=Max("serial"))["last"] or 0
        for serial, row in enumerate(group, last + 1):
            row.serial = serial
