"""第8-4: 「…適切な管理を行う能力を有しない者を選定することがないように、必要な措置を講ずる」

A contract fails from the day of its conclusion until a check of the contractor is on record.
"""

from __future__ import annotations

from guideline.facts import ContractFact
from guideline.rules.base import BY_DAY, VIOLATION, Failure, Failures, Remedy, Rule, by


def fails(contract: ContractFact, law) -> Failures:
    if contract.checked <= contract.concluded:
        return ()
    until = min(contract.checked, contract.until)
    if contract.concluded >= until:
        return ()
    return (Failure(contract.subject, [(contract.concluded, until)]),)


def remedy(contract: ContractFact, link, finding, law) -> Remedy:
    text = f"{by(contract.concluded)}に行った、委託先の選定の確認の記録"
    return Remedy("capability", contract.concluded, text)


RULE = Rule(
    code="capability-check",
    title="委託先の選定に当たっての確認がない",
    severity=VIOLATION,
    judged=BY_DAY,
    contract=fails,
    remedy=remedy,
    evidence=("contract", "capability_checks"),
)
