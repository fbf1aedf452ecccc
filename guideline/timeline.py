"""A contract's time line: from its chronology to a picture, all on one axis of days. Pure.

What is long becomes several sheets of one picture, each under the same axis and none taller than a
page. A mark lies from where its first day begins to where its last day ends; a mark of one day is
centred in it. Within a lane no two marks overlap: what would, moves to the next row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from guideline.chronology import Fact, Group, Lane
from guideline.intervals import FOREVER
from outsourcing import fiscal_year, wareki

WIDTH, LEFT, RIGHT = 1240, 318, 18  # of the whole, of the names, of the margin
HEAD, ROW, THIN, GAP = 80, 19, 12, 9  # heights: the axis, a row, a row of thin bars, between groups
TALLEST = 600  # of a sheet: fits a page of A4 on its side, with its heading
FONT = 14
BAR_HEIGHT, THIN_HEIGHT = 13, 7
POINT = 13  # the width of a mark of one day
INDENT, DEEPEST = 12, 6
SHORTEST = 92  # days that the axis has at least
NEAR = 92  # days to which the day of the page may lie outside, and still be on the axis
BEYOND = 31  # days shown of what has no end


class Kind(NamedTuple):
    """How facts are drawn: as a bar or a thin bar over their days, or as a shape on their day."""

    code: str
    label: str
    shape: str


BAR, THIN_BAR, SHAPE = "bar", "thin", "shape"
KINDS = {
    kind.code: kind
    for kind in (
        Kind("term", "契約期間", BAR),
        Kind("lost", "なくなった期間", BAR),
        Kind("link", "再委託の期間", BAR),
        Kind("inherited", "再委託の期間（末日は再委託元による）", BAR),
        Kind("amendment", "変更契約", SHAPE),
        Kind("agreed", "当初の末日", SHAPE),
        Kind("terminated", "解除", SHAPE),
        Kind("approved", "承認が有効な期間", THIN_BAR),
        Kind("decided", "承認の決定", SHAPE),
        Kind("rejected", "不承認", SHAPE),
        Kind("withdrawn", "承認の取消", SHAPE),
        Kind("notice", "事前届出の受理", SHAPE),
        Kind("window", "検査を要する期間", THIN_BAR),
        Kind("on-site", "実地の検査", SHAPE),
        Kind("reasoned", "実地によらない検査（理由あり）", SHAPE),
        Kind("off-site", "実地によらない検査（理由なし）", SHAPE),
        Kind("breach", "契約に反する再委託", BAR),
        Kind("violation", "指針不適合", BAR),
        Kind("attention", "注意", BAR),
        Kind("excused", "理由書あり", BAR),
    )
}


class Axis(NamedTuple):
    """The days [since, until), from the left to the right."""

    since: int
    until: int

    def x(self, day: float) -> float:
        """Where a day begins."""
        return round(LEFT + (day - self.since) * self.per_day, 3)

    @property
    def per_day(self) -> float:
        return (WIDTH - LEFT - RIGHT) / (self.until - self.since)


class Mark(NamedTuple):
    """A fact from ``x`` to ``end``, below ``y``; of a shape the middle is ``x`` as well as ``end``,
    and ``y``. ``goes_on``: no end is known."""

    fact: Fact
    x: float
    end: float
    y: float
    goes_on: bool

    @property
    def width(self) -> float:
        return round(self.end - self.x, 3)

    @property
    def says(self) -> str:
        return f"{self.fact.what} {days_in_words(self.fact)}"


class Label(NamedTuple):
    text: str
    x: float
    y: float
    strong: bool = False


class Day(NamedTuple):
    """The day the page is read as of. ``side``: "" on the axis, else the side it lies beyond."""

    day: int
    x: float
    side: str

    @property
    def says(self) -> str:
        words = f"基準日 {date.fromordinal(self.day).isoformat()}"
        return {"": words, "before": f"← {words}", "after": f"{words} →"}[self.side]


@dataclass
class Sheet:
    number: int
    height: float = HEAD
    labels: list[Label] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)  # lines between groups
    marks: list[Mark] = field(default_factory=list)

    @cached_property
    def layers(self) -> list[tuple[Kind, list[Mark]]]:
        """The marks kind by kind, as they are drawn."""
        of = {code: [] for code in KINDS}
        for mark in self.marks:
            of[mark.fact.kind].append(mark)
        return [(KINDS[code], marks) for code, marks in of.items() if marks]


class Row(NamedTuple):
    """A line of the text form; ``since`` is None where the day is not known, ``last`` where no end
    is."""

    since: date | None
    last: date | None
    what: str
    whom: str
    is_day: bool


@dataclass
class Scene:
    axis: Axis
    years: list[tuple[float, str, str]]
    months: list[tuple[float, str]]
    lines: str  # where months begin, as a path of unit height
    year_lines: list[float]
    today: Day
    sheets: list[Sheet]
    rows: list[Row]
    summary: str

    @property
    def kinds(self) -> list[Kind]:
        used = {mark.fact.kind for sheet in self.sheets for mark in sheet.marks}
        return [kind for code, kind in KINDS.items() if code in used]

    @property
    def goes_on(self) -> bool:
        return any(mark.goes_on for sheet in self.sheets for mark in sheet.marks)


def draw(groups: list[Group], on: date) -> Scene:
    """The picture of a chronology, read as of a day."""
    facts = [fact for group in groups for fact in group.facts]
    today = on.toordinal()
    axis = axis_of(facts, today)
    months, lines = _months(axis)
    years, year_lines = _years(axis)
    return Scene(
        axis=axis,
        years=years,
        months=months,
        lines=lines,
        year_lines=year_lines,
        today=_today(axis, today),
        sheets=_sheets(groups, axis),
        rows=_rows(groups, on),
        summary=_summary(groups),
    )


def axis_of(facts: Iterable[Fact], today: int) -> Axis:
    """Whole months that hold all known days, some of what has no end, and the day of the page where
    it is near."""
    known = [fact for fact in facts if fact.since is not None]
    first = min(fact.since for fact in known)
    last = max(
        fact.since + BEYOND if fact.until == FOREVER else max(fact.since, fact.until - 1)
        for fact in known
    )
    near = max(NEAR, (last - first) // 4)
    if first - near <= today <= last + near:
        first, last = min(first, today), max(last, today)
    last = min(max(last, first + SHORTEST - 1), date.max.toordinal())
    return Axis(_month_of(first), _month_after(last))


def days_in_words(fact: Fact) -> str:
    """2017-04-01～2018-03-31, for what pops up over a mark."""
    if fact.since is None:
        return "日不明"
    first = date.fromordinal(fact.since).isoformat()
    if fact.until == FOREVER:
        return f"{first}～継続中"
    if fact.until - fact.since <= 1:
        return first
    return f"{first}～{date.fromordinal(fact.until - 1).isoformat()}"


# Sheets


def _sheets(groups: list[Group], axis: Axis) -> list[Sheet]:
    sheets = [Sheet(1)]
    for group in groups:
        lanes = [(lane, _placed(lane, axis)) for lane in group.lanes]
        whole = GAP + sum(height for _, (height, _) in lanes)
        if sheets[-1].marks and sheets[-1].height + min(whole, TALLEST - HEAD) > TALLEST:
            sheets.append(Sheet(len(sheets) + 1))
        sheets[-1].rules.append(sheets[-1].height + GAP / 2)
        sheets[-1].height += GAP
        indent = 4 + INDENT * min(group.depth, DEEPEST)
        for place, (lane, (height, marks)) in enumerate(lanes):
            sheet = sheets[-1]
            if sheet.height + height > TALLEST and sheet.marks:
                sheets.append(sheet := Sheet(len(sheets) + 1, height=HEAD + GAP))
            text, strong = lane.label, False
            if place == 0:
                text, strong = f"{group.whom}　{group.name}", True
            elif sheet.height == HEAD + GAP:
                text = f"{group.whom}（続き）　{text}"
            unknown = sum(fact.since is None for fact in lane.facts)
            text += f"（日不明{unknown}件）" if unknown else ""
            x = indent if strong else indent + INDENT
            if text:
                fitted = _fitted(text, LEFT - x - 8)
                sheet.labels.append(Label(fitted, x, sheet.height + ROW - 5, strong))
            sheet.marks += [mark._replace(y=mark.y + sheet.height) for mark in marks]
            sheet.height += height
    for sheet in sheets:
        sheet.height += GAP
    return sheets


def _placed(lane: Lane, axis: Axis) -> tuple[float, list[Mark]]:
    """The height of a lane, and its marks in as many rows as keep them apart."""
    facts = [fact for fact in lane.facts if fact.since is not None]
    thin = bool(facts) and all(KINDS[fact.kind].shape == THIN_BAR for fact in facts)
    height = THIN if thin and not lane.label else ROW
    taken: list[float] = []  # how far each row is drawn on
    marks = []
    for fact in sorted(facts, key=lambda fact: (fact.since, fact.until)):
        mark = _mark(fact, axis)
        room = POINT / 2 if KINDS[fact.kind].shape == SHAPE else 0
        row = next((n for n, end in enumerate(taken) if end <= mark.x - room), len(taken))
        if row == len(taken):
            taken.append(0)
        taken[row] = mark.end + room
        inside = ROW / 2 if room else (height - (THIN_HEIGHT if thin else BAR_HEIGHT)) / 2
        marks.append(mark._replace(y=row * height + inside))
    return height * max(1, len(taken)), marks


def _mark(fact: Fact, axis: Axis) -> Mark:
    if KINDS[fact.kind].shape == SHAPE:
        middle = axis.x(fact.since + 0.5)
        return Mark(fact, middle, middle, 0, False)
    goes_on = fact.until == FOREVER
    end = axis.x(axis.until if goes_on else fact.until)
    return Mark(fact, axis.x(fact.since), end, 0, goes_on)


# The axis


def _years(axis: Axis) -> tuple[list[tuple[float, str, str]], list[float]]:
    """Where fiscal years begin, and their names in both calendars where there is room."""
    first = max(fiscal_year.fiscal_year_of(date.fromordinal(axis.since)), date.min.year)
    last = fiscal_year.fiscal_year_of(date.fromordinal(axis.until - 1))
    room = 84  # that a name takes
    each = max(1, -(-room // max(1, int(axis.per_day * 365))))
    names, lines = [], []
    for year in range(first, last + 1):
        begin = fiscal_year.first_day(year).toordinal()
        x = axis.x(max(begin, axis.since))
        end = axis.x(min(begin + 366, axis.until))
        if begin >= axis.since and year % each == 0:
            lines.append(x)
        named = end - x >= room if each == 1 else year % each == 0 and begin >= axis.since
        if named and x + room <= WIDTH:
            names.append((x, f"{year}年度", fiscal_year.label(year)))
    return names, lines


def _months(axis: Axis) -> tuple[list[tuple[float, str]], str]:
    wide = axis.per_day * 30
    step = next((n for n in (1, 3, 6) if wide * n >= 34), 12)
    names, lines = [], []
    if wide * step < 4:
        return names, ""
    day = axis.since
    while day < axis.until:
        x, month = axis.x(day), date.fromordinal(day).month
        if (month - 4) % step == 0:
            lines.append(f"M{x:g} 0V1")
            if step < 12 and x + 30 <= WIDTH:
                names.append((x, f"{month}月"))
        day = _month_after(day)
    return names, "".join(lines)


def _today(axis: Axis, day: int) -> Day:
    if day < axis.since:
        return Day(day, LEFT, "before")
    if day >= axis.until:
        return Day(day, WIDTH - RIGHT, "after")
    return Day(day, axis.x(day + 0.5), "")


def _month_of(day: int) -> int:
    return date.fromordinal(day).replace(day=1).toordinal()


def _month_after(day: int) -> int:
    then = date.fromordinal(day)
    if (then.year, then.month) == (date.max.year, 12):
        return FOREVER
    return date(then.year + then.month // 12, then.month % 12 + 1, 1).toordinal()


# Words


def _rows(groups: list[Group], on: date) -> list[Row]:
    """Everything, in order of days; what has no known day last."""
    facts = [(fact, group.whom) for group in groups for fact in group.facts]
    today = Fact.on("", on, "基準日（この日の状態を示しています）"), "—"
    ordered = sorted(
        chain(facts, [today]), key=lambda pair: (pair[0].since or FOREVER, pair[0].until)
    )
    return [
        Row(
            since=fact.since and date.fromordinal(fact.since),
            last=None
            if fact.since is None or fact.until == FOREVER
            else date.fromordinal(max(fact.since, fact.until - 1)),
            what=fact.what,
            whom=whom,
            is_day=fact.kind not in KINDS or KINDS[fact.kind].shape == SHAPE,
        )
        for fact, whom in ordered
    ]


def _summary(groups: list[Group]) -> str:
    term = groups[0].lanes[0].facts[0]
    kinds = [fact.kind for group in groups for fact in group.facts]
    found = sum(kind in ("breach", "violation", "attention", "excused") for kind in kinds)
    visits = sum(kind in ("on-site", "reasoned", "off-site") for kind in kinds)
    first, last = (wareki.both_of(day) for day in (term.since, max(term.since, term.until - 1)))
    return (
        f"{term.what}は{first}から{last}まで。再委託{len(groups) - 1}件、検査{visits}件、"
        f"所見の期間{found}件。同じ内容を、図の下に日の順に文字で示しています。"
    )


def _fitted(text: str, width: float) -> str:
    """As much of a text as has room."""
    return text if _width(text) <= width else _cut(text, width)


def _cut(text: str, width: float) -> str:
    while text and _width(text + "…") > width:
        text = text[:-1]
    return text + "…"


@lru_cache(maxsize=1024)
def _width(text: str) -> float:
    """About how wide a text is drawn."""
    wide = sum(unicodedata.east_asian_width(letter) in "WFA" for letter in text)
    return FONT * (wide + 0.6 * (len(text) - wide))
