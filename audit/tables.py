"""The list of findings: its columns, and its rows, which come in order and a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache
from html import escape

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django_tables2.data import TableListData

from audit.paging import Order
from guideline.corrections import MARKS, NEVER
from guideline.models import Severity
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.models import Contract, Relation
from outsourcing.tables import CaptionedTable

# How a list is sorted: name in the address -> the column in front of ``since``.
COLUMNS = {"since": "", "until": "ends", "provision": "provision", "agency": "agency_id"}
LATEST = Order("", descending=True)

OF_CONTRACT = ("fiscal_year", "serial", "title", "contractor__name")
READ = (
    *("pk", "since", "ends", "rule", "severity", "subject", "excused", "provision", "agency_id"),
    *("depth", "relation", "work", "acted_on", "settled_on", "agency__code", "agency__name"),
    *(f"contract__{name}" for name in OF_CONTRACT),
    *("disclosure__fiscal_year", "disclosure__serial", "disclosure__recipient"),
    *("contract_id", "disclosure_id"),
)

SEVERITIES = dict(Severity.choices)
WORKS = dict(Contract.Work.choices)
RELATIONS = {
    Relation.WHOLLY_OWNED.value: "100%子会社へ",
    Relation.SUBSIDIARY.value: "子会社へ",
}
STATES = {
    "none": "未着手",
    "open": "是正中",
    "overdue": "期限超過",
    "settled": "是正済み",
    "unneeded": "要しない",
}


def order_asked(text: str | None) -> Order:
    """Of ``sort`` in the address: the name of a column, with a minus in front for descending."""
    name = (text or "-since").removeprefix("-")
    if name not in COLUMNS:
        return LATEST
    return Order(COLUMNS[name], (text or "-since").startswith("-"))


class InOrder(TableListData):
    """Rows that were read in their order."""

    def order_by(self, aliases):
        pass


class Heading(tables.Column):
    """A column that no table changes: each would make copies of all of its own."""

    def __deepcopy__(self, memo):
        return self


class FindingTable(CaptionedTable):
    """One row a finding."""

    what = Heading("所見", orderable=False)
    provision = Heading("条項")
    severity = Heading("区分", orderable=False)
    agency = Heading("機関")
    of = Heading("契約・提供", orderable=False)
    subject = Heading("対象", orderable=False)
    since = Heading("いつから")
    until = Heading("いつまで")
    state = Heading("是正", orderable=False)

    class Meta:
        sequence = (
            *("what", "provision", "severity", "agency", "of", "subject"),
            *("since", "until", "state"),
        )
        order_by = "-since"
        empty_text = "条件に合う所見はありません。"
        template_name = "audit/_finding_table.html"

    def __init__(
        self, rows: Iterable[dict], *, on: date, ticks=False, query: str = "",
        sort: str = "-since", **kwargs,
    ):  # fmt: skip
        """``rows`` have what READ names, and ``overdue``; ``ticks``: whether each has a box;
        ``query``: the conditions, as an address has them."""
        self.found = list(rows)
        self.on, self.ticks = on, ticks
        self.query, self.sort = query, sort
        super().__init__(InOrder(self.found), order_by=sort, **kwargs)

    @property
    def head(self) -> SafeString:
        """The headings, with the addresses in the order of each, likewise."""
        query = escape(f"{self.query}&" if self.query else "")
        name, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        return mark_safe("".join(self._th(c, query, name, down) for c in self.base_columns.items()))

    def _th(self, column: tuple, query: str, sorted_by: str, down: bool) -> str:
        name, header = column[0], column[1].verbose_name
        if not column[1].orderable and column[1].orderable is not None:
            return f'<th scope="col">{header}</th>'
        order, says = name, ""
        if name == sorted_by:
            order = name if down else f"-{name}"
            says = f' aria-sort="{"descending" if down else "ascending"}"'
        return (
            f'<th scope="col" class="sortable"{says}>'
            f'<a href="?{query}sort={order}"><span>{header}</span></a></th>'
        )

    @property
    def markup(self) -> SafeString:
        """The rows, put together at once: cell by cell they would take ten times as long."""
        return mark_safe("".join(map(self._tr, self.found)))

    def _tr(self, row: dict) -> str:
        code, title, party, address = self._of(row)
        kind = "medical" if row["rule"] in MARKS else row["severity"]
        severity = "特に留意" if row["rule"] in MARKS else SEVERITIES[row["severity"]]
        state = state_on(row, self.on, overdue=row["overdue"])
        title_of_rule = said(BY_CODE[row["rule"]].title)
        since = row["since"].isoformat()
        box = ""
        if self.ticks:
            name = f"{code}~{row['rule']}~{row['subject']}~{since}"
            box = (
                f'<input type="checkbox" name="findings" value="{escape(name)}" '
                f'aria-label="{escape(code)}の{title_of_rule}を選ぶ">'
            )
        proof = title_of_rule
        if row["contract__serial"] is not None:
            part = f"findings/{row['rule']}/{row['subject']}/{since}/"
            proof = f'<a href="{address}{escape(part)}">{title_of_rule}</a>'
        until = "継続中" if row["ends"] == NEVER else (row["ends"] - DAY).isoformat()
        excused = ' <span class="badge badge--excused">理由書あり</span>' if row["excused"] else ""
        relation = RELATIONS.get(row["relation"], "")
        relation = f'<br><span class="hint">{relation}</span>' if relation else ""
        work = WORKS.get(row["work"], "")
        return (
            f'<tr><th scope="row"><span class="tick">{box}{proof}</span></th>'
            f'<td class="nowrap">第{said(row["provision"])}</td>'
            f'<td><span class="badge badge--{kind}">{severity}</span>{excused}</td>'
            f"<td>{said(row['agency__name'])}</td>"
            f'<td><a href="{address}?as_of={self.on}">{escape(code)}</a><br>{escape(title)}'
            f'<br><span class="hint">{escape("・".join(filter(None, (party, work))))}</span></td>'
            f"<td>{said(subject_in_words(row['subject']))}{relation}</td>"
            f'<td class="nowrap">{since}</td><td class="nowrap">{until}</td>'
            f'<td class="state state--{state}">{STATES[state]}</td></tr>'
        )

    def _of(self, row: dict) -> tuple[str, str, str, str]:
        """Code, title, the other party, and address of what a finding is of."""
        agency = row["agency__code"]
        if row["contract__serial"] is not None:
            code = f"{agency}-{row['contract__fiscal_year']}-{row['contract__serial']:05d}"
            address = _address("contract").replace("CODE", code)
            return code, row["contract__title"], row["contract__contractor__name"], address
        code = f"{agency}-{row['disclosure__fiscal_year']}-T{row['disclosure__serial']:05d}"
        address = _address("disclosure").replace("CODE", code)
        return code, row["disclosure__recipient"], "", address


DAY = timedelta(days=1)
said = lru_cache(maxsize=2048)(escape)  # what many rows say


@cache
def _address(name: str) -> str:
    return reverse(name, args=["CODE"])


def state_on(row: dict, on: date, *, overdue: bool) -> str:
    """The state of a finding's correction, by what it carries of it."""
    if row["excused"] or row["rule"] in MARKS:
        return "unneeded"
    if row["settled_on"] <= on:
        return "settled"
    if row["acted_on"] > on:
        return "none"
    return "overdue" if overdue else "open"
