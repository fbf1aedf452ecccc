"""第8-6: 「委託先を通じて又は委託元自らが5の措置を実施する」

As the yearly inspection of 8-5, over the own term of each link that handles personal information;
an inspection made through the contractor counts.
"""

from __future__ import annotations

from guideline.facts import ContractFact, LinkFact
from guideline.rules.base import BY_WINDOW, VIOLATION, Failures, Rule
from guideline.rules.yearly_inspection import LINK_CODE, PARAMETERS, missed, remedy


def fails(contract: ContractFact, link: LinkFact, law) -> Failures:
    return missed(link, law, LINK_CODE) if link.handles else ()


RULE = Rule(
    code=LINK_CODE,
    title="再委託先について年1回以上の検査がない",
    severity=VIOLATION,
    judged=BY_WINDOW,
    link=fails,
    remedy=remedy,
    evidence=("link", "inspections"),
    reads=PARAMETERS,
)
