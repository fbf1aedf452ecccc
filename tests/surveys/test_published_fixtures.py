"""The transcribed files agree with each other, and with what the report says of itself."""

from __future__ import annotations

import csv

import pytest

from tests.surveys import published


def sentences() -> dict[str, str]:
    path = published.FIXTURES / "published-sentences-2017.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["key"] for row in rows}) == len(rows)
    return {row["key"]: row["value"] for row in rows}


def test_43_organs_and_192_independent_agencies_are_coded_in_printed_order():
    by_kind = {"organ": [], "independent": []}
    for row in published.agencies():
        by_kind[row["kind"]].append(row["code"])
    assert by_kind["organ"] == [f"A{n:02}" for n in range(1, 44)]
    assert by_kind["independent"] == [f"B{n:03}" for n in range(1, 193)]


def test_names_and_groups_are_the_same_in_both_files():
    agencies = {row["code"]: row for row in published.agencies()}
    for row in published.rows():
        if row["row"] == "agency":
            assert row["label"] == agencies[row["agency"]]["name"]
        if row["sheet"] == "independent-agencies" and row["row"] == "agency":
            assert row["group"] == agencies[row["agency"]]["group"]


@pytest.mark.parametrize(
    ("sheet", "information"),
    [("summary-personal", "personal"), ("summary-statistics", "statistics")],
)
def test_the_sentences_say_what_the_summaries_say(sheet, information):
    said = sentences()
    [total] = (r for r in published.rows() if (r["sheet"], r["row"]) == (sheet, "total"))
    assert said[f"{information}_contracts"] == total["total"]
    assert said[f"{information}_breaches"] == total["breach"]
    share = 100 * int(total["breach"]) / int(total["total"])
    assert said[f"{information}_breach_share"] == f"{share:.1f}"


def test_both_kinds_of_information_add_up_to_what_the_first_page_says():
    said = {key: float(value) for key, value in sentences().items()}
    assert said["contracts"] == said["personal_contracts"] + said["statistics_contracts"] == 22618
    assert said["breaches"] == said["personal_breaches"] + said["statistics_breaches"] == 69
    assert said["leaks"] == said["personal_leaks"] + said["statistics_leaks"] == 0
    faults = said["personal_management_faults_A25"] + said["personal_management_faults_B184"]
    assert said["personal_management_faults"] == faults == 2
