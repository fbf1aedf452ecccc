"""Pictures of numbers: they show what they were given, and can be read without eyes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import charts
from audit.charts import Bar

FIRST = date(2015, 4, 1)
WORDS = {"title": "件数の推移", "desc": "初めから今日まで"}
SVG = "{http://www.w3.org/2000/svg}"

numbers = st.lists(st.integers(0, 900_000), min_size=1, max_size=60)


def parsed(picture) -> ElementTree.Element:
    return ElementTree.fromstring(
        picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    )


def daily(values) -> list[tuple[date, int]]:
    return [(FIRST + timedelta(days=n), value) for n, value in enumerate(values)]


def corners(picture) -> list[tuple[float, float]]:
    of = parsed(picture).find(f".//{SVG}path[@class='chart-line']").get("d")
    return [tuple(map(float, point.split())) for point in of[1:].split("L")]


def texts(picture) -> list[str]:
    return [text.text for text in parsed(picture).iter(f"{SVG}text")]


class TestALine:
    @given(numbers)
    def test_is_a_picture_with_a_name_and_no_style_inside(self, values):
        svg = parsed(charts.line(daily(values), **WORDS))[0]
        named = {element.get("id"): element.text for element in svg if element.get("id")}
        assert named[svg.get("aria-labelledby")] == WORDS["title"]
        assert named[svg.get("aria-describedby")] == WORDS["desc"]
        assert all("style" not in element.keys() for element in svg.iter())  # noqa: SIM118

    @given(numbers)
    def test_stays_inside_the_picture_and_runs_from_left_to_right(self, values):
        drawn = corners(charts.line(daily(values), **WORDS))
        assert all(0 <= x <= 960 and 0 <= y <= charts.HEIGHT for x, y in drawn)
        assert all(a[0] <= b[0] for a, b in pairwise(drawn))

    @given(numbers)
    def test_is_higher_where_there_is_more(self, values):
        marks = charts.line(daily(values), **WORDS, link=lambda day: f"?{day}")
        circles = [c for c in parsed(marks).iter(f"{SVG}circle") if c.get("class") == "chart-mark"]
        drawn = [float(circle.get("cy")) for circle in circles]
        assert len(drawn) == len(values)
        for (a, ya), (b, yb) in pairwise(zip(values, drawn, strict=True)):
            assert (ya >= yb) if a < b else (ya <= yb)

    @given(numbers)
    def test_has_numbers_at_its_side_that_hold_all_of_it(self, values):
        steps = charts._steps(max(values))
        assert steps[0] == 0
        assert steps[-1] >= max(values)
        assert 2 <= len(steps) <= charts.TICKS + 1
        assert len({b - a for a, b in pairwise(steps)}) == 1

    @pytest.mark.parametrize(
        ("most", "steps"),
        [
            (0, [0, 1]),
            (1, [0, 1]),
            (5, [0, 1, 2, 3, 4, 5]),
            (6, [0, 2, 4, 6]),
            (11, [0, 5, 10, 15]),
            (51, [0, 20, 40, 60]),
            (999, [0, 200, 400, 600, 800, 1000]),
        ],
    )
    def test_counts_in_round_steps(self, most, steps):
        assert charts._steps(most) == steps

    def test_names_the_fiscal_years_that_begin_in_it(self):
        points = [(date(2014, 4, 2), 1), (date(2017, 4, 1), 3)]
        said = texts(charts.line(points, **WORDS))
        assert [word for word in said if "年度" in word] == ["2015年度", "2016年度", "2017年度"]

    def test_names_months_where_it_is_short(self):
        said = texts(charts.line([(date(2017, 4, 1), 1), (date(2017, 9, 30), 3)], **WORDS))
        assert "2017年4月" in said
        assert "2017年9月" in said

    def test_leads_from_the_days_that_have_an_address(self):
        to = {FIRST + timedelta(days=1): "/findings/?a=1&as_of=2015-04-02"}
        picture = parsed(charts.line(daily([5, 1234, 6]), **WORDS, link=to.get))
        link = picture.find(f".//{SVG}a")
        assert [a.get("href") for a in picture.iter(f"{SVG}a")] == list(to.values())
        assert link.get("aria-label") == "2015-04-02　1,234件"
        assert picture[0].get("role") == "group"  # an image hides what is in it

    def test_without_links_is_an_image(self):
        assert parsed(charts.line(daily([1, 2]), **WORDS))[0].get("role") == "img"

    def test_of_ten_years_of_days_stays_small_and_loses_no_peak(self):
        values = [n % 7 * 100 for n in range(3653)]
        values[2000] = 90_000
        picture = charts.line(daily(values), **WORDS)
        assert len(picture) < 60_000
        assert min(y for _, y in corners(picture)) < 60

    def test_of_no_days_is_none(self):
        assert charts.line([], **WORDS) == ""

    def test_says_what_it_is_given_as_text(self):
        picture = charts.line(daily([1]), title="<b>", desc='"&')
        assert "<b>" not in picture
        assert parsed(picture)[0][0].text == "<b>"


class TestBars:
    rows = (Bar("8-4", 12, "/findings/?provision=8-4", before=6), Bar("8-5", 0), Bar("8-6", 3))

    def test_are_as_long_as_their_numbers(self):
        picture = parsed(charts.bars(self.rows, **WORDS))
        bars = [r for r in picture.iter(f"{SVG}rect") if r.get("class") == "chart-bar"]
        longest, none, third = (float(bar.get("width")) for bar in bars)
        before = picture.find(f".//{SVG}rect[@class='chart-before']")
        assert none == 0
        assert third == pytest.approx(longest / 4, abs=0.1)
        assert float(before.get("width")) == pytest.approx(longest / 2, abs=0.1)

    def test_say_their_numbers_and_lead_to_lists(self):
        picture = charts.bars(self.rows, **WORDS)
        assert texts(picture) == ["8-4", "12（前 6）", "8-5", "0", "8-6", "3"]
        assert parsed(picture).find(f".//{SVG}a").get("href") == "/findings/?provision=8-4"

    def test_cut_a_name_that_has_no_room_and_keep_it_whole_beside(self):
        name = "保有個人情報の取扱いに係る業務を再委託する場合の確認" * 3
        picture = charts.bars([Bar(name, 1)], **WORDS)
        assert texts(picture)[0].endswith("…")
        assert f"<title>{name}</title>" in picture

    def test_of_no_rows_are_none(self):
        assert charts.bars([], **WORDS) == ""

    def test_of_nothing_but_zeros_can_be_drawn(self):
        assert charts.bars([Bar("8-4", 0)], **WORDS)


def test_a_line_in_a_cell_says_what_it_shows():
    picture = charts.spark(daily([1, 5, 2]), says="1件から2件へ")
    assert ElementTree.fromstring(picture).get("aria-label") == "1件から2件へ"
    drawn = picture.split('d="M')[1].split('"')[0]
    points = [tuple(map(float, point.split())) for point in drawn.split("L")]
    assert all(0 < x < 120 and 0 < y < 28 for x, y in points)
