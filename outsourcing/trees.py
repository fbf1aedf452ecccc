"""A contract's chain as a page draws it: nested links, each with what it is to prime and giver."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from outsourcing.holdings import Holdings
from outsourcing.models import Contract, Contractor, Relation, Subcontract
from outsourcing.recorded_holdings import holdings_above


@dataclass
class Node:
    """One link. ``to_prime`` and ``to_giver`` are relations on the day asked for.

    ``declared`` says that the relation to the prime contractor is only declared; ``disputed`` that
    the holdings on record say otherwise than was declared.
    """

    link: Subcontract
    depth: int
    giver: Contractor
    to_prime: Relation
    to_giver: Relation
    declared: bool
    disputed: bool
    children: list[Node] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """再承認待ち: goes on from the year before, and nothing is decided or notified yet."""
        return self.link.renews_id is not None and not any(
            row.voided_on is None and getattr(row, "decided_on", True)
            for row in [*self.link.approvals.all(), *self.link.notifications.all()]
        )


def holdings_of(contract: Contract) -> Holdings:
    """Those that bear on the links of a contract read ``with_chain()``: one query."""
    return holdings_above(
        {link.contractor_id: link.contractor.dissolved_on for link in contract.subcontracts.all()}
    )


def tree(contract: Contract, *, on: date, holdings: Holdings | None = None) -> list[Node]:
    """The chain of a contract read ``with_chain()``, as of a day."""
    links = list(contract.subcontracts.all())
    holdings = holdings or holdings_of(contract)
    below: dict[int | None, list[Subcontract]] = defaultdict(list)
    for link in links:
        below[link.parent_id].append(link)

    def nodes(parent: int | None, giver: Contractor, depth: int) -> list[Node]:
        return [
            _node(link, giver, depth, contract.contractor, holdings, on) for link in below[parent]
        ]

    top = nodes(None, contract.contractor, 1)
    waiting = list(top)
    while waiting:
        node = waiting.pop()
        node.children = nodes(node.link.pk, node.link.contractor, node.depth + 1)
        waiting += node.children
    return top


def _node(link, giver, depth, prime, holdings: Holdings, on: date) -> Node:
    day = on.toordinal()
    part, *_ = holdings.parts(prime.pk, link.contractor_id, link.declared_relation, day, day + 1)
    declared = part.basis == "declared"
    known = link.declared_relation != Relation.UNKNOWN
    return Node(
        link=link,
        depth=depth,
        giver=giver,
        to_prime=Relation(part.relation),
        to_giver=Relation(holdings.relation(giver.pk, link.contractor_id, day)),
        declared=declared,
        disputed=not declared and known and part.relation != link.declared_relation,
    )
