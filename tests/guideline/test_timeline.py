"""The picture of a chronology: marks lie where their days lie, none hides another, none is lost."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guideline.chronology import Fact, Group, Lane
from guideline.intervals import FOREVER
from guideline.timeline import (
    BAR,
    HEAD,
    KINDS,
    LEFT,
    POINT,
    RIGHT,
    SHAPE,
    TALLEST,
    WIDTH,
    draw,
)
from tests import properties

FIRST, LAST = date(2017, 4, 1), date(2018, 3, 31)
ON = date(2018, 1, 31)


def fact(kind: str, first: date, last: date | None = None, what: str = "こと") -> Fact:
    """On the days first..last; without ``last`` on one day."""
    return Fact(kind, first.toordinal(), (last or first).toordinal() + 1, what)


def going_on(kind: str, first: date) -> Fact:
    return Fact(kind, first.toordinal(), FOREVER, "続くこと")


def group(*lanes: list[Fact], whom: str = "契約", first: date = FIRST, last: date = LAST) -> Group:
    term = Lane("", [fact("term", first, last, "契約期間")])
    return Group(whom, "会社", 0, [term, *(Lane(f"行{n}", facts) for n, facts in enumerate(lanes))])


def marks(scene) -> list:
    return [mark for sheet in scene.sheets for mark in sheet.marks]


def mark_of(scene, kind: str):
    (found,) = (mark for mark in marks(scene) if mark.fact.kind == kind)
    return found


def middle(scene, day: date) -> float:
    return scene.axis.x(day.toordinal() + 0.5)


def shape(mark) -> str:
    return KINDS[mark.fact.kind].shape


class TestWhereMarksLie:
    def test_a_bar_holds_its_first_and_last_day_and_neither_the_day_before_nor_the_day_after(self):
        scene = draw([group([fact("breach", date(2017, 7, 1), date(2017, 9, 30))])], ON)
        bar = mark_of(scene, "breach")
        for day, held in (
            (date(2017, 6, 30), False),
            (date(2017, 7, 1), True),
            (date(2017, 7, 2), True),
            (date(2017, 9, 29), True),
            (date(2017, 9, 30), True),
            (date(2017, 10, 1), False),
        ):
            assert (bar.x < middle(scene, day) < bar.end) == held, day

    def test_the_axis_is_even(self):
        scene = draw([group()], ON)
        term = mark_of(scene, "term")
        # April 2017 to March 2018 are 12 whole months: the term fills the axis.
        assert (term.x, term.end) == (LEFT, WIDTH - RIGHT)
        # 2017-04-01 to 2017-09-30 are 183 of 365 days.
        half = middle(scene, date(2017, 10, 1)) - middle(scene, FIRST)
        assert half == pytest.approx((WIDTH - LEFT - RIGHT) * 183 / 365, abs=0.01)

    def test_a_shape_stands_in_the_middle_of_its_day(self):
        scene = draw([group([fact("on-site", date(2017, 11, 1))])], ON)
        seen = mark_of(scene, "on-site")
        assert seen.x == seen.end == middle(scene, date(2017, 11, 1))

    def test_what_has_no_end_goes_on_to_the_edge_and_says_so(self):
        scene = draw([group([going_on("attention", date(2018, 4, 30))])], ON)
        open_ = mark_of(scene, "attention")
        assert (open_.goes_on, open_.end) == (True, WIDTH - RIGHT)
        assert open_.x < middle(scene, date(2018, 4, 30)) < open_.end
        assert not mark_of(scene, "term").goes_on
        assert (scene.goes_on, draw([group()], ON).goes_on) == (True, False)  # for the legend

    def test_a_term_without_a_day_is_a_line_on_its_first_day(self):
        nothing = Fact("term", FIRST.toordinal(), FIRST.toordinal(), "契約期間（期間に日がない）")
        scene = draw([Group("契約", "会社", 0, [Lane("", [nothing])])], ON)
        line = mark_of(scene, "term")
        assert (line.x, line.width) == (scene.axis.x(FIRST.toordinal()), 0)
        assert [row.since for row in scene.rows if "日がない" in row.what] == [FIRST]

    def test_a_day_is_still_a_day_of_its_own_in_ten_years(self):
        last = date(2027, 3, 31)
        days = [date(2022, 2, 28), date(2022, 3, 1), date(2022, 3, 2)]
        scene = draw([group(*([fact("breach", day)] for day in days), last=last)], ON)
        found = [mark for mark in marks(scene) if mark.fact.kind == "breach"]
        for mark, day in zip(found, days, strict=True):
            inside = [d for d in days if mark.x < middle(scene, d) < mark.end]
            assert inside == [day]


class TestTheDayOfThePage:
    @pytest.mark.parametrize("on", [FIRST, date(2018, 1, 31), LAST])
    def test_stands_on_the_axis_within_the_term(self, on):
        scene = draw([group()], on)
        assert (scene.today.x, scene.today.side) == (middle(scene, on), "")
        assert on.isoformat() in scene.today.says

    @pytest.mark.parametrize(
        ("on", "side", "x"),
        [
            (date(2016, 12, 30), "before", LEFT),  # 92 days before 2017-04-01
            (date(2016, 12, 29), "before", LEFT),
            (date(2026, 11, 26), "after", WIDTH - RIGHT),
        ],
    )
    def test_far_away_it_stands_at_the_edge_with_an_arrow(self, on, side, x):
        scene = draw([group(last=date(2017, 12, 31))], on)
        if on == date(2016, 12, 30):
            assert (scene.today.side, scene.today.x) == ("", middle(scene, on))
        else:
            assert (scene.today.side, scene.today.x) == (side, x)
            assert ("←" if side == "before" else "→") in scene.today.says

    def test_is_a_line_of_the_text_too(self):
        assert [row.since for row in draw([group()], ON).rows if "基準日" in row.what] == [ON]


class TestTheAxis:
    def test_names_fiscal_years_in_both_calendars_and_each_month(self):
        scene = draw([group()], ON)
        assert [names[1:] for names in scene.years] == [("2017年度", "平成29年度")]
        months = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
        assert [name for _, name in scene.months] == [f"{month}月" for month in months]
        assert [x for x, _ in scene.months][6] == scene.axis.x(date(2017, 10, 1).toordinal())

    def test_a_long_term_names_fewer_months_and_every_year_it_has_room_for(self):
        scene = draw([group(last=date(2027, 3, 31))], ON)
        assert [names[1] for names in scene.years] == [f"{y}年度" for y in range(2017, 2027)]
        assert scene.years[2][2] == "令和元年度"
        assert [x for x, *_ in scene.years] == scene.year_lines

    @pytest.mark.parametrize("years", [1, 2, 3, 5, 10, 30, 80])
    def test_names_do_not_run_into_each_other(self, years):
        scene = draw([group(last=date(2017 + years, 3, 31))], ON)
        for names, room in ((scene.years, 80), (scene.months, 30)):
            places = [x for x, *_ in names]
            assert all(b - a >= room for a, b in pairwise(places))
        assert scene.years

    def test_a_short_term_has_an_axis_of_three_months_at_least(self):
        scene = draw([group(last=date(2017, 4, 3))], date(2017, 4, 2))
        assert scene.axis.until - scene.axis.since >= 91

    @pytest.mark.parametrize("first", [date(1, 1, 1), date(9999, 12, 1)])
    def test_the_first_and_the_last_days_there_are_can_be_drawn(self, first):
        scene = draw([group([going_on("attention", first)], first=first, last=first)], ON)
        assert marks(scene)


class TestLanes:
    def test_what_would_overlap_moves_to_the_next_row_and_what_touches_stays(self):
        spans = [(date(2017, 4, 1), date(2017, 6, 30)), (date(2017, 7, 1), date(2017, 9, 30))]
        touching = draw([group([fact("breach", *span) for span in spans])], ON)
        assert len({mark.y for mark in marks(touching) if mark.fact.kind == "breach"}) == 1
        spans[1] = (date(2017, 6, 30), date(2017, 9, 30))
        shared = draw([group([fact("breach", *span) for span in spans])], ON)
        assert len({mark.y for mark in marks(shared) if mark.fact.kind == "breach"}) == 2

    def test_30_links_and_40_findings_take_several_sheets_that_each_fit_a_page(self):
        links = [
            group(
                [fact("breach", FIRST, LAST)],
                [fact("decided", date(2017, 5, n % 28 + 1))],
                whom=f"再委託{n}",
            )
            for n in range(1, 31)
        ]
        whole = group(*([fact("violation", FIRST, LAST)] for _ in range(40)))
        scene = draw([whole, *links], ON)
        assert len(scene.sheets) > 3
        assert all(sheet.height <= TALLEST + 20 for sheet in scene.sheets)
        assert [sheet.number for sheet in scene.sheets] == list(range(1, len(scene.sheets) + 1))
        assert len(marks(scene)) == 1 + 40 + 30 * 3
        assert any("（続き）" in label.text for label in scene.sheets[1].labels)

    def test_long_names_end_where_the_axis_begins(self):
        long = Group("再委託1", "とても長い名前の会社" * 9, 9, group([], []).lanes)
        (label, *_) = draw([long], ON).sheets[0].labels
        assert label.text.endswith("…")
        assert label.x + 14 * len(label.text) <= LEFT + 14  # its digit is narrow

    def test_what_has_no_known_day_is_told_in_the_name_of_its_lane_and_stands_last(self):
        unknown = Fact.on("decided", None, "承認の決定（決定日が不明のため数えない）")
        scene = draw([group([unknown])], ON)
        assert [label.text for label in scene.sheets[0].labels][-1] == "行0（日不明1件）"
        last = scene.rows[-1]
        assert (last.since, last.last, last.what) == (None, None, unknown.what)


def test_the_text_is_in_order_of_days_and_says_first_and_last_day():
    scene = draw(
        [
            group([fact("breach", date(2017, 7, 1), date(2017, 9, 30), "違反")]),
            group([going_on("attention", date(2018, 4, 30))], whom="再委託1"),
        ],
        ON,
    )
    said = [(row.since, row.last, row.whom) for row in scene.rows]
    assert said == [
        (FIRST, LAST, "契約"),
        (FIRST, LAST, "再委託1"),
        (date(2017, 7, 1), date(2017, 9, 30), "契約"),
        (ON, ON, "—"),
        (date(2018, 4, 30), None, "再委託1"),
    ]


days = st.dates(date(2004, 9, 14), date(2034, 3, 31))


@st.composite
def facts(draw_) -> Fact:
    kind = KINDS[draw_(st.sampled_from(sorted(KINDS)))]
    first = draw_(days)
    if kind.shape == SHAPE:
        return Fact.on(kind.code, draw_(st.sampled_from([first, None])), "こと")
    if kind.shape == BAR and draw_(st.integers(0, 9)) == 0:
        return going_on(kind.code, first)
    since = first.toordinal()
    return Fact(kind.code, since, since + draw_(st.integers(0, 4000)), "こと")


@st.composite
def chronologies(draw_) -> list[Group]:
    lanes = st.lists(st.lists(facts(), min_size=1, max_size=8), max_size=6)
    return [group(*draw_(lanes), whom=f"対象{n}") for n in range(draw_(st.integers(1, 6)))]


@properties.fewer(2)
@given(chronologies(), days)
def test_of_any_chronology_nothing_is_lost_hidden_or_out_of_place(groups, on):
    scene = draw(groups, on)
    everything = Counter(fact for group in groups for fact in group.facts)
    drawn = marks(scene)
    assert Counter(mark.fact for mark in drawn) == Counter(
        {fact: n for fact, n in everything.items() if fact.since is not None}
    )
    assert len(scene.rows) == sum(everything.values()) + 1
    for mark in drawn:
        assert LEFT <= mark.x <= mark.end <= WIDTH - RIGHT
        for day in _edges(mark.fact, scene.axis):
            inside = mark.fact.since <= day < mark.fact.until
            if shape(mark) == SHAPE:
                assert (abs(mark.x - scene.axis.x(day + 0.5)) < 0.01) == inside
            else:
                assert (mark.x < scene.axis.x(day + 0.5) < mark.end) == inside
    for sheet in scene.sheets:
        for one, other in combinations(sheet.marks, 2):
            assert not _overlap(one, other), (one, other)
        assert all(HEAD < mark.y < sheet.height for mark in sheet.marks)


def _edges(fact: Fact, axis) -> set[int]:
    around = {
        fact.since - 1,
        fact.since,
        fact.since + 1,
        fact.until - 2,
        fact.until - 1,
        fact.until,
    }
    return {day for day in around if axis.since <= day < axis.until}


def _overlap(one, other) -> bool:
    """Whether the boxes in which two marks are drawn share more than an edge."""
    boxes = []
    for mark in (one, other):
        half = POINT / 2 if shape(mark) == SHAPE else 0
        heights = {"bar": (0, 13), "thin": (0, 7), "shape": (-6.5, 6.5)}[shape(mark)]
        top, bottom = (mark.y + height for height in heights)
        boxes.append((mark.x - half, mark.end + half, top, bottom))
    (a, b, top, bottom), (c, d, upper, lower) = boxes
    return a < d - 0.01 and c < b - 0.01 and top < lower - 0.01 and upper < bottom - 0.01
