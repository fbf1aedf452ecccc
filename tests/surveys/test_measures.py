"""再発防止策: of the contracts in breach, those about which something is done, and what."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from guideline import correction_actions
from guideline.models import Finding, Measure
from outsourcing.models import Agency, Contract
from outsourcing.scope import Scope
from surveys.sentences import sentences
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, counts, found, text
from tests.shared import shared

pytestmark = pytest.mark.django_db

BREACH = "unapproved-subcontract"


@pytest.fixture(scope="module")
def ledger(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, ledgers.small_ledger)


def breach_of(title: str, agency: str = "A01") -> Finding:
    contract = Contract.objects.get(title=title, agency__code=agency)
    return contract.findings.get(rule=BREACH)


def said(ledger) -> tuple[int, dict[str, int], int]:
    """Of personal information: with measures, by kind, without."""
    personal = sentences(ledger.round, Scope.of({ledger.own.pk})).personal
    return (
        personal.with_measures,
        {taken.measure.value: taken.number for taken in personal.measures},
        personal.without_measures,
    )


def test_none_at_first(ledger):
    assert said(ledger) == (0, {}, 2)


def test_a_contract_counts_once_and_once_by_each_kind(ledger):
    finding = breach_of("健康診断")
    for measure in ("guidance", "guidance", "prevention"):
        make.corrective_action(finding=finding, measure=measure)
    assert said(ledger) == (1, {"guidance": 1, "prevention": 1}, 1)
    make.corrective_action(finding=breach_of("血液検査"))
    assert said(ledger) == (2, {"guidance": 2, "prevention": 1}, 0)


def test_what_is_not_in_breach_or_not_about_the_breach_does_not_count(ledger):
    make.corrective_action(finding=breach_of("未確認の違反"))
    contract = breach_of("健康診断").contract
    make.corrective_action(finding=contract.findings.exclude(rule=BREACH).first())
    assert said(ledger) == (0, {}, 2)


def test_what_was_taken_back_does_not_count(ledger):
    row = make.corrective_action(finding=breach_of("健康診断"))
    correction_actions.void_action(row, by=make.recorder(), on=date(2018, 7, 1), reason="取り違え")
    assert said(ledger) == (0, {}, 2)


def test_a_measure_about_days_before_the_fiscal_year_does_not_count(ledger):
    finding = breach_of("健康診断")
    row = make.corrective_action(finding=finding)
    type(row).objects.filter(pk=row.pk).update(
        first_day=date(2016, 4, 1), last_day=date(2017, 3, 31)
    )
    assert said(ledger)[0] == 0
    type(row).objects.filter(pk=row.pk).update(last_day=date(2017, 4, 1))
    assert said(ledger)[0] == 1


@pytest.mark.parametrize("role", [Role.SURVEY_OFFICE, Role.OFFICER])
def test_each_number_opens_its_contracts(ledger, role):
    make.corrective_action(finding=breach_of("健康診断"))
    make.corrective_action(finding=breach_of("健康診断"), measure="prevention")
    make.corrective_action(finding=breach_of("血液検査", "A02"), measure="terminated")
    client = client_of(make.user(role=role, agency=Agency.objects.get(code="A01")))
    numbers = counts(text(client.get(reverse("survey", args=[2017]))))
    about = {href: value for href, value in numbers if "measures=" in href}
    assert {href: found(client, href) for href in about} == about
    behind = reverse("survey-contracts", args=[2017, "personal"])
    expected = {"any": 1, "none": 1, "guidance": 1, "prevention": 1}
    if role == Role.SURVEY_OFFICE:
        expected = {"any": 2, "none": 4, "guidance": 1, "prevention": 1, "terminated": 1}
    assert {k: about[f"{behind}?measures={k}"] for k in expected} == expected
    rest = set(Measure) - expected.keys()
    assert all(found(client, f"{behind}?measures={kind}") == 0 for kind in rest)
