"""What amendments and terminations of the file and of the ledger make of the last day of contracts
together: a term is one run of days."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models

from exchange.importing.impossible import refuse
from exchange.importing.ledger import Ledger, Target
from exchange.importing.tables import Table
from outsourcing.actions.contracts import last_day
from outsourcing.models import Amendment, Contract

OF_TERM = {"first_day", "agreed_last_day", "terminated_on"}


class Said(NamedTuple):
    """A row as it would be, and where the file says so; no ``table``: as it is recorded."""

    row: models.Model
    table: Table | None = None
    at: int = 0


class Terms:
    """``contracts`` and ``amendments``: by the key of the contract, as they would be."""

    def __init__(self):
        self.contracts: dict[int | Target, Said] = {}
        self.amendments: dict[int | Target, list[Said]] = defaultdict(list)

    def take(self, table: Table, at: int, row: models.Model, names: list[str]) -> None:
        """A row that is added or changed, as it would be."""
        if isinstance(row, Contract):
            if row.pk is None or OF_TERM.intersection(names):
                self.contracts[table.own[at].key] = Said(row, table, at)
        elif isinstance(row, Amendment):
            target = table.targets["contract"][at]
            self.amendments[target.key].append(Said(row, table, at))
            if target.row is not None:
                self.contracts.setdefault(target.key, Said(target.row))

    def check(self, ledger: Ledger) -> None:
        """Refuse what does not go together."""
        self._read(ledger)
        for key, found in self.amendments.items():
            contract = self.contracts.get(key)
            found = [said for said in found if said.row.last_day and said.row.effective_on]
            if contract is not None and contract.row.agreed_last_day and contract.row.first_day:
                found.sort(key=_in_order)
                _check(contract, found)

    def _read(self, ledger: Ledger) -> None:
        """The amendments that are recorded of contracts at hand."""
        keys = {key for key in self.contracts if isinstance(key, int)}
        if not keys:
            return
        changed = {said.row.pk for group in self.amendments.values() for said in group}
        rows = ledger.of_agencies(Amendment).filter(voided_on=None).exclude(last_day=None)
        for row in rows.only("contract_id", "effective_on", "last_day"):
            if row.contract_id in keys and row.pk not in changed:
                self.amendments[row.contract_id].append(Said(row))


def _in_order(said: Said) -> tuple[Any, ...]:
    row = said.row
    return row.effective_on, row.pk is None, row.pk or said.at


def _check(contract: Said, found: list[Said]) -> None:
    for number in range(1, len(found) + 1):
        try:
            last_day(contract.row, [said.row for said in found[:number]])
        except ValidationError as error:
            # What is recorded may not go with what the file says of the contract.
            at = found[number - 1] if found[number - 1].table is not None else contract
            if at.table is not None:
                for name, messages in error.message_dict.items():
                    refuse(at.table, at.at, name, " ".join(messages))
            return
