"""Feeding the published counts, each table comes out as it was printed."""

from __future__ import annotations

import unicodedata

import pytest

from surveys import sheets
from surveys.sheets import base
from tests.surveys import published

# Title, headings and notes as the report prints them (full and half width aside).
TITLES = {
    "summary-personal": "調査結果　(1)保有個人情報",
    "summary-statistics": "調査結果　(2)統計調査の調査票情報等",
    "administrative-organs": (
        "【資料】機関別内訳表（行政機関、独立行政法人等）＜個人情報＞　①行政機関"
    ),
    "independent-agencies": (
        "【資料】機関別内訳表（行政機関、独立行政法人等）＜個人情報＞　②独立行政法人等"
    ),
    "statistics": "【資料】機関別内訳表（行政機関、届出独立行政法人等）＜調査票情報等＞",
}
NO_BREACH = "契約に反する再委託が行われていないことが確認されたもの"
BREACH = "契約に反する再委託が行われている実態が確認されたもの"
UNVERIFIABLE = "委託先法人の解散等により確認できなかったもの"
HEADINGS = {
    "summary-personal": [[("", 1, 1), (NO_BREACH, 1, 1), (BREACH, 1, 1), (UNVERIFIABLE, 1, 1)]],
    "summary-statistics": [[("", 1, 1), (NO_BREACH, 1, 1), (BREACH, 1, 1)]],
    "administrative-organs": [
        [("行政機関名", 1, 2), ("総数", 1, 2), ("再委託の状況", 3, 1)],
        [(NO_BREACH, 1, 1), (BREACH, 1, 1), (UNVERIFIABLE, 1, 1)],
    ],
    "independent-agencies": [
        [("法人名", 1, 2), ("総数", 1, 2), ("再委託の状況", 3, 1)],
        [(NO_BREACH, 1, 1), (BREACH, 1, 1), (UNVERIFIABLE, 1, 1)],
    ],
    "statistics": [
        [("行政機関、届出独立行政法人等名", 1, 2), ("総数", 1, 2), ("再委託の状況", 2, 1)],
        [(NO_BREACH, 1, 1), (BREACH, 1, 1)],
    ],
}
for _key in published.SUMMARIES:
    HEADINGS[_key][0].append(("計", 1, 1))

COLUMNS = {
    "summary-personal": ["no_breach", "breach", "unverifiable", "total"],
    "summary-statistics": ["no_breach", "breach", "total"],
    "administrative-organs": ["total", "no_breach", "breach", "unverifiable"],
    "independent-agencies": ["total", "no_breach", "breach", "unverifiable"],
    "statistics": ["total", "no_breach", "breach"],
}


def built(**changed) -> dict[str, base.Sheet]:
    given = {
        "counts": published.counts(),
        "listings": published.listings(),
        "faults": published.faults(),
    }
    return {sheet.key: sheet for sheet in sheets.build_all(**{**given, **changed})}


@pytest.fixture(scope="module")
def as_published():
    return built()


def agency_id(name: str) -> int:
    return next(row.agency_id for row in published.listings() if row.printed_name == name)


def test_the_tables_stand_in_the_order_of_the_report():
    assert list(sheets.LAYOUTS) == list(TITLES)


@pytest.mark.parametrize("key", TITLES)
def test_titles_units_and_columns_are_as_published(as_published, key):
    sheet = as_published[key]
    assert sheet.full_title == TITLES[key]
    assert sheet.unit == "（単位：件）"
    assert [column.key for column in sheet.columns] == COLUMNS[key]
    assert [list(map(tuple, row)) for row in sheet.heading] == HEADINGS[key]


@pytest.mark.parametrize("key", TITLES)
def test_the_rows_are_the_printed_ones_in_order_with_their_numbers(as_published, key):
    expected = [
        (
            row["agency"] or row["row"],
            row["label"],
            row["order"],
            [int(row[name]) for name in COLUMNS[key]],
        )
        for row in published.rows()
        if row["sheet"] == key
    ]
    found = [
        (row.key, row.label, str(row.order or ""), [cell.value for cell in row.cells])
        for row in as_published[key].rows
        if row.kind != "group"
    ]
    assert found == expected


def test_1002_cells_are_rebuilt(as_published):
    cells = [cell for sheet in as_published.values() for row in sheet.rows for cell in row.cells]
    assert len(cells) == 1002


