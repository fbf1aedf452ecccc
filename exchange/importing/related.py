"""The rows of a plan as they are written and judged: by sheet, with what they refer to at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain

from django.db import models

from exchange.importing.plan import Line, Outcome, Plan, SheetPlan
from outsourcing.actions.base import Change, batches
from outsourcing.bulk import name_related
from outsourcing.models import Contract, Contractor, Inspection, InspectionTarget, Subcontract

# What a line of a target may say of its visit.
VISIT = ("day", "method", "not_on_site_reason", "through_contractor", "place", "inspectors")
# What rows refer to and verbs look at; what a link refers to comes after the links.
REFERRED = ("section", "subcontract", "parent", "inspection", "disclosure", "survey", "contract")
NUMBERED = (("contracts", "concluded_on"), ("disclosures", "first_day"), ("inspections", "day"))


class Work:
    """``lines``: by the row of the model, the sheet and the line that it is of."""

    def __init__(self, plan: Plan, *, fresh: bool = True):
        self._added: dict[str, list[Line]] = defaultdict(list)
        self._changed: dict[str, list[Line]] = defaultdict(list)
        self.lines: dict[int, tuple[SheetPlan, Line]] = {}
        self.number = 0
        for sheet in plan:
            for line in sheet.lines:
                if line.outcome not in (Outcome.ADDED, Outcome.CHANGED):
                    continue
                self.number += 1
                kept = self._added if line.outcome == Outcome.ADDED else self._changed
                kept[sheet.sheet.key].append(line)
                for row in (line.row, *line.beside):
                    self.lines.setdefault(id(row), (sheet, line))
        if not fresh:
            for rows, _ in self.numbered():
                for row in rows:
                    row.serial = None
            for link in self.added("links"):
                link.number = None

    def added(self, key: str) -> list[models.Model]:
        """With the keys that what they refer to has by now. Of companies also those that come with
        the first row that names them."""
        beside = self._companies_beside if key == "companies" else []
        return name_related([line.row for line in self._added[key]] + beside)

    @cached_property
    def _companies_beside(self) -> list[models.Model]:
        lines = chain.from_iterable((*self._added.values(), *self._changed.values()))
        return [row for line in lines for row in line.beside if isinstance(row, Contractor)]

    def changes(self, key: str) -> list[Change]:
        """Of a target without what is said of its visit."""
        left = VISIT if key == "inspections" else ()
        return [
            Change(line.row, {n: v for n, v in line.values.items() if n not in left}, line.version)
            for line in self._changed[key]
        ]

    @property
    def keys_changed(self) -> list[str]:
        """The sheets that have changed rows."""
        return [key for key, lines in self._changed.items() if lines]

    @property
    def rows(self) -> Iterator[models.Model]:
        """All that is written."""
        for lines in (*self._added.values(), *self._changed.values()):
            for line in lines:
                yield line.row
                yield from line.beside

    @property
    def carried_out(self) -> bool:
        return any(not line.row._state.adding for lines in self._added.values() for line in lines)

    def line_of(self, row: models.Model) -> tuple[SheetPlan, Line] | None:
        """The sheet and the line that a recorded row is of, or else the first that names it."""
        known = [*self.lines.values()]
        for sheet, line in known:
            if type(line.row) is type(row) and line.row.pk == row.pk:
                return sheet, line
        for sheet, line in known:
            for other in line.row._state.fields_cache.values():
                if type(other) is type(row) and other.pk == row.pk:
                    return sheet, line
        return None

    # --- What rows refer to ------------------------------------------------------------------

    def read_related(self) -> None:
        """However many rows, a fixed number of queries per some hundred of what is missing."""
        known: dict[type[models.Model], dict[int, models.Model]] = defaultdict(dict)
        for row in self.rows:
            if row.pk:
                known[type(row)][row.pk] = row
        rows = list(self.rows)
        for name in REFERRED:
            found = self._fill(rows, name, known)
            if name in ("subcontract", "parent"):
                rows += found

    @staticmethod
    def _fill(rows: Iterable[models.Model], name: str, known) -> list[models.Model]:
        missing: dict[type[models.Model], list[tuple]] = defaultdict(list)
        for row in rows:
            field = _foreign(type(row)).get(name)
            if field is not None and not field.is_cached(row):
                key = getattr(row, field.attname)
                if key is not None:
                    missing[field.related_model].append((row, key))
        read = []
        for model, wanted in missing.items():
            for keys in batches({key for _, key in wanted} - known[model].keys()):
                found = model._base_manager.in_bulk(keys)
                known[model] |= found
                read += found.values()
            for row, key in wanted:
                row._state.fields_cache[name] = known[model][key]
        return read

    def recorded(self, model: type[models.Model]) -> set[int]:
        """What is recorded of a model and the plan changes, or adds to."""
        return self._recorded[model]

    @cached_property
    def _recorded(self) -> dict[type[models.Model], set[int]]:
        found = defaultdict(set)
        for row in self.rows:
            if not row._state.adding:
                found[type(row)].add(row.pk)
            for name, other in row._state.fields_cache.items():
                if name == "renews" or other is None or other._state.adding:
                    continue
                found[type(other)].add(other.pk)
                if isinstance(other, Subcontract):
                    found[Contract].add(other.contract_id)
        return found

    # --- Holdings ----------------------------------------------------------------------------

    def companies_with_other_holders(self) -> set[int]:
        """Of which it changes who holds them, or what they hold."""
        found = {row.held_id for row in self.added("holdings")}
        for row, values, _ in self.changes("holdings"):
            found |= {row.held_id, values["held"].pk if "held" in values else row.held_id}
        return found | {
            row.pk for row, values, _ in self.changes("companies") if "dissolved_on" in values
        }

    def companies_of_chains(self) -> set[int]:
        """That are put into one."""
        named = (v["contractor"].pk for _, v, _ in self.changes("links") if "contractor" in v)
        return {*(row.contractor_id for row in self.added("links")), *named}

    # --- Visits ------------------------------------------------------------------------------

    @cached_property
    def new_visits(self) -> list[Inspection]:
        found = {}
        for target in self.added("inspections"):
            if target.inspection._state.adding:
                found[id(target.inspection)] = target.inspection
        return list(found.values())

    def targets(self) -> tuple[list[tuple[Inspection, list]], list[InspectionTarget]]:
        """New visits, each with what it looked at; and new targets of others."""
        of_visit = {id(visit): (visit, []) for visit in self.new_visits}
        others = []
        for target in self.added("inspections"):
            visit = of_visit.get(id(target.inspection))
            (visit[1] if visit else others).append(target)
        for visit, targets in of_visit.values():
            visit.agency_id = targets[0].contract.agency_id
            visit.synthetic = targets[0].contract.synthetic
        return list(of_visit.values()), others

    def changed_visits(self) -> list[Change]:
        """What lines say of visits that are recorded, each visit once."""
        found: dict[int, Change] = {}
        for line in (*self._changed["inspections"], *self._added["inspections"]):
            values = {name: line.values[name] for name in VISIT if name in line.values}
            visit = line.row.inspection
            if values and not visit._state.adding:
                change = found.setdefault(visit.pk, Change(visit, {}, visit.version))
                change.values.update(values)
        return list(found.values())

    def numbered(self) -> Iterator[tuple[list[models.Model], str]]:
        """New rows that get serials, and by the year of which day."""
        for key, day in NUMBERED:
            yield (self.new_visits if key == "inspections" else self.added(key)), day


_KNOWN: dict[type[models.Model], dict[str, models.ForeignKey]] = {}


def _foreign(model: type[models.Model]) -> dict[str, models.ForeignKey]:
    if model not in _KNOWN:
        fields = model._meta.local_concrete_fields
        _KNOWN[model] = {field.name: field for field in fields if field.is_relation}
    return _KNOWN[model]
