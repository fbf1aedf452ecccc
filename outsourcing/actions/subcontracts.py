"""The verbs of a chain: pass on, move, end, approve, withdraw, notify, void."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Max

from outsourcing import chains
from outsourcing.actions.base import (
    Change,
    Refused,
    batches,
    change,
    change_many,
    each,
    insert,
    insert_many,
    recording,
    void,
)
from outsourcing.actions.contracts import locked, locked_many
from outsourcing.actions.holdings_lock import keep_holdings
from outsourcing.bulk import give_keys, name_related
from outsourcing.models import Approval, Contract, Notification, Subcontract


def pass_on(*, by, contract: Contract, parent: Subcontract | None = None, **fields) -> Subcontract:
    """Record one link: work passed on by the prime contractor, or by the link ``parent``."""
    link = Subcontract(contract=contract, parent=parent, **fields)
    with recording() as touched:
        keep_holdings([link.contractor_id] if link.contractor_id else [])
        locked(contract)
        _refuse_voided([parent])
        _of_contract(link)
        link.number = next_number(contract)
        insert(link, by=by)
        touched.add(contract.pk)
    return link


def pass_on_many(links: Iterable[Subcontract], *, by) -> list[Subcontract]:
    """Record many unsaved links, parents before children; all or none. A number that one has
    already is kept."""
    links = name_related(list(links))
    with recording() as touched:
        keep_holdings({link.contractor_id for link in links})
        contracts = {link.contract_id for link in links}
        locked_many(contracts)
        _refuse_voided([link.parent for link in links])
        numbers = last_numbers(contracts)
        each(links, _of_contract)
        for link in links:
            if link.number is not None:
                numbers[link.contract_id] = max(numbers[link.contract_id], link.number)
        for link in links:
            if link.number is None:
                numbers[link.contract_id] += 1
                link.number = numbers[link.contract_id]
        each(links, _refuse_circles)
        give_keys(links)  # a child names its parent's: so the whole chain is one insert
        insert_many(links, by=by)
        touched.update(contracts)
    return links


def correct(link: Subcontract, *, by, version: int | None = None, **values) -> Subcontract:
    """Correct or end a link; hanging it elsewhere is ``move``."""
    if values.keys() & {"parent", "contract", "number", "agency"}:
        raise ValueError("a link is moved by move(), and keeps its number")
    with recording() as touched:
        if "contractor" in values:
            keep_holdings([values["contractor"].pk])
        locked(link.contract)
        change(link, by=by, version=version, **values)
        touched.add(link.contract_id)
    return link


def correct_many(changes: Iterable[Change], *, by) -> list[Subcontract]:
    """Correct many links, each to values of its own, or hang them elsewhere; all or none."""
    changes = list(changes)
    links = [one.row for one in changes]
    moved = {one.row.contract_id for one in changes if "parent" in one.values}
    if kept := {"contract", "number", "agency"} & {name for one in changes for name in one.values}:
        raise ValueError(f"the ledger keeps {sorted(kept)} of a link")
    with recording() as touched:
        keep_holdings({c.values["contractor"].pk for c in changes if "contractor" in c.values})
        contracts = {link.contract_id for link in links}
        locked_many(contracts)
        change_many(changes, by=by)
        each(links, lambda link: _check_parent(link.parent, link.contract_id))
        _refuse_voided([one.values.get("parent") for one in changes])
        _refuse_loops(links, moved)
        touched.update(contracts)
    return links


def move(link: Subcontract, *, by, parent: Subcontract | None, version: int | None = None):
    """Hang a link, with all below it, under another link of the same contract, or at the top."""
    with recording() as touched:
        locked(link.contract)
        rows = Subcontract.objects.filter(contract=link.contract_id)
        parents = dict(rows.values_list("pk", "parent_id"))
        _check_parent(parent, link.contract_id)
        _refuse_voided([parent])
        if chains.would_loop(link.pk, parent and parent.pk, parents):
            raise ValidationError(
                {"parent": f"再委託元を「{parent}」にすると、再委託の系列が循環します。"}
            )
        change(link, by=by, version=version, parent=parent)
        touched.add(link.contract_id)
    return link


def approve(link: Subcontract, *, by, **fields) -> Approval:
    """Record a decision on a link: approved, with conditions, rejected or withdrawn."""
    return _record(Approval(subcontract=link, **fields), by=by)


def notify(link: Subcontract, *, by, **fields) -> Notification:
    """Record the notice the contractor gave of a link."""
    return _record(Notification(subcontract=link, **fields), by=by)


def record_many(rows: Iterable[Approval | Notification], *, by) -> list:
    """Record many unsaved approvals, or many notices; all or none."""
    rows = list(rows)
    with recording() as touched:
        for row in rows:
            _of_link(row)
        insert_many(rows, by=by)
        touched.update(row.subcontract.contract_id for row in rows)
    return rows


def void_record(row: Approval | Notification, *, by, on: date, reason: str):
    """Take back a decision or notice that was recorded in error."""
    with recording() as touched:
        void(row, by=by, on=on, reason=reason)
        touched.add(row.subcontract.contract_id)
    return row


def void_link(
    link: Subcontract, *, by, on: date, reason: str, version: int | None = None
) -> Subcontract:
    """Take back a link that was recorded in error; links below it must be dealt with first."""
    with recording() as touched:
        locked(link.contract)
        stands_alone(link.children.valid().order_by("number").values_list("number", flat=True))
        void(link, by=by, on=on, reason=reason, version=version)
        touched.add(link.contract_id)
    return link


def stands_alone(below: Iterable[int]) -> None:
    """Refuse to take back a link that others, of these numbers, hang on."""
    if names := "、".join(f"再委託{number}" for number in below):
        raise ValidationError(f"この再委託の下に{names}があります。先に移すか無効にしてください。")


def _record(row, *, by):
    with recording() as touched:
        insert(_of_link(row), by=by)
        touched.add(row.subcontract.contract_id)
    return row


def _of_link(row):
    row.agency_id = row.subcontract.agency_id
    row.synthetic = row.subcontract.synthetic
    return row


def _of_contract(link: Subcontract) -> Subcontract:
    """A link belongs to the contract, and so to the agency, of its parent."""
    link.agency_id = link.contract.agency_id
    link.synthetic = link.contract.synthetic
    _check_parent(link.parent, link.contract_id)
    return link


def _check_parent(parent: Subcontract | None, contract_id: int) -> None:
    if parent is not None and parent.contract_id != contract_id:
        raise ValidationError({"parent": f"再委託元「{parent}」は別の契約の再委託です。"})


def _refuse_voided(parents: Iterable[Subcontract | None]) -> None:
    """What hangs on a link that is no fact belongs to no chain. Asked of the database under the
    lock, as the copies at hand may be old."""
    saved = sorted({parent.pk for parent in parents if parent is not None and parent.pk})
    for keys in batches(saved):
        voided = Subcontract.objects.filter(pk__in=keys, voided_on__isnull=False).first()
        if voided:
            raise ValidationError({"parent": f"再委託元「{voided}」は無効とされています。"})


def next_number(contract: Contract) -> int:
    """The number that a link recorded next would have."""
    return last_numbers([contract.pk])[contract.pk] + 1


def last_numbers(contract_ids: Iterable[int]) -> dict[int, int]:
    found = defaultdict(int)
    for keys in batches(contract_ids):
        rows = Subcontract.objects.filter(contract_id__in=keys).values("contract_id")
        found.update(rows.annotate(last=Max("number")).values_list("contract_id", "last"))
    return found


def _refuse_loops(links: list[Subcontract], contract_ids: set[int]) -> None:
    """Among the links of these contracts as they are written by now."""
    parents = {}
    for keys in batches(contract_ids):
        rows = Subcontract.objects.filter(contract_id__in=keys)
        parents.update(rows.values_list("pk", "parent_id"))
    for link in links:
        if link.contract_id in contract_ids:
            try:
                chains.ancestors(link.pk, parents)
            except ValueError as error:
                raise Refused(
                    f"再委託元を「{link.parent}」にすると、再委託の系列が循環します。", row=link
                ) from error


def _refuse_circles(link: Subcontract) -> None:
    """Among the links that are yet to be written."""
    above = []
    while link.parent is not None and link.parent.pk is None:
        link = link.parent
        if link in above:
            raise ValidationError({"parent": f"再委託元「{link}」から系列が循環しています。"})
        above.append(link)
