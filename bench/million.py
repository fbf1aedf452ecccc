"""A ledger of 1,000,000 contracts over eighteen years: the synthetic one, copied and shifted.

Runs as the owner of the tables. Rounds are opened for every year, each with its confirmations.
"""

# ruff: noqa: S608  (nothing here comes from outside)

from __future__ import annotations

from django.db import connections, models

from guideline.models import CorrectiveAction
from outsourcing.bulk import insert_rows
from outsourcing.models import (
    Amendment,
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    CapabilityCheck,
    Contract,
    Disposal,
    FlowDownRecord,
    Inspection,
    InspectionTarget,
    Notification,
    Subcontract,
    WrittenConfirmation,
)
from surveys.models import Confirmation, Survey
from surveys.rounds import Round

COPIES = 45  # of 22,618 contracts: 1,017,810
YEARS = range(2008, 2026)  # eighteen
STEP = 2_000_000  # between the keys of two copies
COPIED = (
    *(Contract, Amendment, Subcontract, Approval, Notification, Inspection, InspectionTarget),
    *(CapabilityCheck, WrittenConfirmation, FlowDownRecord, Disposal),
    *(AnonymizationDecision, AnonymizationMeasure, CorrectiveAction),
)


# What contracts of 2017 need not say or have, and those of later years mostly do: the note on
# subsidiaries, wide inspections on site. (Of twenty, one does not.)
TIGHTENED_IN = 2018
_NOTE = '{"8-4(2)注": {"article": "第9条"}}'
_MOSTLY = "CASE WHEN id % 20 = 0 THEN {0} ELSE {1} END"


def _both(says: str) -> dict[str, str]:
    return {"sqlite": says, "postgresql": says}


TIGHTENED = {
    Contract: {
        "items": {
            "sqlite": _MOSTLY.format("items", f"json_patch(items, '{_NOTE}')"),
            "postgresql": _MOSTLY.format("items", f"items || '{_NOTE}'::jsonb"),
        }
    },
    Inspection: {
        "not_on_site_reason": _both(
            _MOSTLY.format(
                "not_on_site_reason", "CASE method WHEN 'on_site' THEN '' ELSE '遠隔' END"
            )
        )
    },
    InspectionTarget: {
        "covers_management": _both(_MOSTLY.format("covers_management", "true")),
        "covers_work": _both(_MOSTLY.format("covers_work", "true")),
    },
}


def grow(round_: Round) -> None:
    """Copy the contracts of a round into other years, with what findings and counts rest on."""
    alias = "owner" if "owner" in connections else "default"
    owner = connections[alias]
    rounds = {year: _round_of(round_, year) for year in YEARS}
    with owner.cursor() as cursor:
        for copy in range(1, COPIES):
            year = YEARS[copy % len(YEARS)]
            for model in COPIED:
                rules = TIGHTENED.get(model, {}) if year > TIGHTENED_IN else {}
                replaced = {name: says[owner.vendor] for name, says in rules.items()}
                cursor.execute(_insert(owner, model, copy, year - round_.year, replaced=replaced))
            if year > TIGHTENED_IN:
                _decide(round_, copy)
            for survey, other in zip(round_.surveys, rounds[year], strict=True):
                cursor.execute(_confirmations(owner, copy, year - round_.year, survey, other))
        if owner.vendor == "postgresql":
            for model in (*COPIED, Confirmation):
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id)) FROM {table}"
                )
    tidy()


def _decide(round_: Round, copy: int) -> None:
    """Of most contracts that have none, the decision that anonymization is not needed, as of the
    day of conclusion."""
    first, last = copy * STEP, (copy + 1) * STEP
    undecided = Contract.objects.filter(pk__gt=first, pk__lt=last, anonymization_decisions=None)
    insert_rows(
        [
            AnonymizationDecision(
                pk=pk + STEP // 2,
                contract_id=pk,
                agency_id=agency,
                synthetic=True,
                recorded_by=round_.surveys[0].recorded_by,
                decided_on=day,
                needed=False,
                reason="本人への通知に氏名を要するため（架空）",
            )
            for pk, agency, day in undecided.values_list("pk", "agency_id", "concluded_on")
            if pk % 20
        ]
    )


def tidy() -> None:
    """What the database does by itself a little after much was written, and before it is measured:
    count its rows, and note which pages are whole (PostgreSQL's autovacuum)."""
    alias = "owner" if "owner" in connections else "default"
    with connections[alias].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connections[alias].vendor == "postgresql" else "ANALYZE")


def _round_of(round_: Round, year: int) -> list[Survey]:
    if year == round_.year:
        return list(round_.surveys)
    return [
        Survey.objects.create(
            fiscal_year=year,
            information=survey.information,
            synthetic=True,
            title=survey.title,
            recorded_by=survey.recorded_by,
        )
        for survey in round_.surveys
    ]


def _insert(owner, model, copy: int, years: int, *, replaced=None, where: str = "") -> str:
    fields = model._meta.local_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(
        (replaced or {}).get(f.name) or _value(owner, f, copy, years) for f in fields
    )
    table = model._meta.db_table
    original = f"id < {STEP}" + (f" AND {where}" if where else "")
    return f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}" WHERE {original}'


def _value(owner, field: models.Field, copy: int, years: int) -> str:
    column = f'"{field.column}"'
    copied = isinstance(field, models.ForeignKey) and field.related_model in COPIED
    if field.primary_key or copied:
        return f"{column} + {copy * STEP}"
    if isinstance(field, models.UUIDField):
        return "lower(hex(randomblob(16)))" if owner.vendor == "sqlite" else "gen_random_uuid()"
    if field.name == "serial":
        return f"{column} + {copy * 20_000}"
    if field.name == "fiscal_year":
        return f"{column} + ({years})"
    if type(field) is models.DateField:
        if owner.vendor == "sqlite":
            return f"date({column}, '{years:+d} years')"
        return f"({column} + interval '{years} years')::date"
    return column


def _confirmations(owner, copy: int, years: int, survey: Survey, other: Survey) -> str:
    return _insert(
        owner,
        Confirmation,
        copy,
        years,
        replaced={"survey": str(other.pk)},
        where=f"survey_id = {survey.pk}",
    )
