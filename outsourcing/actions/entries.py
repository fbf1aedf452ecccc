"""A contract entered with all that hangs on it, registered at once."""

from __future__ import annotations

from outsourcing.actions import contracts, records, subcontracts
from outsourcing.actions.base import recording
from outsourcing.entries import Entry
from outsourcing.models import Contract


def register(entry: Entry, *, by) -> Contract:
    """Register an entry in which nothing is saved yet; all or none, evaluated once."""
    contract = entry.contract
    with recording(whole=True):
        contracts.register_row(contract, by=by)
        _hang_on(entry)
        if entry.links:
            subcontracts.pass_on_many(entry.links, by=by)
        for decided in (entry.approvals, entry.notices):
            if decided:
                subcontracts.record_many(decided, by=by)
        for kind in (
            *(entry.flow_down, entry.checks, entry.confirmations),
            *(entry.decisions, entry.measures, entry.disposals),
        ):
            if kind:
                records.record_many(kind, by=by)
        _inspect(entry, by=by)
    return contract


def _hang_on(entry: Entry) -> None:
    """Rows were made before the contract had a key."""
    on_contract = (entry.checks, entry.confirmations, entry.decisions, entry.measures)
    for rows in (entry.links, entry.targets, entry.disposals, *on_contract):
        for row in rows:
            row.contract = entry.contract


def _inspect(entry: Entry, *, by) -> None:
    visits = {}
    for target in entry.targets:
        visits.setdefault(id(target.inspection), (target.inspection, []))[1].append(target)
    for visit, _ in visits.values():
        visit.agency_id = entry.contract.agency_id
        visit.synthetic = entry.contract.synthetic
    if visits:
        records.inspect_many(visits.values(), by=by)
