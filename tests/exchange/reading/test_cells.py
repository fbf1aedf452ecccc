"""What offices write into cells, and what it means."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.reading import Merge, Row, Sheet, Unreadable, cells
from exchange.reading.serials import day_of
from outsourcing import wareki

APRIL = date(2018, 4, 1)
FULL_WIDTH = str.maketrans("0123456789,.-/%", "０１２３４５６７８９，．－／％")
DAYS = st.dates(date(1955, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        APRIL,
        datetime(2018, 4, 1, 9, 30),  # noqa: DTZ001  (a cell knows no zone)
        "2018-04-01",
        "2018/4/1",
        "平成30年4月1日",
        "平成３０年４月１日",
        "H30.4.1",
        "Ｈ３０．４．１",
        " 2018年 4月 1日 ",
        "2018/4/1 9:30",
        "2018-04-01 09:30:00",
        "20180401",
        20180401,
        43191,
        43191.0,
        "43191",
        "４３１９１",
    ],
)
def test_a_day_is_read_in_whatever_calendar(typed):
    assert cells.day(typed) == APRIL


def test_a_bare_number_is_counted_from_where_the_book_counts():
    assert cells.day(41729, date1904=True) == APRIL


@pytest.mark.parametrize(
    "typed",
    ["4月1日", "9:30", "2018/4/1 99:30", 2018, "2018", 300401, "2018-02-29", 20180229,
     "平成32年2月30日", True, 43191.5, "未定", "99999999", 19_999, 80_001],
)  # fmt: skip
def test_what_is_no_day_is_named_with_an_example(typed):
    with pytest.raises(cells.Problem, match="例：2018-10-22") as problem:
        cells.day(typed)
    assert cells.plain(typed) in str(problem.value)


@pytest.mark.parametrize(
    ("serial", "day"),
    [(20_000, date(1954, 10, 3)), (80_000, date(2119, 1, 11))],
)
def test_bare_numbers_are_days_within_what_a_contract_can_name(serial, day):
    assert cells.day(serial) == day


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (1234, 1234), (1234.0, 1234), ("1234", 1234), ("1,234", 1234), ("１，２３４", 1234),
        ("1,234件", 1234), ("１２名", 12), ("12 人", 12), ("0", 0), ("1,234,567", 1234567),
        ("12.0", 12), ("３か所", 3), ("007", 7),
    ],
)  # fmt: skip
def test_a_whole_number_is_read_with_commas_and_units(typed, number):
    assert cells.whole(typed) == number


@pytest.mark.parametrize(
    "typed", ["約100", "1,23", "12,34,567", "1.5", 1.5, "一", "12以上", True, APRIL, "", None,
              "1e3", "0x10", "1_000", "9" * 50]
)  # fmt: skip
def test_what_is_no_whole_number_is_named_with_an_example(typed):
    with pytest.raises(cells.Problem, match="例：1234"):
        cells.whole(typed)


@pytest.mark.parametrize(("typed", "why"), [(-1, "0以上"), ("▲5", "0以上"), (11, "10まで")])
def test_a_number_out_of_its_bounds_says_which(typed, why):
    with pytest.raises(cells.Problem, match=why):
        cells.whole(typed, most=10)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("60%", "60"), ("６０％", "60"), (60, "60"), ("33.4", "33.4"), (33.4, "33.4"), ("0.5%", "0.5"),
     ("100パーセント", "100"), (0, "0"), ("1", "1")],
)  # fmt: skip
def test_a_percentage_is_read(typed, number):
    assert cells.percent(typed) == Decimal(number)


@pytest.mark.parametrize("typed", [0.6, 1, 0.01])
def test_a_bare_share_could_be_two_percentages_and_is_refused(typed):
    with pytest.raises(cells.Problem, match="％を付けて"):
        cells.percent(typed)


@pytest.mark.parametrize(
    "typed", ["○", "〇", "◯", "有", "有り", "あり", "はい", "✓", "✔", "レ", 1, "1", "１", "TRUE",
              "ＴＲＵＥ", True, "Yes", " 有 ", 1.0]
)  # fmt: skip
def test_words_for_yes(typed):
    assert cells.yes_no(typed) is True


@pytest.mark.parametrize(
    "typed", ["×", "✕", "無", "無し", "なし", "いいえ", 0, "0", "０", "FALSE", False, "No", "☐"]
)
def test_words_for_no(typed):
    assert cells.yes_no(typed) is False


@pytest.mark.parametrize("typed", ["△", "不明", 2, "有無", "", None, "?"])
def test_neither_yes_nor_no_is_refused_with_an_example(typed):
    with pytest.raises(cells.Problem, match="例：○、×、有、無"):
        cells.yes_no(typed)


@pytest.mark.parametrize("typed", [None, "", " ", "　", "\n"])
def test_blanks_are_blank(typed):
    assert cells.is_blank(typed)
    assert cells.optional(cells.day)(typed) is None


@pytest.mark.parametrize(
    "typed", ["－", "-", "―", "ー", "—", "−", "なし", "無し", "該当なし", "----", "ﾅｼ"]
)
def test_dashes_are_blank_where_that_is_allowed(typed):
    allowed = typed != "ﾅｼ"  # which nobody means so
    assert cells.is_blank(typed, dashes=True) == allowed
    assert not cells.is_blank(typed)


@pytest.mark.parametrize("typed", [0, False, "0", Unreadable("", "読めません")])
def test_what_says_something_is_not_blank(typed):
    assert not cells.is_blank(typed, dashes=True)


def test_a_name_stays_as_typed_but_for_spaces_around_it():
    assert cells.text("　㈱ｶﾅﾃﾞﾝ　東京 \n") == "㈱ｶﾅﾃﾞﾝ　東京"
    assert cells.text("一\r\n二") == "一\n二"
    assert cells.text("一\r\n二", lines=False) == "一 二"
    assert cells.text("=1+1") == "=1+1"
    assert cells.text(7000012050002) == "7000012050002"


def test_what_is_compared_has_one_width_and_no_spaces():
    assert cells.key("㈱ ｶﾅﾃﾞﾝ") == cells.key("（株）カナデン") == "(株)カナデン"


def test_a_text_that_is_too_long_or_holds_what_nobody_sees_is_refused():
    with pytest.raises(cells.Problem, match="10,000文字あります。200文字まで"):
        cells.text("名" * 10_000, most=200)
    with pytest.raises(cells.Problem, match=r"件□名.*U\+0007.*2文字目"):
        cells.text("件\x07名")
    with pytest.raises(cells.Problem, match="値がありません"):
        cells.text(" ")
    assert cells.text("名" * 200, most=200) == "名" * 200


def test_one_of_some_words_is_found_by_any_width():
    words = {"事前承認": "prior", "禁止": "forbidden"}
    assert cells.one_of(" 事前 承認", words) == "prior"
    with pytest.raises(cells.Problem, match=r"「承認制」は選べません。.*事前承認、禁止"):
        cells.one_of("承認制", words)


@pytest.mark.parametrize(
    "reader", [cells.text, cells.day, cells.whole, cells.percent, cells.yes_no, cells.key]
)
def test_what_could_not_be_read_is_refused_with_its_reason(reader):
    with pytest.raises(cells.Problem, match="「#REF!」：数式のエラー値です。"):
        reader(Unreadable("#REF!", "数式のエラー値です"))
    with pytest.raises(cells.Problem, match="数式のエラー値です。"):
        cells.optional(reader)(Unreadable("#REF!", "数式のエラー値です"))


def test_long_values_are_named_in_short():
    for reader in (cells.day, cells.whole, cells.yes_no):
        with pytest.raises(cells.Problem) as problem:
            reader("名" * 10_000)
        assert len(str(problem.value)) < 300


# Whole sheets


def rows(*texts: str, first: int = 1) -> list[Row]:
    """Rows of one letter or blank a column: "a.b" → ["a", None, "b"]."""
    return [
        Row(number, [None if sign == "." else sign for sign in text])
        for number, text in enumerate(texts, start=first)
    ]


def shown(found) -> list[str]:
    return ["".join(value or "." for value in row.values) for row in found]


@pytest.mark.parametrize("sign", ["〃", "〃 ", "　〃", "同上", "″", "々", "仝", '"'])
def test_a_ditto_is_the_value_above(sign):
    above, below = Row(5, ["総務課", APRIL, 3]), Row(6, [sign, sign, sign])
    assert list(cells.without_dittos([above, below]))[1] == Row(6, above.values)


def test_dittos_go_on_from_row_to_row_but_not_across_a_blank_one():
    found = list(cells.without_dittos([*rows("a1", "〃2", "〃〃"), *rows("〃4", first=5)]))
    assert shown(found) == ["a1", "a2", "a2", "〃4"]
    assert "A5は「上と同じ」ですが、上のセルに値がありません" in found[3].values[0].why


def test_a_ditto_in_the_first_row_or_under_a_blank_cell_is_refused_by_name():
    first, second = cells.without_dittos(rows("〃a", ".〃"))
    assert "A1" in first.values[0].why
    assert second.values[1] == "a"
    third = list(cells.without_dittos(rows("a.", "b〃")))[1]
    assert "B2" in third.values[1].why
    with pytest.raises(cells.Problem, match="値を直接入力してください"):
        cells.text(third.values[1])


def test_a_ditto_under_what_cannot_be_read_cannot_be_read_either():
    above = Row(1, [Unreadable("#REF!", "…")])
    assert (
        "上のセルの値を読めません"
        in list(cells.without_dittos([above, *rows("〃", first=2)]))[1].values[0].why
    )


def test_a_vertical_merge_gives_its_value_to_each_of_its_rows():
    merged = [Merge(2, 0, 4, 0), Merge(3, 2, 4, 3), Merge(5, 1, 6, 1)]
    found = cells.filled(rows("abc", "x12", ".3y", ".4.", "z5", ".."), merged)
    assert shown(found) == ["abc", "x12", "x3y", "x4y", "z5", ".5"]


def test_a_merge_across_columns_stays_in_its_first():
    assert shown(cells.filled(rows("a..b"), [Merge(1, 0, 1, 2)])) == ["a..b"]


def test_merges_leave_the_rows_of_the_sheet_as_they_were():
    given = rows("a1", ".2")
    assert shown(cells.filled(given, [Merge(1, 0, 2, 0)])) == ["a1", "a2"]
    assert shown(given) == ["a1", ".2"]


def test_rows_as_they_are_meant():
    """Headings off, the merged section filled, 〃 replaced also from a row that is struck through,
    and that row left out."""
    sheet = Sheet(
        "契約", rows=rows("HH", "a1", ".2", ".〃"), merges=[Merge(2, 0, 4, 0)], struck_rows=[3]
    )
    assert shown(cells.office_rows(sheet, below=1)) == ["a1", "a2"]
    assert [row.number for row in cells.office_rows(sheet, below=1)] == [2, 4]
    assert shown(cells.office_rows(sheet, below=1, struck=True)) == ["a1", "a2", "a2"]


# Properties

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(),
    st.text(st.sampled_from("0123456789０１,.，年月日平成令和H-/－%〃○×有無件 　")),
    st.builds(Unreadable, st.text(), st.just("読めません")),
)  # fmt: skip


@given(ANYTHING)
def test_any_value_is_understood_or_a_problem_in_words(value):
    readers = [
        cells.text, cells.day, cells.whole, cells.percent, cells.yes_no, cells.key,
        lambda value: cells.one_of(value, {"有": 1}), cells.optional(cells.day), cells.is_ditto,
        lambda value: cells.day(value, date1904=True),
    ]  # fmt: skip
    for reader in readers:
        try:
            reader(value)
        except cells.Problem as problem:
            message = str(problem)
        else:
            continue
        assert message
        assert "Traceback" not in message


@given(DAYS)
def test_a_day_is_the_same_however_it_is_written(day):
    serial = (day - date(1899, 12, 30)).days
    for typed in (
        day, serial, float(serial), str(serial), day.isoformat(), f"{day:%Y%m%d}",
        f"{day:%Y/%m/%d}",
        day.isoformat().translate(FULL_WIDTH), wareki.era(day), wareki.western(day),
        wareki.both(day), wareki.era(day).translate(FULL_WIDTH),
    ):  # fmt: skip
        assert cells.day(typed) == day
    assert day_of(serial) == day


@given(st.integers(0, 10**12))
def test_a_number_is_the_same_however_it_is_written(number):
    for typed in (number, float(number), str(number), f"{number:,}", f"{number:,}件",
                  f"{number:,}".translate(FULL_WIDTH), f" {number} 名 "):  # fmt: skip
        assert cells.whole(typed) == number


@given(st.integers(0, 10_000))
def test_a_percentage_is_the_same_however_it_is_written(hundredths):
    number = Decimal(hundredths) / 100
    assert cells.percent(f"{number}%") == number
    assert cells.percent(f"{number}％".translate(FULL_WIDTH)) == number


@given(st.lists(st.tuples(st.integers(1, 3), st.lists(st.sampled_from("ab.〃"), max_size=4))))
def test_dittos_are_as_if_the_value_above_had_been_typed(described):
    """Against the plain way to say it: look up cell by cell until a value stands there."""
    number, given = 0, []
    for step, values in described:
        number += step
        given.append(Row(number, [None if sign == "." else sign for sign in values]))
    by_place = {(row.number, column): v for row in given for column, v in enumerate(row.values)}

    def meant(row, column):
        value = by_place.get((row, column))
        return meant(row - 1, column) if value == "〃" else value

    for row in cells.without_dittos(given):
        for column, value in enumerate(row.values):
            expected = meant(row.number, column)
            if expected is None and by_place[row.number, column] == "〃":
                assert isinstance(value, Unreadable)
            else:
                assert value == expected


@given(st.data())
def test_merges_are_as_if_their_value_stood_in_each_row(data):
    """Against a table of cells filled one by one."""
    given = rows(
        *data.draw(st.lists(st.text("ab.", min_size=3, max_size=3), min_size=1, max_size=8))
    )
    merges, cursor = [], {0: 1, 1: 1, 2: 1}
    for column in data.draw(st.lists(st.integers(0, 2), max_size=6)):
        first = cursor[column] + data.draw(st.integers(0, 2))
        last = first + data.draw(st.integers(0, 3))
        merges.append(Merge(first, column, last, column))
        cursor[column] = last + 1
    grid = {(row.number, column): v for row in given for column, v in enumerate(row.values)}
    for merge in merges:
        for number in range(merge.first_row + 1, merge.last_row + 1):
            if (number, merge.first_column) in grid and grid[number, merge.first_column] is None:
                grid[number, merge.first_column] = grid.get((merge.first_row, merge.first_column))
    for row in cells.filled(given, merges):
        assert row.values == [grid[row.number, column] for column in range(3)]


@given(st.integers(1, 2_958_465).filter(lambda serial: serial != 60))
def test_serial_numbers_run_day_by_day(serial):
    before = serial - 1 if serial != 61 else 59
    if before > 0:
        assert day_of(serial) - day_of(before) == timedelta(days=1)
