"""第8-5: 「原則として実地検査により確認する」; for links 第8-6

A window that holds inspections, but none on site and none with a reason for another method: from
its last day until the next inspection on site or with a reason. Since 2018-10-22.
"""

from __future__ import annotations

from guideline.facts import ContractFact, Inspections, LinkFact
from guideline.provisions import Window
from guideline.rules.base import BY_WINDOW, CONTRACT, LINK, VIOLATION, Remedy, Rule
from guideline.rules.yearly_inspection import PARAMETERS, remedy_in_windows, windows_of

CODE = "on-site"


def fails(held: list, inspections: Inspections, window: Window) -> int | None:
    if held[0].in_principle or any(seen.in_principle for seen in held):
        return None
    return window.following(seen for seen in inspections if seen.in_principle)


def remedy(contract: ContractFact, link: LinkFact | None, finding, law) -> Remedy:
    deed = "実地検査、又はその間の検査の記録に、実地によらない理由を記すこと"
    windows = windows_of(CODE, link or contract, finding, law)
    return remedy_in_windows("on_site", windows, deed)


RULE = Rule(
    code=CODE,
    title="検査が実地によらず、その理由がない",
    severity=VIOLATION,
    judged=BY_WINDOW,
    window=fails,
    in_windows_of=(CONTRACT, LINK),
    remedy=remedy,
    evidence=("contract", "link", "inspections"),
    reads=PARAMETERS,
)
