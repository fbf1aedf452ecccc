"""The published file, read plainly and without the code under test, for tests to compare with."""

from __future__ import annotations

import csv
from pathlib import Path

from surveys.sheets.base import Listed

FIXTURES = Path(__file__).parents[2] / "fixtures"
PUBLISHED = FIXTURES / "published-2017.csv"
SUMMARIES = ("summary-personal", "summary-statistics")


def agencies() -> list[dict[str, str]]:
    with (FIXTURES / "agencies.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rows() -> list[dict[str, str]]:
    with PUBLISHED.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def agency_codes() -> set[str]:
    return {row["code"] for row in agencies()}


def agency_ids() -> dict[str, int]:
    """Database keys as a database would give them: not the printed order."""
    return {row["code"]: 1000 - place for place, row in enumerate(agencies())}


def listings() -> list[Listed]:
    ids, kinds = agency_ids(), {row["code"]: row["kind"] for row in agencies()}
    return [
        Listed(
            table=row["sheet"],
            order=int(row["order"]),
            group=row["group"],
            printed_name=row["label"],
            agency_id=ids[row["agency"]],
            agency_code=row["agency"],
            agency_kind=kinds[row["agency"]],
        )
        for row in rows()
        if row["row"] == "agency"
    ]


def counts() -> dict[tuple[str, int], dict[str, int]]:
    """What a classification of the contracts would count, had they been as published."""
    ids = agency_ids()
    return {
        (
            "statistics" if row["sheet"] == "statistics" else "personal",
            ids[row["agency"]],
        ): {name: int(row[name] or 0) for name in ("no_breach", "breach", "unverifiable")}
        for row in rows()
        if row["row"] == "agency"
    }


def faults() -> dict[tuple[str, int], int]:
    """厚生労働省 and 日本年金機構, one case of inadequate management each."""
    ids = {row["name"]: agency_ids()[row["code"]] for row in agencies()}
    return {("personal", ids["厚生労働省"]): 1, ("personal", ids["日本年金機構"]): 1}
