"""What a reader calls the rows of a plan."""

from __future__ import annotations

from exchange.columns import text_of
from exchange.importing.making import above
from exchange.importing.tables import Table
from exchange.reading.cells import Problem

TITLED = {
    "contracts": "title",
    "disclosures": "recipient",
    "companies": "name",
}


def name_lines(tables: list[Table]) -> None:
    for table in tables:
        name = _of_its_own if table.sheet.key in TITLED else _of_others
        for row, line in enumerate(table.taken):
            line.named = name(table, row)


def _of_its_own(table: Table, row: int) -> str:
    """A25-2017-00042 職員の健康診断"""
    target = table.own[row] if table.own else None
    code = target.code if target is not None else ""
    title = table.said(TITLED[table.sheet.key], row) or ""
    return f"{code} {title}".strip()


def _of_others(table: Table, row: int) -> str:
    """A25-2017-00042 再委託2"""
    if table.sheet.key == "holdings":
        return " → ".join(_typed(table, name, row) for name in ("holder", "held"))
    of = above(table, row)
    code = of.code if of is not None else _typed(table, "contract", row)
    links = table.targets.get("link")
    link = links[row] if links else None
    if table.sheet.key == "links":
        link = table.own[row]
    if link is None:
        return code
    return f"{code} 再委託{link.number}" if link.number else f"{code} 再委託「{link.code}」"


def _typed(table: Table, name: str, row: int) -> str:
    try:
        return text_of(table.typed[name][row]) if name in table.typed else ""
    except Problem:
        return ""
