"""The rows that a plan adds, unsaved and naming each other, and what rows it changes become."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from exchange.importing.differences import items_of
from exchange.importing.ledger import Ledger, Target
from exchange.importing.recorded import ITEMS, are_items, identities
from exchange.importing.tables import Table
from outsourcing.bulk import new_row
from outsourcing.models import Contract, Disclosure, Inspection, Subcontract

AMONG = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT value::bigint FROM json_array_elements_text(%s::json)",
}
# What a column is called in the model, where that is something else.
NAMES = {"link": "subcontract", "fiscal_year": "survey"}
VISIT = ("day", "method", "not_on_site_reason", "through_contractor", "place", "inspectors")
CODED = {
    "contract": Contract,
    "renews": Contract,
    "link": Subcontract,
    "parent": Subcontract,
    "inspection": Inspection,
    "disclosure": Disclosure,
}


def rows_by_key(model: type[models.Model], keys: Iterable[int]) -> dict[int, models.Model]:
    """However many, in one query."""
    keys = json.dumps(sorted(keys))
    among = RawSQL(AMONG[connection.vendor], [keys])
    return {row.pk: row for row in model._base_manager.filter(pk__in=among)}


def model_of(table: Table, name: str) -> type[models.Model] | None:
    if name == "renews" and table.sheet.key == "links":
        return Subcontract
    return CODED.get(name)


class Making:
    """``load`` reads the recorded rows that those to be made or changed name."""

    def __init__(self, ledger: Ledger):
        self.ledger = ledger

    def load(self, wanted: Iterable[tuple[Table, Iterable[int], Iterable[str]]]) -> None:
        """``wanted``: tables with the rows and the fields that count."""
        found: dict[type[models.Model], set[Target]] = {}
        for table, rows, names in wanted:
            rows = list(rows)
            for name in names:
                model = model_of(table, name)
                if model is None or name not in table.targets:
                    continue
                targets = table.targets[name]
                wanted_ = (targets[row] for row in rows)
                found.setdefault(model, set()).update(t for t in wanted_ if t and t.row is None)
        links = found.get(Subcontract, set())
        above = (link.contract for link in links if link.pk and link.contract.row is None)
        found.setdefault(Contract, set()).update(above)
        for model in (Contract, Subcontract, Inspection, Disclosure):
            self._read(model, [t for t in found.get(model, ()) if t.pk])

    def _read(self, model: type[models.Model], targets: list[Target]) -> None:
        if not targets:
            return
        rows = rows_by_key(model, {target.pk for target in targets})
        for target in targets:
            target.row = rows[target.pk]
            put(target.row, "agency", self.ledger.agencies[target.row.agency_id])
            if target.contract is not None and target.contract.row is not None:
                put(target.row, "contract", target.contract.row)

    # --- New ---------------------------------------------------------------------------------

    def make(self, table: Table, rows: list[int]) -> None:
        """Of each of these rows the unsaved row of the model."""
        model = table.sheet.model
        plain, naming = self._columns(table)
        columns = [table.keys[name] for name in plain]
        names = list(map(_name, plain))
        fields = {f.name: f for f in model._meta.local_concrete_fields}
        for row in rows:
            made = new_row(model)
            made.__dict__.update(zip(names, (column[row] for column in columns), strict=True))
            for name in naming:
                if (value := instance(table.targets[name][row])) is not None:
                    put(made, _name(name), value)
            self._complete(table, row, made, fields)
            table.taken[row].row = made
            if table.own and (own := table.own[row]) is not None and own.line is table.taken[row]:
                own.row = made

    @staticmethod
    def _columns(table: Table) -> tuple[list[str], list[str]]:
        """The fields that are values of the model, and those that name another row."""
        left = identities(table.sheet) | {c.field for c in table.sheet.own if c.told}
        names = [name for name in table.keys if name not in left]
        if table.sheet.key == "inspections":
            names = [name for name in names if name not in VISIT]
        if table.sheet.link == "subcontract" and table.sheet.of != "contract":
            names = [name for name in names if name != "contract"]
        naming = [name for name in names if name in table.targets]
        return [name for name in names if name not in table.targets], naming

    def _complete(self, table: Table, row: int, made: models.Model, fields) -> None:
        """Whose it is, and whether it is synthetic."""
        of = above(table, row)
        if of is not None and "agency" in fields:
            if of.agency_id is not None:
                put(made, "agency", self.ledger.agencies[of.agency_id])
            made.synthetic = of.synthetic
        elif table.agencies and table.agencies[row] is not None and "agency" in fields:
            put(made, "agency", table.agencies[row])
        if isinstance(made, Contract):
            made.last_day = made.agreed_last_day

    # --- Changed -----------------------------------------------------------------------------

    def changed(self, table: Table, row: int, names: list[str], recorded: models.Model) -> None:
        """What a recorded row becomes."""
        line = table.taken[row]
        line.row, line.version = recorded, recorded.version
        for name in names:
            if name in table.targets:
                line.values[_name(name)] = instance(table.targets[name][row])
            elif are_items(table.sheet, name):
                old = table.recorded.keys(ITEMS)[table.match[row]]
                line.values[ITEMS] = items_of(table, row, old)
            else:
                line.values[name] = table.keys[name][row]
        if line.values.get("corporate_number") == "":  # which no two may have
            line.values["corporate_number"] = None


def above(table: Table, row: int) -> Target | None:
    """The contract or the provision that a row is about."""
    for name in ("contract", "disclosure"):
        if name in table.targets and table.targets[name][row] is not None:
            return table.targets[name][row]
    return None


def instance(target: Any) -> models.Model | None:
    return target.row if isinstance(target, Target) else target


def put(row: models.Model, name: str, value: models.Model) -> None:
    """``row.name = value``, in a tenth of the time."""
    field = row._meta.get_field(name)
    row.__dict__[field.attname] = value.pk
    row._state.fields_cache[name] = value


def _name(name: str) -> str:
    return NAMES.get(name, name)


def coded(row: models.Model, code: str) -> None:
    """Keeps the code that a file gives it."""
    _, year, serial = code.split("-")
    row.fiscal_year, row.serial = int(year), int(serial.lstrip("KT"))
