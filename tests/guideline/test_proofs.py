"""Proofs: what a finding rests on, and that its remedy clears it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from guideline.evaluation import evaluate
from guideline.facts import (
    AmendedItem,
    ApprovalFact,
    ClauseFact,
    ContractFact,
    InspectionFact,
    Listed,
)
from guideline.intervals import FOREVER
from guideline.law import law
from guideline.models import Finding
from guideline.proofs import proofs_of
from guideline.rules import BY_CODE
from outsourcing.actions import records, subcontracts
from outsourcing.models import CapabilityCheck, Clause
from tests import factories as make
from tests.guideline.adapter import fact
from tests.guideline.test_against_oracle import every_rule, ledger
from tests.properties import fewer

ALL_SCOPES = frozenset({"handling", "management", "work"})


def remedied(fact, link, remedy):
    """The fact as it would be had the remedy been done."""
    day = remedy.day
    of_link = {
        "approval": lambda: replace(
            link, approvals=(*link.approvals, ApprovalFact(day, day, FOREVER, False))
        ),
        "notice": lambda: replace(link, notices=(*link.notices, day)),
        "end": lambda: replace(link, until=day + 1),
        "flow_down": lambda: replace(
            link, flow_down=(*link.flow_down, Listed(day, frozenset(remedy.item.split(","))))
        ),
    }
    if remedy.kind in of_link:
        return _with_link(fact, of_link[remedy.kind]())
    if remedy.kind in ("inspection", "on_site", "scopes"):
        subject = link or fact
        code = {"on_site": "on-site", "scopes": "inspection-scope"}.get(
            remedy.kind, "link-inspection" if link else "yearly-inspection"
        )
        done = [
            InspectionFact(window.last, True, ALL_SCOPES)
            for window in law().windows(subject.since, subject.until)
            if code in window.edition.rules
        ]
        changed = replace(subject, inspections=(*subject.inspections, *done))
        return _with_link(fact, changed) if link else changed
    if remedy.kind == "disposal":
        return _with_link(fact, replace(link, proof=day)) if link else replace(fact, proof=day)
    return replace(fact, **_of_the_whole(fact, remedy, day))


def _of_the_whole(fact, remedy, day: int) -> dict:
    return {
        "amendment": lambda: {
            "clauses": (ClauseFact(0, FOREVER, Clause.UNRESTRICTED.value, frozenset(), 0),)
        },
        "capability": lambda: {"checked": day},
        "item": lambda: {
            "amended_items": tuple(
                sorted(
                    (
                        *(a for a in fact.amended_items if a.item != remedy.item or a.said),
                        AmendedItem(day, day, remedy.item, True),
                    ),
                    key=lambda amended: amended.day,
                )
            )
        },
        "confirmation": lambda: {
            "confirmed": (*fact.confirmed, Listed(day, frozenset([remedy.item])))
        },
        "dispatch": lambda: {"dispatch_said": True},
        "decision": lambda: {"decisions": ((day, False), *fact.decisions)},
        "measure": lambda: {"measured": day},
        "terms": lambda: {"terms": day},
        "safety": lambda: {"safety": day},
        "survey": lambda: {"survey_decided": day, "survey_needed": False},
        "surveyed": lambda: {"surveyed": day},
        "measures": lambda: {"measures_decided": day},
    }[remedy.kind]()


def _with_link(fact, changed):
    return replace(
        fact, links=tuple(changed if link.number == changed.number else link for link in fact.links)
    )


def assert_every_remedy_clears(fact, rule: str = "") -> None:
    """No day of a finding fails any more once its remedy is done."""
    for value in evaluate([fact]):
        if rule and value.rule != rule:
            continue
        link = None
        if value.subject.startswith("link:"):
            link = next(link for link in fact.links if link.subject == value.subject)
        remedy = BY_CODE[value.rule].remedy(fact, link, value, law())
        if remedy is None:
            assert value.rule == "medical-attention"
            continue
        left = [
            other
            for other in evaluate([remedied(fact, link, remedy)])
            if (other.rule, other.subject) == (value.rule, value.subject)
            and other.since < value.until
            and value.since < other.until
        ]
        assert not left, (value, remedy)


@every_rule
@fewer(4)
@given(st.data())
def test_doing_what_a_remedy_says_clears_the_finding(rule, data):
    _, of, companies = ledger(data, rule)
    found = fact(of, companies)
    if isinstance(found, ContractFact):
        assert_every_remedy_clears(found, rule)


@pytest.mark.django_db
class TestOfOneContract:
    @pytest.fixture
    def contract(self):
        return make.contract()

    def proof(self, contract, rule: str):
        findings = list(Finding.objects.filter(contract=contract, rule=rule))
        return proofs_of(contract, findings)[0]

    def test_says_provision_and_edition(self, contract):
        proof = self.proof(contract, "yearly-inspection")
        assert [p.label for p in proof.provisions] == ["第8-5"]
        assert proof.edition.first_day == date(2004, 9, 14)

    def test_says_which_item_is_missing(self, contract):
        proof = self.proof(contract, "required-clause")
        assert [p.code for p in proof.provisions] == [proof.finding.subject.removeprefix("item:")]

    def test_says_what_there_is_when_and_who_recorded_it(self, contract):
        link = make.link(contract=contract)
        by = make.user(role=Role.OFFICER, agency=contract.agency)
        subcontracts.approve(link, by=by, decided_on=date(2017, 10, 1), result="approved")
        proof = self.proof(contract, "unapproved-subcontract")
        approval = next(record for record in proof.records if record.label == "承認の決定")
        assert (approval.text, approval.day) == ("承認", date(2017, 10, 1))
        assert approval.recorded_by == str(by)
        assert any(record.label == "再委託の条項" for record in proof.records)

    def test_and_what_there_is_not(self, contract):
        make.link(contract=contract)
        proof = self.proof(contract, "unapproved-subcontract")
        assert any((r.label, r.text) == ("承認", "記録はありません。") for r in proof.records)

    def test_the_smallest_change_names_the_day(self, contract):
        make.link(contract=contract, first_day=date(2017, 6, 1))
        texts = {
            rule: self.proof(contract, rule).remedy.text
            for rule in ("unapproved-subcontract", "yearly-inspection")
        }
        assert texts["unapproved-subcontract"].startswith("2017年6月1日（平成29年6月1日）まで")
        assert "2018年3月31日（平成30年3月31日）までに行った検査" in texts["yearly-inspection"]

    def test_doing_it_clears_the_finding(self, contract):
        check = CapabilityCheck(contract=contract, checked_on=contract.concluded_on)
        assert Finding.objects.filter(contract=contract, rule="capability-check").exists()
        records.record(check, by=make.recorder())
        assert not Finding.objects.filter(contract=contract, rule="capability-check").exists()

    def test_as_many_queries_for_many_findings_as_for_few(
        self, contract, django_assert_max_num_queries
    ):
        for day in range(1, 9):
            make.link(contract=contract, first_day=date(2017, 6, day))
        findings = list(Finding.objects.filter(contract=contract))
        assert len(findings) > 30
        with django_assert_max_num_queries(24):
            proofs_of(contract, findings)

    def test_the_same_proof_twice(self, contract):
        make.link(contract=contract)
        findings = list(Finding.objects.filter(contract=contract))
        assert proofs_of(contract, findings) == proofs_of(contract, findings)
