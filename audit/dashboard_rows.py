"""Numbers that lead to what they count, and the rows they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from audit.paging import COUNTED

# The text of these is whole paragraphs.
CAPTIONS = {
    "8-1": "提供に当たっての書面の取り交わし",
    "8-2": "提供先における安全確保の措置",
    "8-3": "行政機関等への提供",
    "8-4": "委託先の選定、書面による確認",
    "8-4(2)": "再委託の制限、事前承認",
    "8-4(2)注": "子会社への再委託",
    "8-5": "委託先の検査（年1回以上）",
    "8-6": "再委託先に求める措置と検査",
    "8-7": "派遣労働者の秘密保持",
    "8-8": "匿名化の措置",
}


class Number(NamedTuple):
    """How long the list at an address is. ``counted``: no further than that list counts."""

    value: int
    address: str
    counted: bool = False

    @property
    def html(self) -> SafeString:
        """Put together here, as a table of agencies has hundreds."""
        more = self.counted and self.value > COUNTED
        says = f"{COUNTED:,}件以上" if more else f"{self.value:,}"
        return mark_safe(f'<a class="count" href="{escape(self.address)}">{says}</a>')


class Row(NamedTuple):
    label: str
    numbers: tuple[Number, ...]

    @property
    def html(self) -> SafeString:
        cells = "".join(
            f'<td class="num{"" if number.value else " zero"}">{number.html}</td>'
            for number in self.numbers
        )
        return mark_safe(f'<tr><th scope="row">{escape(self.label)}</th>{cells}</tr>')


class Group(NamedTuple):
    """Rows under a heading of their own, if any."""

    label: str
    rows: list[Row]

    @property
    def html(self) -> SafeString:
        return mark_safe("".join(row.html for row in self.rows))


class Provision(NamedTuple):
    code: str
    caption: str
    now: Number
    marks: Number
    before: Number

    @property
    def difference(self) -> str:
        change = self.now.value - self.before.value
        return f"{change:+,}".replace("-", "−") if change else "±0"


def caption(provisions: Mapping, code: str) -> str:
    """A few words of what a provision is about."""
    return CAPTIONS.get(code) or (provisions[code].text if code in provisions else "")
