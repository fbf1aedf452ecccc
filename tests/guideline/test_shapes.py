"""The shape of a finding says what its columns say, however it was written."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import connection

from guideline.models import Finding
from guideline.shapes import read
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
    for finding in findings:
        shape = read(finding.shape)
        told = ("severity", "provision", "rule", "work", "relation")
        assert [getattr(shape, name) for name in told] == [getattr(finding, n) for n in told]
        assert shape.depth == {0: "0", 1: "1", 2: "2", 3: "2"}[finding.depth]
        assert (shape.excused == "1") == finding.excused
        assert (shape.owed == "1") == (finding.owed_to is not None)
    assert {read(f.shape).depth for f in findings} == {"0", "1", "2"}
    assert {read(f.shape).owed for f in findings} == {"0", "1"}


def test_the_migration_writes_what_evaluation_does(findings):
    written = dict(findings.values_list("pk", "shape"))
    findings.update(shape="")
    with connection.cursor() as cursor:
        cursor.execute(import_module("guideline.migrations.0008_shapes").FILL)
    assert dict(findings.values_list("pk", "shape")) == written
