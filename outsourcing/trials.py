"""What forms of a contract's page would make of it, for who is told before it is saved: each plan
looks at the contract in memory, refuses what the action would refuse, and gives the change."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError

from outsourcing import chains
from outsourcing.actions import contracts
from outsourcing.actions.base import check
from outsourcing.actions.subcontracts import stands_alone
from outsourcing.conflicts import ActionForm
from outsourcing.entries import Entry, Trial
from outsourcing.models import Amendment, Contract, Subcontract
from outsourcing.record_kinds import RecordKind

Change = Callable[[Entry], None]


def trial_of(form: ActionForm, contract: Contract, plan: Callable[..., Change]) -> Trial | None:
    """``plan(entry, values)`` is asked once the form can be read; what it refuses is the form's."""
    entry = Entry.of(copy(contract))
    return Trial(entry, form.result) if form.carry_out(lambda: plan(entry, form.values)) else None


def link_in(entry: Entry, link: Subcontract | None) -> Subcontract | None:
    """The same link in memory."""
    return link and next(one for one in entry.links if one.pk == link.pk)


def record(kind: RecordKind, link: Subcontract | None = None):
    """A record of a kind, on the contract, or on ``link``."""

    def plan(entry: Entry, values: dict[str, Any]) -> Change:
        if values.get("subcontract"):
            values = values | {"subcontract": link_in(entry, values["subcontract"])}
        row = kind.row(link_in(entry, link) if kind.is_of_link else entry.contract, **values)
        check_of_agency(row, entry)
        return lambda entry: getattr(entry, kind.entry).append(row)

    return plan


def void_record(kind: RecordKind, row):
    """Without that row."""

    def plan(entry: Entry, values) -> Change:
        rows = getattr(entry, kind.entry)
        left = [one for one in rows if one.pk != row.pk]
        last = contracts.last_day(entry.contract, _of_the_end(left if kind.entry == "amendments"
                                                              else entry.amendments))  # fmt: skip

        def change(entry: Entry) -> None:
            rows[:] = left
            entry.contract.last_day = last

        return change

    return plan


def amend(entry: Entry, values: dict[str, Any]) -> Change:
    row = Amendment(contract=entry.contract, **values)
    check_of_agency(row, entry)
    # One of the same day that was recorded before comes first.
    amendments = sorted([*entry.amendments, row], key=lambda one: one.effective_on)
    last = contracts.last_day(entry.contract, _of_the_end(amendments))

    def change(entry: Entry) -> None:
        entry.amendments.append(row)
        entry.contract.last_day = last

    return change


def correct(entry: Entry, values: dict[str, Any]) -> Change:
    """The contract with other values; also of a termination."""
    changed = copy(entry.contract)
    for name, value in values.items():
        setattr(changed, name, value)
    check(changed)
    values = values | {"last_day": contracts.last_day(changed, _of_the_end(entry.amendments))}

    def change(entry: Entry) -> None:
        for name, value in values.items():
            setattr(entry.contract, name, value)

    return change


def take_back_termination(entry: Entry, values: dict[str, Any]) -> Change:
    return correct(entry, {"terminated_on": None, "termination_reason": ""})


def pass_on(parent: Subcontract | None):
    """A link more, below ``parent``."""

    def plan(entry: Entry, values: dict[str, Any]) -> Change:
        link = Subcontract(
            contract=entry.contract,
            parent=link_in(entry, parent),
            number=entry.last_number + 1,
            **values,
        )
        check_of_agency(link, entry)
        return lambda entry: entry.links.append(link)

    return plan


def correct_link(link: Subcontract):
    """A link with other values, its end too."""

    def plan(entry: Entry, values: dict[str, Any]) -> Change:
        here = link_in(entry, link)
        changed = copy(here)
        for name, value in values.items():
            setattr(changed, name, value)
        check(changed)

        def change(entry: Entry) -> None:
            for name, value in values.items():
                setattr(here, name, value)

        return change

    return plan


def move(link: Subcontract):
    def plan(entry: Entry, values: dict[str, Any]) -> Change:
        here, parent = link_in(entry, link), link_in(entry, values["parent"])
        parents = {one.pk: one.parent_id for one in entry.links}
        if chains.would_loop(here.pk, parent and parent.pk, parents):
            raise ValidationError(
                {"parent": f"再委託元を「{parent}」にすると、再委託の系列が循環します。"}
            )
        return lambda entry: setattr(here, "parent", parent)

    return plan


def void_link(link: Subcontract):
    """Without the link, and so without what hangs on it."""

    def plan(entry: Entry, values: dict[str, Any]) -> Change:
        here = link_in(entry, link)
        stands_alone(one.number for one in entry.links if one.parent is here)

        def change(entry: Entry) -> None:
            entry.links.remove(here)
            for rows in entry.rows:
                rows[:] = [row for row in rows if getattr(row, "subcontract", None) is not here]

        return change

    return plan


def check_of_agency(row, entry: Entry) -> None:
    """As it would be written."""
    row.agency_id = entry.contract.agency_id
    check(row)


def _of_the_end(amendments: list[Amendment]) -> list[Amendment]:
    return [one for one in amendments if one.last_day is not None]
