"""Where rules meet the ORM: from contracts, and provisions of information, to their facts.

Facts are the same for one contract and for all: they are read in slices, with a fixed number of
queries a slice, so memory does not grow with the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from guideline.facts import (
    CLAUSE_ITEM,
    AmendedClause,
    AmendedItem,
    ContractFact,
    DisclosureFact,
    clauses_in_force,
    items_said,
    links_in_term,
)
from guideline.models import Justification
from guideline.records import Recorded, read_records
from outsourcing.days import FOREVER, end_of
from outsourcing.holdings import Holdings
from outsourcing.models import (
    Amendment,
    Clause,
    Contract,
    Disclosure,
    Subcontract,
)
from outsourcing.prepared import Prepared
from outsourcing.querysets import among
from outsourcing.recorded_holdings import holdings_above

MEDICAL = {Contract.Work.STAFF_HEALTH_CHECK, Contract.Work.MEDICAL_EXAMINATION}

# What is read, but for which contracts: made once, since making a query takes Django as long as
# asking it takes the database.
CONTRACT_FIELDS = (
    *("id", "agency_id", "contractor_id", "information", "first_day", "last_day"),
    *("clause", "exempt_work", "concluded_on", "work", "items"),
    *("uses_dispatched_workers", "dispatch_article"),
)
CONTRACTS = Prepared(lambda among: _contracts(among))
LOCKED = Prepared(lambda among: _contracts(among).select_for_update(no_key=True))
AMENDMENTS = Prepared(
    lambda among: (
        Amendment.objects.valid()
        .filter(among("contract_id"))
        .order_by("effective_on", "pk")
        .values_list(
            "contract_id", "effective_on", "concluded_on", "clause", "exempt_work", "items"
        )
    )
)
LINK_FIELDS = (
    *("id", "contract_id", "parent_id", "number", "contractor_id", "work"),
    *("declared_relation", "first_day", "last_day", "handles_information"),
    "contractor__dissolved_on",
)
LINKS = Prepared(
    lambda among: (
        Subcontract.objects.valid()
        .filter(among("contract_id"))
        .order_by()
        .values_list(*LINK_FIELDS)
    )
)


def _contracts(among):
    return Contract.objects.valid().filter(among("pk")).order_by("pk").values_list(*CONTRACT_FIELDS)


def facts_for(ids: list[int], *, locked: bool = False) -> Iterator[ContractFact]:
    """The facts of contracts, by their keys (sorted, a bounded slice; where they lie close, of
    those between too). Voided contracts have none. ``locked``: for whoever will write, before
    anything else is read.

    At most six queries whatever the number of contracts.
    """
    rows = list((LOCKED if locked else CONTRACTS)(ids))
    if not rows:
        return
    ids = [row[0] for row in rows]
    amended = _amendments(ids)
    links = _links(ids)
    records = read_records(ids, links)
    holdings = holdings_above(
        {
            link["contractor_id"]: link["contractor__dissolved_on"]
            for chain in links.values()
            for link in chain
        }
    )
    nothing = Recorded()
    for row in rows:
        pk = row[0]
        yield contract_fact(
            row, amended.get(pk, ((), ())), links.get(pk, []), records.get(pk, nothing), holdings
        )


def contract_fact(row: tuple, amended, links: list[dict], found: Recorded, holdings: Holdings):
    """One contract's fact, of what CONTRACT_FIELDS says of it and what was read beside it."""
    pk, agency, contractor, information, first, last, clause, exempt = row[:8]
    concluded, work, items, dispatched, dispatch_article = row[8:]
    since, until = first.toordinal(), last.toordinal() + 1
    day = concluded.toordinal()
    clauses, amended_items = amended
    return ContractFact(
        id=pk,
        agency=agency,
        contractor=contractor,
        information=information,
        since=since,
        until=until,
        clauses=clauses_in_force(clause, exempt, clauses, day),
        links=links_in_term(links, since, until) if links else (),
        holdings=holdings,
        concluded=day,
        medical=work in MEDICAL,
        items=items_said(clause, tuple(i for i, where in items.items() if where is not None)),
        amended_items=tuple(amended_items),
        dispatched=dispatched,
        dispatch_said=bool(dispatch_article),
        checked=found.checked,
        confirmed=tuple(found.confirmed),
        inspections=tuple(found.inspections),
        decisions=found.decisions_in_order,
        measured=found.measured,
        proof=found.proof,
        work=work,
        justified=found.justified,
    )


def _amendments(ids) -> dict[int, tuple[list[AmendedClause], list[AmendedItem]]]:
    return amended_texts(AMENDMENTS(ids))


def amended_texts(rows) -> dict[int, tuple[list[AmendedClause], list[AmendedItem]]]:
    """By contract, what amendments say, of rows in the order of their effect."""
    found = defaultdict(lambda: ([], []))
    for contract, day, concluded, clause, exempt, items in rows:
        clauses, said = found[contract]
        effective = day.toordinal()
        judged = (concluded or day).toordinal()
        if clause:
            clauses.append(AmendedClause(effective, clause, exempt, judged))
            told = clause != Clause.NOT_STATED
            said.append(AmendedItem(effective, judged, CLAUSE_ITEM, told))
        for item, where in items.items():
            said.append(AmendedItem(effective, judged, item, where is not None))
    return found


def _links(ids) -> dict[int, list[dict]]:
    found = defaultdict(list)
    for values in LINKS(ids):
        row = dict(zip(LINK_FIELDS, values, strict=True))
        found[row["contract_id"]].append(row)
    return found


def disclosure_facts_for(ids: list[int], *, locked: bool = False) -> Iterator[DisclosureFact]:
    """The facts of provisions of information, as ``facts_for``. Two queries."""
    disclosures = Disclosure.objects.valid().order_by("pk")
    if locked:  # no others between: somebody would wait for them in vain
        rows = list(disclosures.filter(pk__in=ids).select_for_update(no_key=True))
    else:
        rows = list(disclosures.filter(among("pk", ids)))
    justified = defaultdict(lambda: defaultdict(list))
    reasons = Justification.objects.valid().filter(
        disclosure__in=[row.pk for row in rows], approved_on__isnull=False
    )
    for reason in reasons:
        days = reason.first_day.toordinal(), end_of(reason.last_day)
        justified[reason.disclosure_id][reason.rule, reason.subject].append(days)
    for row in rows:
        yield disclosure_fact(row, row.pk, justified.get(row.pk, {}))


def disclosure_fact(row: Disclosure, key: int, justified) -> DisclosureFact:
    """One provision's fact, under a key; it need not be saved."""
    decided = row.anonymization_decided_on
    return DisclosureFact(
        id=key,
        agency=row.agency_id,
        since=row.first_day.toordinal(),
        until=end_of(row.last_day),
        public=row.recipient_is_public,
        terms=_day(row.terms_agreed_on),
        safety=_day(row.safety_requested_on),
        survey_decided=_day(row.survey_decided_on),
        survey_needed=bool(row.survey_needed),
        surveyed=_day(row.surveyed_on),
        measures_decided=_day(row.measures_decided_on),
        measures_needed=bool(row.measures_needed),
        decisions=((decided.toordinal(), row.anonymization_needed),) if decided else (),
        measured=_day(row.anonymized_on),
        justified=justified,
    )


def _day(day: date | None) -> int:
    return FOREVER if day is None else day.toordinal()
