"""What a finding says of the link's company: a list of dated parts, which never splits it."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.models import Finding
from outsourcing.actions import contractors
from tests import factories as make

pytestmark = pytest.mark.django_db

RULE = "unapproved-subcontract"
APRIL_1, THE_END = date(2017, 4, 1), date(2018, 4, 1)


def findings(link):
    """The intervals of one link, as (since, until)."""
    rows = Finding.objects.filter(contract=link.contract_id, subject=link.subject, rule=RULE)
    return list(rows.order_by("since").values_list("since", "until"))


def relations(link):
    rows = Finding.objects.filter(contract=link.contract_id, subject=link.subject, rule=RULE)
    return [
        (part["since"], part["until"], part["relation"], part["basis"])
        for row in rows.order_by("since")
        for part in row.relations
    ]


@pytest.fixture
def family():
    """A prime contractor's link to a company, and the prime contractor."""
    contract = make.contract()
    return contract.contractor, make.link(contract=contract)


def test_a_subsidiary_is_no_exemption_and_the_finding_says_what_it_is(family):
    prime, link = family
    make.holding(holder=prime, held=link.contractor, share=100)
    assert findings(link) == [(APRIL_1, THE_END)]
    assert relations(link) == [("2017-04-01", "2018-04-01", "wholly_owned", "holdings")]


def test_a_holding_sold_in_mid_term_does_not_split_the_finding(family):
    prime, link = family
    holding = make.holding(holder=prime, held=link.contractor, share=60)
    contractors.correct_holding(holding, by=make.recorder(), last_day=date(2017, 9, 30))
    assert findings(link) == [(APRIL_1, THE_END)]
    assert relations(link) == [
        ("2017-04-01", "2017-10-01", "subsidiary", "holdings"),
        ("2017-10-01", "2018-04-01", "none", "holdings"),
    ]


def test_where_no_holding_is_recorded_the_declaration_decides():
    contract = make.contract()
    link = make.link(contract=contract, declared_relation="wholly_owned")
    assert relations(link) == [("2017-04-01", "2018-04-01", "wholly_owned", "declared")]


def test_where_any_holding_of_the_company_is_recorded_the_declaration_is_silent():
    contract = make.contract()
    link = make.link(contract=contract, declared_relation="wholly_owned")
    holding = make.holding(holder=make.contractor(), held=link.contractor, share=10)
    assert relations(link) == [("2017-04-01", "2018-04-01", "none", "holdings")]
    contractors.void_holding(holding, by=make.recorder(), on=date(2018, 1, 9), reason="誤り")
    assert relations(link) == [("2017-04-01", "2018-04-01", "wholly_owned", "declared")]


def test_the_parts_of_a_relation_lie_within_their_own_finding(family):
    prime, link = family
    make.holding(holder=prime, held=link.contractor, share=100, last_day=date(2017, 12, 31))
    make.approval(link=link, decided_on=date(2017, 6, 1), last_day=date(2017, 10, 31))
    assert relations(link) == [
        ("2017-04-01", "2017-06-01", "wholly_owned", "holdings"),
        ("2017-11-01", "2018-01-01", "wholly_owned", "holdings"),
        ("2018-01-01", "2018-04-01", "none", "holdings"),
    ]


def test_a_company_is_no_subsidiary_from_the_day_it_is_dissolved(family):
    prime, link = family
    make.holding(holder=prime, held=link.contractor, share=100)
    contractors.dissolve(link.contractor, by=make.recorder(), on=date(2017, 11, 1))
    assert findings(link) == [(APRIL_1, THE_END)]
    assert relations(link) == [
        ("2017-04-01", "2017-11-01", "wholly_owned", "holdings"),
        ("2017-11-01", "2018-04-01", "none", "holdings"),
    ]


def test_a_declaration_ends_with_the_company():
    link = make.link(contract=make.contract(), declared_relation="subsidiary")
    contractors.dissolve(link.contractor, by=make.recorder(), on=date(2017, 11, 1))
    assert relations(link) == [
        ("2017-04-01", "2017-11-01", "subsidiary", "declared"),
        ("2017-11-01", "2018-04-01", "none", "declared"),
    ]


def test_a_change_far_above_is_seen_below(family):
    prime, link = family
    middle = make.contractor()
    make.holding(holder=middle, held=link.contractor, share=100)
    assert relations(link) == [("2017-04-01", "2018-04-01", "none", "holdings")]
    make.holding(holder=prime, held=middle, share=100)
    assert relations(link) == [("2017-04-01", "2018-04-01", "wholly_owned", "holdings")]


def test_a_dissolution_entered_as_a_correction_is_seen_too(family):
    prime, link = family
    make.holding(holder=prime, held=link.contractor, share=100)
    contractors.correct(link.contractor, by=make.recorder(), dissolved_on=date(2017, 11, 1))
    assert [part[2] for part in relations(link)] == ["wholly_owned", "none"]
