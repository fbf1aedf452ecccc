"""【資料】機関別内訳表＜調査票情報等＞: only agencies that have such contracts."""

from __future__ import annotations

from surveys.sheets import base, notes

SHEET = base.Sheet(
    key=base.STATISTICS_AGENCIES,
    section="【資料】",
    number="",
    title="【資料】機関別内訳表（行政機関、届出独立行政法人等）＜調査票情報等＞",
    name="調査票情報等",
    information=base.STATISTICS,
    stub="行政機関、届出独立行政法人等名",
    # No contractor was out of reach in this part of the survey: the column was not printed.
    columns=base.detail_columns("no_breach", "breach"),
)


def build(counts, listings, faults) -> base.Sheet:
    listed = base.listed_in(SHEET.key, listings)
    printed = [row for row in listed if any(base.counted(SHEET, counts, [row]).values())]
    return SHEET._replace(
        rows=base.agency_rows(SHEET, counts, printed, agencies=None),
        notes=(
            notes.ONLY_WITH_CONTRACTS,
            notes.faults_by_agency(SHEET, faults, listed),
            *notes.without_column(SHEET, base.counted(SHEET, counts, printed)),
            *notes.pending(SHEET, counts, listed),
            *notes.unlisted(SHEET, counts, listed),
        ),
    )
