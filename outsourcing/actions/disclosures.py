"""The verbs for provisions of information to others (8-1 to 8-3, 8-8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from outsourcing.actions.base import (
    Change,
    change,
    change_many,
    each,
    insert_many,
    recording,
    void,
)
from outsourcing.actions.contracts import same_agency
from outsourcing.actions.numbering import number
from outsourcing.models import Disclosure


def disclose(*, by, **fields) -> Disclosure:
    """Register one provision of information. Raises ValidationError, by field."""
    return disclose_many([Disclosure(**fields)], by=by)[0]


def disclose_many(rows: Iterable[Disclosure], *, by) -> list[Disclosure]:
    """Register many unsaved ones; all or none."""
    rows = list(rows)
    with recording() as touched:
        each(rows, same_agency)
        number(rows, by_day="first_day")
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


def correct_many(changes: Iterable[Change], *, by) -> list[Disclosure]:
    """Change many, each to values of its own; all or none."""
    with recording() as touched:
        rows = change_many(list(changes), by=by)
        each(rows, same_agency)
        touched.disclosures.update(row.pk for row in rows)
    return rows


def void_disclosure(row: Disclosure, *, by, on: date, reason: str) -> Disclosure:
    """Take back what was registered in error."""
    with recording() as touched:
        void(row, by=by, on=on, reason=reason)
        touched.disclosures.add(row.pk)
    return row
