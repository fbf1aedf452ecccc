"""年度更新: drafts of the contracts that follow, many at once."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch

from outsourcing.actions.base import insert_many, recording
from outsourcing.actions.contracts import locked_many
from outsourcing.models import Amendment, Contract, Draft, Subcontract
from outsourcing.querysets import ContractQuerySet
from outsourcing.renewing import going_on, remarks, typed_anew

LONGEST_TITLE = Draft._meta.get_field("title").max_length
NAMED = 10  # contracts that a refusal names


def renew_many(numbers: Mapping[Contract, str], *, by) -> list[Draft]:
    """Make a draft of the contract that follows each, under the number given; all or none.

    A contract that has been renewed meanwhile, or cannot be, is refused by name.
    """
    keys = {contract.pk: number for contract, number in numbers.items()}
    with recording():
        locked_many(keys)
        # As they stand under the lock: the copies at hand may be old.
        rows = list(with_all_that_is_copied(Contract.objects.filter(pk__in=keys)))
        if done := [row for row in rows if row.is_renewed]:
            raise ValidationError(f"既に更新されているか、下書きがあります：{_named(done)}")
        barred = [row for row in rows if row.voided_on or any(r.bars for r in _remarks(row))]
        if barred:
            raise ValidationError(f"更新できない契約です：{_named(barred)}")
        return insert_many([_draft(row, keys[row.pk]) for row in rows], by=by)


def with_all_that_is_copied(contracts: ContractQuerySet) -> ContractQuerySet:
    """Three queries, however many contracts. Each has ``amended`` and ``chain``, its amendments and
    links that are facts, and ``is_renewed``."""
    return (
        with_whether_renewed(contracts)
        .select_related("agency", "section__agency", "contractor", "officer")
        .prefetch_related(
            Prefetch(
                "amendments",
                Amendment.objects.valid().order_by("effective_on", "pk"),
                to_attr="amended",
            ),
            Prefetch(
                "subcontracts",
                Subcontract.objects.valid().select_related("contractor").order_by("number"),
                to_attr="chain",
            ),
        )
        .order_by("agency__code", "fiscal_year", "serial")
    )


def with_whether_renewed(contracts: ContractQuerySet) -> ContractQuerySet:
    """``is_renewed``: a contract that is a fact, or a draft still open, goes on from it."""
    drafts = Draft.objects.valid().filter(renews=OuterRef("pk"), contract__isnull=True)
    following = Contract.objects.valid().filter(renews=OuterRef("pk"))
    return contracts.annotate(is_renewed=Exists(following) | Exists(drafts))


def _remarks(contract: Contract):
    return remarks(contract, going_on(contract, contract.chain))


def _draft(contract: Contract, number: str) -> Draft:
    typed = typed_anew(contract, contract.amended, contract.chain, number=number)
    return Draft(
        agency_id=contract.agency_id,
        section_id=contract.section_id,
        officer_id=contract.officer_id,
        synthetic=contract.synthetic,
        renews=contract,
        title=typed["title"][0][:LONGEST_TITLE],
        typed=typed,
    )


def _named(contracts: list[Contract]) -> str:
    names = "、".join(contract.code for contract in contracts[:NAMED])
    return f"{names}など" if len(contracts) > NAMED else names
