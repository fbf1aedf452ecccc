"""What is inspected: contracts and links of their chains, by the codes that addresses and forms
name them by: A25-2017-00001, A25-2017-00001:link:3."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from outsourcing.forms import Refers
from outsourcing.models import Contract, Subcontract, split_code, target_code
from outsourcing.querysets import ContractQuerySet

MOST = 100  # of one visit, or planned at once: a server takes no endless form
_LINK = re.compile(r"link:([0-9]{1,4})")


class Target(NamedTuple):
    contract: Contract
    link: Subcontract | None

    @property
    def code(self) -> str:
        return target_code(self.contract, self.link)

    @property
    def key(self) -> tuple[int, int | None]:
        return self.contract.pk, self.link and self.link.pk

    @property
    def part(self) -> str:
        """再委託3, for what names the contract already."""
        return f"再委託{self.link.number}" if self.link else "委託先"

    @property
    def contractor(self):
        return self.link.contractor if self.link else self.contract.contractor


def found(codes: Iterable[str], contracts: ContractQuerySet) -> tuple[list[Target], list[str]]:
    """The targets among ``contracts`` and their links, each once and in this order, and the codes
    that name none: two queries."""
    codes = list(dict.fromkeys(codes))
    keys = {code: split_code(code.partition(":")[0]) for code in codes}
    named = [key for key in keys.values() if key]
    rows = contracts.filter(
        agency__code__in={agency for agency, _, _ in named},
        fiscal_year__in={year for _, year, _ in named},
        serial__in={serial for _, _, serial in named},
    ).select_related("agency", "section", "contractor", "officer")
    by_key = {(row.agency.code, row.fiscal_year, row.serial): row for row in rows}
    links = links_of(by_key.values()) if any(":" in code for code in codes) else {}
    targets, missing = [], []
    for code in codes:
        contract, link = by_key.get(keys[code]), None
        _, _, subject = code.partition(":")
        if contract and ":" in code:
            match = _LINK.fullmatch(subject)
            link = match and links.get((contract.pk, int(match[1])))
            contract = contract if link else None
        target = contract and Target(contract, link)
        if target and target.code == code:
            targets.append(target)
        else:
            missing.append(code)
    return targets, missing


def links_of(contracts: Iterable[Contract]) -> dict[tuple[int, int], Subcontract]:
    """The links that are facts, by contract and number."""
    rows = Subcontract.objects.valid().filter(contract__in=list(contracts))
    rows = rows.select_related("contractor").order_by("contract", "number")
    return {(row.contract_id, row.number): row for row in rows}


class TargetsField(Refers, forms.Field):
    """Some of the ``contracts`` that may be written to, and of their links."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, label: str, **kwargs):
        self.contracts = Contract.objects.none()
        super().__init__(label=label, **kwargs)
        self.error_messages["required"] = f"{label}を一つ以上選んでください。"

    def to_python(self, value) -> list[Target]:
        targets, missing = found(value or (), self.contracts)
        if missing:
            named = "、".join(missing[:10])
            raise ValidationError(
                f"{self.label}「{named}」は選べません（例：A25-2017-00001、A25-2017-00001:link:3）。",
                code="invalid_choice",
            )
        if len(targets) > MOST:
            raise ValidationError(
                f"{self.label}が{len(targets)}件あります。一度に記録できるのは{MOST}件までです。"
                "分けて記録してください。"
            )
        if len({target.contract.agency_id for target in targets}) > 1:
            raise ValidationError(
                f"{self.label}に複数の機関の契約があります。機関ごとに分けて記録してください。"
            )
        return targets
