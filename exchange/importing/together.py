"""What can only be told of rows together: of reasons and what they are about, of plans and the
visits that fulfilled them, of confirmations and the contracts that they confirm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from exchange.importing import excuses
from exchange.importing.excuses import Reason
from exchange.importing.impossible import refuse
from exchange.importing.ledger import Target
from exchange.importing.making import above
from exchange.importing.plan import Outcome
from exchange.importing.tables import Table
from outsourcing.actions.base import batches
from outsourcing.models import InspectionTarget

LAID = ("contracts", "links", "amendments", "disclosures")
LOOKED_AT = frozenset((*LAID, "justifications"))
OF_TERM = {"code", "concluded_on", "first_day", "agreed_last_day", "terminated_on", "last_day"}


class Together:
    """``comes``: what would come of each row, ``changed``: of each what changes. ``becomes``: by
    table and row, what a changed row of the ledger would be."""

    def __init__(
        self,
        tables: list[Table],
        comes: dict[Table, list[Outcome | None]],
        changed: dict[Table, dict[int, list[str]]],
        becomes: dict[tuple[Table, int], models.Model],
    ):
        self.tables, self.comes, self.changed, self.becomes = tables, comes, changed, becomes

    def check(self) -> None:
        self._reasons()
        for table in self._of("plans"):
            self._plans(table)
        for table in self._of("surveyed"):
            self._confirmations(table)

    def _of(self, *keys: str) -> list[Table]:
        return [table for table in self.tables if table.sheet.key in keys]

    def _written(self, table: Table) -> Iterator[tuple[int, models.Model]]:
        """The rows that are added or changed, as they would be."""
        for row, comes in enumerate(self.comes[table]):
            if comes == Outcome.ADDED and table.taken[row].row is not None:
                yield row, table.taken[row].row
            elif comes == Outcome.CHANGED:
                yield row, self.becomes[table, row]

    def _changes(self, table: Table, row: int) -> list[str]:
        return self.changed[table].get(row, [])

    # --- Reasons -----------------------------------------------------------------------------

    def _reasons(self) -> None:
        found = [
            (table, row, made, of)
            for table in self._of("justifications")
            for row, made in self._written(table)
            if (of := above(table, row)) is not None
        ]
        if not found:
            return
        unsure, links = set(), set()
        beside = list(self._beside({of for *_, of in found}, unsure, links))
        known = [one for one in found if one[-1] not in unsure]
        excuses.check([Reason(*one, of not in links) for *one, of in known], beside)

    def _beside(
        self, wanted: set[Target], unsure: set[Target], links: set[Target]
    ) -> Iterator[models.Model]:
        """What the file says of these; ``unsure``: those of whose term it does not say enough, and
        of whose ``links``."""
        for table in self._of(*LAID):
            its_own = table.sheet.key in ("contracts", "disclosures")
            of_links = table.sheet.key == "links"
            for row in table.unread if its_own or of_links else ():
                of = table.own[row] if its_own else table.targets["contract"][row]
                if of_links:
                    links.update(wanted if of is None else (of,))
                elif of.pk is None or OF_TERM & {*table.unread[row], *self._changes(table, row)}:
                    unsure.add(of)
            for row, made in self._written(table):
                of = table.own[row] if its_own else table.targets["contract"][row]
                if table.sheet.key == "amendments" and row in table.unread:
                    unsure.update(wanted if of is None else (of,))
                elif of in wanted and row not in table.unread:
                    yield made

    # --- Plans -------------------------------------------------------------------------------

    def _plans(self, table: Table) -> None:
        """One that is done stays as it is; and what is said to have fulfilled it, did."""
        done = []
        recorded = table.recorded.keys("inspection")
        for row, comes in enumerate(self.comes[table]):
            number = table.match[row]
            if comes == Outcome.CHANGED and recorded[number] is not None:
                why = "この計画は実施済みなので、変えられません。元のとおりに戻すか、この行を"
                refuse(table, row, self._first_of(table, row), f"{why}「取り込まない」とします。")
            elif comes in (Outcome.ADDED, Outcome.CHANGED):
                visit = (table.targets.get("inspection") or [None] * len(table))[row]
                if visit is not None and not table.is_unread(row, "contract", "link"):
                    done.append((row, visit))
        if not done:
            return
        looked_at = self._looked_at({visit for _, visit in done})
        for row, visit in done:
            about = (visit.key, *(_key(table, name, row) for name in ("contract", "link")))
            if looked_at is not None and about not in looked_at:
                why = f"検査「{visit.code}」は、この計画の対象を検査していません。"
                refuse(table, row, "inspection", f"{why}符号を確かめるか、空欄にしてください。")

    def _first_of(self, table: Table, row: int) -> str:
        """Of the columns that change the first."""
        places = {name: table.places[name][0] or 0 for name in self._changes(table, row)}
        return min(places, key=places.__getitem__)

    def _looked_at(self, visits: set[Target]) -> set[tuple] | None:
        """What these visits looked at; None where that is not known of all of the file."""
        found = set()
        for table in self._of("inspections"):
            naming = ("inspection", "contract", "link")
            if any(table.is_unread(row, "reference", *naming) for row in table.unread):
                return None
            found.update(
                tuple(_key(table, name, row) for name in naming) for row in range(len(table))
            )
        for keys in batches({visit.pk for visit in visits} - {None}):
            rows = InspectionTarget.objects.valid().filter(inspection__in=keys)
            found.update(rows.values_list("inspection_id", "contract_id", "subcontract_id"))
        return found

    # --- Confirmations -----------------------------------------------------------------------

    def _confirmations(self, table: Table) -> None:
        """A round takes in contracts of one kind: one that becomes another is confirmed after."""
        others = {
            contracts.own[row]
            for contracts in self._of("contracts")
            for row, names in self.changed[contracts].items()
            if "information" in names
        }
        for row, comes in enumerate(self.comes[table]) if others else ():
            if comes in (Outcome.ADDED, Outcome.CHANGED) and above(table, row) in others:
                why = "この契約の情報の種類が、このファイルで変わります。契約を先に取り込んで"
                refuse(table, row, "contract", f"{why}から、確認だけを別のファイルで取り込みます。")


def _key(table: Table, name: str, row: int) -> Any:
    target = table.targets[name][row] if name in table.targets else None
    return target and target.key
