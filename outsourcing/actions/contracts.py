"""The verbs of a contract: register, amend, terminate, transfer, void."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from outsourcing.actions.base import (
    BATCH,
    Change,
    batches,
    change,
    change_many,
    check,
    check_many,
    each,
    insert,
    insert_many,
    recording,
    void,
)
from outsourcing.actions.numbering import number
from outsourcing.bulk import name_related
from outsourcing.folding import folded
from outsourcing.models import (
    Agency,
    Amendment,
    Contract,
    Disclosure,
    Section,
    SectionTransfer,
)

# What the ledger gives a contract itself, or what has a verb of its own.
KEPT = frozenset(
    {"agency", "fiscal_year", "serial", "last_day", "search_text", "version", "synthetic"}
)


def register(*, by, agency: Agency, synthetic: bool = False, **fields) -> Contract:
    """Register one contract. Its code is the next serial of its agency and fiscal year."""
    return register_row(Contract(agency=agency, synthetic=synthetic, **fields), by=by)


def register_row(contract: Contract, *, by) -> Contract:
    """Register one unsaved contract."""
    with recording() as touched:
        _prepare([contract])
        insert(contract, by=by)
        touched.add(contract.pk)
    return contract


def register_many(contracts: Iterable[Contract], *, by) -> list[Contract]:
    """Register many unsaved contracts; all or none."""
    contracts = list(contracts)
    with recording() as touched:
        _prepare(contracts)
        insert_many(contracts, by=by)
        touched.update(contract.pk for contract in contracts)
    return contracts


def correct(contract: Contract, *, by, version: int | None = None, **values) -> Contract:
    """Correct what was typed wrong. What the parties changed is an amendment, not a correction."""
    if kept := KEPT & values.keys():
        raise ValueError(f"the ledger keeps {sorted(kept)} itself")
    with recording() as touched:
        _change_with_term(contract, by=by, version=version, **values)
        touched.add(contract.pk)
    return contract


def amend(contract: Contract, *, by, **fields) -> Amendment:
    """Record a 変更契約; from its day of effect it replaces what it names."""
    with recording() as touched:
        locked(contract)
        amendment = insert(
            Amendment(
                contract=contract,
                agency_id=contract.agency_id,
                synthetic=contract.synthetic,
                **fields,
            ),
            by=by,
        )
        _settle_terms([contract], by=by)
        touched.add(contract.pk)
    return amendment


def amend_many(amendments: Iterable[Amendment], *, by) -> list[Amendment]:
    """Record many unsaved amendments; all or none."""
    amendments = list(amendments)
    revise_many(by=by, new=amendments)
    return amendments


def revise_many(
    *,
    by,
    changes: Iterable[Change] = (),
    new: Iterable[Amendment] = (),
    amended: Iterable[Change] = (),
) -> None:
    """Correct many contracts and their amendments, and record unsaved ones, at once: the terms
    follow from all of it. Corrections as ``correct`` takes them; all or none."""
    changes, new, amended = list(changes), name_related(list(new)), list(amended)
    if kept := KEPT & {field for one in changes for field in one.values}:
        raise ValueError(f"the ledger keeps {sorted(kept)} itself")
    with recording() as touched:
        contracts = {row.contract_id: row.contract for row in (*new, *(c.row for c in amended))}
        corrected = {one.row.pk for one in changes}
        if changes or amended:
            locked_many({*contracts, *corrected})
        for amendment in new:
            amendment.agency_id = amendment.contract.agency_id
            amendment.synthetic = amendment.contract.synthetic
        insert_many(new, by=by)
        change_many(amended, by=by)
        for start in range(0, len(changes), BATCH):
            _correct_some(changes[start : start + BATCH], by=by)
        _settle_terms([row for pk, row in contracts.items() if pk not in corrected], by=by)
        touched.update(contracts, corrected)


def _correct_some(changes: list[Change], *, by) -> None:
    amendments = _amendments_of_the_end([one.row.pk for one in changes])
    for row, values, _ in changes:
        for field, value in values.items():
            setattr(row, field, value)

    def settle(row: Contract) -> None:
        same_agency(row)
        row.last_day = last_day(row, amendments[row.pk])

    rows = [one.row for one in changes]
    check_many(rows)
    each(rows, settle)
    change_many(
        [
            Change(row, {**values, "last_day": row.last_day, "search_text": search_text(row)}, seen)
            for row, values, seen in changes
        ],
        by=by,
    )


def void_amendment(
    amendment: Amendment, *, by, on: date, reason: str, version: int | None = None
) -> Amendment:
    with recording() as touched:
        contract = locked(amendment.contract)
        void(amendment, by=by, on=on, reason=reason, version=version)
        _settle_terms([contract], by=by)
        touched.add(contract.pk)
    return amendment


def terminate(
    contract: Contract, *, by, on: date, reason: str, version: int | None = None
) -> Contract:
    """End a contract on a day, which is its last. The end once agreed is kept."""
    return _terminated(contract, by=by, version=version, on=on, reason=reason)


def take_back_termination(contract: Contract, *, by, version: int | None = None) -> Contract:
    """The contract was not terminated after all: it was recorded in error."""
    return _terminated(contract, by=by, version=version, on=None, reason="")


def _terminated(contract: Contract, *, by, version, on: date | None, reason: str) -> Contract:
    with recording() as touched:
        values = {"terminated_on": on, "termination_reason": reason}
        _change_with_term(contract, by=by, version=version, **values)
        touched.add(contract.pk)
    return contract


def transfer(
    contract: Contract, *, by, to: Section, on: date, reason: str = "", version: int | None = None
) -> SectionTransfer:
    """移管: pass a contract to another section of the same agency."""
    takes(to, agency_id=contract.agency_id, on=on)
    if to.pk == contract.section_id:
        raise ValidationError({"to_section": f"契約は既に課室「{to}」のものです。"})
    with recording():
        locked(contract)
        record = insert(passed(contract, to=to, on=on, reason=reason), by=by)
        change(contract, by=by, version=version, section=to)
    return record


def takes(section: Section, *, agency_id: int, on: date) -> None:
    """Refuse a section that cannot be given a contract of this agency on this day."""
    if section.agency_id != agency_id:
        raise ValidationError({"to_section": f"課室「{section}」は別の機関の課室です。"})
    if section.first_day and on < section.first_day:
        raise ValidationError(
            {"day": f"課室「{section}」は「{section.first_day}」からで、「{on}」にはありません。"}
        )
    if section.last_day and on > section.last_day:
        raise ValidationError(
            {"day": f"課室「{section}」は「{section.last_day}」までで、「{on}」にはありません。"}
        )


def passed(contract: Contract, *, to: Section, on: date, reason: str) -> SectionTransfer:
    """What is recorded of a transfer, unsaved."""
    return SectionTransfer(
        contract=contract,
        agency_id=contract.agency_id,
        synthetic=contract.synthetic,
        day=on,
        from_section_id=contract.section_id,
        to_section=to,
        reason=reason,
    )


def put_in_charge(contract: Contract, *, by, officer, version: int | None = None) -> Contract:
    """Say who does the daily work on a contract; None for nobody."""
    with recording():
        return change(contract, by=by, version=version, officer=officer)


def void_contract(
    contract: Contract, *, by, on: date, reason: str, version: int | None = None
) -> Contract:
    """A contract that should never have been recorded; its findings vanish with it."""
    with recording() as touched:
        locked(contract)
        void(contract, by=by, on=on, reason=reason, version=version)
        touched.add(contract.pk)
    return contract


def locked(contract: Contract) -> Contract:
    """Hold the contract until the transaction ends: its chain and amendments are written by one
    at a time."""
    Contract.objects.select_for_update(no_key=True).filter(pk=contract.pk).first()
    return contract


def locked_many(contract_ids: Iterable[int]) -> None:
    """The same for many, in an order common to all writers."""
    rows = Contract.objects.select_for_update(no_key=True).order_by("pk")
    for keys in batches(contract_ids):
        list(rows.filter(pk__in=keys).values_list("pk"))


def _prepare(contracts: list[Contract]) -> None:
    """Give new contracts their codes and the last day they start with."""
    each(contracts, same_agency)
    for contract in contracts:
        contract.search_text = search_text(contract)
        contract.last_day = contract.agreed_last_day
        if contract.terminated_on and contract.last_day:
            contract.last_day = min(contract.last_day, contract.terminated_on)
    number(contracts, by_day="concluded_on")


def search_text(contract: Contract) -> str:
    """Title and number as they are searched by."""
    return folded(contract.title, contract.number)


def same_agency(row: Contract | Disclosure) -> None:
    """The section named is one of the row's own agency."""
    section = row.section
    if section and section.agency_id != row.agency_id:
        raise ValidationError({"section": f"課室「{section}」は別の機関の課室です。"})


