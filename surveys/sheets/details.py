"""Tables ① and ②: they differ in who is listed, and in ② having groups."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.sheets import base, notes

PERSONAL_TABLES = (base.ADMINISTRATIVE_ORGANS, base.INDEPENDENT_AGENCIES)


def of_personal_information(
    sheet: base.Sheet,
    counts: base.Counts,
    listings: Sequence[base.Listed],
    faults: base.Faults,
    *,
    agencies: str,
) -> base.Sheet:
    listed = base.listed_in(sheet.key, listings)
    # What the other table lists is not lost; only what neither lists is told.
    anywhere = [row for row in listings if row.table in PERSONAL_TABLES]
    return sheet._replace(
        rows=base.agency_rows(sheet, counts, listed, agencies=agencies),
        notes=(
            notes.faults_by_agency(sheet, faults, listed),
            *notes.pending(sheet, counts, listed),
            *notes.unlisted(sheet, counts, anywhere),
        ),
    )
