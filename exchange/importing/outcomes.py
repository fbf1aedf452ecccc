"""What comes of each row: what is added and changed is made as it would be written and tried;
whether the importer may is asked of what changes alone."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache

from django.db.models import Model

from exchange.importing.certain import Unknown, certain_problems
from exchange.importing.differences import changed, differences
from exchange.importing.gaps import keep_numbers
from exchange.importing.identities import NATURAL, may_be_said, words
from exchange.importing.impossible import problems, refuse
from exchange.importing.ledger import Target
from exchange.importing.making import NAMES, VISIT, Making, coded, put, rows_by_key
from exchange.importing.naming import name_lines
from exchange.importing.permissions import Permissions
from exchange.importing.plan import Outcome
from exchange.importing.recorded import identities
from exchange.importing.settling import Settling
from exchange.importing.tables import Table
from exchange.importing.terms import Terms
from exchange.importing.together import LOOKED_AT, Together
from exchange.importing.visit_changes import VisitChanges, once_a_visit
from exchange.reading.book import some
from outsourcing.bulk import new_row
from outsourcing.models import (
    Contract,
    Contractor,
    Disclosure,
    Inspection,
    InspectionTarget,
    Subcontract,
)

MAKING = ("companies", "contracts", "links", "disclosures", "inspections")


class Outcomes:
    def __init__(self, settling: Settling, *, may_write: Callable, fresh: bool, today: date):
        self.settling, self.ledger = settling, settling.ledger
        self.fresh, self.today = fresh, today
        self.permissions = Permissions(self.ledger, may_write, today, fresh=fresh)
        self.making = Making(self.ledger)
        self.terms = Terms()
        self.cautions: list[str] = []
        self.changed: dict[Table, dict[int, list[str]]] = {}
        # What comes of each row, were all known of it; None where nothing more can be said.
        self.comes: dict[Table, list[Outcome | None]] = {}
        self.unsure: set[Target] = set()  # what may be recorded already
        self.becomes: dict[tuple[Table, int], Model] = {}  # of changed rows, where others look on
        self.beside: set[int] = set()  # rows that stand beside a line already

    def decide(self, tables: list[Table]) -> None:
        tables = sorted(tables, key=_order)
        for table in tables:
            self.changed[table] = self._changed(table)
            self.comes[table] = [self._outcome(table, row) for row in range(len(table))]
            self.permissions.check(table, self.comes[table], self.changed[table])
        name_lines(tables)
        self._load(tables)
        for table in tables:
            self._make(table)
        for table in tables:
            self._change(table)
        self.terms.check(self.ledger)
        Together(tables, self.comes, self.changed, self.becomes).check()
        if self.fresh:
            for table in filter(lambda table: table.numbered, tables):
                keep_numbers(table, on=self.today)
        self._company_cautions()
        self._alike(tables)

    def _changed(self, table: Table) -> dict[int, list[str]]:
        names = [name for name in words(table) if name != "reference"]
        if table.sheet.key == "companies":
            names = [name for name in names if name != "contractor"]
        found = changed(table, names)
        for row in table.unread.keys() & found.keys():
            found[row] = [name for name in found[row] if name not in table.unread[row]]
            if not found[row]:
                del found[row]
        if table.sheet.key == "inspections":
            once_a_visit(table, found)
        return found

    def _outcome(self, table: Table, row: int) -> Outcome | None:
        """Says so in the line, unless that is refused."""
        line = table.taken[row]
        refused = line.outcome == Outcome.REFUSED
        if table.match[row] is None:
            comes = Outcome.ADDED
        elif row in self.changed[table]:
            comes = Outcome.CHANGED
        else:
            comes = Outcome.SAME
        if not refused:
            line.outcome = comes
            if comes == Outcome.CHANGED:
                line.differences = differences(table, row, self.changed[table][row])
        if comes == Outcome.ADDED and (refused or self.unsure) and self._may_be_said(table, row):
            return None
        return comes

    def _may_be_said(self, table: Table, row: int) -> bool:
        """Whether the ledger may say already what a row says, or does where it is mended."""
        unsure = [name for name, said in table.targets.items() if said[row] in self.unsure]
        if table.sheet.key == "inspections" and not table.targets["inspection"][row].pk:
            unsure.append("inspection")
        elif not unsure and not table.refused(row):
            return False
        found = may_be_said(table, row, unsure)
        if found and table.own and table.own[row] is not None:
            self.unsure.add(table.own[row])
        return found

    def _load(self, tables: list[Table]) -> None:
        self.making.load((table, self._writing(table), list(table.targets)) for table in tables)

    def _writing(self, table: Table) -> list[int]:
        return self._rows(table, Outcome.ADDED) + self._rows(table, Outcome.CHANGED)

    def _rows(self, table: Table, outcome: Outcome) -> list[int]:
        return [row for row, comes in enumerate(self.comes[table]) if comes == outcome]

    # --- Added -------------------------------------------------------------------------------

    def _make(self, table: Table) -> None:
        rows = self._rows(table, Outcome.ADDED)
        if not rows:
            return
        if table.sheet.key == "companies":
            self._make_companies(table, rows)
        else:
            if table.sheet.key == "inspections":
                self._visits(table).make(rows, self.changed[table])
            self.making.make(table, rows)
        if table.sheet.key in ("contracts", "links"):
            self._hang(table, rows)
        for row in rows:
            self._finish(table, row)

    def _make_companies(self, table: Table, rows: list[int]) -> None:
        names = [name for name in table.keys if name not in ("contractor", "reference")]
        for row in rows:
            made = table.own[row].row
            if table.is_unread(row, "contractor", "corporate_number", "name"):
                made = new_row(Contractor)  # whoever it is
            made.__dict__.update((name, table.keys[name][row]) for name in names)
            made.corporate_number = made.corporate_number or None
            table.taken[row].row = made

    def _hang(self, table: Table, rows: Iterable[int]) -> None:
        """Those that name others of the sheet, which were made after them."""
        for name in ("parent", "renews"):
            for row in rows if name in table.targets else ():
                target = table.targets[name][row]
                if target is not None and target.row is not None:
                    put(table.taken[row].row, name, target.row)

    def _finish(self, table: Table, row: int) -> None:
        line = table.taken[row]
        made = line.row
        if table.own and self.fresh and isinstance(made, Contract | Disclosure):
            code = table.values["code"][row]
            if code and not table.is_unread(row, "code"):
                coded(made, code)
        if isinstance(made, Subcontract) and self.fresh and table.own[row] is not None:
            made.number = table.own[row].number
        self._bring_companies(table, row)
        self._refuse(table, row, made)
        self.terms.take(table, row, made, [])

    def _bring_companies(self, table: Table, row: int) -> None:
        """A company that no sheet brings comes with the first row that names it."""
        if "contractor" not in table.targets or not self.settling.companies_made:
            return
        target = table.targets["contractor"][row]
        if target is not None and target.made and id(target) not in self.beside:
            self.beside.add(id(target))
            table.taken[row].beside.append(target.row)
            self._refuse(table, row, target.row)

    def _refuse(self, table: Table, row: int, made) -> None:
        today = None if self.fresh else self.today
        unknown = self._unknown(table, row, made) if table.unread else []
        found = certain_problems(made, today, unknown) if unknown else problems(made, today)
        visit = unknown and isinstance(made, Inspection)
        read_at = self._visits(table).read_at.get(id(made), {}) if visit else {}
        told = []
        for name, message in found:
            if isinstance(made, Contractor) and table.sheet.key != "companies":
                name = "contractor"
            told.append((read_at.get(name, row), name))
            refuse(table, *told[-1], message)
        for at, name in told:  # and nothing more is made of it
            table.not_known(at, name)

    def _unknown(self, table: Table, row: int, made) -> list[Unknown]:
        """The fields of which it is not known what the row says, also of its visit."""
        if isinstance(made, Inspection):
            return _fields(made, self._visits(table).unread.get(id(made), ()))
        if type(made) is not table.sheet.model:  # a company that comes with the row
            return []
        names = table.unread.get(row, set()) - identities(table.sheet) - {"inspection"}
        if row in table.unread and self._may_be_recorded(table, row):
            # Then it has more than the file has columns for.
            own = {column.field for column in table.sheet.own if not column.told}
            names |= own - table.keys.keys() - identities(table.sheet)
        found = _fields(made, names)
        if isinstance(made, InspectionTarget):
            visit = made._state.fields_cache["inspection"]
            unread = self._visits(table).unread.get(id(visit), set())
            found += _fields(visit, unread | (names & {"day"} if visit.pk else set()))
        return found

    def _may_be_recorded(self, table: Table, row: int) -> bool:
        """Whether it is not known if a row is new."""
        if table.match[row] is not None:
            return False
        own = identities(table.sheet) - {"reference", "left_out"}
        if not self.fresh and any(table.said(name, row) for name in own):
            return True
        beside = ("inspection",) if table.sheet.key == "inspections" else ()
        return table.is_unread(row, *own, *beside, *NATURAL.get(table.sheet.key, ()))

    @cache  # noqa: B019  (an object lives as long as a check)
    def _visits(self, table: Table) -> VisitChanges:
        return VisitChanges(table, self.ledger, self.permissions, self._refuse, self.fresh)

    # --- Changed -----------------------------------------------------------------------------

    def _change(self, table: Table) -> None:
        rows = self._rows(table, Outcome.CHANGED)
        if not rows:
            return
        pks = table.recorded.of("pk")
        recorded = rows_by_key(table.sheet.model, {pks[table.match[row]] for row in rows})
        for row in rows:
            old = recorded[pks[table.match[row]]]
            self.making.changed(table, row, self.changed[table][row], old)
            self._bring_companies(table, row)
            self._try(table, row, old)

    def _try(self, table: Table, row: int, old) -> None:
        """The row as it becomes, tried and thrown away."""
        new = copy.copy(old)
        new._state = copy.copy(old._state)
        new._state.fields_cache = dict(old._state.fields_cache)
        left = VISIT if table.sheet.key == "inspections" else ()
        for name, value in table.taken[row].values.items():
            if name not in left:
                setattr(new, name, value)
        if left:
            put(old, "inspection", table.targets["inspection"][row].row)
            put(new, "inspection", self._visits(table).changed(row))
        self._refuse(table, row, new)
        self.terms.take(table, row, new, self.changed[table][row])
        if table.sheet.key in LOOKED_AT:
            self.becomes[table, row] = new

    # --- The whole ---------------------------------------------------------------------------

    def _alike(self, tables: list[Table]) -> None:
        """New contracts that are nearly those of the ledger: somebody may have changed these."""
        for table in (t for t in tables if t.sheet.key == "contracts" and not self.fresh):
            rows = self._rows(table, Outcome.ADDED)
            names = ("agency_id", "title", "concluded_on", "contractor_id")
            columns = [table.recorded.of(name) for name in names] if rows else []
            known = dict(zip(zip(*columns, strict=True), table.recorded.of("pk"), strict=False))
            alike = []
            for row in rows if known else ():
                made = table.taken[row].row
                pk = known.get(tuple(getattr(made, name) for name in names))
                if pk is not None:
                    code = self.ledger.contracts.by_pk[pk].code
                    alike.append(f"{table.taken[row].number}行（{code}）")
            if alike:
                named = some(alike[:10], len(alike), "行")
                self.cautions.append(
                    f"シート「{table.name}」：件名、締結日、委託先の同じ契約が台帳にもあります：{named}。"
                    "新しい契約でなければ、契約コードを書いてください。"
                )

    def _company_cautions(self) -> None:
        made = [t for t in self.settling.companies_made if id(t) in self.beside]
        if made:
            names = "、".join(f"「{target.row.name}」" for target in made[:10])
            more = f"ほか{len(made) - 10:,}者" if len(made) > 10 else ""
            self.cautions.append(
                f"台帳にない委託先を新しく登録します：{names}{more}。書き誤りでないか確かめてください。"
            )
        if other := self.settling.companies_called_otherwise:
            names = "、".join(f"「{text}」は台帳では「{name}」" for text, name in other[:10])
            more = f"ほか{len(other) - 10:,}件" if len(other) > 10 else ""
            self.cautions.append(
                f"名称が台帳と違う委託先を、法人番号で見分けました：{names}{more}。"
            )


def _fields(row, names: Iterable[str]) -> list[Unknown]:
    """Of these names those that are fields of the row."""
    fields = {field.name: field for field in row._meta.local_concrete_fields}
    wanted = sorted({NAMES.get(name, name) for name in names} & fields.keys())
    return [Unknown(row, fields[name]) for name in wanted]


def _order(table: Table) -> int:
    key = table.sheet.key
    return MAKING.index(key) if key in MAKING else len(MAKING)
