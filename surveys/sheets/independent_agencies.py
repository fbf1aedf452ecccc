"""【資料】機関別内訳表＜個人情報＞ ②独立行政法人等: under six groups, 総数 first."""

from __future__ import annotations

from surveys.sheets import base, details

SHEET = base.Sheet(
    key=base.INDEPENDENT_AGENCIES,
    section="【資料】機関別内訳表（行政機関、独立行政法人等）＜個人情報＞",
    number="②",
    title="独立行政法人等",
    name="②独立行政法人等",
    information=base.PERSONAL,
    stub="法人名",
    columns=base.detail_columns("no_breach", "breach", "unverifiable"),
)


def build(counts, listings, faults) -> base.Sheet:
    return details.of_personal_information(SHEET, counts, listings, faults, agencies="independent")
