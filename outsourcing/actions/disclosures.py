"""The verbs for provisions of information to others (8-1 to 8-3, 8-8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Max

from outsourcing import fiscal_year
from outsourcing.actions.base import change, insert_many, recording, void
from outsourcing.actions.contracts import same_agency
from outsourcing.models import Agency, Disclosure


def disclose(*, by, **fields) -> Disclosure:
    """Register one provision of information. Raises ValidationError, by field."""
    return disclose_many([Disclosure(**fields)], by=by)[0]


def disclose_many(rows: Iterable[Disclosure], *, by) -> list[Disclosure]:
    """Register many unsaved ones; all or none."""
    rows = list(rows)
    with recording() as touched:
        _number(rows)
        insert_many(rows, by=by)
        touched.disclosures.update(row.pk for row in rows)
    return rows


def correct(row: Disclosure, *, by, version: int | None = None, **values) -> Disclosure:
    """Change what is recorded of it, such as the day a measure was taken."""
    with recording() as touched:
        for field, value in values.items():
            setattr(row, field, value)
        same_agency(row)
        change(row, by=by, version=version, **values)
        touched.disclosures.add(row.pk)
    return row


def void_disclosure(row: Disclosure, *, by, on: date, reason: str) -> Disclosure:
    """Take back what was registered in error."""
    with recording() as touched:
        void(row, by=by, on=on, reason=reason)
        touched.disclosures.add(row.pk)
    return row


def _number(rows: list[Disclosure]) -> None:
    """Give new rows the next serials of their agency and fiscal year, under a lock."""
    groups = defaultdict(list)
    for row in rows:
        same_agency(row)
        if row.first_day is None:
            raise ValidationError({"first_day": "提供の初日を入力してください。"})
        row.fiscal_year = fiscal_year.fiscal_year_of(row.first_day)
        groups[row.agency_id, row.fiscal_year].append(row)
    agencies = {agency for agency, _ in groups}
    list(Agency.objects.select_for_update(no_key=True).filter(pk__in=agencies).order_by("pk"))
    for (agency, year), group in groups.items():
        taken = Disclosure.objects.filter(agency=agency, fiscal_year=year)
        last = taken.aggregate(last=Max("serial"))["last"] or 0
        for serial, row in enumerate(group, last + 1):
            row.serial = serial
