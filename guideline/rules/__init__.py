"""Every rule of 第8, one module each. A new rule is one module and one line here."""

from guideline.rules import unapproved_subcontract, unnotified_subcontract
from guideline.rules.base import Rule

RULES: tuple[Rule, ...] = (
    unapproved_subcontract.RULE,
    unnotified_subcontract.RULE,
)

BY_CODE = {rule.code: rule for rule in RULES}
