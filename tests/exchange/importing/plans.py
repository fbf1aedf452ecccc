"""Plans as checking would make them, by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db import models

from exchange.importing.plan import Line, Outcome, Plan, SheetPlan
from exchange.sheets import BY_KEY

FIRST_ROW = 3  # below title and headings


def plan_of(
    *, changes: Mapping[str, list] = MappingProxyType({}), **added: Iterable[models.Model]
) -> Plan:
    """Rows to be added, by the key of their sheet with _ for -; ``changes``: by the same (row,
    values) or (row, values, version)."""
    keys = dict.fromkeys([*added, *changes])
    return Plan([_sheet(key, added.get(key, ()), changes.get(key, ())) for key in keys])


def _sheet(key: str, added, changes) -> SheetPlan:
    sheet = BY_KEY[key.replace("_", "-")]
    lines, visits = [], set()
    for row in added:
        lines.append(Line(FIRST_ROW + len(lines), Outcome.ADDED, f"新{len(lines) + 1}", row))
        visit = getattr(row, "inspection", None) if key == "inspections" else None
        if visit is not None and visit._state.adding and id(visit) not in visits:
            visits.add(id(visit))
            lines[-1].beside.append(visit)
    for row, values, *version in changes:
        lines.append(
            Line(
                FIRST_ROW + len(lines),
                Outcome.CHANGED,
                getattr(row, "code", str(row.pk)),
                row,
                values,
                *(version or [row.version]),
            )
        )
    return SheetPlan(sheet, sheet.title, lines)
