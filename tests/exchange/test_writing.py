"""The writer, read back by openpyxl, calamine and, where there is one, LibreOffice."""

from __future__ import annotations

import tracemalloc
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from exchange.writing import DAY, NUMBER, Field, TooManyRows, Workbook, letter
from tests.exchange.books import formatted, xml
from tests.exchange.payloads import PAYLOADS

FIELDS = [Field("件名", required=True, prompt="何の契約か"), Field("日", DAY), Field("数", NUMBER)]


def book(rows, fields=FIELDS, name="契約") -> bytes:
    out = BytesIO()
    with Workbook(out) as made:
        made.add(name, fields, rows)
    return out.getvalue()


def by_calamine(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_texts_days_and_numbers_are_read_back_as_what_they_are():
    content = book([("健康診断", date(2018, 4, 1), 12), (None, None, Decimal("33.3333"))])
    assert by_calamine(content) == [
        ["件名", "日", "数"],
        ["健康診断", date(2018, 4, 1), 12.0],
        ["", "", 33.3333],
    ]
    sheet = formatted(content).active
    assert sheet["B2"].is_date
    assert sheet["B2"].number_format == "yyyy\\-mm\\-dd"


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_is_a_formula_and_none_is_changed(text):
    content = book([(text, None, None), (text, None, None)])
    assert [row[0] for row in by_calamine(content)[1:]] == [text, text]
    cell = formatted(content).active["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert not any("<f>" in part or "<f " in part for part in xml(content).values())


@pytest.mark.parametrize(
    "text",
    ["<b>&amp;", " 前後 ", "一行\n二行", "一行\r\n二行", "\x08\x0b", "_x0041_", "_x", "𠮷📎", '"\'',
     "あ" * 32_767],
)  # fmt: skip
def test_whatever_stands_in_a_text_is_read_back(text):
    assert by_calamine(book([(text, None, None)]))[1][0] == text


def test_control_characters_are_escaped_as_excel_does():
    part = xml(book([("a\x08b_x0008_", None, None)]))["xl/worksheets/sheet1.xml"]
    assert "<t>a_x0008_b_x005F_x0008_</t>" in part


def test_a_text_longer_than_a_cell_is_refused_by_its_beginning():
    with pytest.raises(ValueError, match=r"「ああ.*32,768字"):
        book([("あ" * 32_768, None, None)])


def test_what_is_no_value_of_a_cell_is_refused():
    with pytest.raises(TypeError, match="True"):
        book([(True, None, None)])


@pytest.mark.parametrize(
    ("day", "read"),
    [
        (date(1900, 2, 28), "1900-02-28"),
        (date(1900, 3, 1), date(1900, 3, 1)),
        (date(1900, 3, 2), date(1900, 3, 2)),
    ],
)
def test_days_that_excel_miscounts_are_written_as_text(day, read):
    assert by_calamine(book([("", day, None)]))[1][1] == read


def test_the_heading_is_bold_and_stays_in_sight_and_can_be_filtered_by():
    sheet = formatted(book([("a", None, None)] * 3)).active
    assert sheet["A1"].font.bold
    assert sheet["B1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C4"
    assert sheet.column_dimensions["A"].width == 16


def test_a_column_tells_what_it_is_and_offers_what_may_be_chosen():
    fields = [Field("条項", choices="選択肢!$A$2:$A$3", prompt="あ" * 300)]
    rule = formatted(book([], fields)).active.data_validations.dataValidation[0]
    assert (rule.type, rule.formula1, rule.showErrorMessage) == ("list", "選択肢!$A$2:$A$3", True)
    assert (rule.promptTitle, len(rule.prompt)) == ("条項", 255)


def test_cells_that_are_typed_into_a_text_column_stay_text():
    content = book([])
    assert formatted(content).active.column_dimensions["A"].number_format == "@"


def test_the_same_rows_make_the_same_bytes():
    assert book([("a", None, 1)]) == book([("a", None, 1)])


def test_more_rows_than_a_sheet_has_are_refused():
    with pytest.raises(TooManyRows, match="契約"):
        book((("", None, None) for _ in range(1_048_576)), name="契約")


def test_memory_does_not_grow_with_the_rows():
    def most(number):
        class Nowhere(BytesIO):
            def write(self, data):
                return len(data)

        rows = ((f"契約{n}", date(2018, 4, 1), n) for n in range(number))
        tracemalloc.start()
        with Workbook(Nowhere()) as made:
            made.add("契約", FIELDS, rows)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    most(5_000)
    assert most(60_000) < most(5_000) * 1.2


@pytest.mark.parametrize(("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_are_named_as_a_workbook_names_them(number, name):
    assert letter(number) == name


def test_a_sheet_is_printed_on_a4_with_its_heading_on_each_page():
    sheet = formatted(book([("a", None, None)])).active
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation) == (9, "landscape")
    assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", None)


def test_a_wide_sheet_takes_pages_side_by_side_that_repeat_its_first_columns():
    fields = [Field(f"列{n}", width=20) for n in range(25)]
    sheet = formatted(book([], fields, name="O'Neill")).active
    assert sheet.page_setup.fitToWidth == 3
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$B")


def test_a_heading_and_a_text_that_wraps_are_as_high_as_they_need():
    fields = [Field("契約期間の末日（当初）", width=13), Field("説明", width=22, wraps=True)]
    rows = [("あ" * 40, "い" * 11), ("", "一行\n二行\n\n四行"), ("う", None)]
    sheet = formatted(book(rows, fields)).active
    assert [sheet.row_dimensions[row].height for row in (1, 2, 3, 4)] == [36, 36, 72, 18]
    assert sheet["B2"].alignment.wrap_text
    assert not sheet["A2"].alignment.wrap_text
