"""第8-4: 「契約書に、次に掲げる事項を明記する」, (1) to (6)

An item the edition asks for that the contract does not say: from the first day of the term until
an amendment adds it. What was concluded follows the edition of the day of conclusion; what an
amendment says, or takes out, that of the amendment. Item (2) is the subcontracting clause itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from guideline.facts import ContractFact
from guideline.rules.base import BY_TEXT, VIOLATION, Failure, Failures, Remedy, Rule, by

CODE = "required-clause"


def fails(contract: ContractFact, law) -> Failures:
    edition = law.binds(CODE, contract.concluded)
    asked = edition.parameters.items if edition else frozenset()
    if not contract.amended_items:
        if asked <= contract.items:  # like most
            return ()
        missing = asked - contract.items
        if edition.since <= contract.since < contract.until:
            days = [(contract.since, contract.until)]
            return [Failure(f"item:{item}", days, contract.concluded) for item in sorted(missing)]
    amended = {a.item for a in contract.amended_items}
    return [
        failure
        for item in sorted((asked - contract.items) | amended)
        for failure in _unsaid(contract, item, law)
    ]


def _unsaid(contract: ContractFact, item: str, law) -> Iterator[Failure]:
    """The days on which the text in force should say ``item`` and does not, text by text."""
    texts = [(0, contract.concluded, item in contract.items)]
    texts += [(a.day, a.judged, a.said) for a in contract.amended_items if a.item == item]
    ends = [text[0] for text in texts[1:]] + [contract.until]
    for (since, judged, said), until in zip(texts, ends, strict=True):
        if said:
            continue
        first, end = max(since, contract.since), min(until, contract.until)
        if days := law.asked(CODE, judged, first, end, item):
            yield Failure(f"item:{item}", days, judged)


def remedy(contract: ContractFact, link, finding, law) -> Remedy:
    item = finding.subject.removeprefix("item:")
    text = f"第{item}の事項を、{by(finding.since)}に効力を生じる契約書又は変更契約に明記すること"
    return Remedy("item", finding.since, text + and_after(contract, item, finding), item)


def and_after(contract: ContractFact, item: str, finding) -> str:
    """Where a later text leaves the item out again, that one too."""
    again = any(
        a.item == item and not a.said and finding.since < a.day < finding.until
        for a in contract.amended_items
    )
    return "（その後の変更契約でも同様）" if again else ""


RULE = Rule(
    code=CODE,
    title="契約書に明記すべき事項の不記載",
    severity=VIOLATION,
    judged=BY_TEXT,
    contract=fails,
    remedy=remedy,
    evidence=("contract", "items"),
    reads=("items",),
)
