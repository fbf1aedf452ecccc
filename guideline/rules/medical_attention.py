"""第8-4, and the call for attention of 2018-10-22: 「行政機関等職員の健康診断や医学的な検査業務に
係る委託契約については、契約に違反する再委託が行われないよう特に留意すべきこと」

Never a breach: a mark on contracts for staff health checks and medical examinations.
"""

from __future__ import annotations

from guideline.facts import ContractFact
from guideline.rules.base import ATTENTION, BY_DAY, Failure, Failures, Rule


def fails(contract: ContractFact, law) -> Failures:
    if not contract.medical or contract.since >= contract.until:
        return ()
    return (Failure("contract", [(contract.since, contract.until)]),)


def remedy(contract: ContractFact, link, finding, law) -> None:
    """Nothing clears a mark."""
    return


RULE = Rule(
    code="medical-attention",
    title="健康診断・医学的な検査（特に留意）",
    severity=ATTENTION,
    judged=BY_DAY,
    contract=fails,
    remedy=remedy,
    evidence=("contract",),
)
