"""Which row of the ledger each row of a file is, sheet by sheet in the order in which they name
each other: companies, contracts, links, provisions, visits, and what hangs on them."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from exchange.importing import identities, visits
from exchange.importing.companies import Companies, public_id_of, short_in
from exchange.importing.ledger import Coded, Ledger, Target
from exchange.importing.recorded import Recorded
from exchange.importing.references import References, unknown_code
from exchange.importing.tables import Table
from exchange.sheets.base import Chosen
from outsourcing.bulk import new_row
from outsourcing.models import Agency, Contract, Contractor, Disclosure, split_code
from outsourcing.models.contracts import CODE

CODED = {"contracts": "contracts", "disclosures": "disclosures", "inspections": "visits"}
ORDER = ("companies", "contracts", "links", "disclosures", "inspections")


class Settling:
    """``fresh``: what the file calls a row is kept where the ledger has nothing yet."""

    def __init__(self, ledger: Ledger, *, fresh: bool):
        self.ledger, self.fresh = ledger, fresh
        self.references = References(ledger, lambda: self.companies)
        self._recorded: dict[str, Recorded] = {}

    @cached_property
    def companies(self) -> Companies:
        return Companies(self.ledger.reads)

    @property
    def companies_made(self) -> list[Target]:
        """Those that only a contract or a link names."""
        return self.companies.made if "companies" in self.__dict__ else []

    @property
    def companies_called_otherwise(self) -> list[tuple[str, str]]:
        """What the file calls them, and what the ledger does."""
        return list(self.companies.otherwise.items()) if "companies" in self.__dict__ else []

    def settle(self, tables: list[Table]) -> None:
        by_sheet: dict[str, list[Table]] = defaultdict(list)
        for table in tables:
            by_sheet[table.sheet.key].append(table)
            self.ledger.left_out |= table.left_out - {""}
            table.recorded = self.recorded(table)
            table.match = [None] * len(table)
            if table.cut:
                self.not_read(table.sheet.key)
        for key in (*ORDER, *(key for key in by_sheet if key not in ORDER)):
            step = getattr(self, f"_{key}", self._others)
            if key in by_sheet:
                step(by_sheet[key])
                for table in by_sheet[key]:
                    identities.settle(table)
                    for row, names in table.unread.items() if table.own else ():
                        if (target := table.own[row]) is not None:
                            target.unread |= names
        self._keep_to_themselves(by_sheet)

    def not_read(self, *keys: str) -> None:
        """There are rows of these sheets in the file of which nothing is known."""
        for key in keys:
            if key in CODED:
                coded = getattr(self.ledger, CODED[key])
                coded.unnamed |= {"reference", "code"} if self.fresh else {"reference"}
            elif key == "links":
                self.ledger.links_unnamed.add((None, None))
            elif key == "companies":
                self.companies.unnamed = True

    def _keep_to_themselves(self, by_sheet: dict[str, list[Table]]) -> None:
        """Who has no number may be a person, and is known to the agency alone that names it."""
        naming: dict[Target, set[Agency]] = defaultdict(set)
        for table in (*by_sheet["contracts"], *by_sheet["links"]):
            for target, agency in zip(self._said(table, "contractor"), table.agencies, strict=True):
                if target is not None and target.pk is None and agency is not None:
                    naming[target].add(agency)
        for target, agencies in naming.items():
            row = target.row
            if row.agency is None and not row.corporate_number and len(agencies) == 1:
                row.agency = next(iter(agencies))

    def recorded(self, table: Table) -> Recorded:
        key = table.sheet.key
        if key not in self._recorded:
            companies = key == "companies"
            self._recorded[key] = Recorded(
                table.sheet,
                Chosen(None if companies else self.ledger.keys),
                known=self.companies.by_pk.keys() if companies else None,
            )
        return self._recorded[key]

    # --- Companies ---------------------------------------------------------------------------

    def _companies(self, tables: list[Table]) -> None:
        for table in tables:
            identities.prepare(table)
            table.own = [self._company(table, row) for row in range(len(table))]
            by_pk = table.recorded.by_pk
            keys = [target and target.key for target in table.own]
            identities.by_key(table, keys, by_pk, lambda row: None, "name")

    def _somebody(self, name: str) -> Target:
        """Who is not known, and not found by anything."""
        self.companies.unnamed = True
        return Target(row=new_row(Contractor, name=name))

    def _company(self, table: Table, row: int) -> Target:
        """Whom a row is about; if nobody is known by that, somebody new."""
        called = table.said("contractor", row) or ""
        number = table.said("corporate_number", row) or ""
        name = table.said("name", row) or ""
        heading = "委託先" if called else "名称"
        if table.is_unread(row, "contractor") or (
            not called and table.is_unread(row, "corporate_number", "name")
        ):
            return self._somebody(name)
        try:
            found = self.companies.find(called or number or name, heading)
            self._not_anothers(table, row, found, number)
            if number:  # which it has from now on
                self.companies.by_number.setdefault(number, found)
            return found
        except ValueError as error:
            if not number or called:
                table.refuse(row, "contractor" if called else "name", str(error), unread=True)
                return self._somebody(name)
        except LookupError:
            if called and not self.fresh:
                why = f"委託先「{called}」は登録されていません。新しい委託先では空欄にします。"
                table.refuse(row, "contractor", why, unread=True)
                return self._somebody(name)
        agency = None if number else self.ledger.agency
        made = new_row(Contractor, name=name, corporate_number=number or None, agency=agency)
        if short := short_in(called):
            made.public_id = public_id_of(short)
        return self.companies.add_new(made)

    def _not_anothers(self, table: Table, row: int, found: Target, number: str) -> None:
        other = self.companies.by_number.get(number)
        if other is not None and other is not found:
            why = f"法人番号「{number}」は「{other.row.name}」のものです。番号を確かめてください。"
            table.refuse(row, "corporate_number", why, unread=True)

    # --- Contracts and provisions ------------------------------------------------------------

    def _contracts(self, tables: list[Table]) -> None:
        self._coded(tables, self.ledger.contracts, Contract)
        for table in tables:
            self._late(table, "renews")
            for target, value in zip(table.own, self._said(table, "renews"), strict=True):
                if value is not None:
                    target.renews = value

    def _disclosures(self, tables: list[Table]) -> None:
        self._coded(tables, self.ledger.disclosures, Disclosure)

    def _coded(self, tables: list[Table], coded: Coded, model) -> None:
        for table in tables:
            codes = table.values.get("code", [None] * len(table))
            table.values["code"] = [code and code.upper() for code in codes]
            table.agencies = [self._agency(table, row, coded) for row in range(len(table))]
            table.own = [self._own(table, row, coded) for row in range(len(table))]
        for table in tables:
            self.references.resolve(table)
            identities.prepare(table)
            self._describe(table)
            by_code = {
                coded.by_pk[pk].code: number
                for number, pk in enumerate(table.recorded.of("pk"))
                if pk in coded.by_pk
            }
            codes = table.values["code"]
            kept = self._keeps(table, coded, model)
            identities.by_key(table, codes, by_code, kept, "code")
            new = [row for row, code in enumerate(codes) if not code]
            self._words(table, new, "renews")
            identities.refuse_twice(table, [row for row in new if table.match[row] is None])
            for target in table.own:
                if target.pk:
                    known = coded.by_pk[target.pk]
                    target.code, target.section_id = known.code, known.section_id

    def _agency(self, table: Table, row: int, coded: Coded) -> Agency | None:
        code = table.values["code"][row]
        if code:
            found = coded.by_code.get(code)
            if found is not None:
                return self.ledger.agencies[found.agency_id]
            return self.ledger.agency_by_code.get(code.partition("-")[0]) or self.ledger.agency
        if name := table.said("agency__name", row):
            return self.ledger.agency_named(name) or self.ledger.agency
        return self.ledger.agency or self._by_section(table, row)

    def _by_section(self, table: Table, row: int) -> Agency | None:
        """The one agency that has such a section."""
        named = table.said("section", row)
        if named is None:
            return None
        rows = self.ledger.sections.values()
        found = {s.agency_id for s in rows
                 if s.code == named.code and named.name in (s.name, s.code)}  # fmt: skip
        return self.ledger.agencies[found.pop()] if len(found) == 1 else None

    def _own(self, table: Table, row: int, coded: Coded) -> Target:
        """What others name this row by."""
        code, called = table.values["code"][row], table.said("reference", row) or ""
        if table.is_unread(row, "reference"):
            coded.unnamed.add("reference")
        if self.fresh and table.is_unread(row, "code"):
            coded.unnamed.add("code")
        known = coded.by_code.get(code) if code else None
        agency, line = table.agencies[row], table.taken[row]
        target = known or Target(None, agency and agency.pk, code=code or called, line=line)
        if not known and code:
            coded.new_by_code.setdefault(code, target)
        if called:
            self._name(table, row, coded.by_reference, called, target)
        return target

    @staticmethod
    def _name(table: Table, row: int, names: dict, called, target: Target) -> None:
        if names.setdefault(called, target) is not target:
            text = called[-1] if isinstance(called, tuple) else called
            why = f"整理番号「{text}」は、ほかの行にもあります。"
            table.refuse(row, "reference", f"{why}行ごとに別のものにしてください（例：新2）。")

    def _describe(self, table: Table) -> None:
        """What is asked of contracts that are named: of those recorded it is known."""
        sections = table.targets.get("section")
        for row, target in enumerate(table.own):
            if target.pk is None:
                section = sections[row] if sections else None
                target.section_id = section and section.pk
                target.information = table.said("information", row, "")
                target.synthetic = bool(table.said("synthetic", row))

    def _keeps(self, table: Table, coded: Coded, model):
        """What becomes of a code that the ledger has not."""

        def unknown(row: int) -> None:
            code = table.values["code"][row]
            parts = split_code(code, getattr(model, "CODE", CODE))
            known = parts and parts[0] in self.ledger.agency_by_code
            known = known and parts[1] >= visits.FIRST_YEAR and parts[2] > 0
            if self.fresh and known and parts[:2] not in coded.years:
                return
            column = next(c for c in table.sheet.own if c.field == "code")
            why = unknown_code(column, table.typed["code"][row])
            table.refuse(row, "code", why, unread=True)

        return unknown

    def _words(self, table: Table, rows: list[int], late: str) -> None:
        mine = {target: row for row, target in enumerate(table.own) if target is not None}
        named = table.targets.get(late)

        def above(target: Target) -> Target | None:
            row = mine.get(target)
            if row is not None and named:
                return named[row]
            return target.renews if late == "renews" else self.ledger.parent_of(target)

        def row_above(row: int) -> int | None:
            at = mine.get(named[row]) if named else None
            return None if at is None or table.refused(at) else at

        if named:
            identities.refuse_circles(table, mine, above, late)
        identities.by_words(table, rows, above=row_above)

    @staticmethod
    def _late(table: Table, name: str) -> None:
        """What was named before it was known which row it is."""
        if name in table.targets:
            table.keys[name] = [target and target.key for target in table.targets[name]]

    @staticmethod
    def _said(table: Table, name: str) -> list:
        return table.targets.get(name) or [None] * len(table)

    # --- Links -------------------------------------------------------------------------------

    def _links(self, tables: list[Table]) -> None:
        for table in tables:
            self.references.only(table, "contract")
            table.own = [self._link(table, row) for row in range(len(table))]
        for table in tables:
            table.agencies = [
                of and self.ledger.agencies.get(of.agency_id)
                for of in self._said(table, "contract")
            ]
            self.references.resolve(table)
            identities.prepare(table)
            numbers = table.values.get("number", [None] * len(table))
            keys = [
                target and number and (target.contract.key, number)
                for target, number in zip(table.own, numbers, strict=True)
            ]
            pairs = zip(table.recorded.of("contract_id"), table.recorded.of("number"), strict=True)
            known = {pair: n for n, pair in enumerate(pairs)}
            identities.by_key(table, keys, known, self._keeps_number(table), "number")
            self._words(table, [row for row, number in enumerate(numbers) if not number], "parent")
            self._late(table, "parent")
            for row, number in enumerate(table.match):
                if number is not None:
                    table.own[row].number = table.recorded.of("number")[number]

    def _link(self, table: Table, row: int) -> Target | None:
        contract = self._said(table, "contract")[row]
        number, called = table.said("number", row), table.said("reference", row)
        links, unnamed = self.ledger.links, self.ledger.links_unnamed
        if table.is_unread(row, "number", "reference"):
            unnamed.add((contract and contract.key, None))
        if contract is None:
            unnamed.update((None, name) for name in (number, called) if name)
            return None
        known = links.get((contract.key, number)) if number else None
        line = table.taken[row]
        target = known or Target(
            None, contract.agency_id, contract.section_id, called or "", line=line,
            contract=contract, number=number,
        )  # fmt: skip
        if number and known is None:
            links.setdefault((contract.key, number), target)
        if called and called[:1].isdigit():
            why = f"整理番号「{called}」は数字で始まっています。"
            table.refuse(row, "reference", f"{why}番号と区別できる符号にしてください（例：新1）。")
        elif called:
            self._name(table, row, links, (contract.key, called), target)
        return target

    def _keeps_number(self, table: Table):
        def unknown(row: int) -> None:
            contract = self._said(table, "contract")[row]
            if self.fresh and contract.pk is None:
                return
            number = table.said("number", row)
            why = (
                f"再委託の番号「{number}」は、契約「{contract.code}」の台帳にありません。番号を確かめて"
                "ください。新しい再委託では空欄にします（番号は台帳が付けます）。"
            )
            table.refuse(row, "number", why, unread=True)

        return unknown

    # --- Visits, and what hangs on contracts -------------------------------------------------

    def _inspections(self, tables: list[Table]) -> None:
        for table in tables:
            visits.settle(table, self.ledger, self.references, fresh=self.fresh)

    def _others(self, tables: list[Table]) -> None:
        for table in tables:
            self.references.resolve(table)
            identities.prepare(table)
            if table.sheet.numbered_by:
                identities.placed(table, fresh=self.fresh)
            else:
                identities.natural(table, fresh=self.fresh)
