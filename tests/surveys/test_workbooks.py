"""The workbook read back: as printed for people, by the rules for machines."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from outsourcing.spreadsheets import UnencodableText
from surveys import sheets, workbook_data, workbooks
from tests.surveys import machine_readable, published

ABOUT = workbooks.About(
    fiscal_year=2017,
    title="平成29年度委託契約調査",
    as_of=date(2018, 3, 31),
    made_on=date(2026, 11, 23),
    synthetic=True,
)
REAL = ABOUT._replace(synthetic=False)
NAMES = {
    "summary-personal": "総括_保有個人情報",
    "summary-statistics": "総括_調査票情報等",
    "administrative-organs": "①行政機関",
    "independent-agencies": "②独立行政法人等",
    "statistics": "調査票情報等",
}


def built(**changed):
    given = {
        "counts": published.counts(),
        "listings": published.listings(),
        "faults": published.faults(),
    }
    return sheets.build_all(**{**given, **changed})


@pytest.fixture(scope="module")
def tables():
    return built()


@pytest.fixture(scope="module")
def whole(tables) -> bytes:
    return workbooks.workbook_bytes(tables, ABOUT)


@pytest.fixture(scope="module")
def pages(whole):
    return load_workbook(io.BytesIO(whole))


def printed(key: str) -> list[tuple]:
    """Labels and numbers in the columns' published order, straight from the fixture."""
    last = key in published.SUMMARIES
    names = ["no_breach", "breach", "unverifiable"]
    names = [*names, "total"] if last else ["total", *names]
    return [
        (row["label"], *(int(row[name]) for name in names if row[name]))
        for row in published.rows()
        if row["sheet"] == key
    ]


def numbered(page) -> list[tuple]:
    """Rows of a 公表様式 sheet that carry numbers."""
    return [row for row in page.iter_rows(values_only=True) if isinstance(row[-1], int)]


def test_all_five_tables_stand_in_one_workbook_in_both_forms(pages):
    assert pages.sheetnames == [*NAMES.values(), *NAMES, "コード表", "メタデータ"]


@pytest.mark.parametrize("key", NAMES)
def test_every_printed_number_is_read_back_from_the_published_form(pages, whole, key):
    assert numbered(pages[NAMES[key]]) == printed(key)
    seen = CalamineWorkbook.from_filelike(io.BytesIO(whole)).get_sheet_by_name(NAMES[key])
    by_calamine = [
        (row[0], *map(int, row[1:])) for row in seen.to_python() if isinstance(row[-1], float)
    ]
    assert by_calamine == printed(key)


def test_the_published_form_has_1002_numbers(pages):
    numbers = [
        value
        for name in NAMES.values()
        for row in pages[name].iter_rows(values_only=True)
        for value in row
        if isinstance(value, int)
    ]
    assert len(numbers) == 1002


@pytest.mark.parametrize("key", NAMES)
def test_title_unit_and_heading_stand_above_the_rows(pages, tables, key):
    page = pages[NAMES[key]]
    sheet = next(each for each in tables if each.key == key)
    rows = list(page.iter_rows(values_only=True))
    assert rows[0][0].startswith("【合成データ】")
    assert rows[1][0] == sheet.full_title
    assert rows[2][-1] == "（単位：件）"
    for line, cells in enumerate(sheet.heading, 3):
        assert [value for value in rows[line] if value] == [
            cell.text for cell in cells if cell.text
        ]


def test_the_two_row_heading_is_merged_as_printed(pages):
    merged = {str(each) for each in pages["①行政機関"].merged_cells.ranges}
    assert {"A4:A5", "B4:B5", "C4:E4"} <= merged
    assert {"A4:A5", "B4:B5", "C4:D4"} <= {
        str(each) for each in pages["調査票情報等"].merged_cells.ranges
    }
    page = pages["①行政機関"]
    assert (page["A4"].value, page["B4"].value, page["C4"].value) == (
        "行政機関名",
        "総数",
        "再委託の状況",
    )
    assert page["D5"].value == "契約に反する再委託が行われている実態が確認されたもの"


def test_the_summaries_have_one_heading_row_and_their_total_last(pages):
    page = pages["総括_保有個人情報"]
    assert page["E4"].value == "計"
    assert [cell.value for cell in page[5]] == ["行政機関", 8851, 50, 0, 8901]


def test_group_rows_stand_before_their_members(pages):
    labels = [row[0].value for row in pages["②独立行政法人等"].iter_rows(min_row=6)]
    assert labels[0] == "(独立行政法人)"
    assert labels[labels.index("(その他)") + 1] == "日本司法支援センター"
    assert labels[labels.index("(その他)") + 2] == "計"


