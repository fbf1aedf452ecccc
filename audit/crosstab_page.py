"""A cross table as it stands on a page: each number leads to the contracts it counts."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from audit.crosstab import AXES, CHAINS, DEPTH, OF, ONLY_OF_FINDINGS, YEAR
from audit.crosstab_counting import Member, Table

TOTAL = "計"


def body(table: Table) -> SafeString:
    """The rows of the table as markup: of 235 agencies and twenty years a template would take
    longer than the counting itself."""
    rows = [_tr(table, row) for row in table.rows]
    return mark_safe("".join([*rows, _tr(table, None)]))


def _tr(table: Table, row: Member | None) -> str:
    columns = [*table.columns, None]
    cells = "".join(_td(table, row, column) for column in columns)
    of_total = "" if row else ' class="total"'
    return f'<tr{of_total}><th scope="row">{escape(row.label if row else TOTAL)}</th>{cells}</tr>'


def _td(table: Table, row: Member | None, column: Member | None) -> str:
    number = number_of(table, row, column)
    of_total = "" if column else " sum"
    if not number:
        return f'<td class="num zero{of_total}">0</td>'
    address = escape(address_of(table, row, column))
    return f'<td class="num{of_total}"><a href="{address}">{number:,}</a></td>'


def number_of(table: Table, row: Member | None, column: Member | None) -> int:
    """None stands for the total."""
    if row is None:
        return table.total if column is None else table.of_columns[column.code]
    return table.of_rows[row.code] if column is None else table.cells[row.code, column.code]


def address_of(table: Table, row: Member | None, column: Member | None) -> str:
    """The list of the contracts that a number counts."""
    asked = table.asked.conditions
    for axis, member in zip(table.axes, (row, column), strict=True):
        if member is not None:
            asked[axis] = member.code
    if YEAR in asked:
        asked.pop("within", None)
    return f"{reverse('crosstab-contracts')}?{urlencode(asked)}"


def title_of(table: Table) -> str:
    rows, columns = (AXES[axis] for axis in table.axes)
    return f"{rows}×{columns}の{counted(table)}の数"


def counted(table: Table) -> str:
    return OF.get(table.asked.of, "契約")


def notes(table: Table) -> list[str]:
    """How the numbers are to be read."""
    asked = table.asked
    axes = set(table.axes)
    said = [
        f"{'架空の契約（合成データ）' if asked.synthetic else '実在の契約'}を数えています。"
        "合成データと実在の契約を合わせて数えることはありません。",
        "契約は、契約期間が年度と一日でも重なれば、その年度に数えます。"
        "複数の年度にわたる契約は、それぞれの年度に数えます。",
    ]
    if asked.of:
        said.append(
            f"{OF[asked.of]}として数えるのは、基準日までに生じた所見"
            "（理由書のあるものを含みます）があるものです。年度ごとには、"
            "契約期間と所見の両方がその年度と重なるものを数えます。"
        )
    if axes & set(ONLY_OF_FINDINGS) and asked.of == "any":
        only = "・".join(AXES[axis] for axis in ONLY_OF_FINDINGS if axis in axes)
        said.append(f"{only}は所見についてのものなので、所見のある契約だけを数えています。")
    if DEPTH in axes or asked.depth:
        said.append(
            "再委託の段階は、所見の対象となった再委託の段階です。"
            if asked.of
            else f"再委託の段階は、契約の再委託がどこまで及ぶか（{'、'.join(CHAINS.values())}）を、"
            "再委託の期間を問わずに数えたものです。"
        )
    if table.overlaps:
        said.append(
            "一つの契約が複数の行や列に数えられることがあります。計は一つの契約を一度だけ"
            "数えたもので、行や列の和と一致するとは限りません。"
        )
    if table.left_out:
        said.append("基準日から遠い年度は表に出していません。その契約も計には数えています。")
    if not asked.scope.is_everything:
        said.append("あなたが閲覧できる機関の契約だけを数えています。")
    return said