def _change_with_term(contract: Contract, *, by, version: int | None = None, **values) -> None:
    """Change a contract, and in the same breath the last day that follows."""
    locked(contract)
    for field, value in values.items():
        setattr(contract, field, value)
    check(contract)
    same_agency(contract)
    last = last_day(contract, _amendments_of_the_end([contract.pk])[contract.pk])
    derived = {"last_day": last, "search_text": search_text(contract)}
    change(contract, by=by, version=version, **values, **derived)


def _settle_terms(contracts: list[Contract], *, by) -> None:
    """Keep ``last_day`` what the agreed end, the amendments and the termination make of it."""
    at_hand = {contract.pk: contract for contract in contracts}
    rows, amendments, changes = {}, {}, []
    for keys in batches(at_hand):
        # As they stand under the lock: the copies at hand may be old.
        rows |= Contract.objects.select_for_update(no_key=True).order_by("pk").in_bulk(keys)
        amendments |= _amendments_of_the_end(keys)

    def settle(row: Contract) -> None:
        last = last_day(row, amendments.get(row.pk, ()))
        if last != row.last_day:
            known = at_hand[row.pk]
            changes.append(
                Change(known if known.version == row.version else row, {"last_day": last})
            )

    each(rows.values(), settle)
    change_many(changes, by=by)


