"""第8-4: 「委託先における責任者及び業務従事者の管理体制及び実施体制、個人情報の管理の状況に
ついての検査に関する事項等の必要な事項について書面で確認する」

Each matter the edition of the day names and that is not confirmed in writing, from the first day of
the term until it is. 実施体制 was added on 2018-10-22.
"""

from __future__ import annotations

from guideline.facts import ContractFact, first_day_of
from guideline.intervals import union
from guideline.rules.base import BY_DAY, VIOLATION, Failure, Failures, Remedy, Rule, by
from outsourcing.models import Matter

CODE = "written-confirmation"


def fails(contract: ContractFact, law) -> Failures:
    found: dict[str, list] = {}
    confirmed = contract.confirmed
    for edition in law.having(CODE):
        since, until = contract.since, contract.until
        if until <= edition.since or edition.until <= since:
            continue
        asked, since = edition.parameters.written_matters, max(since, edition.since)
        for listed in confirmed:
            if listed.day <= since and listed.things >= asked:  # like most
                break
        else:
            for matter in asked:
                if (day := first_day_of(matter, confirmed)) > since:
                    found.setdefault(matter, []).append((since, min(day, until, edition.until)))
    if not found:
        return ()
    return [Failure(f"item:{matter}", union(found[matter])) for matter in sorted(found)]


def remedy(contract: ContractFact, link, finding, law) -> Remedy:
    matter = finding.subject.removeprefix("item:")
    text = f"{by(finding.since)}の日付の、{matter_in_words(matter)}についての書面による確認"
    return Remedy("confirmation", finding.since, text, matter)


def matter_in_words(matter: str) -> str:
    return Matter(matter).label if matter in Matter.values else matter


RULE = Rule(
    code=CODE,
    title="書面による確認がない",
    severity=VIOLATION,
    judged=BY_DAY,
    contract=fails,
    remedy=remedy,
    evidence=("contract", "confirmations"),
    reads=("written_matters",),
)
