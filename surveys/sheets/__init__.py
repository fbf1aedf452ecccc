"""The five tables of the survey, in the order of the report."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.sheets import (
    administrative_organs,
    independent_agencies,
    statistics_agencies,
    summary_personal,
    summary_statistics,
)
from surveys.sheets.base import Counts, Faults, Listed, Sheet

MODULES = {
    module.SHEET.key: module
    for module in (
        summary_personal,
        summary_statistics,
        administrative_organs,
        independent_agencies,
        statistics_agencies,
    )
}
# The tables without rows: titles, columns and headings.
LAYOUTS: dict[str, Sheet] = {key: module.SHEET for key, module in MODULES.items()}


def build(key: str, counts: Counts, listings: Sequence[Listed], faults: Faults) -> Sheet:
    return MODULES[key].build(counts, listings, faults)


def build_all(counts: Counts, listings: Sequence[Listed], faults: Faults) -> tuple[Sheet, ...]:
    return tuple(build(key, counts, listings, faults) for key in MODULES)


def build_for_agency(
    counts: Counts, listings: Sequence[Listed], faults: Faults, agency_code: str
) -> tuple[Sheet, ...]:
    """One agency's rows and notes, of the tables that print it. Totals are not its own."""
    own = [row for row in listings if row.agency_code == agency_code]
    agency_ids = {row.agency_id for row in own}
    own_counts = {key: by_class for key, by_class in counts.items() if key[1] in agency_ids}
    sheets = (build(key, own_counts, own, faults) for key in {row.table: None for row in own})
    return tuple(
        sheet._replace(rows=tuple(row for row in sheet.rows if row.kind != "total"))
        for sheet in sheets
        if sheet.row(agency_code)
    )
