"""A random plain ledger written through the actions, changed by random verbs, and read back as
plain data for the oracle. What the actions derive (the last day of a term) is not read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from outsourcing import models
from outsourcing.actions import contractors, contracts, subcontracts
from tests import factories as make
from tests.guideline import oracle
from tests.strategies import UNITS

VOID = {"on": date(2018, 5, 1), "reason": "誤記"}


class World(NamedTuple):
    """What ledgers are written about: two agencies, and a company for each number."""

    agencies: list[models.Agency]
    companies: dict[int, models.Contractor]


# Writing


def write(world: World, plain: oracle.Contract, *, bulk: bool) -> models.Contract:
    by = make.recorder()
    made = models.Contract(
        agency=world.agencies[plain.company % 2],
        contractor=world.companies[plain.company],
        title="試験業務",
        concluded_on=plain.first,
        first_day=plain.first,
        agreed_last_day=plain.last,
        work=models.Contract.Work.DATA_ENTRY,
        information=plain.information,
        clause=plain.clause,
        exempt_work=dict.fromkeys(plain.exempt, "第8条"),
    )
    contracts.register_many([made], by=by)
    amendments = [
        {"effective_on": a.day, "clause": a.clause, "exempt_work": dict.fromkeys(a.exempt, "第8条")}
        for a in plain.amendments
    ]
    _write_amendments(made, amendments, bulk=bulk)
    _write_chain(world, made, plain.links, bulk=bulk)
    if plain.terminated:
        contracts.terminate(made, by=by, on=plain.terminated, reason="合意解除")
    return made


def _write_amendments(contract, amendments, *, bulk):
    by = make.recorder()
    if bulk:
        rows = [models.Amendment(contract=contract, **fields) for fields in amendments]
        contracts.amend_many(rows, by=by)
    else:
        for fields in amendments:
            contracts.amend(contract, by=by, **fields)


def _write_chain(world, contract, links, *, bulk):
    by = make.recorder()
    made: dict[int, models.Subcontract] = {}
    for link in links:
        fields = {
            "contract": contract,
            "parent": made.get(link.parent),
            "contractor": world.companies[link.company],
            "first_day": link.first,
            "last_day": link.last,
            "work": link.work,
            "declared_relation": link.declared,
        }
        made[link.number] = (
            models.Subcontract(**fields) if bulk else subcontracts.pass_on(by=by, **fields)
        )
    if bulk:
        subcontracts.pass_on_many(made.values(), by=by)
    approvals = [
        models.Approval(subcontract=made[link.number], **_decision(decided))
        for link in links
        for decided in link.decisions
    ]
    notices = [(made[link.number], day) for link in links for day in link.notices]
    if bulk:
        rows = [models.Notification(subcontract=link, received_on=day) for link, day in notices]
        subcontracts.record_many(approvals, by=by)
        subcontracts.record_many(rows, by=by)
        return
    for link in links:
        for decided in link.decisions:
            subcontracts.approve(made[link.number], by=by, **_decision(decided))
    for link, day in notices:
        subcontracts.notify(link, by=by, received_on=day)


def _decision(decided: oracle.Decided) -> dict:
    return {
        "result": decided.result,
        "decided_on": decided.day,
        "first_day": decided.first,
        "last_day": decided.last,
    }


def write_companies(world: World, plain: oracle.Companies, *, bulk: bool) -> None:
    by = make.recorder()
    rows = [
        {
            "holder": world.companies[held.holder],
            "held": world.companies[held.held],
            "share": held.share,
            "first_day": held.first,
            "last_day": held.last,
        }
        for held in plain.holdings
    ]
    if bulk:
        contractors.hold_many((models.Shareholding(**row) for row in rows), by=by)
    else:
        for row in rows:
            contractors.hold(by=by, **row)
    for company, day in plain.dissolved.items():
        # Read anew: what another example did to it in memory was undone in the database.
        row = models.Contractor.objects.get(pk=world.companies[company].pk)
        contractors.dissolve(row, by=by, on=day)


# Reading back


def read(contract: models.Contract) -> oracle.Contract:
    def valid(rows):
        return rows.filter(voided_on=None).order_by("pk")

    numbers = dict(contract.subcontracts.values_list("pk", "number"))
    links = tuple(
        oracle.Link(
            number=row.number,
            company=row.contractor_id,
            first=row.first_day,
            last=row.last_day,
            parent=numbers.get(row.parent_id),
            work=row.work,
            declared=row.declared_relation,
            decisions=tuple(
                oracle.Decided(a.result, a.decided_on, a.first_day, a.last_day)
                for a in valid(row.approvals)
            ),
            notices=tuple(n.received_on for n in valid(row.notifications)),
        )
        for row in valid(contract.subcontracts).order_by("number")
    )
    return oracle.Contract(
        company=contract.contractor_id,
        first=contract.first_day,
        last=contract.agreed_last_day,
        clause=contract.clause,
        exempt=frozenset(contract.exempt_work),
        information=contract.information,
        terminated=contract.terminated_on,
        amendments=tuple(
            oracle.Amended(a.effective_on, a.clause, frozenset(a.exempt_work), a.last_day)
            for a in valid(contract.amendments)
        ),
        links=links,
    )


def read_all() -> dict[int, oracle.Contract]:
    rows = models.Contract.objects.filter(voided_on=None).order_by("pk")
    return {row.pk: read(row) for row in rows}


def read_companies() -> oracle.Companies:
    rows = models.Shareholding.objects.filter(voided_on=None).order_by("pk")
    gone = models.Contractor.objects.exclude(dissolved_on=None)
    return oracle.Companies(
        tuple(
            oracle.Held(row.holder_id, row.held_id, row.share, row.first_day, row.last_day)
            for row in rows
        ),
        dict(gone.values_list("pk", "dissolved_on")),
    )


# Changing


class Chance(NamedTuple):
    """What one change turns on: which rows, which days. Every number fits every ledger."""

    one: int
    other: int
    first: date
    last: date | None

    def pick(self, model, number: int | None = None, **conditions):
        """One of the valid rows there are, None if there is none."""
        rows = list(model.objects.filter(voided_on=None, **conditions).order_by("pk"))
        return rows[(self.one if number is None else number) % len(rows)] if rows else None

    def choice(self, values):
        values = list(values)
        return values[self.other % len(values)]


def approve(chance: Chance, by):
    link = chance.pick(models.Subcontract)
    result = chance.choice(models.ApprovalResult.values)
    subcontracts.approve(link, by=by, decided_on=chance.first, last_day=chance.last, result=result)


def approve_many(chance: Chance, by):
    rows = [
        models.Approval(subcontract=link, decided_on=chance.first, result="approved")
        for link in models.Subcontract.objects.filter(voided_on=None)
    ]
    subcontracts.record_many(rows, by=by)


def notify(chance: Chance, by):
    subcontracts.notify(chance.pick(models.Subcontract), by=by, received_on=chance.first)


def void_record(chance: Chance, by):
    row = chance.pick(chance.choice([models.Approval, models.Notification]))
    subcontracts.void_record(row, by=by, **VOID)


def pass_on(chance: Chance, by):
    contract = chance.pick(models.Contract)
    subcontracts.pass_on(
        by=by,
        contract=contract,
        parent=chance.pick(models.Subcontract, chance.other, contract=contract),
        contractor=chance.pick(models.Contractor, chance.other),
        first_day=chance.first,
        last_day=chance.last,
    )


def move(chance: Chance, by):
    link = chance.pick(models.Subcontract)
    parent = chance.pick(models.Subcontract, chance.other)
    subcontracts.move(link, by=by, parent=parent if chance.other % 4 else None)


def correct_link(chance: Chance, by):
    values = chance.choice(
        [
            {"last_day": chance.last},
            {"first_day": chance.first},
            {"declared_relation": "wholly_owned"},
            {"work": "testing"},
            {"contractor": chance.pick(models.Contractor, chance.other)},
        ]
    )
    subcontracts.correct(chance.pick(models.Subcontract), by=by, **values)


def void_link(chance: Chance, by):
    subcontracts.void_link(chance.pick(models.Subcontract), by=by, **VOID)


def amend(chance: Chance, by):
    clause = chance.choice(["", *models.Clause.values])
    contracts.amend(
        chance.pick(models.Contract),
        by=by,
        effective_on=chance.first,
        clause=clause,
        last_day=chance.last,
    )


def amend_many(chance: Chance, by):
    clause = chance.choice(models.Clause.values)
    rows = [
        models.Amendment(
            contract=contract, effective_on=chance.first, last_day=chance.last, clause=clause
        )
        for contract in models.Contract.objects.filter(voided_on=None)
    ]
    contracts.amend_many(rows, by=by)


def void_amendment(chance: Chance, by):
    contracts.void_amendment(chance.pick(models.Amendment), by=by, **VOID)


def terminate(chance: Chance, by):
    contracts.terminate(chance.pick(models.Contract), by=by, on=chance.first, reason="合意解除")


def correct_contract(chance: Chance, by):
    values = chance.choice(
        [
            {"agreed_last_day": chance.first},
            {"first_day": chance.first},
            {"clause": "forbidden", "exempt_work": {}},
            {"contractor": chance.pick(models.Contractor, chance.other)},
            {"terminated_on": None, "termination_reason": ""},
            {"terminated_on": chance.first, "termination_reason": "合意解除"},
        ]
    )
    contracts.correct(chance.pick(models.Contract), by=by, **values)


def void_contract(chance: Chance, by):
    contracts.void_contract(chance.pick(models.Contract), by=by, **VOID)


def hold(chance: Chance, by):
    contractors.hold(
        by=by,
        holder=chance.pick(models.Contractor),
        held=chance.pick(models.Contractor, chance.other),
        share=Decimal(chance.choice(UNITS)) / 10_000,
        first_day=chance.first,
        last_day=chance.last,
    )


def correct_holding(chance: Chance, by):
    values = chance.choice(
        [
            {"last_day": chance.last},
            {"share": Decimal(chance.choice(UNITS)) / 10_000},
            {"held": chance.pick(models.Contractor, chance.other)},
        ]
    )
    contractors.correct_holding(chance.pick(models.Shareholding), by=by, **values)


def void_holding(chance: Chance, by):
    contractors.void_holding(chance.pick(models.Shareholding), by=by, **VOID)


def dissolve(chance: Chance, by):
    contractors.dissolve(chance.pick(models.Contractor), by=by, on=chance.last)


# verb → what there must be for it
VERBS = {
    approve: models.Subcontract,
    approve_many: models.Subcontract,
    notify: models.Subcontract,
    void_record: models.Approval,
    pass_on: models.Contract,
    move: models.Subcontract,
    correct_link: models.Subcontract,
    void_link: models.Subcontract,
    amend: models.Contract,
    amend_many: models.Contract,
    void_amendment: models.Amendment,
    terminate: models.Contract,
    correct_contract: models.Contract,
    void_contract: models.Contract,
    hold: models.Contractor,
    correct_holding: models.Shareholding,
    void_holding: models.Shareholding,
    dissolve: models.Contractor,
}