def test_table_two_has_six_groups_each_before_its_members(as_published):
    rows = as_published["independent-agencies"].rows
    members: dict[str, int] = {}
    heading = None
    for row in rows[:-1]:
        if row.kind == "group":
            heading = row.group
            assert (row.label, row.cells) == (f"({heading})", ())
        else:
            assert row.group == heading
            members[heading] = members.get(heading, 0) + 1
    assert members == {
        "独立行政法人": 87,
        "国立大学法人": 86,
        "大学共同利用機関法人": 4,
        "特殊法人": 9,
        "認可法人": 5,
        "その他": 1,
    }
    assert rows[-1].kind == "total"


def test_the_other_tables_have_no_groups(as_published):
    for key in ("administrative-organs", "statistics", *published.SUMMARIES):
        assert all(row.kind != "group" for row in as_published[key].rows)


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def test_notes_say_what_the_report_says(as_published):
    begin = (
        "※このほか、委託先(再委託先)において適切な管理体制が取られているか否かを併せて確認した結果、"
        "適切な管理体制が取られていない実態が確認されたもの"
    )
    found = {key: [plain(note) for note in sheet.notes] for key, sheet in as_published.items()}
    assert found == {
        "summary-personal": [
            "※このほか、委託先又は再委託先において、個人情報の管理体制が不適切であることが確認された事例が2件。"
        ],
        "summary-statistics": [],
        "administrative-organs": [begin + "が1件(厚生労働省1件)あった。"],
        "independent-agencies": [begin + "が1件(日本年金機構1件)あった。"],
        "statistics": ["※該当契約のあった機関のみ掲載", begin + "はなかった。"],
    }


def test_without_faults_the_notes_say_there_were_none():
    found = built(faults={})
    assert found["summary-personal"].notes == ()
    assert found["administrative-organs"].notes[0].endswith("はなかった。")


def test_faults_of_several_agencies_are_named_in_printed_order():
    faults = {
        ("personal", agency_id("国土交通省")): 2,
        ("personal", agency_id("法務省")): 1,
        ("statistics", agency_id("総務省")): 1,
    }
    found = built(faults=faults)
    assert "が3件（法務省1件、国土交通省2件）あった。" in found["administrative-organs"].notes[0]
    assert found["independent-agencies"].notes[0].endswith("はなかった。")
    assert "が1件（総務省1件）あった。" in found["statistics"].notes[1]


def cell_of(sheet: base.Sheet, row: str, column: str) -> base.Cell:
    return next(cell for cell in sheet.row(row).cells if cell.column == column)


def test_a_cell_knows_which_contracts_it_counts(as_published):
    organs, independent = (
        as_published["administrative-organs"],
        as_published["independent-agencies"],
    )
    assert cell_of(organs, "A15", "breach") == ("breach", 16, "personal", "A15", "organ")
    assert cell_of(organs, "total", "breach") == ("breach", 50, "personal", None, "organ")
    assert cell_of(independent, "total", "total") == (
        "total",
        13419,
        "personal",
        None,
        "independent",
    )
    summary = as_published["summary-personal"]
    assert cell_of(summary, "organ", "total") == ("total", 8901, "personal", None, "organ")
    assert cell_of(summary, "total", "breach") == ("breach", 68, "personal", None, None)
    statistics = as_published["statistics"]
    assert cell_of(statistics, "B191", "total") == (
        "total",
        5,
        "statistics",
        "B191",
        "independent",
    )
    assert cell_of(statistics, "total", "total") == ("total", 298, "statistics", None, None)


def test_zero_is_a_number(as_published):
    fire_agency = as_published["administrative-organs"].row("A14")
    assert [cell.value for cell in fire_agency.cells] == [0, 0, 0, 0]


def test_an_agency_without_any_counts_is_printed_with_zeros():
    counts = published.counts()
    del counts["personal", agency_id("法務省")]
    organs = built(counts=counts)["administrative-organs"]
    assert [cell.value for cell in organs.row("A15").cells] == [0, 0, 0, 0]
    assert cell_of(organs, "total", "total").value == 8901 - 1010