def _amendments_of_the_end(contract_ids: Iterable[int]) -> dict[int, list[Amendment]]:
    found = defaultdict(list)
    for amendment in (
        Amendment.objects.valid()
        .filter(contract__in=list(contract_ids))
        .exclude(last_day=None)
        .order_by("effective_on", "pk")
    ):
        found[amendment.contract_id].append(amendment)
    return found


def last_day(contract: Contract, amendments: Iterable[Amendment]) -> date:
    """What the agreed end, the amendments of the end in their order, and a termination make.

    An amendment cannot prolong a contract that has already ended, nor end it before it takes
    effect: so a term is always one run of days.
    """
    last = contract.agreed_last_day
    for amendment in amendments:
        if (amendment.effective_on - last).days > 1:
            raise ValidationError(
                {
                    "effective_on": f"変更の効力が生じる日「{amendment.effective_on}」には、契約は"
                    f"「{last}」に終わっています。新しい契約として登録してください。"
                }
            )
        before = (amendment.effective_on - amendment.last_day).days > 1
        if before or amendment.last_day < contract.first_day:
            raise ValidationError(
                {
                    "last_day": f"変更後の末日「{amendment.last_day}」が、契約期間の初日"
                    f"「{contract.first_day}」又は変更の効力が生じる日"
                    f"「{amendment.effective_on}」より前です。"
                }
            )
        last = amendment.last_day
    if contract.terminated_on:
        last = min(last, contract.terminated_on)
    return last
