"""What the engine sees of the oracle's plain ledgers and plain laws."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from guideline.facts import (
    AmendedClause,
    AmendedItem,
    ContractFact,
    DisclosureFact,
    InspectionFact,
    Listed,
    approval_fact,
    clauses_in_force,
    items_said,
    links_in_term,
)
from guideline.provisions import Edition, Editions, Parameters
from outsourcing.days import FOREVER, end_of
from outsourcing.holdings import Holding, Holdings
from tests.guideline import oracle

CONTRACT, DISCLOSURE, AGENCY = 7, 8, 3


def fact(of: oracle.Contract | oracle.Disclosure, companies=None) -> ContractFact | DisclosureFact:
    if isinstance(of, oracle.Disclosure):
        return disclosure_fact(of)
    return contract_fact(of, companies or oracle.Companies())


def contract_fact(contract: oracle.Contract, companies: oracle.Companies) -> ContractFact:
    since, until = contract.first.toordinal(), end(contract)
    concluded = (contract.concluded or contract.first).toordinal()
    amendments = sorted(contract.amendments, key=lambda amended: amended.day)
    return ContractFact(
        id=CONTRACT,
        agency=AGENCY,
        contractor=contract.company,
        information=contract.information,
        since=since,
        until=until,
        clauses=clauses_in_force(
            contract.clause,
            contract.exempt,
            [
                AmendedClause(a.day.toordinal(), a.clause, a.exempt, judged(a))
                for a in amendments
                if a.clause
            ],
            concluded,
        ),
        links=links_in_term([row(link) for link in contract.links], since, until),
        holdings=recorded(companies),
        concluded=concluded,
        medical=contract.medical,
        items=items_said(contract.clause, tuple(contract.items)),
        amended_items=tuple(
            AmendedItem(a.day.toordinal(), judged(a), item, said)
            for a in amendments
            for item, said in all_items(a)
        ),
        dispatched=contract.dispatched,
        dispatch_said=contract.dispatch_said,
        checked=first_of(contract.checks),
        confirmed=listed(contract.confirmed),
        inspections=visits(contract.inspections),
        decisions=judgements(contract.judgements),
        measured=first_of(contract.measures),
        proof=first_of(contract.proofs),
        justified=justified(contract.excuses),
    )


def end(contract: oracle.Contract) -> int:
    last = contract.last
    for amended in sorted(contract.amendments, key=lambda amended: amended.day):
        last = amended.last or last
    return end_of(min(last, contract.terminated or date.max))


def judged(amended: oracle.Amended) -> int:
    return (amended.concluded or amended.day).toordinal()


def all_items(amended: oracle.Amended):
    if amended.clause:
        yield oracle.CLAUSE, amended.clause != "not_stated"
    yield from amended.items


def row(link: oracle.Link) -> dict:
    facts = (approval_fact(d.day, d.first, d.last, d.result) for d in link.decisions)
    return {
        "id": 100 + link.number,
        "number": link.number,
        "parent_id": link.parent and 100 + link.parent,
        "contractor_id": link.company,
        "work": link.work,
        "declared_relation": link.declared,
        "first_day": link.first,
        "last_day": link.last,
        "approvals": tuple(filter(None, facts)),
        "notices": tuple(day.toordinal() for day in link.notices),
        "handles_information": link.handles,
        "inspections": visits(link.inspections),
        "flow_down": listed(link.checklist),
        "proof": first_of(link.proofs),
    }


def disclosure_fact(disclosure: oracle.Disclosure) -> DisclosureFact:
    return DisclosureFact(
        id=DISCLOSURE,
        agency=AGENCY,
        since=disclosure.first.toordinal(),
        until=end_of(disclosure.last),
        public=disclosure.public,
        terms=first_of([disclosure.terms]),
        safety=first_of([disclosure.safety]),
        survey_decided=first_of([disclosure.survey_decided]),
        survey_needed=disclosure.survey_needed,
        surveyed=first_of([disclosure.surveyed]),
        measures_decided=first_of([disclosure.measures_decided]),
        measures_needed=disclosure.measures_needed,
        decisions=judgements(disclosure.judgements),
        measured=first_of(disclosure.measures),
        justified=justified(disclosure.excuses),
    )


def first_of(days: Iterable[date | None]) -> int:
    return min((day.toordinal() for day in days if day), default=FOREVER)


def listed(records: Iterable[oracle.Recorded]) -> tuple[Listed, ...]:
    return tuple(Listed(record.day.toordinal(), frozenset(record.things)) for record in records)


def visits(inspections: Iterable[oracle.Inspected]) -> tuple[InspectionFact, ...]:
    return tuple(
        InspectionFact(visit.day.toordinal(), visit.on_site or visit.reason, visit.scopes)
        for visit in sorted(inspections, key=lambda visit: visit.day)
    )


def judgements(made: Iterable[oracle.Judged]) -> tuple[tuple[int, bool], ...]:
    in_order = sorted(made, key=lambda judgement: judgement.day)
    return tuple((judgement.day.toordinal(), judgement.needed) for judgement in in_order)


def justified(excuses: Iterable[oracle.Excused]) -> dict[tuple[str, str], list[tuple[int, int]]]:
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for excuse in excuses:
        span = (excuse.first.toordinal(), end_of(excuse.last))
        found.setdefault((excuse.rule, excuse.subject), []).append(span)
    return found


def recorded(companies: oracle.Companies) -> Holdings:
    return Holdings(
        (
            Holding(h.holder, h.held, int(h.share * 10_000), h.first.toordinal(), end_of(h.last))
            for h in companies.holdings
        ),
        {company: day.toordinal() for company, day in companies.dissolved.items()},
    )


# The law


def editions(law: oracle.Law) -> Editions:
    ends = [edition.first.toordinal() for edition in law[1:]] + [FOREVER]
    return Editions(_edition(edition, until) for edition, until in zip(law, ends, strict=True))


def _edition(edition: oracle.Edition, until: int) -> Edition:
    return Edition(
        title="指針",
        number="総管情第84号",
        issued=edition.first - timedelta(days=1),
        since=edition.first.toordinal(),
        until=until,
        addressed_to="行政機関",
        note="",
        chapters=(),
        provisions={},
        parameters=parameters(edition),
        rules=dict.fromkeys(edition.rules, ("8-4",)),
    )


def parameters(edition: oracle.Edition) -> Parameters:
    return Parameters(
        inspection_windows=edition.windows,
        short_window_days=edition.short_window_days,
        short_term_days=edition.short_term_days,
        inspection_grace_days=edition.grace_days,
        disposal_proof_days=edition.disposal_days,
        items=edition.items,
        written_matters=edition.matters,
        inspection_scopes=edition.scopes,
        flow_down=edition.checklist,
    )