def test_notes_stand_below(pages):
    assert (
        pages["①行政機関"]
        .cell(pages["①行政機関"].max_row, 1)
        .value.endswith("が1件（厚生労働省1件）あった。")
    )
    page = pages["調査票情報等"]
    assert page.cell(page.max_row - 1, 1).value == "※ 該当契約のあった機関のみ掲載"


def test_numbers_are_numbers_in_the_japanese_format(pages):
    cell = next(row[1] for row in pages["①行政機関"].iter_rows() if row[0].value == "国土交通省")
    assert (cell.value, cell.number_format, cell.data_type) == (1706, "#,##0", "n")


@pytest.mark.parametrize("key", NAMES)
def test_a_page_prints_on_a4_with_its_heading_repeated(pages, key):
    page = pages[NAMES[key]]
    two_rows = key not in published.SUMMARIES
    assert page.page_setup.paperSize == 9
    assert page.page_setup.fitToWidth == 1
    assert page.page_setup.fitToHeight == 0
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == ("$4:$5" if two_rows else "$4:$4")
    assert page.print_area.endswith(f"${page.max_row}")
    assert page.freeze_panes == ("B6" if two_rows else "B5")
    assert "平成29年度" in page.oddFooter.left.text


def test_columns_are_wide_enough_for_their_labels(pages):
    page = pages["②独立行政法人等"]
    widest = "国立重度知的障害者総合施設のぞみの園"
    assert page.column_dimensions["A"].width >= 2 * len(widest)
    assert page.column_dimensions["B"].width >= len("13,419")


def test_synthetic_data_is_marked_on_every_sheet(pages):
    for name in NAMES.values():
        assert "合成データ" in pages[name]["A1"].value
        assert "合成データ" in pages[name].oddHeader.center.text
    for name in NAMES:
        assert {row[1] for row in pages[name].iter_rows(min_row=2, values_only=True)} == {
            "合成データ"
        }


def test_real_data_is_not_marked_as_synthetic(tables):
    book = workbooks.workbook(tables, REAL)
    assert book["①行政機関"]["A1"].value.startswith("【資料】")
    texts = [
        str(value)
        for page in book.worksheets
        for row in page.iter_rows(values_only=True)
        for value in row
    ]
    assert not any("合成" in text for text in texts)
    assert book["statistics"]["B2"].value == "実データ"


def test_the_machine_readable_form_keeps_the_rules(whole):
    assert machine_readable.problems(whole, list(NAMES)) == []


@pytest.mark.parametrize("about", [ABOUT, REAL])
def test_alone_it_keeps_the_rules_too_and_has_no_other_sheets(tables, about):
    data = workbooks.workbook_bytes(tables, about, [workbooks.MACHINE])
    assert machine_readable.problems(data, list(NAMES)) == []
    assert load_workbook(io.BytesIO(data)).sheetnames == [*NAMES, "コード表", "メタデータ"]


@pytest.mark.parametrize("key", NAMES)
def test_the_long_form_holds_every_printed_number(pages, key):
    rows = list(pages[key].iter_rows(min_row=2, values_only=True))
    found = {(row[5], row[7]): row[9] for row in rows}
    kind = {"administrative-organs": "organ", "independent-agencies": "independent"}
    expected = {}
    for row in published.rows():
        if row["sheet"] == key:
            code = row["agency"] or (
                kind.get(key, row["row"]) if row["row"] == "total" else row["row"]
            )
            for name in ("total", "no_breach", "breach", "unverifiable"):
                if row[name]:
                    expected[code, name] = int(row[name])
    assert found == expected


def test_details_add_up_to_the_totals_without_counting_anything_twice(pages):
    for key, total in (("administrative-organs", 8901), ("independent-agencies", 13419)):
        rows = pages[key].iter_rows(min_row=2, values_only=True)
        assert sum(row[9] for row in rows if row[3] == "内訳") == total


def test_zero_and_blank_are_kept_apart(tables):
    [sheet] = (each for each in tables if each.key == "statistics")
    first, *others = sheet.rows
    unknown = first._replace(cells=tuple(cell._replace(value=None) for cell in first.cells))
    sheet = sheet._replace(rows=(unknown, *others))
    data = workbooks.workbook_bytes([sheet], REAL)
    book = load_workbook(io.BytesIO(data))
    assert [cell.value for cell in book["調査票情報等"][5]] == ["内閣府", None, None, None]
    assert [cell.value for cell in book["調査票情報等"][6]] == ["総務省", 23, 23, 0]
    assert [row[9].value for row in book["statistics"].iter_rows(min_row=2, max_row=7)] == [
        None,
        None,
        None,
        23,
        23,
        0,
    ]
    assert machine_readable.problems(data, ["statistics"]) == []
    lines = workbooks.csv_bytes(sheet, REAL).decode("utf-8-sig").splitlines()
    assert lines[1].endswith("総数,")
    assert lines[6].endswith(",0")


