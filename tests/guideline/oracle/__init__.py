"""The rules of 第8, written the other way round: for one single day, does this rule fail for this
subject? No interval is computed here, and nothing is shared with what computes them.
"""

from tests.guideline.oracle.holdings import relation, subsidiaries
from tests.guideline.oracle.law import ADDED, LAW, SIX, Edition, Law, edition_on, without
from tests.guideline.oracle.ledger import (
    CLAUSE,
    NOTE,
    Amended,
    Companies,
    Contract,
    Decided,
    Disclosure,
    Excused,
    Held,
    Inspected,
    Judged,
    Link,
    Recorded,
)
from tests.guideline.oracle.questions import (
    CONTRACT_RULES,
    DISCLOSURE_RULES,
    RULES,
    attention,
    deciding,
    excused,
    failing,
    failing_on,
)
from tests.guideline.oracle.subcontracts import approved
from tests.guideline.oracle.terms import days

__all__ = [
    "ADDED",
    "CLAUSE",
    "CONTRACT_RULES",
    "DISCLOSURE_RULES",
    "LAW",
    "NOTE",
    "RULES",
    "SIX",
    "Amended",
    "Companies",
    "Contract",
    "Decided",
    "Disclosure",
    "Edition",
    "Excused",
    "Held",
    "Inspected",
    "Judged",
    "Law",
    "Link",
    "Recorded",
    "approved",
    "attention",
    "days",
    "deciding",
    "edition_on",
    "excused",
    "failing",
    "failing_on",
    "relation",
    "subsidiaries",
    "without",
]
