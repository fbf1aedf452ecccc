"""Visits as rows of the sheet 検査 make and change them: what is said of a visit is said at the
first of its rows, and changes it for all that it looked at."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from functools import cached_property

from exchange.importing.ledger import Ledger, Target
from exchange.importing.making import VISIT, above, coded, put
from exchange.importing.permissions import Permissions
from exchange.importing.plan import Difference
from exchange.importing.tables import Table
from outsourcing.models import Inspection


def once_a_visit(table: Table, found: dict[int, list[str]]) -> None:
    """``found``: by row what changes. What changes of a visit stays at the first of its rows."""
    seen: set = set()
    if table.unread:
        _once_where_it_is_read(table, found)
        return
    for row in range(len(table)):
        target = table.targets["inspection"][row]
        if target in seen and row in found:
            found[row] = [name for name in found[row] if name not in VISIT]
            if not found[row]:
                del found[row]
        seen.add(target)


def _once_where_it_is_read(table: Table, found: dict[int, list[str]]) -> None:
    seen = set()
    for row, target in enumerate(table.targets["inspection"]):
        said = [name for name in VISIT if name in table.keys and not table.is_unread(row, name)]
        if row in found:
            found[row] = [name for name in found[row] if (target, name) not in seen]
            if not found[row]:
                del found[row]
        seen.update((target, name) for name in said)


class VisitChanges:
    """``refuse``: tries an unsaved row, and says at a row of the file what is wrong with it."""

    def __init__(
        self, table: Table, ledger: Ledger, permissions: Permissions, refuse: Callable, fresh: bool
    ):
        self.table, self.ledger, self.permissions = table, ledger, permissions
        self.refuse, self.fresh = refuse, fresh
        self.targets: list[Target] = table.targets["inspection"]
        # Of visits, by the visit, what is not known of them, and at which row what is said is read.
        self.unread: dict[int, set[str]] = {}
        self.read_at: dict[int, dict[str, int]] = {}

    def make(self, rows: Iterable[int], changed: dict[int, list[str]]) -> None:
        """Of rows that are added the visits that are not recorded, each beside the first row of it;
        of those that are, what the row says of it anew."""
        said = {self.targets[row] for row, names in changed.items() if set(names) & set(VISIT)}
        for row in rows:
            target = self.targets[row]
            if target.pk and target not in said:
                said.add(target)
                self._compare(row, target.row)
            elif not target.pk and target.row is None:
                self._make(row, target)

    def _make(self, row: int, target: Target) -> None:
        keys, read_at = self.table.keys, {}
        for name in (name for name in VISIT if name in keys):
            read_at[name] = self._read_at(name, row, target)
        said = {name: keys[name][at] for name, at in read_at.items() if at is not None}
        visit = Inspection(**said)
        self.unread[id(visit)] = {name for name, at in read_at.items() if at is None}
        self.read_at[id(visit)] = {name: at for name, at in read_at.items() if at is not None}
        of = above(self.table, row)
        if of is None:
            of = next(filter(None, (above(self.table, at) for at in self._rows[target])), None)
        if of is not None and of.agency_id is not None:
            put(visit, "agency", self.ledger.agencies[of.agency_id])
            visit.synthetic = of.synthetic
        known = not self.table.is_unread(row, "inspection")
        if self.fresh and known and self.table.said("inspection", row):
            coded(visit, target.code)
        target.row = visit
        self.table.taken[row].beside.append(visit)
        self.refuse(self.table, row, visit)

    def _read_at(self, name: str, row: int, target: Target) -> int | None:
        """The first row of a visit that says this of it so that it can be read."""
        if not self.table.unread:
            return row
        rows = self._rows[target]
        return next((at for at in rows if not self.table.is_unread(at, name)), None)

    @cached_property
    def _rows(self) -> dict[Target, list[int]]:
        found: dict[Target, list[int]] = {}
        for row, target in enumerate(self.targets):
            found.setdefault(target, []).append(row)
        return found

    def _compare(self, row: int, visit: Inspection) -> None:
        line = self.table.taken[row]
        columns = {column.field: column for column in self.table.found.columns.values()}
        for name in (name for name in VISIT if name in self.table.keys):
            old, new = getattr(visit, name), self.table.keys[name][row]
            if old != new and not self.table.is_unread(row, name):
                line.values[name] = new
                heading, cells = self.table.places[name][1], columns[name].cells([[old, new]])
                line.differences.append(Difference(heading, *cells))
        self.changed(row)

    def changed(self, row: int) -> Inspection:
        """The visit of a row as it becomes, tried."""
        visit, values = self.targets[row].row, self.table.taken[row].values
        new = {name: values[name] for name in VISIT if name in values}
        if not new:
            return visit
        for agency, section in self._looked_at.get(visit.pk, ()):
            self.permissions.may(self.table, row, agency, section, next(iter(new)))
        visit = copy.copy(visit)
        visit.__dict__.update(new)
        self.refuse(self.table, row, visit)
        return visit

    @cached_property
    def _looked_at(self) -> dict[int, set[tuple[int, int | None]]]:
        """Whose contracts each recorded visit has looked at."""
        found: dict[int, set] = {}
        recorded, contracts = self.table.recorded, self.ledger.contracts.by_pk
        for visit, contract in zip(
            recorded.of("inspection_id"), recorded.of("contract_id"), strict=True
        ):
            of = contracts[contract]
            found.setdefault(visit, set()).add((of.agency_id, of.section_id))
        return found
