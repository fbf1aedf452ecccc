"""What amendments and terminations of the file and of the ledger make of the last day of contracts
together: a term is one run of days."""

from __future__ import annotations

import copy
from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models

from exchange.importing.impossible import refuse
from exchange.importing.ledger import Ledger, Target
from exchange.importing.tables import Table
from outsourcing.actions.contracts import last_day
from outsourcing.models import Amendment, Contract

OF_TERM = {"first_day", "agreed_last_day", "terminated_on"}
DAYS = ("effective_on", "last_day")


class Said(NamedTuple):
    """A row as it would be, and where the file says so; no ``table``: as it is recorded."""

    row: models.Model
    table: Table | None = None
    at: int = 0


class Terms:
    """``contracts`` and ``amendments``: by the key of the contract, as they would be. ``unsure``:
    of which contracts too little is known; ``stray``: amendments that may be of any."""

    def __init__(self):
        self.contracts: dict[int | Target, Said] = {}
        self.amendments: dict[int | Target, list[Said]] = defaultdict(list)
        self.open: set[int | Target] = set()  # contracts that may end on any day
        self.unsure: set[int | Target] = set()
        self.stray: list[Amendment] = []

    def take(self, table: Table, at: int, row: models.Model, names: list[str]) -> None:
        """A row that is added or changed, as it would be."""
        if isinstance(row, Contract):
            key = table.own[at].key
            if table.is_unread(at, "agreed_last_day"):
                self.open.add(key)
            wrong = row.agreed_last_day is not None and key in self.open  # or the first day is
            if wrong or table.is_unread(at, "code", "first_day"):
                self.unsure.add(key)
            if row.pk is None or OF_TERM.intersection(names):
                self.contracts[key] = Said(row, table, at)
        elif isinstance(row, Amendment):
            self._take(table, at, row)

    def _take(self, table: Table, at: int, row: Amendment) -> None:
        target = table.targets["contract"][at]
        unknown = table.is_unread(at, *DAYS)
        if target is None:
            days = {name: None for name in DAYS if unknown}
            self.stray.append(Amendment(**{n: getattr(row, n) for n in DAYS} | days))
            return
        if unknown or table.is_unread(at, "place"):
            self.open.add(target.key)
        if not unknown:
            self.amendments[target.key].append(Said(row, table, at))
        if target.row is not None:
            self.contracts.setdefault(target.key, Said(target.row))

    def check(self, ledger: Ledger) -> None:
        """Refuse what does not go together."""
        self._read(ledger)
        for key, found in self.amendments.items():
            contract = self.contracts.get(key)
            found = [said for said in found if said.row.last_day and said.row.effective_on]
            if contract is None or key in self.unsure or not contract.row.first_day:
                continue
            if contract.row.agreed_last_day or key in self.open:
                found.sort(key=_in_order)
                self._check(contract, found, is_open=key in self.open)

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

    def _check(self, contract: Said, found: list[Said], *, is_open: bool) -> None:
        """Each amendment after those before it; behind one that is wrong, or not known, no end of
        the contract is, and only what is wrong with it alone is told."""
        sound: list[Amendment] = []
        term = _without_end(contract.row) if is_open else contract.row
        for number, said in enumerate(found):
            try:
                last_day(term, [*sound, said.row])
            except ValidationError as error:
                if not self._may_be_mended(error, said.row):
                    _refuse(error, contract, found[: number + 1])
                sound, term = [], _without_end(contract.row)
            else:
                sound.append(said.row)

    def _may_be_mended(self, error: ValidationError, row: Amendment) -> bool:
        """Whether an amendment of who knows what may prolong the contract until then."""
        if "effective_on" not in error.message_dict:
            return False
        return any(
            one.last_day is None or (row.effective_on - one.last_day).days <= 1
            for one in self.stray
        )


def _in_order(said: Said) -> tuple[Any, ...]:
    row = said.row
    return row.effective_on, row.pk is None, row.pk or said.at


def _without_end(contract: Contract) -> Contract:
    made = copy.copy(contract)
    made.__dict__.update(agreed_last_day=date.max, terminated_on=None)
    return made


def _refuse(error: ValidationError, contract: Said, found: list[Said]) -> None:
    """At the row of the file that brings it about: what is recorded may not go with it."""
    last = next((said for said in reversed(found) if said.table is not None), contract)
    if last.table is not None:
        for name, messages in error.message_dict.items():
            refuse(last.table, last.at, name, " ".join(messages))
