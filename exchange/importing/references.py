"""What the cells of a row name: sections, people, companies, contracts, links, visits. What cannot
be found is a mistake, unless the ledger says just the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from exchange.columns import Code, Column, Company, NameAndCode, Named
from exchange.importing.companies import Companies
from exchange.importing.ledger import Ledger, Target
from exchange.importing.recorded import identities, refers
from exchange.importing.tables import Table
from exchange.sheets.shared import CONTRACT_CODE
from outsourcing.folding import fold
from outsourcing.models import Agency, Section

_CODE = re.compile(r"[AB][0-9]{2,3}-[0-9]{4}-[KT]?[0-9]+")
UNKNOWN = Target()  # in what something is looked up, where it is not known


class References:
    """``resolve`` fills ``table.targets`` and ``table.keys`` of each column that names something.
    ``table.doubtful``: by field and row, why what is named cannot be found."""

    def __init__(self, ledger: Ledger, companies: Callable[[], Companies]):
        self.ledger, self.companies = ledger, companies

    def only(self, table: Table, name: str) -> None:
        """One column, before the others can be."""
        column = next((c for c in table.found.columns.values() if c.field == name), None)
        if column is not None:
            self._column(table, column)

    def resolve(self, table: Table) -> None:
        columns = {c.field: c for c in table.found.columns.values()}
        names = [n for n in refers(table.sheet) if n in columns and n not in table.targets]
        # Links are looked up within their contract.
        for name in sorted(names, key=lambda name: name not in ("contract", "disclosure")):
            self._column(table, columns[name])
        if table.sheet.key == "surveyed" and "fiscal_year" in columns:
            self._surveys(table)

    def _column(self, table: Table, column: Column) -> None:
        name, known = column.field, {}
        find = self._finder(table, column)
        within = self._within(table, column)
        found = []
        for row, value in enumerate(table.values[name]):
            if value is None or value == "":
                found.append(None)
                continue
            of = within[row] if within else None
            if of is UNKNOWN:
                table.not_known(row, name)
                found.append(None)
                continue
            key = (value, id(of))
            if key not in known:
                known[key] = self._found(find, value, of)
            target, why = known[key]
            if why:
                table.doubtful[name, row] = why
            elif target is None:
                table.not_known(row, name)
            found.append(target)
        table.targets[name] = found
        keys = {id(target): self._key(target) for target, _ in known.values()}
        table.keys[name] = [target and keys[id(target)] for target in found]

    @staticmethod
    def _found(find, value, within) -> tuple[Any, str]:
        try:
            return find(value, within), ""
        except ValueError as error:
            return None, str(error)

    @staticmethod
    def _key(target: Any) -> Any:
        if target is None:
            return None
        if isinstance(target, Target):
            return target.key
        return target.pk if isinstance(target, Section) else target.username

    def _finder(self, table: Table, column: Column) -> Callable[[Any, Any], Any]:
        if isinstance(column, Company):
            return lambda text, agency: self._company(column, text, agency, table)
        if isinstance(column, NameAndCode):
            find = self._section if column.field == "section" else self._user
            return lambda named, agency: find(column, named, agency)
        if isinstance(column, Code):
            return lambda text, _: self._coded(column, text)
        return lambda number, contract: self._link(column, number, contract)

    def _within(self, table: Table, column: Column) -> list | None:
        """In what each row's cell is looked up."""
        if isinstance(column, Company):
            return table.agencies or None
        if column.field == "section":
            return _agencies(table)
        if isinstance(column, NameAndCode | Code):
            return None
        if column.field == "renews":
            contracts = table.targets.get("contract", [None] * len(table))
            return [_renewed(contract) for contract in contracts]
        return table.targets.get("contract", [None] * len(table))

    # --- Each kind ---------------------------------------------------------------------------

    def _coded(self, column: Column, text: str) -> Target | None:
        coded = {
            "inspection": lambda: self.ledger.visits,
            "disclosure": lambda: self.ledger.disclosures,
        }.get(column.field, lambda: self.ledger.contracts)()
        found = coded.find(text) or coded.find(text.upper())
        if found is None and coded.unnamed and _kind(text) in coded.unnamed:
            return None  # it may be that row
        if found is None or found.gone:
            raise ValueError(self._left_out(column, text) or unknown_code(column, text))
        return found

    def _left_out(self, column: Column, called: int | str) -> str:
        if called not in self.ledger.left_out:
            return ""
        return (
            f"{column.heading}「{called}」は、このファイルで取り込まない行の整理番号です。"
            "その行も取り込むか、この行も取り込まないでください。"
        )

    def _link(self, column: Column, number: int | str, contract: Target | None) -> Target | None:
        if contract is None:
            if column.field == "renews":
                raise ValueError(
                    f"{column.heading}「{number}」：契約に更新元がないので、再委託の更新元は指せません。"
                    "「契約」シートに更新元の契約を書くか、空欄にしてください。"
                )
            return None  # whose contract is not known: that is said already
        found = self.ledger.links.get((contract.key, number))
        if found is None and self._may_be_unnamed(contract, number):
            return None
        if found is None or found.gone:
            raise ValueError(
                self._left_out(column, number)
                or f"{column.heading}「{number}」の再委託は、契約「{contract.code}」にありません。"
                "台帳にある再委託は番号（例：1）、このファイルで新しく登録する再委託は「再委託」シートの"
                "整理番号（例：新1）を書いてください。"
            )
        return found

    def _may_be_unnamed(self, contract: Target, number: int | str) -> bool:
        """Whether it may be a link of the file of which too little is known."""
        unnamed = self.ledger.links_unnamed
        wanted = ((contract.key, None), (None, number), (None, None))
        return bool(unnamed) and not unnamed.isdisjoint(wanted)

    def _section(self, column: Column, named: Named, agency: Agency | None) -> Section:
        found = None
        if agency is not None:
            found = self.ledger.section_by_code.get((agency.pk, named.code))
            found = found or self._section_by_name(named, agency)
        if found is None or found.voided_on:
            raise ValueError(
                f"{column.heading}「{words(named)}」という課室はありません。課室名と課室コード"
                f"（例：{column.shown_example}）を確かめてください。"
            )
        if named.name != named.code and fold(named.name) not in (fold(found.name), ""):
            raise ValueError(
                f"{column.heading}「{words(named)}」：課室コード「{named.code}」は「{found.name}」です。"
                f"どちらかを直してください（例：{found.name}（{found.code}））。"
            )
        return found

    def _section_by_name(self, named: Named, agency: Agency) -> Section | None:
        for name in (words(named), named.name):
            rows = self.ledger.sections_by_name.get(fold(name), ())
            own = [row for row in rows if row.agency_id == agency.pk and not row.voided_on]
            if len(own) > 1:
                codes = "、".join(f"{row.name}（{row.code}）" for row in own)
                raise ValueError(f"課室「{name}」は複数あります。どれかを書いてください：{codes}。")
            if own and (name == words(named) or named.name == named.code):
                return own[0]
        return None

    def _user(self, column: Column, named: Named, _agency) -> Any:
        found = self.ledger.users.get(named.code)
        if found is None:
            rows = self.ledger.users_by_name.get(fold(named.name), ())
            bare = named.name == named.code
            if bare and len(rows) > 1:
                names = "、".join(f"{row.full_name}（{row.username}）" for row in rows)
                raise ValueError(
                    f"{column.heading}「{named.name}」に当たる利用者が複数います。どれかを書いて"
                    f"ください：{names}。"
                )
            found = rows[0] if bare and rows else None
        if found is None:
            raise ValueError(
                f"{column.heading}「{words(named)}」という利用者はいません。氏名（利用者名）で"
                "書くか、空欄にしてください（例：見本 花子（hanako））。"
            )
        return found

    def _company(self, column: Column, text: str, agency: Agency | None, table: Table):
        companies = self.companies()
        if table.sheet.key in ("contracts", "links"):
            return companies.of_contract(text, column.heading, agency)
        try:
            return companies.find(text, column.heading)
        except LookupError:
            if companies.unnamed:
                return None
            raise ValueError(
                f"{column.heading}「{text}」は登録されていません。名称か法人番号を確かめるか、"
                f"「委託先」シートに加えてください（例：{column.shown_example}）。"
            ) from None

    def _surveys(self, table: Table) -> None:
        found = []
        contracts = table.targets.get("contract", [None] * len(table))
        for row, (year, contract) in enumerate(
            zip(table.values["fiscal_year"], contracts, strict=True)
        ):
            survey = None
            known = contract is not None and (
                contract.pk or contract.unread.isdisjoint(("information", "synthetic"))
            )
            if year is not None and known:
                key = (year, contract.information, contract.synthetic)
                survey = self.ledger.surveys.get(key)
                if survey is None:
                    table.doubtful["fiscal_year", row] = (
                        f"調査年度「{year}」に、この契約を対象とする調査はありません。年度を確かめるか、"
                        "この行を「取り込まない」としてください（例：2017）。"
                    )
            found.append(survey)
        table.targets["fiscal_year"] = found


