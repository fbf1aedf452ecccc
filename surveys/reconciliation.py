"""Rebuilt beside published: the structure of the tables and every cell, differences first."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from outsourcing.models import Contract
from outsourcing.scope import Scope
from surveys import rounds
from surveys.classification import PENDING, classified, population
from surveys.models import Confirmation
from surveys.rounds import Round
from surveys.sheets import Sheet


class ComparedCell(NamedTuple):
    """One printed cell. ``rebuilt`` is None where the ledger has no such cell, ``published`` where
    the ministry printed none."""

    sheet: str
    title: str
    row: str
    label: str
    column: str
    heading: str
    information: str
    agency_code: str | None
    kind: str | None
    published: int | None
    rebuilt: int | None

    @property
    def differs(self) -> bool:
        return self.published != self.rebuilt


class Reconciliation(NamedTuple):
    """``structure`` lists rows that are missing, added, renamed or out of order, in Japanese."""

    structure: tuple[str, ...]
    cells: tuple[ComparedCell, ...]

    @property
    def differing(self) -> tuple[ComparedCell, ...]:
        return tuple(cell for cell in self.cells if cell.differs)

    @property
    def holds(self) -> bool:
        return not self.structure and not self.differing


def reconcile(round_: Round, scope: Scope) -> Reconciliation:
    """Compare every published cell of a round with the one rebuilt from contracts.

    A reader who may not see all agencies gets the rows of those seen, and no totals.
    """
    published = _published(round_.year)
    structure: list[str] = []
    cells: list[ComparedCell] = []
    for sheet in rounds.tables(round_, scope):
        printed = published[sheet.key]
        if scope.is_everything:
            structure += _structure(sheet, printed)
        cells += _cells(sheet, printed, scope)
    cells.sort(key=lambda cell: not cell.differs)
    return Reconciliation(tuple(structure), tuple(cells))


def _published(year: int) -> dict[str, dict[str, dict]]:
    """{sheet: {row: {"label": …, column: value}}} in printed order."""
    found: dict[str, dict[str, dict]] = defaultdict(dict)
    rows = rounds.published(year).order_by("pk")
    for sheet, row, column, label, value in rows.values_list(
        "sheet", "row", "column", "label", "value"
    ):
        found[sheet].setdefault(row, {"label": label})[column] = value
    return found


def _structure(sheet: Sheet, printed: dict[str, dict]) -> list[str]:
    where = f"{sheet.full_title}："
    rebuilt = {row.key: row.label for row in sheet.rows if row.cells}
    problems = [
        f"{where}「{row['label']}」の行がありません。"
        for key, row in printed.items()
        if key not in rebuilt
    ]
    problems += [
        f"{where}「{label}」の行は公表された表にありません。"
        for key, label in rebuilt.items()
        if key not in printed
    ]
    problems += [
        f"{where}「{printed[key]['label']}」の行の名称が「{label}」になっています。"
        for key, label in rebuilt.items()
        if key in printed and printed[key]["label"] != label
    ]
    common = [key for key in rebuilt if key in printed]
    if common != [key for key in printed if key in rebuilt]:
        problems.append(f"{where}行の順序が公表された表と違います。")
    return problems


def _cells(sheet: Sheet, printed: dict[str, dict], scope: Scope):
    rows = {row.key: row for row in sheet.rows if row.cells}
    headings = {column.key: column.heading for column in sheet.columns}
    keys = [*printed, *(key for key in rows if key not in printed)]
    for key in keys:
        row = rows.get(key)
        if not scope.is_everything and (row is None or row.agency_code is None):
            continue  # totals of all agencies say nothing about one, and rows of others are theirs
        numbers = {cell.column: cell for cell in row.cells} if row else {}
        for column, heading in headings.items():
            cell = numbers.get(column)
            yield ComparedCell(
                sheet=sheet.key,
                title=sheet.short_title,
                row=key,
                label=printed.get(key, {}).get("label") or row.label,
                column=column,
                heading=heading,
                information=sheet.information,
                agency_code=cell.agency_code if cell else None,
                kind=cell.kind if cell else None,
                published=printed.get(key, {}).get(column),
                rebuilt=cell.value if cell else None,
            )


class Trace(NamedTuple):
    """A contract that may stand behind a difference, and why."""

    contract: Contract
    why: str


def traces(round_: Round, scope: Scope, *, most: int = 200) -> list[Trace]:
    """The contracts behind differences: those at odds or unanswered, and those that were confirmed
    but are no longer counted (voided, or their term moved out of the year)."""
    found: list[Trace] = []
    for survey in round_.surveys:
        pending = classified(survey, scope).filter(status=PENDING).select_related("agency")
        for contract in pending[:most]:
            found.append(Trace(contract, _why_pending(contract)))
        counted = population(survey, scope)
        left = (
            Confirmation.objects.visible_to(scope)
            .valid()
            .filter(survey=survey)
            .exclude(contract__in=counted)
            .select_related("contract__agency")
        )
        found += [
            Trace(row.contract, "確認済みですが、調査の対象から外れています") for row in left[:most]
        ]
    return found


def _why_pending(contract) -> str:
    if contract.broken and contract.confirmed:
        return "台帳では契約に反する再委託、確認は違反ありではない"
    if contract.broken:
        return "台帳では契約に反する再委託、確認は未回答"
    if contract.confirmed:
        return "確認は違反あり、台帳に契約に反する再委託がない"
    return "未回答"
