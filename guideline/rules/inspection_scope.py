"""第8-5: 「管理体制及び実施体制や個人情報の管理の状況について…確認する」; for links 第8-6

A window whose inspections together miss a scope that the edition of its last day names: from that
day until all that was missing has been inspected. 管理体制 and 実施体制 were added on 2018-10-22.
"""

from __future__ import annotations

from guideline.facts import ContractFact, Inspections, LinkFact
from guideline.provisions import Window
from guideline.rules.base import BY_WINDOW, CONTRACT, LINK, VIOLATION, Remedy, Rule
from guideline.rules.yearly_inspection import PARAMETERS, remedy_in_windows, windows_of

CODE = "inspection-scope"
SCOPES = {"handling": "個人情報の管理の状況", "management": "管理体制", "work": "実施体制"}


def fails(held: list, inspections: Inspections, window: Window) -> int | None:
    asked = window.edition.parameters.inspection_scopes
    if held[0].scopes >= asked:  # like most
        return None
    missing = asked.difference(*(seen.scopes for seen in held))
    if not missing:
        return None
    return max(
        window.following(seen for seen in inspections if scope in seen.scopes) for scope in missing
    )


def missed_scopes(subject: ContractFact | LinkFact, window: Window) -> frozenset[str]:
    """The scopes that the inspections of one window miss; none where there was no inspection."""
    held = window.held(subject.inspections)
    asked = window.edition.parameters.inspection_scopes
    return asked.difference(*(seen.scopes for seen in held)) if held else frozenset()


def remedy(contract: ContractFact, link: LinkFact | None, finding, law) -> Remedy:
    subject = link or contract
    windows = windows_of(CODE, subject, finding, law)
    missing = sorted({scope for window in windows for scope in missed_scopes(subject, window)})
    names = "、".join(SCOPES.get(scope, scope) for scope in missing)
    return remedy_in_windows("scopes", windows, f"{names}の検査", ",".join(missing))


RULE = Rule(
    code=CODE,
    title="検査した事項の不足",
    severity=VIOLATION,
    judged=BY_WINDOW,
    window=fails,
    in_windows_of=(CONTRACT, LINK),
    remedy=remedy,
    evidence=("contract", "link", "inspections"),
    reads=(*PARAMETERS, "inspection_scopes"),
)
