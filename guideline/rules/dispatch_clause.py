"""第8-7: 「労働者派遣契約書に秘密保持義務等個人情報の取扱いに関する事項を明記する」

A contract whose work is done by dispatched workers, and whose dispatch contract does not say so:
its whole term.
"""

from __future__ import annotations

from guideline.facts import ContractFact
from guideline.rules.base import BY_TEXT, VIOLATION, Failure, Failures, Remedy, Rule

CODE = "dispatch-clause"


def fails(contract: ContractFact, law) -> Failures:
    if not contract.dispatched or contract.dispatch_said:
        return ()
    days = law.asked(CODE, contract.concluded, contract.since, contract.until)
    return (Failure(contract.subject, days, contract.concluded),) if days else ()


def remedy(contract: ContractFact, link, finding, law) -> Remedy:
    text = "秘密保持義務等の事項を労働者派遣契約書に明記し、その条番号を記録すること"
    return Remedy("dispatch", finding.since, text)


RULE = Rule(
    code=CODE,
    title="労働者派遣契約書に秘密保持義務等の記載がない",
    severity=VIOLATION,
    judged=BY_TEXT,
    contract=fails,
    remedy=remedy,
    evidence=("contract", "dispatch"),
)
