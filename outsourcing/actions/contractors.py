"""The verbs of the contractors' master: add, correct, dissolve, and who holds whom.

A change of holdings bears on every contract whose chain it touches, of whatever agency.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from outsourcing import corporate_numbers
from outsourcing.actions.base import (
    Change,
    batches,
    change,
    change_many,
    insert,
    insert_many,
    recording,
    void,
)
from outsourcing.actions.holdings_lock import change_holdings, companies_below
from outsourcing.bulk import insert_rows, name_related, new_row
from outsourcing.folding import folded
from outsourcing.models import Contractor, NamePart, Shareholding, Subcontract
from outsourcing.name_parts import parts

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
    values = _with_what_follows(contractor, values)
    with _correcting([contractor], values):
        return change(contractor, by=by, version=version, **values)


def correct_many(changes: Iterable[Change], *, by) -> list[Contractor]:
    """Correct many, each to values of its own; all or none."""
    changes = [one._replace(values=_with_what_follows(one.row, one.values)) for one in changes]
    named = {field for one in changes for field in one.values}
    with _correcting([one.row for one in changes], named):
        return change_many(changes, by=by)


@contextmanager
def _correcting(contractors: list[Contractor], fields: Container[str]) -> Iterator[None]:
    keys = [row.pk for row in contractors]
    with recording() as touched:
        if "dissolved_on" in fields:
            change_holdings(keys)
        yield
        if "name" in fields or "kana" in fields:
            for some in batches(keys):
                NamePart.objects.filter(contractor__in=some).delete()
            _take_apart(contractors)
        if "dissolved_on" in fields:
            touched.update(contracts_below(keys))


def _with_what_follows(contractor: Contractor, values) -> dict:
    values = dict(values)
    if values.get("corporate_number"):
        values["agency"] = None  # numbers are published: it is everybody's from now on
    named = Contractor(
        name=values.get("name", contractor.name), kana=values.get("kana", contractor.kana)
    )
    return values | {"search_name": search_name(named)}


def dissolve(
    contractor: Contractor, *, by, on: date | None, version: int | None = None
) -> Contractor:
    """Record the day a contractor was dissolved (None: that it was not); from that day it neither
    holds nor is held."""
    return correct(contractor, by=by, version=version, dissolved_on=on)


def hold(*, by, **fields) -> Shareholding:
    """Record that ``holder`` has ``share`` % of the votes of ``held`` from a day on."""
    row = Shareholding(**fields)
    with _changing({row.held_id}):
        return insert(row, by=by)


def hold_many(holdings: Iterable[Shareholding], *, by) -> list[Shareholding]:
    """Record many unsaved holdings; all or none."""
    holdings = list(name_related(list(holdings)))
    with _changing({row.held_id for row in holdings}):
        return insert_many(holdings, by=by)


def correct_holding(holding: Shareholding, *, by, version=None, **values) -> Shareholding:
    """Correct a holding, or end it (sold) by its last day."""
    with _changing(_held(holding, values)):
        return change(holding, by=by, version=version, **values)


def correct_holdings(changes: Iterable[Change], *, by) -> list[Shareholding]:
    """Correct many, each to values of its own; all or none."""
    changes = list(changes)
    with _changing({key for one in changes for key in _held(one.row, one.values)}):
        return change_many(changes, by=by)


def void_holding(
    holding: Shareholding, *, by, on: date, reason: str, version: int | None = None
) -> Shareholding:
    with _changing({holding.held_id}):
        return void(holding, by=by, on=on, reason=reason, version=version)


def _held(holding: Shareholding, values: Mapping) -> set[int]:
    """Who is held, before the change and after it."""
    return {holding.held_id, values["held"].pk if "held" in values else holding.held_id}


@contextmanager
def _changing(held: set[int]) -> Iterator[None]:
    """Holdings in these companies change: what they bore on before, and what they bear on then."""
    with recording() as touched:
        change_holdings(held)
        touched.update(contracts_below(held))
        yield
        touched.update(contracts_below(held))


def contracts_below(companies: Iterable[int]) -> set[int]:
    """The contracts on which who holds these companies may bear: those whose chain has one, or a
    company below one, as a link."""
    found = set()
    for keys in batches(companies_below(companies)):
        chains = Subcontract.objects.filter(contractor_id__in=keys)
        found.update(chains.values_list("contract_id", flat=True))
    return found


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
