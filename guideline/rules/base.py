"""What a rule is: where it stands in the law, and one short pure function from facts to days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from guideline.intervals import Span
from outsourcing.wareki import both_of

BREACH, VIOLATION, ATTENTION = "breach", "violation", "attention"

# Which edition a rule looks to (domain of dates): that in force on each day of the conduct, that of
# the day on which the contract or its amendment said so, that of a window's last day.
BY_DAY, BY_TEXT, BY_WINDOW = "by_day", "by_text", "by_window"

# Whose inspection windows a rule judges.
CONTRACT, LINK = "contract", "link"


@dataclass(slots=True)  # as facts are
class Failure:
    """``subject`` fails on ``days``. ``judged`` is the day whose edition decides, where that is not
    the first failing day; ``severity`` is given where it is not the rule's own."""

    subject: str
    days: list[Span]
    judged: int | None = None
    severity: str | None = None


class Remedy(NamedTuple):
    """The smallest change that would clear a finding: a deed of ``kind``, on ``day`` at the latest.

    ``item`` names which, where there are several.
    """

    kind: str
    day: int
    text: str
    item: str = ""


Failures = Sequence[Failure]


@dataclass(frozen=True, slots=True)
class Rule:
    """``contract``, ``link`` and ``disclosure`` say who fails on which days, each for its subject:
    (contract, law), (contract, link, law), (disclosure, law). Days outside the law are cut later
    where the rule is judged by day.

    ``window`` judges the inspections of one inspection window, of the subjects that
    ``in_windows_of`` names: (those held in it, all of the subject, window) -> the day until which
    it fails, from the window's last day on, or None. It is asked about windows in which something
    was held, or with ``of_empty_windows`` about those in which nothing was. Where
    ``short_is_attention``, in a term shorter than ``short_term_days`` it is 注意 only.

    ``remedy`` gets the subject's fact and the finding. ``evidence`` names the records it rests on
    (``guideline.proofs``); ``reads`` the parameters of an edition it depends on.
    """

    code: str
    title: str
    severity: str
    judged: str
    remedy: Callable[..., Remedy | None]
    evidence: tuple[str, ...]
    contract: Callable[..., Failures] | None = None
    link: Callable[..., Failures] | None = None
    disclosure: Callable[..., Failures] | None = None
    window: Callable[..., int | None] | None = None
    in_windows_of: tuple[str, ...] = ()
    of_empty_windows: bool = False
    short_is_attention: bool = False
    reads: tuple[str, ...] = ()
    # The finding says whether the link's contractor is a subsidiary of the prime contractor.
    tells_relation: bool = False
    # Fails after the end of a term, not only within it.
    after_term: bool = False
    # 調査票情報等 is judged by the contract alone, 保有個人情報 by the guideline too.
    judges_statistics: bool = False


def by(day: int) -> str:
    """2018年3月31日（平成30年3月31日）まで"""
    return f"{both_of(day)}まで"
