"""Whatever is wrong with a file of published figures is named with its line."""

from __future__ import annotations

import csv
import io

import pytest

from surveys import figures
from tests.surveys import published

TEXT = published.PUBLISHED.read_text(encoding="utf-8")
CODES = published.agency_codes()


def line_of(*fields: str) -> int:
    """The line on which the fields stand, first to last, at the beginning of the row."""
    start = ",".join(fields)
    found = [n for n, line in enumerate(TEXT.splitlines(), 1) if line.startswith(start)]
    assert len(found) == 1, found
    return found[0]


def altered(line: int, **fields: str) -> str:
    """The file with some cells of one line changed."""
    rows = list(csv.reader(io.StringIO(TEXT)))
    for name, value in fields.items():
        rows[line - 1][figures.HEADER.index(name)] = value
    return text_of(rows)


def text_of(rows) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def without(line: int) -> str:
    lines = TEXT.splitlines(keepends=True)
    return "".join(lines[: line - 1] + lines[line:])


def errors_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(figures.FiguresError) as refused:
        figures.parse(text, CODES)
    return refused.value.errors


JUSTICE = line_of("administrative-organs", "agency", "15", "A15")
FIRE_AGENCY = line_of("administrative-organs", "agency", "14", "A14")
ORGANS_TOTAL = line_of("administrative-organs", "total")
PENSIONS = line_of("independent-agencies", "agency", "184", "B184")
INDEPENDENT_TOTAL = line_of("independent-agencies", "total")
STATISTICS_TOTAL = line_of("statistics", "total")
SUMMARY_ORGANS = line_of("summary-personal", "organ")
SUMMARY_STATISTICS = line_of("summary-statistics", "total")


def test_the_published_file_is_right_and_has_1002_cells():
    rows = figures.read(published.PUBLISHED, CODES)
    by_sheet = {}
    for cell in figures.cells(rows):
        by_sheet[cell.sheet] = by_sheet.get(cell.sheet, 0) + 1
    assert by_sheet == {
        "summary-personal": 12,
        "summary-statistics": 3,
        "administrative-organs": 176,
        "independent-agencies": 772,
        "statistics": 39,
    }
    assert sum(by_sheet.values()) == 1002


def test_every_cell_is_the_one_in_the_file():
    expected = {
        (row["sheet"], row["agency"] or row["row"], name): int(row[name])
        for row in published.rows()
        for name in figures.NUMBERS
        if row[name]
    }
    found = figures.cells(figures.read(published.PUBLISHED, CODES))
    assert {(cell.sheet, cell.row, cell.column): cell.value for cell in found} == expected


def test_a_cell_carries_its_label_and_where_it_stands():
    rows = figures.read(published.PUBLISHED, CODES)
    cell = next(c for c in figures.cells(rows) if (c.row, c.column) == ("B184", "unverifiable"))
    assert cell == figures.PublishedCell(
        "independent-agencies",
        "B184",
        "unverifiable",
        "日本年金機構",
        4,
        "【資料】機関別内訳表＜個人情報＞②独立行政法人等",
    )


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "published.csv"
    path.write_text(TEXT, encoding="utf-8-sig")
    assert figures.read(path, CODES) == figures.read(published.PUBLISHED, CODES)


def test_one_altered_class_names_its_row_and_the_total_it_no_longer_fits():
    assert errors_of(altered(JUSTICE, breach="17")) == [
        (JUSTICE, "「法務省」の合計1,010が、内訳の和1,011（994＋17＋0）と合いません。"),
        (
            ORGANS_TOTAL,
            "表「administrative-organs」のbreachの計50が、各行の和51と合いません。",
        ),
    ]


def test_two_alterations_that_keep_the_row_in_balance_are_found_by_the_columns():
    found = errors_of(altered(JUSTICE, breach="17", no_breach="993"))
    assert [line for line, _ in found] == [ORGANS_TOTAL, ORGANS_TOTAL]


def test_a_summary_that_differs_from_the_table_behind_it_is_named():
    found = errors_of(altered(SUMMARY_STATISTICS, breach="2", no_breach="296"))
    assert found == [
        (
            SUMMARY_STATISTICS,
            f"「行政機関等」のbreachの2が、{STATISTICS_TOTAL}行目の計1と合いません。",
        ),
        (
            SUMMARY_STATISTICS,
            f"「行政機関等」のno_breachの296が、{STATISTICS_TOTAL}行目の計297と合いません。",
        ),
    ]


def test_a_repeated_row_is_named_with_the_line_it_repeats():
    lines = TEXT.splitlines(keepends=True)
    text = "".join([*lines[:JUSTICE], lines[JUSTICE - 1], *lines[JUSTICE:]])
    found = errors_of(text)
    assert found == [
        (
            JUSTICE + 1,
            f"表「administrative-organs」の行「A15」（法務省）は{JUSTICE}行目にもあります。",
        )
    ]


def test_a_repeated_row_with_other_numbers_is_named_all_the_same():
    lines = TEXT.splitlines(keepends=True)
    other = lines[JUSTICE - 1].replace("1010,994", "1011,995")
    found = errors_of("".join([*lines, other]))
    assert [line for line, _ in found] == [len(lines) + 1]


def test_an_unknown_agency_is_named():
    assert errors_of(altered(JUSTICE, agency="A99")) == [
        (JUSTICE, "機関コード「A99」の機関はありません（法務省）。")
    ]


@pytest.mark.parametrize("column", figures.HEADER)
def test_a_missing_column_is_named_on_the_first_line(column):
    place = figures.HEADER.index(column)
    rows = [row[:place] + row[place + 1 :] for row in csv.reader(io.StringIO(TEXT))]
    assert errors_of(text_of(rows)) == [(1, f"列がありません：{column}。")]


