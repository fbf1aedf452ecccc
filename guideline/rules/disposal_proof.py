"""第8-4(5): 「委託終了時における個人情報の消去及び媒体の返却」

A contract, or a link that handles personal information, has ended and no proof of return or erasure
came within the days the edition of its last day gives: from the last of these days until the proof.
"""

from __future__ import annotations

from guideline.facts import ContractFact, LinkFact
from guideline.intervals import FOREVER
from guideline.rules.base import ATTENTION, BY_DAY, Failure, Failures, Remedy, Rule, by


def fails_link(contract: ContractFact, link: LinkFact, law) -> Failures:
    return unproved(link, law) if link.handles else ()


def unproved(subject: ContractFact | LinkFact, law) -> Failures:
    last, proof = subject.until - 1, subject.proof
    if proof <= last:
        return ()
    deadline = last + law.first(last).parameters.disposal_proof_days
    if proof <= deadline or deadline >= FOREVER or subject.since > last:
        return ()
    return (Failure(subject.subject, [(deadline, subject.proof)]),)


def remedy(contract: ContractFact, link: LinkFact | None, finding, law) -> Remedy:
    text = f"{by(finding.since)}に受け取った、返却又は消去の証明"
    return Remedy("disposal", finding.since, text)


RULE = Rule(
    code="disposal-proof",
    title="返却・消去の証明がない",
    severity=ATTENTION,
    judged=BY_DAY,
    contract=unproved,
    link=fails_link,
    remedy=remedy,
    evidence=("contract", "link", "disposals"),
    after_term=True,
    reads=("disposal_proof_days",),
)