def test_the_statistics_table_lists_only_agencies_that_have_contracts():
    counts = published.counts()
    counts["statistics", agency_id("国税庁")] = {"no_breach": 0, "breach": 0}
    found = built(counts=counts)["statistics"]
    assert found.row("A21") is None
    assert [cell.value for cell in found.row("total").cells] == [297, 296, 1]


def test_pending_contracts_count_in_the_total_alone_and_are_said_on_the_face():
    counts = published.counts()
    counts["personal", agency_id("法務省")] = {"no_breach": 990, "breach": 16, "pending": 4}
    counts["personal", agency_id("内閣官房")] = {"no_breach": 2, "breach": 6, "pending": 1}
    found = built(counts=counts)
    organs = found["administrative-organs"]
    assert [cell.value for cell in organs.row("A15").cells] == [1010, 990, 16, 0]
    assert organs.row("A15").pending == ("pending", 4, "personal", "A15", "organ")
    assert organs.row("total").pending.value == 5
    assert organs.pending == 5
    assert organs.notes[-1] == (
        "※ 総数のうち5件は確認中又は未回答であり、他の欄には数えていない"
        "（内閣官房1件、法務省4件）。"
    )
    assert found["summary-personal"].pending == 5
    assert found["summary-personal"].notes[-1].startswith("※ 計のうち5件は確認中又は未回答")
    assert found["independent-agencies"].pending == 0
    assert len(found["independent-agencies"].notes) == 1


def test_a_long_list_of_agencies_with_pending_contracts_is_cut():
    counts = {key: {"pending": 1} for key in published.counts() if key[0] == "personal"}
    note = built(counts=counts)["administrative-organs"].notes[-1]
    assert "43件" in note
    assert note.endswith("内閣府1件、宮内庁1件ほか38機関）。")


def test_the_summary_of_statistics_tells_its_pending_too():
    counts = published.counts()
    counts["statistics", agency_id("環境省")] = {"no_breach": 9, "pending": 1}
    summary = built(counts=counts)["summary-statistics"]
    assert [cell.value for cell in summary.row("total").cells] == [296, 1, 298]
    assert summary.pending == 1
    assert summary.notes[-1].startswith("※ 計のうち1件は確認中又は未回答")


def test_a_class_without_a_column_is_said_on_the_face():
    counts = published.counts()
    counts["statistics", agency_id("環境省")] = {"no_breach": 9, "unverifiable": 1}
    found = built(counts=counts)
    for key in ("statistics", "summary-statistics"):
        assert any(UNVERIFIABLE in note and "1件" in note for note in found[key].notes)
    assert [cell.value for cell in found["statistics"].row("A39").cells] == [10, 9, 0]


def test_contracts_of_an_agency_that_is_not_listed_are_never_dropped_without_a_word():
    counts = {**published.counts(), ("personal", 1): {"no_breach": 2, "breach": 1}}
    found = built(counts=counts)
    for key in ("summary-personal", "administrative-organs", "independent-agencies"):
        assert found[key].notes[-1] == (
            "※ 掲載順に登録のない機関の契約が3件ある（この表に含まない）。"
        )
    assert "登録のない" not in "".join(found["statistics"].notes)


def test_an_unknown_class_is_an_error_and_not_ignored():
    with pytest.raises(KeyError, match="mystery"):
        built(counts={("personal", agency_id("法務省")): {"mystery": 1}})


def test_one_agency_gets_its_own_rows_without_totals_and_summaries():
    found = sheets.build_for_agency(
        published.counts(), published.listings(), published.faults(), "B191"
    )
    assert [sheet.key for sheet in found] == ["independent-agencies", "statistics"]
    assert [row.label for row in found[0].rows] == ["(認可法人)", "日本銀行"]
    assert [row.label for row in found[1].rows] == ["日本銀行"]
    assert "登録のない" not in "".join(found[0].notes)

    [labour] = (
        sheet
        for sheet in sheets.build_for_agency(
            published.counts(), published.listings(), published.faults(), "A25"
        )
        if sheet.key == "administrative-organs"
    )
    assert "厚生労働省1件" in labour.notes[0]


def test_one_agency_without_statistics_is_left_out_of_that_table():
    found = sheets.build_for_agency(published.counts(), published.listings(), {}, "A15")
    assert [sheet.key for sheet in found] == ["administrative-organs"]
    assert sheets.build_for_agency(published.counts(), published.listings(), {}, "A99") == ()
