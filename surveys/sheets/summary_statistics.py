"""調査結果 (2) 統計調査の調査票情報等: one row for all agencies, 計 last."""

from __future__ import annotations

from surveys.sheets import base, notes

SHEET = base.Sheet(
    key="summary-statistics",
    section="調査結果",
    number="(2)",
    title="統計調査の調査票情報等",
    name="総括_調査票情報等",
    information=base.STATISTICS,
    stub="",
    # No contractor was out of reach in this part of the survey: the column was not printed.
    columns=base.summary_columns("no_breach", "breach"),
)


def build(counts, listings, faults) -> base.Sheet:
    listed = base.listed_in(base.STATISTICS_AGENCIES, listings)
    tally = base.counted(SHEET, counts, listed)
    return SHEET._replace(
        rows=(base.make_row(SHEET, tally, kind="total", key="total", label="行政機関等"),),
        notes=(
            *notes.without_column(SHEET, tally),
            *notes.pending(SHEET, counts, listed),
            *notes.unlisted(SHEET, counts, listed),
        ),
    )
