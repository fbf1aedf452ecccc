"""【資料】機関別内訳表＜個人情報＞ ①行政機関: 総数 first, in printed order."""

from __future__ import annotations

from surveys.sheets import base, details

SHEET = base.Sheet(
    key=base.ADMINISTRATIVE_ORGANS,
    section="【資料】機関別内訳表（行政機関、独立行政法人等）＜個人情報＞",
    number="①",
    title="行政機関",
    name="①行政機関",
    information=base.PERSONAL,
    stub="行政機関名",
    columns=base.detail_columns("no_breach", "breach", "unverifiable"),
)


def build(counts, listings, faults) -> base.Sheet:
    return details.of_personal_information(SHEET, counts, listings, faults, agencies="organ")
