"""What other programs wrote is read as they meant it; whatever a file is, it is read or refused."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import suppress
from datetime import date, timedelta

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from exchange.reading import Book, Refused, Unreadable, address, archive, child, column_of, letters
from exchange.reading.parent import _Listener
from exchange.reading.serials import day_of
from exchange.reading.worksheet import Worksheet
from tests.exchange.reading.handmade import packed, parts, sheet, strings, styles, text_cell
from tests.properties import fewer


def read_here(content: bytes, name: str = "a.xlsx") -> Book:
    """As ``read`` does, within this process: for hundreds of files."""
    told = io.BytesIO()
    tell = child._teller(told)
    child.read(io.BytesIO(content), len(content), name, tell)
    tell({"done": {"peak": 0, "seconds": 0.0}})
    told.seek(0)
    listener = _Listener(name)
    assert listener.listen(told)
    return listener.book


def table(book: Book, index: int = 0) -> dict[str, object]:
    return {
        row.address(column): value
        for row in book.sheets[index].rows
        for column, value in enumerate(row.values)
        if value is not None
    }


LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"])
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(date(1900, 3, 1), date(9999, 12, 31)),
    st.text(LETTERS, min_size=1, max_size=30).filter(lambda text: not text.startswith("=")),
)
TABLES = st.lists(st.lists(CELLS, max_size=8), max_size=8)


def written(rows, write_only=False) -> bytes:
    book = openpyxl.Workbook(write_only=write_only)
    made = book.create_sheet("契約") if write_only else book.active
    for row in rows:
        made.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@given(TABLES, st.booleans())
def test_what_openpyxl_wrote_is_read_as_it_was(rows, write_only):
    found = table(read_here(written(rows, write_only)))
    meant = {
        address(number, column): value
        for number, row in enumerate(rows, start=1)
        for column, value in enumerate(row)
        if value is not None
    }
    assert found.keys() == meant.keys()
    for place, value in meant.items():
        if isinstance(value, float):
            assert found[place] == pytest.approx(value, rel=1e-14)
        else:
            assert found[place] == value
            assert isinstance(found[place], bool) == isinstance(value, bool)


@given(TABLES)
@fewer(2)
def test_it_is_read_as_calamine_reads_it(rows):
    content = written(rows)
    theirs = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows_of_theirs = theirs.get_sheet_by_index(0).to_python(skip_empty_area=False)
    meant = {
        address(number, column): value
        for number, row in enumerate(rows_of_theirs, start=1)
        for column, value in enumerate(row)
        if value != ""
    }
    found = table(read_here(content))
    assert found.keys() == meant.keys()
    assert all(
        found[place] == (value if not isinstance(value, float) else pytest.approx(value))
        for place, value in meant.items()
    )


FULL = {
    **parts(
        {
            "契約": sheet(
                '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>43191</v></c></row>'
                f'<row r="2" hidden="1">{text_cell("A2", "一_x000D_")}'
                '<c r="C2"><f>1+1</f><v>2</v></c></row>',
                before='<cols><col min="2" max="2" hidden="1"/></cols>',
                after='<mergeCells><mergeCell ref="A1:A2"/></mergeCells>',
            )
        },
        strings=strings('<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'),
        styles=styles(
            '<xf numFmtId="0"/><xf numFmtId="176" fontId="0"/>',
            fonts="<font><strike/></font>",
            formats='<numFmt numFmtId="176" formatCode="yyyy/m/d"/>',
        ),
    )
}
PIECES = st.sampled_from(
    ["<", ">", "/", '"', "&", "\0", "r", "A1", "XFD1048576", "s", "-1", "9" * 30, "]]>", "<!--",
     "<!DOCTYPE a>", "<c>", "</c>", "<row>", "</row>", "<v>", "<is>", "<t>", "é", "<f/>", 't="e"',
     'r="B7"', "<mergeCell/>", "<col/>", "<rPh>", "</rPh>", "<si>", "xmlns:x='a'"]
)  # fmt: skip


@given(st.sampled_from(sorted(FULL)), st.data())
def test_a_part_changed_anywhere_is_read_or_refused(name, data):
    text = FULL[name]
    for _ in range(data.draw(st.integers(1, 3))):
        first = data.draw(st.integers(0, len(text)))
        last = data.draw(st.integers(first, min(len(text), first + 20)))
        text = text[:first] + data.draw(PIECES) + text[last:]
    with suppress(Refused):
        read_here(packed({**FULL, name: text}))


ROWS = st.lists(
    st.one_of(
        st.lists(
            st.sampled_from(
                ['<c r="{}"><v>1</v></c>', '<c r="{}" s="1" t="n"><v>43191</v></c>', '<c r="{}"/>',
                 '<c r="{}" t="s"><v>0</v></c>', '<c r="{}" t="s"><v>-1</v></c>', '<c r="{}"></c>',
                 '<c r="{}" t="inlineStr"><is><t>一_x0041_ </t></is></c>', "<c/>", "<v>", "<!---->",
                 '<c r="{}"><f>A1</f><v>3</v></c>', '<c r="{}" t="str"><v>a&amp;b</v></c>', " ",
                 '<c r="{}" s="1"><v>-3</v></c>', '<c r="{}" t="b"><v>1</v></c>', "</row>",
                 '<c r="{}" t="e"><v>#N/A</v></c>', '<c r="{}"><v></v></c>', "<c r='{}'/>", "</v>",
                 '<c r="{}" t="inlineStr"><is><r><t>あ</t></r></is></c>', "<![CDATA[<row>]]>",
                 '<c r="A9"><v>1</v></c>', '<c r="{}" t="inlineStr"><is><t>]]></t></is></c>',
                 '<c r="{}" r="{}"><v>1</v></c>', '<c r="{}"><v>x</v></c>', "<!-- </row> -->",
                 '<c s="1"><v>43191</v></c>', '<c t="inlineStr"><is><t>あ</t></is></c>']
            ),
            max_size=4,
        ),
        st.sampled_from(
            ["<!--", "-->", '<row r="9"/>', "<x>", "</x>", "\n", "あ", "<?a </row>?>",
             '<row><c><v>1</v></c><c r="C9"/></row>']
        ),
    ),
    max_size=6,
)  # fmt: skip


@given(ROWS, st.sampled_from([1 << 18, 7, 64]))
def test_plain_rows_are_read_as_expat_tells_them(described, piece):
    """With and without the shortcut the same book, or a refusal."""
    xml = "".join(
        row
        if isinstance(row, str)
        else f'<row r="{number}">'
        + "".join(cell.replace("{}", address(number, at)) for at, cell in enumerate(row))
        + "</row>"
        for number, row in enumerate(described, start=1)
    )
    content = packed({**FULL, "xl/worksheets/sheet1.xml": sheet(xml)})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(archive, "PIECE", piece)
        quick = outcome(content)
        patched.setattr(Worksheet, "quick", False)
        assert quick == outcome(content)


def outcome(content: bytes):
    try:
        book = read_here(content)
    except Refused:
        return "refused"
    return [(row, [*map(type, row.values)]) for row in book.sheets[0].rows], book.cautions


@given(st.data())
def test_bytes_changed_anywhere_are_read_or_refused(data):
    content = bytearray(packed(FULL))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.none() | st.integers(0, len(content)))
    with suppress(Refused):
        read_here(bytes(content[:cut]), data.draw(st.sampled_from(["a.xlsx", "a.csv", "a"])))


@given(st.binary(max_size=400))
def test_any_bytes_as_text_are_read_or_refused(content):
    with suppress(Refused):
        read_here(content, "a.csv")


@given(st.lists(st.lists(st.text(LETTERS, max_size=9), min_size=2, max_size=5), min_size=1))
def test_what_csv_wrote_is_read_as_it_was(rows):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    found = table(read_here(out.getvalue().encode("utf-8-sig"), "a.csv"))
    assert found == {
        address(number, column): value
        for number, row in enumerate(rows, start=1)
        for column, value in enumerate(row)
        if value
    }


@given(st.integers(0, 16_383))
def test_the_letters_of_a_column_lead_back_to_it(column):
    assert column_of(letters(column)) == column


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (16_383, "XFD")])
def test_columns_are_named_as_in_excel(column, name):
    assert letters(column) == name


def test_each_formula_of_a_day_is_the_day_that_excel_counts():
    """Serial numbers against openpyxl's, day by day around what is odd in them."""
    for serial in (*range(1, 200), *range(43_000, 43_400)):
        if serial != 60:
            ours, theirs = day_of(serial), openpyxl.utils.datetime.from_excel(serial).date()
            # openpyxl does not know the first two months, which Excel counts from 1900-01-01.
            assert ours == (theirs if serial > 60 else date(1899, 12, 31) + timedelta(serial))


def test_unreadable_is_text_with_a_reason():
    value = Unreadable("#REF!", "数式のエラー値です")
    assert (value, value.why) == ("#REF!", "数式のエラー値です")


def test_a_zip_with_a_comment_and_data_before_it_is_refused_or_read():
    content = packed(FULL)
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"PK\x05\x06" + b"x" * 100
    with pytest.raises(Refused):
        read_here(out.getvalue())
