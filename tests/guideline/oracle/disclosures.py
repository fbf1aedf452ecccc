"""What is asked when information is provided to others: 8-1 and 8-2, and 8-3 for public bodies."""

from __future__ import annotations

from datetime import date

from tests.guideline.oracle.law import Law, binds
from tests.guideline.oracle.ledger import Disclosure
from tests.guideline.oracle.terms import done, given


def no_terms(disclosure: Disclosure, _, day: date, law: Law) -> bool:
    return _asked(disclosure, day, law, "provision-terms") and not done([disclosure.terms], day)


def no_safety(disclosure: Disclosure, _, day: date, law: Law) -> bool:
    return _asked(disclosure, day, law, "provision-safety") and not done([disclosure.safety], day)


def no_survey(disclosure: Disclosure, _, day: date, law: Law) -> bool:
    if not _asked(disclosure, day, law, "provision-survey"):
        return False
    undecided = not done([disclosure.survey_decided], day)
    return undecided or (disclosure.survey_needed and not done([disclosure.surveyed], day))


def measures_undecided(disclosure: Disclosure, _, day: date, law: Law) -> bool:
    asked = disclosure.public and given(disclosure, day) and binds(law, "provision-public", day)
    return asked and not done([disclosure.measures_decided], day)


def _asked(disclosure: Disclosure, day: date, law: Law, rule: str) -> bool:
    """8-1 and 8-2 go without saying, except towards a public body: there only as decided."""
    decided = disclosure.measures_needed and done([disclosure.measures_decided], day)
    wanted = decided if disclosure.public else True
    return wanted and given(disclosure, day) and binds(law, rule, day)
