"""The verbs of the contractors' master: add, correct, dissolve, and who holds whom.

A change of holdings bears on every contract whose chain it touches, of whatever agency.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection

from outsourcing import corporate_numbers
from outsourcing.actions.base import change, insert, insert_many, recording, void
from outsourcing.actions.holdings_lock import change_holdings
from outsourcing.bulk import insert_rows, new_row
from outsourcing.folding import folded
from outsourcing.models import Contractor, NamePart, Shareholding, Subcontract
from outsourcing.name_parts import parts
from outsourcing.recorded_holdings import BELOW

SEARCHED = Contractor._meta.get_field("search_name").max_length


def add(*, by, **fields) -> Contractor:
    """Add a contractor, by 法人番号 or with the reason why it has none."""
    contractor = _searchable(Contractor(**fields))
    with recording():
        insert(contractor, by=by)
        _take_apart([contractor])
    return contractor


def add_many(contractors: Iterable[Contractor], *, by) -> list[Contractor]:
    """Add many unsaved contractors; all or none."""
    with recording():
        rows = insert_many([_searchable(c) for c in contractors], by=by)
        _take_apart(rows)
    return rows


def correct(contractor: Contractor, *, by, version: int | None = None, **values) -> Contractor:
    if values.get("corporate_number"):
        values["agency"] = None  # numbers are published: it is everybody's from now on
    named = Contractor(
        name=values.get("name", contractor.name), kana=values.get("kana", contractor.kana)
    )
    with recording() as touched:
        if "dissolved_on" in values:
            change_holdings()
        change(contractor, by=by, version=version, search_name=search_name(named), **values)
        if "name" in values or "kana" in values:
            contractor.parts.all().delete()
            _take_apart([contractor])
        if "dissolved_on" in values:
            touched.update(contracts_below(contractor.pk))
    return contractor


def dissolve(
    contractor: Contractor, *, by, on: date | None, version: int | None = None
) -> Contractor:
    """Record the day a contractor was dissolved (None: that it was not); from that day it neither
    holds nor is held."""
    return correct(contractor, by=by, version=version, dissolved_on=on)


def hold(*, by, **fields) -> Shareholding:
    """Record that ``holder`` has ``share`` % of the votes of ``held`` from a day on."""
    with recording() as touched:
        change_holdings()
        holding = insert(Shareholding(**fields), by=by)
        touched.update(contracts_below(holding.held_id))
    return holding


def hold_many(holdings: Iterable[Shareholding], *, by) -> list[Shareholding]:
    """Record many unsaved holdings; all or none."""
    with recording() as touched:
        change_holdings()
        rows = insert_many(holdings, by=by)
        for held in {row.held_id for row in rows}:
            touched.update(contracts_below(held))
    return rows


def correct_holding(holding: Shareholding, *, by, version=None, **values) -> Shareholding:
    """Correct a holding, or end it (sold) by its last day."""
    with recording() as touched:
        change_holdings()
        touched.update(contracts_below(holding.held_id))
        change(holding, by=by, version=version, **values)
        touched.update(contracts_below(holding.held_id))
    return holding


def void_holding(
    holding: Shareholding, *, by, on: date, reason: str, version: int | None = None
) -> Shareholding:
    with recording() as touched:
        change_holdings()
        touched.update(contracts_below(holding.held_id))
        void(holding, by=by, on=on, reason=reason, version=version)
    return holding


def contracts_below(company: int) -> set[int]:
    """The contracts on which who holds ``company`` may bear: those whose chain has it, or a company
    below it, as a link."""
    with connection.cursor() as cursor:
        cursor.execute(BELOW, [company])
        companies = [row[0] for row in cursor.fetchall()]
    chains = Subcontract.objects.filter(contractor_id__in=companies)
    return set(chains.values_list("contract_id", flat=True))


def search_name(contractor: Contractor) -> str:
    """Name and reading as they are searched by."""
    return folded(contractor.name, contractor.kana)[:SEARCHED]


def _searchable(contractor: Contractor) -> Contractor:
    """With the number as it is stored, however it was written, and the name to search by."""
    if contractor.corporate_number:
        contractor.corporate_number = corporate_numbers.compact(contractor.corporate_number)
    contractor.search_name = search_name(contractor)
    return contractor


def _take_apart(contractors: list[Contractor]) -> None:
    """What they are found by as one types."""
    insert_rows(
        [
            new_row(NamePart, contractor_id=row.pk, part=part, place=place)
            for row in contractors
            for part, place in parts(row.name, row.kana).items()
        ]
    )
