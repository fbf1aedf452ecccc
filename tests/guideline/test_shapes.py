"""The shape of a finding says what its columns say, however it was written."""

from __future__ import annotations

from datetime import date

import pytest

from audit.conditions import Conditions
from guideline.models import Finding, FindingShape
from guideline.shapes import known
from outsourcing.scope import Scope
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def findings():
    contract = make.contract(last_day=date(2019, 3, 31))
    chain = make.chain(contract=contract, depth=3)
    make.holding(holder=contract.contractor, held=chain[1].contractor, share=100)
    make.disclosure()
    return Finding.objects.all()


def test_it_says_what_the_columns_say(findings):
    shapes = known()
    for finding in findings:
        shape = shapes[finding.shape_id]
        told = ("severity", "provision", "rule", "work", "relation")
        assert [getattr(shape, name) for name in told] == [getattr(finding, n) for n in told]
        assert shape.depth == {0: "0", 1: "1", 2: "2", 3: "2"}[finding.depth]
        assert (shape.excused == "1") == finding.excused
        assert (shape.owed == "1") == (finding.owed_to is not None)
    assert {shapes[f.shape_id].depth for f in findings} == {"0", "1", "2"}
    assert {shapes[f.shape_id].owed for f in findings} == {"0", "1"}


def test_each_has_one_number_that_stays(findings):
    shapes = known()
    assert len(set(shapes.values())) == len(shapes)
    make.chain(contract=make.contract(last_day=date(2019, 3, 31)), depth=3)
    assert {number: known()[number] for number in shapes} == shapes


def test_of_two_numbers_of_a_shape_lists_know_both(findings):
    """As two writers give them at the same moment."""
    first = findings.first()
    again = FindingShape.objects.create(text=FindingShape.objects.get(pk=first.shape_id).text)
    asked = {"rule": first.rule, "severity": first.severity}
    scope = Scope.everything()

    def listed():
        found = Conditions(findings, asked, scope, first.since).found
        return set(found.values_list("pk", flat=True))

    before = listed()
    assert first.pk in before
    Finding.objects.filter(pk=first.pk).update(shape=again)
    assert listed() == before