def test_pending_contracts_are_in_the_long_form_and_in_the_notes():
    counts = published.counts()
    ids = published.agency_ids()
    counts["personal", ids["A15"]] = {"no_breach": 990, "breach": 16, "pending": 4}
    data = workbooks.workbook_bytes(built(counts=counts), ABOUT)
    assert machine_readable.problems(data, list(NAMES)) == []
    book = load_workbook(io.BytesIO(data))
    rows = list(book["administrative-organs"].iter_rows(min_row=2, values_only=True))
    pending = {row[5]: row[9] for row in rows if row[7] == "pending"}
    assert (pending["A15"], pending["A14"], pending["organ"]) == (4, 0, 4)
    assert sum(row[9] for row in rows if row[3] == "内訳") == 8901
    page = book["①行政機関"]
    assert "4件は確認中又は未回答" in page.cell(page.max_row, 1).value


def test_one_table_alone(tables):
    [sheet] = (each for each in tables if each.key == "statistics")
    data = workbooks.workbook_bytes([sheet], ABOUT)
    assert load_workbook(io.BytesIO(data)).sheetnames == [
        "調査票情報等",
        "statistics",
        "コード表",
        "メタデータ",
    ]
    assert machine_readable.problems(data, ["statistics"]) == []


def test_one_agency_alone():
    own = sheets.build_for_agency(
        published.counts(), published.listings(), published.faults(), "B191"
    )
    data = workbooks.workbook_bytes(own, ABOUT._replace(subject="日本銀行"))
    assert machine_readable.problems(data, ["independent-agencies", "statistics"]) == []
    book = load_workbook(io.BytesIO(data))
    assert book["②独立行政法人等"]["A2"].value.endswith("②独立行政法人等（日本銀行）")
    assert numbered(book["②独立行政法人等"]) == [("日本銀行", 1370, 1370, 0, 0)]
    assert numbered(book["調査票情報等"]) == [("日本銀行", 5, 5, 0)]
    scope = [row[2].value for row in book["メタデータ"].iter_rows() if row[0].value == "範囲"]
    assert scope == ["日本銀行"]


def with_name(name: str):
    """The tables with 内閣府's printed name changed."""
    listings = [
        row._replace(printed_name=name) if row.printed_name == "内閣府" else row
        for row in published.listings()
    ]
    return built(listings=listings)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@a", "#N/A"])
def test_a_name_like_a_formula_stays_text_everywhere(name):
    sheet = with_name(name)[-1]
    data = workbooks.workbook_bytes([sheet], ABOUT)
    assert machine_readable.problems(data, ["statistics"]) == []
    book = load_workbook(io.BytesIO(data))
    for page, cell in ((book["調査票情報等"], "A6"), (book["statistics"], "G2")):
        assert (page[cell].value, page[cell].data_type) == (name, "s")
    [line] = (
        row
        for row in csv.reader(
            io.StringIO(workbooks.csv_bytes(sheet, ABOUT).decode("utf-8-sig"), newline="")
        )
        if row[5:9:2] == ["A04", "total"]
    )
    assert line[6] == (name if name == "#N/A" else f"'{name}")


@pytest.mark.parametrize("key", NAMES)
def test_csv_is_the_long_form_in_utf8_with_a_byte_order_mark(tables, key):
    sheet = next(each for each in tables if each.key == key)
    data = workbooks.csv_bytes(sheet, ABOUT)
    assert data.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert tuple(header) == workbook_data.HEADER
    expected = [
        ["" if value is None else str(value) for value in row]
        for row in workbook_data.rows_of(sheet, ABOUT)
    ]
    assert rows == expected


def test_csv_in_cp932_and_what_it_cannot_hold(tables):
    assert "国家公安委員会(警察庁)" in workbooks.csv_bytes(tables[2], ABOUT, "cp932").decode(
        "cp932"
    )
    with pytest.raises(UnencodableText, match="2行目「機関名」の「𠮷」"):
        workbooks.csv_bytes(with_name("𠮷")[-1], ABOUT, "cp932")


def test_what_cannot_be_exported_is_refused(tables):
    with pytest.raises(ValueError, match="様式「pdf」"):
        workbooks.workbook(tables, ABOUT, ["pdf"])
    with pytest.raises(ValueError, match="出力する表がありません"):
        workbooks.workbook([], ABOUT)
