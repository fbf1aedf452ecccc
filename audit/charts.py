"""Small pictures of numbers, drawn as SVG on the server: a line over days, and bars. Pure.

They are drawn in the size they are shown in, so that no word in them is smaller than elsewhere;
where there is less room they scroll by themselves, and on paper they shrink. All that a picture
shows a page says in words as well: a table of the same numbers belongs beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from outsourcing import fiscal_year

HEIGHT, TOP, RIGHT, BOTTOM = 300, 30, 44, 40  # of a line; its margins
FONT = 14
ROW, BAR, BEFORE = 34, 16, 6  # of bars: a row, a bar, that of before
TICKS = 5  # at most so many steps of numbers

Point = tuple[date, int]
Link = Callable[[date], str | None]


class Bar(NamedTuple):
    """``before``: the number of an earlier day, drawn below as a thin bar."""

    label: str
    number: int
    link: str = ""
    before: int | None = None


class Axis(NamedTuple):
    """Days from the left to the right, and numbers from the bottom to the top."""

    first: date
    last: date
    most: int
    left: float
    right: float
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM

    def x(self, day: date) -> float:
        days = max(1, (self.last - self.first).days)
        return round(self.left + (self.right - self.left) * (day - self.first).days / days, 1)

    def y(self, number: int) -> float:
        return round(self.bottom - (self.bottom - self.top) * number / self.most, 1)


def line(
    points: Sequence[Point],
    *,
    title: str,
    desc: str,
    link: Link | None = None,
    name: str = "chart",
    width: int = 960,
) -> SafeString:
    """Numbers of days (in order), joined by a line. The days for which ``link`` gives an address
    are marked and lead there. ``name``: of this picture, where a page has several."""
    if not points:
        return mark_safe("")
    steps = _steps(max(number for _, number in points))
    left = max(RIGHT, *(_width(f"{number:,}") + 14 for number in steps))
    axis = Axis(points[0][0], points[-1][0], steps[-1], left, width - RIGHT)
    parts = [
        *_numbers(axis, steps),
        *_years(axis),
        f'<path class="chart-line" d="{_path(axis, points)}"/>',
        *_marks(axis, points, link or (lambda day: None)),
    ]
    return _figure(parts, title, desc, name, width, HEIGHT, linked=link is not None)


def bars(
    rows: Sequence[Bar], *, title: str, desc: str, name: str = "chart", width: int = 960
) -> SafeString:
    """A number of each row as a bar, in the order given."""
    if not rows:
        return mark_safe("")
    most = max(1, *(max(row.number, row.before or 0) for row in rows))
    left = min(max(_width(row.label) for row in rows) + 12, width // 2)
    room = width - left - max(_width(_number_of(row)) for row in rows) - 12
    parts = []
    for place, row in enumerate(rows):
        parts += _bar(row, place * ROW, left, room / most)
    linked = any(row.link for row in rows)
    return _figure(parts, title, desc, name, width, len(rows) * ROW + 8, linked=linked)


def spark(points: Sequence[Point], *, says: str) -> SafeString:
    """A line as small as a word, for the cell of a table; ``says``: what it shows, in words."""
    if not points:
        return mark_safe("")
    most = max(1, *(number for _, number in points))
    axis = Axis(points[0][0], points[-1][0], most, 1, 119, 2, 26)
    return mark_safe(
        f'<svg class="spark" role="img" width="120" height="28" viewBox="0 0 120 28"'
        f' aria-label="{escape(says)}"><path class="chart-line" d="{_path(axis, points)}"/></svg>'
    )


def _figure(parts, title, desc, name, width, height, *, linked: bool) -> SafeString:
    """What holds links is a group: of an image nothing within could be reached."""
    role = "group" if linked else "img"
    return mark_safe(
        f'<div class="chart" role="region" tabindex="0" aria-label="{escape(title)}（図）">'
        f'<svg role="{role}" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(desc)}</desc>{"".join(parts)}</svg></div>'
    )


# The axes


def _steps(most: int) -> list[int]:
    """0, 5, 10 …: even steps of 1, 2 or 5 times a power of ten, up to ``most`` at least."""
    size = 1
    while most > TICKS * size:
        size = next(n for n in _round_numbers() if n > size)
    return [size * n for n in range(max(1, -(-most // size)) + 1)]


def _round_numbers() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _numbers(axis: Axis, steps: Iterable[int]) -> Iterator[str]:
    for number in steps:
        y = axis.y(number)
        rule = "chart-rule" if number else "chart-base"
        yield f'<path class="{rule}" d="M{axis.left} {y}H{axis.right}"/>'
        yield _text(axis.left - 8, y + 5, f"{number:,}", "end")


def _years(axis: Axis) -> Iterator[str]:
    """Where fiscal years begin; within less than two years, months."""
    names = _fiscal_years(axis) if (axis.last - axis.first).days > 730 else _months(axis)
    free = 0.0
    for day, name in names:
        x, half = axis.x(day), _width(name) / 2
        yield f'<path class="chart-tick" d="M{x} {axis.bottom}v6"/>'
        if x - half >= free:
            yield _text(x, axis.bottom + 22, name, "middle")
            free = x + half + 10


def _fiscal_years(axis: Axis) -> Iterator[tuple[date, str]]:
    first, last = map(fiscal_year.fiscal_year_of, (axis.first, axis.last))
    for year in range(first, last + 1):
        begin = fiscal_year.first_day(year)
        if begin >= axis.first:
            yield begin, f"{year}年度"


def _months(axis: Axis) -> Iterator[tuple[date, str]]:
    day = axis.first
    while day <= axis.last:
        if day.day == 1:
            yield day, f"{day.year}年{day.month}月"
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)


# The line


def _path(axis: Axis, points: Sequence[Point]) -> str:
    placed = [(axis.x(day), axis.y(number)) for day, number in points]
    kept = list(_thinned(placed))
    if len(kept) == 1:
        kept.append((axis.right, kept[0][1]))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept)


def _thinned(placed: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """What can be seen: of each pixel in width the first, highest, lowest and last, and nothing
    that lies on the line anyway."""
    seen = []
    for _, column in groupby(placed, key=lambda point: int(point[0])):
        of = list(column)
        ends = {0, len(of) - 1}
        ends |= {min(range(len(of)), key=lambda n: of[n][1])}
        ends |= {max(range(len(of)), key=lambda n: of[n][1])}
        seen += [of[n] for n in sorted(ends)]
    for before, here, after in zip([None, *seen], seen, [*seen[1:], None], strict=False):
        if before is None or after is None or not before[1] == here[1] == after[1]:
            yield here


def _marks(axis: Axis, points: Sequence[Point], link: Link) -> Iterator[str]:
    """Days that lead somewhere, each with its number where there is room for it, the last above
    all."""
    marks, free = [], float("inf")
    for day, number in reversed(points):
        address = link(day)
        if address is None:
            continue
        x, y, says = axis.x(day), axis.y(number), f"{number:,}"
        half, label = _width(says) / 2, ""
        if x + half <= free:
            label, free = _text(x, y - 10, says, "middle", "chart-number"), x - half - 6
        words = f"{day.isoformat()}　{says}件"
        marks.append(
            f'<a href="{escape(address)}" aria-label="{words}"><title>{words}</title>'
            f'<circle class="chart-reach" cx="{x}" cy="{y}" r="12"/>'
            f'<circle class="chart-mark" cx="{x}" cy="{y}" r="4.5"/>{label}</a>'
        )
    yield from reversed(marks)


# Bars


def _bar(row: Bar, y: float, left: float, scale: float) -> Iterator[str]:
    length = round(row.number * scale, 1)
    label = _fitted(row.label, left - 12)
    whole = "" if label == row.label else f"<title>{escape(row.label)}</title>"
    inner = whole + _text(left - 8, y + 19, label, "end", "chart-label")
    inner += f'<rect class="chart-bar" x="{left}" y="{y + 6}" width="{length}" height="{BAR}"/>'
    longest = length
    if row.before is not None:
        longest = max(length, round(row.before * scale, 1))
        inner += (
            f'<rect class="chart-before" x="{left}" y="{y + 6 + BAR}"'
            f' width="{round(row.before * scale, 1)}" height="{BEFORE}"/>'
        )
    says = _number_of(row)
    inner += _text(left + longest + 6, y + 19, says, "start", "chart-number")
    if row.link:
        words = escape(f"{row.label}　{says}件")
        inner = f'<a href="{escape(row.link)}" aria-label="{words}">{inner}</a>'
    yield inner


def _number_of(row: Bar) -> str:
    return f"{row.number:,}" if row.before is None else f"{row.number:,}（前 {row.before:,}）"


# Words


def _text(x: float, y: float, text: str, anchor: str, css: str = "") -> str:
    of = f' class="{css}"' if css else ""
    return f'<text{of} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _fitted(text: str, width: float) -> str:
    """As much of a text as has room."""
    if _width(text) <= width:
        return text
    while text and _width(text + "…") > width:
        text = text[:-1]
    return text + "…"


def _width(text: str) -> float:
    """About how wide a text is drawn."""
    wide = sum(unicodedata.east_asian_width(letter) in "WFA" for letter in text)
    return round(FONT * (wide + 0.6 * (len(text) - wide)), 1)
