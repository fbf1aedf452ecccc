"""第8-4(2)注: 「再委託に際して再委託先に求める事項は、再委託先が子会社である場合も、同様に
求めるべきことを明記すること」

A contract that allows subcontracting (any clause but 禁止) and does not say so. What was concluded
before the note came follows the edition of then, until an amendment renews the clause or the note.
"""

from __future__ import annotations

from collections.abc import Iterator

from guideline.facts import CLAUSE_ITEM, SUBSIDIARY_ITEM, ContractFact
from guideline.rules.base import BY_TEXT, VIOLATION, Failure, Failures, Remedy, Rule, by
from guideline.rules.clauses import FORBIDDEN
from guideline.rules.required_clause import and_after

CODE = "subsidiary-clause"


def fails(contract: ContractFact, law) -> Failures:
    if not contract.amended_items and law.binds(CODE, contract.concluded) is None:
        return ()
    failures = []
    for since, until, judged in _unsaid(contract):
        for clause in contract.clauses:
            if clause.clause == FORBIDDEN:
                continue
            first, end = max(since, clause.since), min(until, clause.until)
            if first < end and (days := law.asked(CODE, judged, first, end)):
                failures.append(Failure(contract.subject, days, judged))
    return failures


def _unsaid(contract: ContractFact) -> Iterator[tuple[int, int, int]]:
    """The days of the term on which nothing is said of subsidiaries, with the day of the text that
    stands: the last one, as recorded, that names the clause or the note."""
    since, said, judged = contract.since, SUBSIDIARY_ITEM in contract.items, contract.concluded
    for amended in contract.amended_items:
        if amended.item not in (CLAUSE_ITEM, SUBSIDIARY_ITEM):
            continue
        if not said and since < min(amended.day, contract.until):
            yield since, min(amended.day, contract.until), judged
        since, judged = max(since, amended.day), amended.judged
        if amended.item == SUBSIDIARY_ITEM:
            said = amended.said
    if not said and since < contract.until:
        yield since, contract.until, judged


def remedy(contract: ContractFact, link, finding, law) -> Remedy:
    text = (
        f"再委託先が子会社である場合も同様に求める旨を、{by(finding.since)}に効力を生じる契約書"
        "（変更契約を含む。）に明記すること"
    )
    text += and_after(contract, SUBSIDIARY_ITEM, finding)
    return Remedy("item", finding.since, text, SUBSIDIARY_ITEM)


RULE = Rule(
    code=CODE,
    title="子会社への再委託にも同様に求める旨の不記載",
    severity=VIOLATION,
    judged=BY_TEXT,
    contract=fails,
    remedy=remedy,
    evidence=("contract", "clause", "items"),
)