def test_an_unknown_column_is_named():
    rows = list(csv.reader(io.StringIO(TEXT)))
    assert errors_of(text_of([row + ["memo"] for row in rows])) == [
        (1, "知らない列があります：memo。")
    ]


def test_columns_in_another_order_are_refused():
    rows = [[row[1], row[0], *row[2:]] for row in csv.reader(io.StringIO(TEXT))]
    [(line, message)] = errors_of(text_of(rows))
    assert line == 1
    assert "並びが違います" in message


@pytest.mark.parametrize("typed", ["", "many", "-1", "1.5", "1,010", "１０１０", "²", "9" * 10])
def test_what_is_no_whole_number_is_named(typed):
    assert errors_of(altered(JUSTICE, total=typed)) == [
        (JUSTICE, f"totalの「{typed}」は0以上の整数ではありません。")
    ]


def test_a_number_where_the_table_has_no_column_is_refused():
    assert errors_of(altered(STATISTICS_TOTAL, unverifiable="0")) == [
        (STATISTICS_TOTAL, "この表にunverifiableの欄はないのに「0」とあります。")
    ]


@pytest.mark.parametrize(
    ("sheet", "total"),
    [
        ("administrative-organs", ORGANS_TOTAL),
        ("independent-agencies", INDEPENDENT_TOTAL),
        ("statistics", STATISTICS_TOTAL),
    ],
)
def test_a_missing_total_row_is_named_on_the_last_line_of_its_table(sheet, total):
    assert errors_of(without(total)) == [(total - 1, f"表「{sheet}」に行「total」がありません。")]


def test_a_missing_row_of_a_summary_is_named():
    assert errors_of(without(SUMMARY_ORGANS))[0] == (
        SUMMARY_ORGANS + 1,
        "表「summary-personal」に行「organ」がありません。",
    )


def test_a_missing_row_of_zeros_is_seen_by_its_printed_order():
    assert errors_of(without(FIRE_AGENCY)) == [
        (FIRE_AGENCY, "表「administrative-organs」の掲載順が「15」です。14が来るはずです。")
    ]


@pytest.mark.parametrize("typed", ["", "0", "x"])
def test_an_agency_row_without_its_printed_order_is_named(typed):
    found = errors_of(altered(PENSIONS, order=typed))
    assert found[0] == (PENSIONS, f"掲載順「{typed}」は1以上の整数ではありません。")


def test_an_unknown_table_and_an_unknown_row_are_named():
    [(line, message)] = errors_of(altered(ORGANS_TOTAL, row="sum"))
    assert line == ORGANS_TOTAL
    assert "行「sum」はありません" in message
    found = errors_of(altered(SUMMARY_STATISTICS, sheet="summary"))
    assert found[0][0] == SUMMARY_STATISTICS
    assert "表「summary」はありません" in found[0][1]


def test_a_total_that_names_an_agency_or_an_order_is_refused():
    assert errors_of(altered(ORGANS_TOTAL, agency="A01", order="44")) == [
        (ORGANS_TOTAL, "機関の行ではないのに掲載順「44」があります。"),
        (ORGANS_TOTAL, "機関の行ではないのに機関コード「A01」があります。"),
    ]


def test_a_row_without_a_label_is_named():
    assert errors_of(altered(JUSTICE, label="")) == [(JUSTICE, "行の名称（label）が空です。")]


def test_a_row_with_too_few_fields_is_named_and_spoils_no_other_message():
    lines = TEXT.splitlines(keepends=True)
    lines[JUSTICE - 1] = "administrative-organs,agency,15\n"
    assert errors_of("".join(lines)) == [(JUSTICE, "欄の数が3です。11欄が必要です。")]


def test_all_that_is_wrong_is_told_at_once_in_order_of_lines():
    rows = list(csv.reader(io.StringIO(TEXT)))
    rows[PENSIONS - 1][6] = "many"
    rows[JUSTICE - 1][3] = "A99"
    error_lines = [line for line, _ in errors_of(text_of(rows))]
    assert error_lines == [JUSTICE, PENSIONS]


def test_the_exception_reads_as_lines_for_the_command_line():
    with pytest.raises(figures.FiguresError) as refused:
        figures.parse(altered(JUSTICE, agency="A99"), CODES)
    assert str(refused.value) == f"{JUSTICE}行目：機関コード「A99」の機関はありません（法務省）。"


def test_an_empty_file_lacks_its_columns():
    [(line, message)] = errors_of("")
    assert line == 1
    assert message.startswith("列がありません：sheet、row")


def test_a_file_with_nothing_but_its_header_lacks_every_total():
    found = errors_of(",".join(figures.HEADER) + "\n")
    assert len(found) == 7
    assert {line for line, _ in found} == {1}


def test_broken_quotes_and_foreign_encodings_are_named_with_their_line(tmp_path):
    lines = TEXT.splitlines(keepends=True)
    lines[JUSTICE - 1] = '"administrative-organs"x,agency\n'
    assert errors_of("".join(lines))[0][0] == JUSTICE

    path = tmp_path / "sjis.csv"
    path.write_bytes(TEXT.encode("cp932"))
    with pytest.raises(figures.FiguresError) as refused:
        figures.read(path, CODES)
    assert refused.value.errors == [(2, "UTF-8として読めない文字があります。")]


def test_a_missing_file_is_a_clear_error(tmp_path):
    with pytest.raises(figures.FiguresError, match=r"none\.csv」を開けません"):
        figures.read(tmp_path / "none.csv", CODES)
