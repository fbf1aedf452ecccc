"""第8-5: 「委託先における…個人情報の管理の状況について、少なくとも年1回以上…確認する」

A window without an inspection: from its last day until the next inspection, else the term's end.
In a term shorter than ``short_term_days`` it is 注意 only.
"""

from __future__ import annotations

from guideline.facts import ContractFact, Inspections, LinkFact
from guideline.provisions import Window
from guideline.rules.base import BY_WINDOW, CONTRACT, VIOLATION, Remedy, Rule, by
from outsourcing.wareki import both_of

CODE = "yearly-inspection"
LINK_CODE = "link-inspection"
PARAMETERS = (
    *("inspection_windows", "short_window_days", "short_term_days"),
    "inspection_grace_days",
)


def fails(held: list, inspections: Inspections, window: Window) -> int:
    return window.following(inspections)


def windows_of(code: str, subject: ContractFact | LinkFact, finding, law) -> list[Window]:
    """The windows that a finding is about: those whose last days lie in it, and where its first
    days are excused, the one before. Each of them failed."""
    found = [
        window
        for window in law.windows(subject.since, subject.until)
        if code in window.edition.rules and window.last < finding.until
    ]
    begun = [window for window in found if window.last <= finding.since][-1:]
    return [*begun, *(window for window in found if window.last > finding.since)]


def remedy_in_windows(kind: str, windows: list[Window], deed: str, item: str = "") -> Remedy:
    """What should have been done in each of these windows."""
    spans = "、".join(f"{both_of(w.since)}から{by(w.last)}" for w in windows)
    each = "のそれぞれの間" if len(windows) > 1 else ""
    return Remedy(kind, windows[0].last, f"{spans}{each}に行った{deed}", item)


def remedy(contract: ContractFact, link: LinkFact | None, finding, law) -> Remedy:
    code = LINK_CODE if link else CODE
    return remedy_in_windows("inspection", windows_of(code, link or contract, finding, law), "検査")


RULE = Rule(
    code=CODE,
    title="年1回以上の検査がない",
    severity=VIOLATION,
    judged=BY_WINDOW,
    window=fails,
    in_windows_of=(CONTRACT,),
    of_empty_windows=True,
    short_is_attention=True,
    remedy=remedy,
    evidence=("contract", "inspections"),
    reads=PARAMETERS,
)
