"""What is accepted although it can hardly be so: named checks, each a queryset of what it marks.

Paper shows such things, so they are taken in, marked and listed, and never refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value

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


class Check(NamedTuple):
    """``marks`` gives the contracts a check marks, of those a reader may see."""

    code: str
    title: str
    marks: Callable[[Scope], QuerySet]


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


CHECKS = (
    Check(
        "link-outside-term",
        "再委託の期間が契約期間の外に出ている",
        lambda scope: (
            _with_link(first_day__lt=OuterRef("first_day"))(scope)
            | _with_link(first_day__gt=OuterRef("last_day"))(scope)
            | _with_link(last_day__gt=OuterRef("last_day"))(scope)
        ),
    ),
    Check(
        "link-outlives-parent",
        "再委託の期間が再委託元の期間より後まで続いている",
        _with_link(last_day__gt=F("parent__last_day")),
    ),
    Check(
        "approval-before-application",
        "承認の決定日が申請日より前になっている",
        _with_approval(Q(decided_on__lt=F("applied_on"))),
    ),
    Check(
        "approval-without-day",
        "決定日が分からない承認（承認として数えない）",
        _with_approval(Q(decided_on__isnull=True)),
    ),
    Check(
        "approval-and-withdrawal-together",
        "承認と取消が同じ日になっている",
        _withdrawn_on_the_day_of_approval,
    ),
    Check("holdings-over-100", "再委託先の議決権の合計が100％を超える", _holdings_over_whole),
    Check(
        "declared-against-holdings",
        "申告された資本関係と登録された出資関係が食い違う",
        _declared_against_holdings,
    ),
    Check(
        "contractor-dissolved-before",
        "契約期間の初日より前に委託先が解散している",
        _in_contract(Q(contractor__dissolved_on__lt=F("first_day"))),
    ),
    Check(
        "link-after-dissolution",
        "解散した再委託先への再委託",
        _with_link(contractor__dissolved_on__lt=F("first_day")),
    ),
    Check(
        "link-to-itself",
        "再委託先が委託先自身になっている",
        _with_link(contractor=F("contract__contractor")),
    ),
    Check(
        "concluded-after-start",
        "契約締結日が契約期間の初日より後になっている",
        _in_contract(Q(concluded_on__gt=F("first_day"))),
    ),
    Check(
        "terminated-after-end",
        "解除日が契約期間の末日より後になっている",
        _in_contract(Q(terminated_on__gt=F("last_day"))),
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


def marks_of(contract: Contract) -> list[Check]:
    """The checks that mark one contract."""
    own = Contract.objects.filter(pk=contract.pk)
    scope = Scope.of([contract.agency_id])
    found = own.annotate(
        **{
            f"mark_{number}": Exists(check.marks(scope).filter(pk=OuterRef("pk")))
            for number, check in enumerate(CHECKS)
        }
    )
    row = found.values(*(f"mark_{number}" for number in range(len(CHECKS)))).first() or {}
    return [check for number, check in enumerate(CHECKS) if row.get(f"mark_{number}")]
