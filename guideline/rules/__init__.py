"""Every rule of 第8, one module each. A new rule is one module and one line here.

Which of them bind, from when to when, and what they rest on is said by the editions.
"""

from guideline.rules import (
    anonymization_missing,
    anonymization_undecided,
    capability_check,
    dispatch_clause,
    disposal_proof,
    flow_down,
    inspection_scope,
    link_inspection,
    medical_attention,
    on_site,
    provision_public,
    provision_safety,
    provision_survey,
    provision_terms,
    required_clause,
    subsidiary_clause,
    unapproved_subcontract,
    unnotified_subcontract,
    written_confirmation,
    yearly_inspection,
)
from guideline.rules.base import Rule

RULES: tuple[Rule, ...] = (
    unapproved_subcontract.RULE,
    unnotified_subcontract.RULE,
    capability_check.RULE,
    required_clause.RULE,
    subsidiary_clause.RULE,
    written_confirmation.RULE,
    yearly_inspection.RULE,
    on_site.RULE,
    inspection_scope.RULE,
    flow_down.RULE,
    link_inspection.RULE,
    dispatch_clause.RULE,
    anonymization_undecided.RULE,
    anonymization_missing.RULE,
    disposal_proof.RULE,
    medical_attention.RULE,
    provision_terms.RULE,
    provision_safety.RULE,
    provision_survey.RULE,
    provision_public.RULE,
)

BY_CODE = {rule.code: rule for rule in RULES}
