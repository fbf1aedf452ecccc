"""Serials within an agency and a fiscal year, which public identifiers are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from outsourcing import fiscal_year
from outsourcing.actions.base import each
from outsourcing.models import Agency, ReservedSerial
from outsourcing.prepared import LOWEST, Composed
from outsourcing.row_security import seen_by
from outsourcing.scope import Scope

EVERYTHING = Scope.everything()
Groups = dict[tuple[int, int], list[models.Model]]


def number(rows: Sequence[models.Model], *, by_day: str) -> None:
    """Give new rows of one model the fiscal year of their ``by_day`` and the next serials in it.
    One that has its serial already keeps it, and its year.

    Under a lock on the agency, so that two writers never get the same. Raises ValidationError where
    the day is missing.
    """
    groups = _groups([row for row in rows if row.serial is None], by_day)
    if groups:
        _number(groups, rows)


def put_aside(rows: Sequence[models.Model], *, by_day: str, scope: Scope = EVERYTHING) -> None:
    """Number rows that a long transaction is going to write, in one of its own before it, so that
    nobody who numbers meanwhile waits for it. Serials that are never used leave a gap.

    Does nothing within a transaction, or where there is one writer at a time anyway: then the rows
    are numbered as they are written.
    """
    if connection.in_atomic_block or not connection.features.has_select_for_update or not rows:
        return
    model = type(rows[0])
    with transaction.atomic(durable=True), seen_by(scope):
        groups = _groups([row for row in rows if row.serial is None], by_day)
        for row in rows:
            groups.setdefault((row.agency_id, row.fiscal_year), [])
        _number(groups, rows)
        last = defaultdict(int)
        for row in rows:
            key = row.agency_id, row.fiscal_year
            last[key] = max(last[key], row.serial)
        ReservedSerial.objects.bulk_create(
            [
                ReservedSerial(
                    agency_id=agency, of=model._meta.model_name, fiscal_year=year, last=serial
                )
                for (agency, year), serial in last.items()
            ],
            update_conflicts=True,
            unique_fields=["agency", "of", "fiscal_year"],
            update_fields=["last"],
        )


def _groups(rows: Sequence[models.Model], by_day: str) -> Groups:
    groups: Groups = defaultdict(list)

    def place(row: models.Model) -> None:
        day = getattr(row, by_day)
        if day is None:
            named = row._meta.get_field(by_day).verbose_name
            raise ValidationError({by_day: f"{named}を入力してください。"})
        row.fiscal_year = fiscal_year.fiscal_year_of(day)
        groups[row.agency_id, row.fiscal_year].append(row)

    each(rows, place)
    return groups


def _number(groups: Groups, rows: Sequence[models.Model]) -> None:
    model = type(rows[0])
    agencies = Agency.objects.filter(pk__in={agency for agency, _ in groups}).order_by("pk")
    if connection.features.has_select_for_update:  # else there is one writer at a time anyway
        list(agencies.select_for_update(no_key=True).values_list("pk"))
    kept: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        if row.serial is not None:
            key = row.agency_id, row.fiscal_year
            kept[key] = max(kept[key], row.serial)
    if len(groups) == 1:  # as an officer writes: the plainer query
        ((key, group),) = groups.items()
        _count_on(group, max(_last_of_one(model, *key), kept[key]))
        return
    for year in {year for _, year in groups}:
        for agency, last in agencies.values_list("pk", _last_serial(model, year)):
            _count_on(groups.get((agency, year), ()), max(last, kept[agency, year]))


def _count_on(rows: Iterable[models.Model], last: int) -> None:
    for serial, row in enumerate(rows, last + 1):
        row.serial = serial


LAST = Composed()
AGENCY, YEAR = LOWEST, 32_767  # stand for them while the query is composed; no row has them


def _last_of_one(model: type[models.Model], agency: int, year: int) -> int:
    def rows():
        return Agency.objects.filter(pk=AGENCY).values_list(_last_serial(model, YEAR))

    ((last,),) = LAST.rows(model, rows, {AGENCY: agency, YEAR: year})
    return last


def _last_serial(model: type[models.Model], year: int) -> Greatest:
    """Of an agency in a fiscal year, given or put aside; 0 before the first. From its end of the
    index: to group would be to read all rows of the year."""
    given = model.objects.filter(agency=OuterRef("pk"), fiscal_year=year).order_by("-serial")
    kept = ReservedSerial.objects.filter(
        agency=OuterRef("pk"), of=model._meta.model_name, fiscal_year=year
    )
    return Greatest(
        Coalesce(Subquery(given.values("serial")[:1]), 0),
        Coalesce(Subquery(kept.values("last")[:1]), 0),
    )
