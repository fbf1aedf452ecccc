"""調査結果 (1) 保有個人情報: both kinds of agencies and their total, 計 last."""

from __future__ import annotations

from surveys.sheets import base, notes

SHEET = base.Sheet(
    key="summary-personal",
    section="調査結果",
    number="(1)",
    title="保有個人情報",
    name="総括_保有個人情報",
    information=base.PERSONAL,
    stub="",
    columns=base.summary_columns("no_breach", "breach", "unverifiable"),
)

KINDS = (
    ("organ", "行政機関", base.ADMINISTRATIVE_ORGANS),
    ("independent", "独立行政法人等", base.INDEPENDENT_AGENCIES),
)


def build(counts, listings, faults) -> base.Sheet:
    rows, everybody = [], []
    for kind, label, table in KINDS:
        listed = base.listed_in(table, listings)
        everybody += listed
        tally = base.counted(SHEET, counts, listed)
        rows.append(base.make_row(SHEET, tally, kind="kind", key=kind, label=label, agencies=kind))
    tally = base.counted(SHEET, counts, everybody)
    rows.append(base.make_row(SHEET, tally, kind="total", key="total", label="計"))
    return SHEET._replace(
        rows=tuple(rows),
        notes=(
            *notes.faults_together(SHEET, faults, everybody),
            *notes.pending(SHEET, counts, everybody),
            *notes.unlisted(SHEET, counts, everybody),
        ),
    )
