"""What rules see of the ledger, and the one place where that meets the ORM.

Days are day numbers, spans half-open. Facts are the same for one contract and for all: they are
read in slices, with a fixed number of queries a slice, so memory does not grow with the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from outsourcing.days import FOREVER, end_of
from outsourcing.holdings import Holdings
from outsourcing.models import (
    Amendment,
    Approval,
    ApprovalResult,
    Clause,
    Notification,
    Subcontract,
)
from outsourcing.querysets import among
from outsourcing.recorded_holdings import holdings_above


class ClauseFact(NamedTuple):
    """The subcontracting clause in force on the days [since, until), and what work it frees."""

    since: int
    until: int
    clause: str
    exempt: frozenset[str]


class AmendedClause(NamedTuple):
    """The clause an amendment put in place on a day, and the work it frees."""

    day: int
    clause: str
    exempt: Iterable[str]


class ApprovalFact(NamedTuple):
    """An approval that counts, on the days [since, until), or a withdrawal that takes effect."""

    decided: int
    since: int
    until: int
    withdrawn: bool


class LinkFact(NamedTuple):
    """One link on the days [since, until) that lie in its contract's term."""

    number: int
    contractor: int
    work: str
    declared: str
    since: int
    until: int
    approvals: tuple[ApprovalFact, ...]
    notices: tuple[int, ...]


class ContractFact(NamedTuple):
    """One contract in force on [since, until), its clauses in order and its links."""

    id: int
    agency: int
    contractor: int
    information: str
    since: int
    until: int
    clauses: tuple[ClauseFact, ...]
    links: tuple[LinkFact, ...]
    holdings: Holdings


# What is read, but for which contracts: made once, since making a query takes Django as long as
# asking it takes the database.
CONTRACT_FIELDS = (
    *("id", "agency_id", "contractor_id", "information"),
    *("first_day", "last_day", "clause", "exempt_work"),
)
AMENDMENTS = (
    Amendment.objects.valid()
    .order_by("effective_on", "pk")
    .values_list("contract_id", "effective_on", "clause", "exempt_work")
)
LINKS = (
    Subcontract.objects.valid()
    .order_by()
    .values(
        *("id", "contract_id", "parent_id", "number", "contractor_id", "work"),
        *("declared_relation", "first_day", "last_day", "contractor__dissolved_on"),
    )
)
APPROVALS = (
    Approval.objects.valid()
    .order_by()
    .values_list(*("subcontract_id", "decided_on", "first_day", "last_day", "result"))
)
NOTICES = Notification.objects.valid().order_by().values_list("subcontract_id", "received_on")


def facts_for(contracts) -> Iterator[ContractFact]:
    """The facts of a queryset of contracts, by key. Voided contracts have none.

    At most six queries whatever the number of contracts; what no clause asks for is not read. The
    queryset should be a bounded slice.
    """
    rows = list(contracts.valid().order_by("pk").values_list(*CONTRACT_FIELDS))
    if not rows:
        return
    ids = [row[0] for row in rows]
    amendments = _amendments(ids)
    clauses = {row[6] for row in rows} | {a.clause for found in amendments.values() for a in found}
    links = _links(ids, clauses)
    holdings = holdings_above(
        {
            link["contractor_id"]: link["contractor__dissolved_on"]
            for chain in links.values()
            for link in chain
        }
    )
    for pk, agency, contractor, information, first, last, clause, exempt in rows:
        since, until = first.toordinal(), last.toordinal() + 1
        yield ContractFact(
            id=pk,
            agency=agency,
            contractor=contractor,
            information=information,
            since=since,
            until=until,
            clauses=clauses_in_force(clause, exempt, amendments.get(pk, ())),
            links=links_in_term(links[pk], since, until) if pk in links else (),
            holdings=holdings,
        )


def clauses_in_force(
    clause: str, exempt: Iterable[str], amendments: Iterable[AmendedClause]
) -> tuple[ClauseFact, ...]:
    """The clause day by day: the first one, then each that an amendment puts in its place.

    ``amendments`` are in order of their days of effect; of two of one day the later one stands.
    """
    texts = [(0, clause, frozenset(exempt))]
    texts += [(day, new, frozenset(freed)) for day, new, freed in amendments]
    ends = [text[0] for text in texts[1:]] + [FOREVER]
    return tuple(
        ClauseFact(since, until, *text)
        for (since, *text), until in zip(texts, ends, strict=True)
        if since < until
    )


def links_in_term(rows: list[dict], since: int, until: int) -> tuple[LinkFact, ...]:
    """Links with their own ends resolved, on the days of their contract's term.

    Outside the term no clause is in force that a link could break; such days are only implausible.
    """
    by_id = {row["id"]: row for row in rows}

    def end(row: dict) -> int:
        for _ in rows:  # no chain is longer than all links together
            if row["last_day"] is not None or row["parent_id"] not in by_id:
                break
            row = by_id[row["parent_id"]]
        return until if row["last_day"] is None else end_of(row["last_day"])

    return tuple(
        LinkFact(
            number=row["number"],
            contractor=row["contractor_id"],
            work=row["work"],
            declared=row["declared_relation"],
            since=max(since, row["first_day"].toordinal()),
            until=min(until, end(row)),
            approvals=row["approvals"],
            notices=row["notices"],
        )
        for row in rows
    )


def approval_fact(decided, first, last, result) -> ApprovalFact | None:
    """What a recorded decision counts for: nothing when refused, or when its day is not known."""
    if decided is None or result == ApprovalResult.REJECTED:
        return None
    since = max(decided, first or decided).toordinal()
    until = end_of(last)
    return ApprovalFact(decided.toordinal(), since, until, result == ApprovalResult.WITHDRAWN)


def _amendments(ids):
    found = defaultdict(list)
    for contract, day, clause, exempt in AMENDMENTS.filter(among("contract_id", ids)):
        if clause:
            found[contract].append(AmendedClause(day.toordinal(), clause, exempt))
    return found


def _links(ids, clauses: set[str]):
    found = defaultdict(list)
    by_id = {}
    for row in LINKS.filter(among("contract_id", ids)):
        found[row["contract_id"]].append(row)
        by_id[row["id"]] = row
        row["approvals"] = row["notices"] = ()
    if by_id and Clause.PRIOR_APPROVAL in clauses:
        _add_approvals(by_id, ids)
    if by_id and Clause.PRIOR_NOTICE in clauses:
        _add_notices(by_id, ids)
    return found


def _add_approvals(links, ids):
    for link, *decision in APPROVALS.filter(among("subcontract__contract_id", ids)):
        fact = approval_fact(*decision)
        if fact and link in links:
            links[link]["approvals"] += (fact,)


def _add_notices(links, ids):
    for link, received in NOTICES.filter(among("subcontract__contract_id", ids)):
        if link in links:
            links[link]["notices"] += (received.toordinal(),)
