"""What must hold of findings, of reasons and of measures is refused by the database itself."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from guideline import actions
from guideline.models import CorrectionEvidence, CorrectiveAction, Finding, Justification
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY, BEFORE = date(2017, 5, 1), date(2017, 4, 1)


@pytest.fixture
def rows():
    """A finding of a contract and one of information provided to others, and for each a reason and
    a measure with a file."""
    contract, disclosure = make.contract(), make.disclosure()
    for of in ({"contract": contract}, {"disclosure": disclosure}):
        subject = next(iter(of))
        actions.ask(
            by=make.recorder(), **of, subject=subject, first_day=DAY, last_day=DAY,
            rule="capability-check" if subject == "contract" else "provision-terms",
            reason="災害のため", asked_on=DAY,
        )  # fmt: skip
    for of in (contract, disclosure):
        row = make.corrective_action(finding=of.findings.order_by("pk").first(), started_on=DAY)
        make.correction_evidence(action=row)
    return contract, disclosure


VIOLATIONS = [
    ("finding_since_before_until", Finding, {"until": F("since"), "ends": F("since")}),
    ("finding_ends_is_until", Finding, {"ends": date(2040, 4, 1)}),
    ("finding_ends_is_until", Finding, {"until": date(2040, 4, 1)}),
    ("finding_of_one_subject", Finding, {"contract": None, "disclosure": None}),
    ("finding_severity_known", Finding, {"severity": "grave"}),
    ("finding_work_known", Finding, {"work": "gardening"}),
    ("finding_relation_known", Finding, {"relation": "cousin"}),
    ("justification_days_in_order", Justification, {"last_day": BEFORE}),
    ("justification_of_one_subject", Justification, {"contract": None, "disclosure": None}),
    ("justification_with_reason", Justification, {"reason": ""}),
    ("justification_approved_by_another", Justification,
     {"approved_by": F("asked_by"), "approved_on": DAY}),
    ("justification_approved_by_another", Justification, {"approved_on": DAY}),
    ("guideline_justification_voided_with_reason", Justification, {"voided_on": DAY}),
    ("correctiveaction_days_in_order", CorrectiveAction,
     {"first_day": DAY, "last_day": BEFORE}),
    ("correctiveaction_closed_after_start", CorrectiveAction, {"closed_on": BEFORE}),
    ("correctiveaction_due_after_start", CorrectiveAction, {"due_on": BEFORE}),
    ("correctiveaction_measure_known", CorrectiveAction, {"measure": "reward"}),
    ("correctiveaction_of_one_subject", CorrectiveAction,
     {"contract": None, "disclosure": None}),
    ("guideline_correctiveaction_voided_with_reason", CorrectiveAction, {"voided_on": DAY}),
    ("guideline_correctionevidence_voided_with_reason", CorrectionEvidence, {"voided_on": DAY}),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "model", "values"), VIOLATIONS)
def test_the_database_refuses(rows, constraint, model, values):
    of = "action__contract" if model is CorrectionEvidence else "contract"
    row = model.objects.filter(**{of: rows[0]}).order_by("pk")[:1].values("pk")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.filter(pk__in=list(row.values_list("pk", flat=True))).update(**values)


@pytest.mark.parametrize("of", ["contract", "disclosure"])
def test_the_same_finding_twice(rows, of):
    found = Finding.objects.filter(**{f"{of}__isnull": False}).order_by("pk").first()
    found.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        found.save(force_insert=True)


def test_every_constraint_is_tried_here():
    tried = {constraint for constraint, *_ in VIOLATIONS}
    unique = {"finding_unique", "finding_of_disclosure_unique"}
    models = Finding, Justification, CorrectiveAction, CorrectionEvidence
    named = {c.name for model in models for c in model._meta.constraints}
    assert named == tried | unique
