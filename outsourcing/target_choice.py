"""The first step of planning or recording inspections: which contracts and links."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import QueryDict
from django.shortcuts import render

from outsourcing.plan_forms import TargetFilter
from outsourcing.querysets import ContractQuerySet
from outsourcing.targets import Target, TargetsField, found, links_of

PER_PAGE = 20


class Choice:
    """What an address asks for, as far as the user may write to it."""

    def __init__(self, codes: list[str], contracts: ContractQuerySet, *, asks: bool = False):
        """``asks``: nothing chosen is an error, not a beginning."""
        field = TargetsField(label="検査の対象", required=asks)
        field.contracts = contracts
        self.errors: list[str] = []
        self.targets: list[Target] = []
        try:
            self.targets = field.clean(codes)
        except ValidationError as refused:
            self.errors = refused.messages
            self.targets, _ = found(codes, contracts)


def chooses(data: QueryDict) -> bool:
    """Whether somebody still searches, or turns pages."""
    return "choose" in data or "page" in data


def choosing(request, choice: Choice, contracts: ContractQuerySet, **context):
    """The list to choose from; what is ticked stays so from search to search."""
    rows = contracts.select_related("agency", "section", "contractor", "officer")
    own_first = Case(When(officer=request.user, then=0), default=1)
    rows = rows.order_by(own_first, "agency__code", "-fiscal_year", "-serial")
    filter_ = TargetFilter(request.GET, queryset=rows, request=request)
    page = Paginator(filter_.qs, PER_PAGE).get_page(request.GET.get("page", 1))
    links: dict[int, list[Target]] = {contract.pk: [] for contract in page}
    by_pk = {contract.pk: contract for contract in page}
    for link in links_of(by_pk.values()).values():
        links[link.contract_id].append(Target(by_pk[link.contract_id], link))
    groups = [[Target(contract, None), *links[contract.pk]] for contract in page]
    shown = {target.code for group in groups for target in group}
    context |= {
        "filter": filter_,
        "page": page,
        "groups": groups,
        "ticked": {target.code for target in choice.targets},
        "elsewhere": [target for target in choice.targets if target.code not in shown],
        "problems": choice.errors,
    }
    status = 400 if choice.errors else 200
    return render(request, "outsourcing/inspection_targets.html", context, status=status)
