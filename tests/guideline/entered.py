"""A random plain ledger as an entry: rows in memory that refer to each other, with no key
anywhere but those of the agency and the companies."""

from __future__ import annotations

from datetime import date

from outsourcing import models
from outsourcing.entries import Entry
from tests.guideline import oracle

Work = models.Contract.Work


def entry_of(plain: oracle.Contract, agency: models.Agency, companies: dict) -> Entry:
    """Without amendments and termination, which follow once it is registered."""
    contract = contract_of(plain, agency, companies)
    entry = Entry(contract)
    links: dict[int, models.Subcontract] = {}
    for link in plain.links:
        links[link.number] = models.Subcontract(
            contract=contract,
            parent=links.get(link.parent),
            contractor=companies[link.company],
            first_day=link.first,
            last_day=link.last,
            work=link.work,
            declared_relation=link.declared,
            handles_information=link.handles,
        )
        hang(entry, link, links[link.number])
    entry.links = list(links.values())
    entry.checks = [models.CapabilityCheck(checked_on=day) for day in plain.checks]
    entry.confirmations = [
        models.WrittenConfirmation(confirmed_on=paper.day, matters=sorted(paper.things))
        for paper in plain.confirmed
        if paper.things
    ]
    entry.decisions = [
        models.AnonymizationDecision(decided_on=judged.day, needed=judged.needed)
        for judged in plain.judgements
    ]
    entry.measures = [
        models.AnonymizationMeasure(done_on=day, method="番号") for day in plain.measures
    ]
    entry.targets += [target_of(contract, None, visit) for visit in plain.inspections]
    entry.disposals += [disposal_of(contract, None, day) for day in plain.proofs]
    return entry


def contract_of(plain: oracle.Contract, agency, companies) -> models.Contract:
    return models.Contract(
        agency=agency,
        contractor=companies[plain.company],
        title="試験業務",
        concluded_on=plain.concluded or plain.first,
        first_day=plain.first,
        agreed_last_day=plain.last,
        last_day=plain.last,
        work=Work.MEDICAL_EXAMINATION if plain.medical else Work.DATA_ENTRY,
        information=plain.information,
        clause=plain.clause,
        exempt_work=dict.fromkeys(plain.exempt, "第8条"),
        items={item: {"article": "第1条"} for item in sorted(plain.items)},
        uses_dispatched_workers=plain.dispatched,
        dispatch_article="第9条" if plain.dispatch_said else "",
    )


def hang(entry: Entry, plain: oracle.Link, link: models.Subcontract) -> None:
    entry.approvals += [
        models.Approval(
            subcontract=link,
            result=decided.result,
            decided_on=decided.day,
            first_day=decided.first,
            last_day=decided.last,
        )
        for decided in plain.decisions
    ]
    entry.notices += [models.Notification(subcontract=link, received_on=d) for d in plain.notices]
    entry.flow_down += [
        models.FlowDownRecord(subcontract=link, recorded_on=paper.day, items=sorted(paper.things))
        for paper in plain.checklist
        if paper.things
    ]
    entry.targets += [target_of(entry.contract, link, visit) for visit in plain.inspections]
    entry.disposals += [disposal_of(entry.contract, link, day) for day in plain.proofs]


def target_of(contract, link, visit: oracle.Inspected) -> models.InspectionTarget:
    made = models.Inspection(
        day=visit.day,
        method="on_site" if visit.on_site else "documents",
        not_on_site_reason="遠隔地のため" if visit.reason and not visit.on_site else "",
    )
    scopes = {f"covers_{scope}": scope in visit.scopes for scope in SCOPES}
    return models.InspectionTarget(inspection=made, contract=contract, subcontract=link, **scopes)


SCOPES = ("handling", "management", "work")


def disposal_of(contract, link, day: date) -> models.Disposal:
    return models.Disposal(
        contract=contract,
        subcontract=link,
        method="erased",
        done_on=day,
        certificate_received_on=day,
    )


def amendments_of(plain: oracle.Contract, contract: models.Contract) -> list[models.Amendment]:
    """Without those that change nothing, which the ledger refuses."""
    return [
        models.Amendment(
            contract=contract,
            effective_on=amended.day,
            concluded_on=amended.concluded,
            clause=amended.clause,
            exempt_work=dict.fromkeys(amended.exempt, "第8条") if amended.clause else {},
            last_day=amended.last,
            items={item: {"article": "第2条"} if said else None for item, said in amended.items},
        )
        for amended in plain.amendments
        if amended.clause or amended.last or amended.items
    ]
