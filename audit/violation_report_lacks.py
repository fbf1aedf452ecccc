"""What was missing where work was passed on against the contract, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guideline.facts import ContractFact, LinkFact
from guideline.intervals import FOREVER
from guideline.rules.clauses import FORBIDDEN

NOTICE = "unnotified-subcontract"


def lacking(contract: ContractFact, link: LinkFact, rule: str, since: int, until: int) -> str:
    """Of a finding of a contract rule on the days [since, until)."""
    told = _of_notice(link, since) if rule == NOTICE else _of_approval(contract, link, since, until)
    return "。".join(told)


def _of_notice(link: LinkFact, since: int) -> Iterator[str]:
    received = min((day for day in link.notices if day >= since), default=None)
    if received is None:
        yield "事前の届出がない"
    else:
        yield f"事前の届出がない（届出の受理は{_day(received)}）"


def _of_approval(contract, link: LinkFact, since: int, until: int) -> Iterator[str]:
    clauses = [c for c in contract.clauses if c.since < until and since < c.until]
    forbidding = [c for c in clauses if c.clause == FORBIDDEN and link.work not in c.exempt]
    if forbidding:
        yield "契約が再委託を禁止している"
        if len(forbidding) == len(clauses):
            return
    given = [a for a in link.approvals if not a.withdrawn]
    withdrawn = [a.since for a in link.approvals if a.withdrawn and a.since == since]
    ended = [a.until for a in given if a.until == since and a.until < FOREVER]
    later = min((a.since for a in given if a.since >= until), default=None)
    if withdrawn:
        yield f"承認が{_day(since)}に取り消された後も続いた"
    elif ended:
        yield f"承認の有効期間（{_day(since - 1)}まで）の後も続いた"
    elif later is not None:
        yield f"事前の承認がない（承認は{_day(later)}から）"
    else:
        yield "承認がない"


def _day(number: int) -> str:
    return date.fromordinal(number).isoformat()