def _agencies(table: Table) -> list:
    """Whose each row is, for looking up its section."""
    codes = table.values.get("code", [None] * len(table))
    return [
        UNKNOWN if agency is None and (code or table.is_unread(row, "code")) else agency
        for row, (agency, code) in enumerate(zip(table.agencies, codes, strict=True))
    ]


def _renewed(contract: Target | None) -> Target | None:
    if contract is None or (contract.renews is None and "renews" in contract.unread):
        return UNKNOWN
    return contract.renews


def _kind(text: str) -> str:
    return "code" if _CODE.fullmatch(text.upper()) else "reference"


def words(named: Named) -> str:
    return named.name if named.name == named.code else f"{named.name}（{named.code}）"


def unknown_code(column: Column, text: str) -> str:
    """The same words of what there is not and of what another agency has."""
    agency, year, serial = CONTRACT_CODE.split("-")
    letter = getattr(column, "letter", "")
    example = column.shown_example or f"{agency}-{year}-{letter}{serial}"
    return (
        f"{column.heading}「{text}」は、台帳にもこのファイルにもありません。符号を確かめてください"
        f"（例：{example}）。新しく登録するものは、その行の整理番号で指します。"
    )


def settle_doubts(table: Table, name: str, row: int, why: str) -> None:
    """Say what cannot be found, unless the ledger has the very same there."""
    number = table.match[row]
    column = next(c for c in table.found.columns.values() if c.field == name)
    if number is not None and name not in identities(table.sheet):
        same = table.recorded.cell(column, number)
        if same is not None and str(same) == str(table.typed[name][row]).strip():
            table.keys[name][row] = table.recorded.keys(name)[number]
            return
    table.refuse(row, name, why, unread=True)
