"""What leaves for Excel is the text that was recorded, and never a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from outsourcing import spreadsheets
from outsourcing.formula_text import original_text

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://example.invalid","x")',
    "\t=1",
    "\n=1",
    " =1",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
]
HARMLESS = ["", "委託契約", "1-2", "a=b", "'quoted'", "0120", "ーあ", "〜"]


def read_back(data: bytes, codec: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(codec), newline="")))


@pytest.mark.parametrize("text", [*DANGEROUS, *HARMLESS, "'=1", "''=1", "' =1"])
def test_text_stays_text_in_xlsx(text):
    book = Workbook()
    spreadsheets.put(book.active["A1"], text)
    out = io.BytesIO()
    book.save(out)
    cell = load_workbook(out).active["A1"]
    assert cell.data_type in ("s", "inlineStr") if text else cell.value is None
    assert (cell.value or "") == text
    assert cell.quotePrefix == (text in DANGEROUS)


def test_an_error_word_stays_text_in_xlsx():
    cell = spreadsheets.put(Workbook().active["A1"], "#N/A")
    assert cell.data_type == "s"


@pytest.mark.parametrize("value", [0, 5, -1, None])
def test_numbers_and_emptiness_stay_what_they_are_in_xlsx(value):
    cell = spreadsheets.put(Workbook().active["A1"], value)
    assert cell.value is value or cell.value == value
    assert cell.data_type == "n"


def test_a_control_character_is_refused_with_its_cell():
    with pytest.raises(ValueError, match=r"セルB3に出力できない制御文字があります：'a\\x00'"):
        spreadsheets.put(Workbook().active["B3"], "a\x00")


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_like_a_formula_gets_an_apostrophe_in_csv(text):
    assert spreadsheets.csv_text(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_left_alone_in_csv(text):
    assert spreadsheets.csv_text(text) == text


@given(st.text(alphabet="='+-@ \ta＝", max_size=6))
def test_the_apostrophe_can_always_be_taken_off_again(text):
    written = spreadsheets.csv_text(text)
    assert not spreadsheets.is_formula_like(written)
    assert original_text(written) == text


def test_numbers_keep_their_sign_and_emptiness_is_no_zero_in_csv():
    data = spreadsheets.csv_bytes(["a", "b", "c"], [[-1, 0, None]])
    assert data == b"\xef\xbb\xbfa,b,c\r\n-1,0,\r\n"


def test_csv_is_utf8_with_a_byte_order_mark_unless_asked_otherwise():
    data = spreadsheets.csv_bytes(["機関名"], [["農林水産省"]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert read_back(data, "utf-8-sig") == [["機関名"], ["農林水産省"]]


def test_cp932_holds_what_offices_write():
    data = spreadsheets.csv_bytes(["名称"], [["①㈱髙島～・－"]], "cp932")
    assert read_back(data, "cp932") == [["名称"], ["①㈱髙島～・－"]]


def test_characters_that_cp932_lacks_are_listed_with_row_and_column():
    rows = [["A01", "吉田商事"], ["A02", "𠮷田〜商事"]]
    with pytest.raises(spreadsheets.UnencodableText) as refused:
        spreadsheets.csv_bytes(["コード", "名称"], rows, "cp932")
    assert refused.value.characters == (
        spreadsheets.BadCharacter(3, "名称", "𠮷"),
        spreadsheets.BadCharacter(3, "名称", "〜"),
    )
    assert str(refused.value) == (
        "文字コードcp932で表せない文字があります：3行目「名称」の「𠮷」、3行目「名称」の「〜」。"
        "UTF-8で出力してください。"
    )


@pytest.mark.parametrize("character", ["〜", "−", "¥"])
def test_a_character_that_cp932_would_silently_exchange_is_listed_too(character):
    """Python writes these as ～, － and a backslash."""
    with pytest.raises(spreadsheets.UnencodableText) as refused:
        spreadsheets.csv_bytes(["名称"], [[f"a{character}b"]], "cp932")
    assert refused.value.characters == (spreadsheets.BadCharacter(2, "名称", character),)


def test_a_long_list_of_such_characters_is_cut_in_the_message_only():
    with pytest.raises(spreadsheets.UnencodableText, match="ほか5か所") as refused:
        spreadsheets.csv_bytes(["名称"], [["𠮷"]] * 25, "cp932")
    assert len(refused.value.characters) == 25


def test_an_unknown_encoding_is_refused():
    with pytest.raises(ValueError, match="utf-16"):
        spreadsheets.csv_bytes(["a"], [], "utf-16")


def test_a_csv_file_is_written_as_its_rows_come():
    class Seen(io.BytesIO):
        def write(self, data):
            sizes.append(len(data))
            return super().write(data)

    sizes: list[int] = []
    spreadsheets.write_csv(Seen(), ["名称"], (["あ" * 100] for _ in range(20_000)))
    assert len(sizes) > 20
    assert max(sizes) < 400_000


def test_after_many_characters_that_cannot_be_written_nobody_goes_on_looking():
    rows = (["𠮷" * 100] for _ in range(100_000))
    with pytest.raises(
        spreadsheets.UnencodableText, match=r"\d+行目以下は調べていません"
    ) as refused:
        spreadsheets.write_csv(io.BytesIO(), ["名称"], rows, "cp932")
    assert 10_000 <= len(refused.value.characters) <= 200_000
    assert next(rows) == ["𠮷" * 100]


def test_a_sheet_is_printed_as_wide_as_a_page_with_its_heading_on_each():
    page = Workbook().create_sheet("Ａ＆B & C")
    spreadsheets.on_paper(page, plain=True)
    setup = page.page_setup
    assert (setup.paperSize, setup.orientation) == (9, "landscape")
    assert (setup.fitToWidth, setup.fitToHeight, page.print_title_rows) == (1, 0, "$1:$1")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.oddFooter.left.text == "Ａ＆B && C"
