"""What is accepted although it can hardly be so: named checks, each a queryset of what it marks,
and the same of one contract that has been read.

Paper shows such things, so they are taken in, marked and listed, and never refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value

from outsourcing.holdings import Holdings
from outsourcing.models import (
    Approval,
    ApprovalResult,
    Contract,
    Relation,
    Shareholding,
    Subcontract,
)
from outsourcing.recorded_holdings import holdings_above
from outsourcing.scope import Scope


@dataclass
class Read:
    """A contract read ``with_chain()``, and the holdings that bear on its links."""

    contract: Contract
    holdings: Holdings

    @cached_property
    def links(self) -> list[Subcontract]:
        return list(self.contract.subcontracts.all())

    @cached_property
    def approvals(self) -> list[Approval]:
        return [row for link in self.links for row in link.approvals.all() if not row.voided_on]

    @cached_property
    def shares(self) -> dict[int, list[tuple]]:
        """By company of the chain: (votes, first day, last day) of each holding in it."""
        found: dict[int, list[tuple]] = {}
        companies = {link.contractor_id for link in self.links}
        companies = [company for company in companies if self.holdings.recorded(company)]
        if companies:
            rows = Shareholding.objects.valid().filter(held__in=companies)
            for held, *share in rows.values_list("held_id", "share", "first_day", "last_day"):
                found.setdefault(held, []).append(tuple(share))
        return found


class Check(NamedTuple):
    """``marks`` gives the contracts a check marks, of those a reader may see; ``seen`` says the
    same of one that has been read, without asking the database for what lies in other contracts."""

    code: str
    title: str
    marks: Callable[[Scope], QuerySet]
    seen: Callable[[Read], bool]


def _with_link(**conditions):
    """Contracts that have a valid link fulfilling the conditions."""

    def marks(scope: Scope) -> QuerySet:
        links = Subcontract.objects.valid().filter(contract=OuterRef("pk"), **conditions)
        return Contract.objects.visible_to(scope).valid().filter(Exists(links))

    return marks


def _with_approval(condition: Q):
    """Contracts with a valid approval, on a valid link, fulfilling the condition."""

    def marks(scope: Scope) -> QuerySet:
        approvals = Approval.objects.valid().filter(
            condition, subcontract__contract=OuterRef("pk"), subcontract__voided_on__isnull=True
        )
        return Contract.objects.visible_to(scope).valid().filter(Exists(approvals))

    return marks


def _in_contract(condition: Q):
    def marks(scope: Scope) -> QuerySet:
        return Contract.objects.visible_to(scope).valid().filter(condition)

    return marks


def _withdrawn_on_the_day_of_approval(scope: Scope) -> QuerySet:
    withdrawals = Approval.objects.valid().filter(
        subcontract=OuterRef("subcontract"),
        decided_on=OuterRef("decided_on"),
        result=ApprovalResult.WITHDRAWN,
    )
    approvals = (
        Approval.objects.valid()
        .filter(result__in=(ApprovalResult.APPROVED, ApprovalResult.CONDITIONAL))
        .filter(Exists(withdrawals), subcontract__voided_on__isnull=True)
    )
    return (
        Contract.objects.visible_to(scope)
        .valid()
        .filter(pk__in=approvals.values("subcontract__contract_id"))
    )


def _holdings_over_whole(scope: Scope) -> QuerySet:
    """Links to a company of whose votes more than 100 % are recorded on one day.

    The sum on the first day of each holding is the largest: it only falls until the next begins.
    """
    others = (
        Shareholding.objects.valid()
        .filter(held=OuterRef("held"), first_day__lte=OuterRef("first_day"))
        .filter(Q(last_day__isnull=True) | Q(last_day__gte=OuterRef("first_day")))
        .order_by()
        .values("held")
        .annotate(votes=Sum("share"))
        .filter(votes__gt=100)
    )
    held = Shareholding.objects.valid().filter(Exists(others)).values("held_id")
    return _with_link(contractor_id__in=held)(scope)


def _declared_against_holdings(scope: Scope) -> QuerySet:
    """Links whose declared relation the recorded holdings do not bear out on the link's first day.

    Holdings are recorded of few companies, so these few are computed one by one.
    """
    recorded = Shareholding.objects.valid().filter(held=OuterRef("contractor"))
    links = list(
        Subcontract.objects.visible_to(scope)
        .valid()
        .exclude(declared_relation=Relation.UNKNOWN)
        .filter(Exists(recorded))
        .values_list(
            "contract_id",
            "contract__contractor_id",
            "contractor_id",
            "contractor__dissolved_on",
            "declared_relation",
            "first_day",
        )
    )
    holdings = holdings_above({company: dissolved for _, _, company, dissolved, _, _ in links})
    marked = {
        contract
        for contract, prime, company, _, declared, day in links
        if holdings.relation(prime, company, day.toordinal()) != declared
    }
    return Contract.objects.visible_to(scope).valid().filter(pk__in=marked)


def _after(day, other) -> bool:
    return day is not None and other is not None and day > other


def _parents_end(link: Subcontract, read: Read) -> Iterator:
    yield from (one.last_day for one in read.links if one.pk == link.parent_id)


def _seen_withdrawn_on_the_day(read: Read) -> bool:
    decided = {
        (row.subcontract_id, row.decided_on, row.result == ApprovalResult.WITHDRAWN)
        for row in read.approvals
        if row.decided_on and row.result != ApprovalResult.REJECTED
    }
    return any((link, day, not withdrawn) in decided for link, day, withdrawn in decided)


def _seen_over_whole(shares: list[tuple]) -> bool:
    return any(
        sum(s for s, first, last in shares if first <= day and (last is None or last >= day)) > 100
        for _, day, _ in shares
    )


def _seen_declared_against(read: Read) -> bool:
    prime = read.contract.contractor_id
    return any(
        link.declared_relation != Relation.UNKNOWN
        and read.holdings.recorded(link.contractor_id)
        and read.holdings.relation(prime, link.contractor_id, link.first_day.toordinal())
        != link.declared_relation
        for link in read.links
    )


CHECKS = (
    Check(
        "link-outside-term",
        "再委託の期間が契約期間の外に出ている",
        lambda scope: (
            _with_link(first_day__lt=OuterRef("first_day"))(scope)
            | _with_link(first_day__gt=OuterRef("last_day"))(scope)
            | _with_link(last_day__gt=OuterRef("last_day"))(scope)
        ),
        lambda read: any(
            not read.contract.first_day <= link.first_day <= read.contract.last_day
            or _after(link.last_day, read.contract.last_day)
            for link in read.links
        ),
    ),
    Check(
        "link-outlives-parent",
        "再委託の期間が再委託元の期間より後まで続いている",
        _with_link(last_day__gt=F("parent__last_day")),
        lambda read: any(
            _after(link.last_day, last) for link in read.links for last in _parents_end(link, read)
        ),
    ),
    Check(
        "approval-before-application",
        "承認の決定日が申請日より前になっている",
        _with_approval(Q(decided_on__lt=F("applied_on"))),
        lambda read: any(_after(row.applied_on, row.decided_on) for row in read.approvals),
    ),
    Check(
        "approval-without-day",
        "決定日が分からない承認（承認として数えない）",
        _with_approval(Q(decided_on__isnull=True)),
        lambda read: any(row.decided_on is None for row in read.approvals),
    ),
    Check(
        "approval-and-withdrawal-together",
        "承認と取消が同じ日になっている",
        _withdrawn_on_the_day_of_approval,
        lambda read: _seen_withdrawn_on_the_day(read),
    ),
    Check(
        "holdings-over-100",
        "再委託先の議決権の合計が100％を超える",
        _holdings_over_whole,
        lambda read: any(map(_seen_over_whole, read.shares.values())),
    ),
    Check(
        "declared-against-holdings",
        "申告された資本関係と登録された出資関係が食い違う",
        _declared_against_holdings,
        lambda read: _seen_declared_against(read),
    ),
    Check(
        "contractor-dissolved-before",
        "契約期間の初日より前に委託先が解散している",
        _in_contract(Q(contractor__dissolved_on__lt=F("first_day"))),
        lambda read: _after(read.contract.first_day, read.contract.contractor.dissolved_on),
    ),
    Check(
        "link-after-dissolution",
        "解散した再委託先への再委託",
        _with_link(contractor__dissolved_on__lt=F("first_day")),
        lambda read: any(
            _after(link.first_day, link.contractor.dissolved_on) for link in read.links
        ),
    ),
    Check(
        "link-to-itself",
        "再委託先が委託先自身になっている",
        _with_link(contractor=F("contract__contractor")),
        lambda read: any(link.contractor_id == read.contract.contractor_id for link in read.links),
    ),
    Check(
        "concluded-after-start",
        "契約締結日が契約期間の初日より後になっている",
        _in_contract(Q(concluded_on__gt=F("first_day"))),
        lambda read: read.contract.concluded_on > read.contract.first_day,
    ),
    Check(
        "terminated-after-end",
        "解除日が契約期間の末日より後になっている",
        _in_contract(Q(terminated_on__gt=F("last_day"))),
        lambda read: _after(read.contract.terminated_on, read.contract.last_day),
    ),
)

BY_CODE = {check.code: check for check in CHECKS}


def counts(scope: Scope) -> list[tuple[Check, int]]:
    """How many contracts each check marks: one query for all, beside those for holdings."""
    first, *rest = (
        check.marks(scope).order_by().values(check=Value(check.code)).annotate(marked=Count("pk"))
        for check in CHECKS
    )
    found = {row["check"]: row["marked"] for row in first.union(*rest, all=True)}
    return [(check, found.get(check.code, 0)) for check in CHECKS]


def marks_of(contract: Contract, holdings: Holdings) -> list[Check]:
    """The checks that mark one contract, read ``with_chain()``; at most one query."""
    read = Read(contract, holdings)
    return [check for check in CHECKS if check.seen(read)]
