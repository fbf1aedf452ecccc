"""What a rule is: where it stands in the law, and one short pure function from facts to days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from guideline.facts import ContractFact, LinkFact
from guideline.intervals import Span


class Failure(NamedTuple):
    """``subject`` fails on ``days``; ``link`` is given where the subject is a link of the chain."""

    subject: str
    days: list[Span]
    link: LinkFact | None = None


class Rule(NamedTuple):
    """``fails`` yields, for one contract, who fails on which days; days of law are cut later."""

    code: str
    provision: str
    title: str
    severity: str
    fails: Callable[[ContractFact], Iterator[Failure]]
    # 調査票情報等 is judged by the contract alone, 保有個人情報 by the guideline too.
    judges_statistics: bool = False
