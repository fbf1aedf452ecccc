"""Which visit the rows of the sheet 検査 are about: several rows may be one visit."""

from __future__ import annotations

from collections import defaultdict

from exchange.importing import identities
from exchange.importing.ledger import Ledger, Target
from exchange.importing.making import VISIT
from exchange.importing.references import References, unknown_code
from exchange.importing.tables import Table
from outsourcing.models import Inspection, split_code

FIRST_YEAR = 1900  # of which there are codes


def settle(table: Table, ledger: Ledger, references: References, *, fresh: bool) -> None:
    codes = table.values.get("inspection", [None] * len(table))
    called = table.values.get("reference", [None] * len(table))
    for code, reference in zip(codes, called, strict=True):
        _announce(ledger, code, reference)
    if any(table.is_unread(row, "inspection", "reference") for row in table.unread):
        ledger.visits.unnamed |= {"reference", "code"} if fresh else {"reference"}
    references.resolve(table)
    alone = table.targets.setdefault("inspection", [None] * len(table))
    for row, (code, reference) in enumerate(zip(codes, called, strict=True)):
        if code:
            _keep(table, row, ledger, alone[row], code, fresh)
            if alone[row] is None or table.is_unread(row, "inspection"):
                alone[row] = Target()  # nobody knows which
        else:
            alone[row] = ledger.visits.by_reference[reference] if reference else Target()
    table.keys["inspection"] = [target and target.key for target in alone]
    identities.prepare(table)
    groups = _groups(table)
    wrong = {(mistake.row, mistake.column) for mistake in table.mistakes}
    for rows in groups.values():
        _agree(table, [row for row in rows if not table.is_unread(row, "inspection")], wrong)
    _of_one_agency(table)
    _known(table)
    _said_already(table, [rows for target, rows in groups.items() if _is_new(target, codes, rows)])
    table.keys["inspection"] = [target and target.key for target in alone]


def _announce(ledger: Ledger, code: str | None, reference: str | None) -> None:
    """A visit that the file brings."""
    coded = ledger.visits
    if code and coded.find(code) is None:
        coded.new_by_code[code] = Target(code=code)
    if reference and not code:
        coded.by_reference.setdefault(reference, Target(code=reference))


def _keep(table: Table, row: int, ledger: Ledger, target: Target | None, code, fresh) -> None:
    """A code that the ledger has not is kept where it has none of that year yet."""
    if target is None or target.pk:
        return
    parts = split_code(code, Inspection.CODE)
    free = parts and parts[0] in ledger.agency_by_code and parts[:2] not in ledger.visits.years
    free = free and parts[1] >= FIRST_YEAR and parts[2] > 0
    if not (fresh and free):
        column = next(c for c in table.sheet.own if c.field == "inspection")
        table.refuse(row, "inspection", unknown_code(column, code), unread=True)


def _is_new(target: Target, codes, rows: list[int]) -> bool:
    return target.pk is None and not any(codes[row] for row in rows)


def _groups(table: Table) -> dict[Target, list[int]]:
    found = defaultdict(list)
    for row, target in enumerate(table.targets["inspection"]):
        if target is not None:
            found[target].append(row)
    return found


def _of_one_agency(table: Table) -> None:
    """A recorded visit and what it is said to have looked at."""
    for row, (visit, contract) in enumerate(
        zip(table.targets["inspection"], table.targets["contract"], strict=True)
    ):
        if visit and visit.pk and contract and visit.agency_id != contract.agency_id:
            why = "検査コードの検査とは別の機関の契約です。どちらかの符号を直してください。"
            table.refuse(row, "contract", why, unread=True)


def _agree(table: Table, rows: list[int], wrong: set) -> None:
    """The rows of one visit say the same of it, and are of one agency. What is ``wrong`` by row and
    column says nothing."""
    if len(rows) <= 1:
        return
    differ = set()
    for name in VISIT:
        if name in table.keys:
            place, heading = table.places[name]
            said = [row for row in rows if (table.taken[row].number, place) not in wrong]
            for row in said[1:]:
                if table.keys[name][row] != table.keys[name][said[0]]:
                    number = table.taken[said[0]].number
                    table.refuse(row, name, f"同じ検査の{number}行と「{heading}」が違います。")
                    differ.add(name)
    for row in rows if differ else ():
        for name in differ:
            table.not_known(row, name)
    contracts = table.targets["contract"]
    number, other = table.taken[rows[0]].number, contracts[rows[0]]
    for row in rows[1:]:
        of = contracts[row]
        if of and other and of.agency_id != other.agency_id:
            why = f"{number}行と同じ検査ですが、別の機関の契約です。"
            table.refuse(row, "contract", why, unread=True)


def _known(table: Table) -> None:
    """Targets of visits that are recorded, by what was inspected."""
    unknown = {row for name, row in table.doubtful if name == "link"} | {
        row for row in table.unread if table.is_unread(row, "link", "inspection")
    }
    keys = [
        None if visit is None or contract is None or row in unknown else (visit, contract, link)
        for row, (visit, contract, link) in enumerate(zip(*_naming(table), strict=True))
    ]
    lookups = ("inspection_id", "contract_id", "subcontract_id")
    recorded = zip(*(table.recorded.of(name) for name in lookups), strict=True)
    known = {key: number for number, key in enumerate(recorded)}
    identities.by_key(table, keys, known, lambda row: None, "contract")


def _naming(table: Table) -> list:
    blank = [None] * len(table)
    return [table.keys.get(name, blank) for name in ("inspection", "contract", "link")]


def _said_already(table: Table, groups: list[list[int]]) -> None:
    """Visits without a code of which the ledger says word for word the same, each of their rows."""
    names = [name for name in identities.words(table) if name != "inspection"]
    waiting = identities.waiting(table, names)
    visit_of = table.recorded.of("inspection_id")
    columns = [table.keys[name] for name in names]
    for rows in groups:
        if any(table.refused(row) for row in rows):
            continue
        found = [waiting.get(tuple(column[row] for column in columns), ()) for row in rows]
        visits = [{visit_of[number] for number in numbers} for numbers in found]
        if not (both := set.intersection(*visits)):
            continue
        visit = min(both)
        for row, numbers in zip(rows, found, strict=True):
            number = next((n for n in numbers if visit_of[n] == visit), None)
            if number is not None:
                numbers.remove(number)
                identities.take(table, row, number)
        table.targets["inspection"][rows[0]].pk = visit
