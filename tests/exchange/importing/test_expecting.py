"""What was expected of the findings is what carrying the plan out then makes of them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from exchange.importing.committing import carry_out
from exchange.importing.expecting import expect, laid_over
from exchange.importing.related import Work
from exchange.sheets import SHEETS
from guideline.foreseeing import Comes, foresee
from guideline.models import CorrectiveAction, Finding, Justification, Severity
from outsourcing import models as ledger
from outsourcing.corporate_numbers import synthetic_number
from outsourcing.models import Disclosure, Subcontract
from tests import factories as make
from tests.exchange.importing.plans import plan_of
from tests.snapshots import snapshot

pytestmark = [pytest.mark.django_db]

D = date
START = D(2016, 4, 1)


def findings() -> dict[tuple, tuple]:
    """By (whose, whether of a provision of information, rule, subject, since), all that is said."""
    said = [f.attname for f in Finding._meta.local_fields if f.name not in ("id", "law")]
    return {
        (
            row.contract_id or row.disclosure_id,
            row.contract_id is None,
            row.rule,
            row.subject,
            row.since,
        ): tuple(str(getattr(row, name)) for name in said)
        for row in Finding.objects.all()
    }


def came_true(plan) -> tuple[int, int, int]:
    """Expect, carry out, and compare; how many appeared, changed and cleared."""
    before = snapshot()
    expectation = expect(plan)
    work = Work(plan)
    laid = laid_over(work)
    foreseen = list(foresee(laid))
    assert snapshot() == before
    stood = findings()
    carry_out(plan, by=make.recorder())
    stands = findings()
    written = {key: row.pk for row in work.rows if (key := laid.new(row)) is not None}
    happened = {
        Comes.APPEARS: stands.keys() - stood.keys(),
        Comes.CHANGES: {k for k in stands.keys() & stood.keys() if stands[k] != stood[k]},
        Comes.CLEARS: stood.keys() - stands.keys(),
    }
    for comes, keys in happened.items():
        expected = [
            (written.get(one.of, one.of), one.on_disclosure, one.rule, one.subject, one.since)
            for one in foreseen
            if one.comes == comes
        ]
        assert len(expected) == len(set(expected))
        assert set(expected) == keys
        part = expectation.parts[comes]
        assert part.total == sum(part.by_rule.values()) == len(keys)
    said = {
        (written.get(one.of, one.of), one.on_disclosure, one.rule, one.subject, one.since): one
        for one in foreseen
        if one.comes != Comes.CLEARS
    }
    for row in Finding.objects.all():
        key = (row.contract_id or row.disclosure_id, row.contract_id is None)
        if one := said.get((*key, row.rule, row.subject, row.since)):
            now = (row.severity, row.until, row.excused)
            assert (one.severity, one.until, one.excused) == now
    return tuple(map(len, happened.values()))


class Office:
    """A small ledger drawn from a seed, and a plan of what a file may do to it."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.agency = make.agency()
        self.companies = [make.contractor() for _ in range(6)]
        self.contracts = [
            make.contract(
                agency=self.agency,
                contractor=self.pick(self.companies[:3]),
                **self.term(),
                clause=self.pick(list(ledger.Clause)),
                items={"8-4(1)": {"article": "第1条"}},
            )
            for _ in range(4)
        ]
        self.links = []
        for contract in self.contracts:
            for _ in range(self.random.randrange(3)):
                own = [link for link in self.links if link.contract_id == contract.pk]
                self.links.append(
                    make.link(
                        contract=contract,
                        parent=self.pick([None, *own]),
                        contractor=self.pick(self.companies),
                        first_day=contract.first_day + timedelta(days=self.random.randrange(90)),
                    )
                )
        make.holding(holder=self.companies[0], held=self.companies[4], share=60)
        self.disclosures = [make.disclosure(agency=self.agency) for _ in range(2)]
        for contract in self.contracts:
            if self.random.random() < 0.7:
                make.inspection(contract=contract, day=self.day())
        for link in self.links:
            if self.random.random() < 0.5:
                make.approval(link=link, decided_on=self.day())

    def pick(self, choices):
        return self.random.choice(choices)

    def day(self, most: int = 1000) -> date:
        return START + timedelta(days=self.random.randrange(most))

    def term(self) -> dict:
        first = self.day(600)
        return {"first_day": first, "last_day": first + timedelta(days=self.pick([60, 364, 1000]))}

    # --- What is added -----------------------------------------------------------------------

    def plan(self):
        added: dict[str, list] = {sheet.key: [] for sheet in SHEETS}
        if self.random.random() < 0.5:
            number = 70_000 + self.random.randrange(1000)
            company = ledger.Contractor(name="新会社", corporate_number=synthetic_number(number))
            added["companies"] = [company]
            self.companies.append(company)
        if self.random.random() < 0.5:
            held = self.pick([c for c in self.companies if c is not self.companies[0]])
            added["holdings"].append(
                ledger.Shareholding(
                    holder=self.companies[0], held=held, share=100, first_day=self.day()
                )
            )
        added["contracts"] = [
            make.unsaved_contract(
                agency=self.agency, contractor=self.pick(self.companies), **self.term()
            )
            for _ in range(self.random.randrange(3))
        ]
        contracts = [*self.contracts, *added["contracts"]]
        for _ in range(self.random.randrange(6)):
            contract = self.pick(contracts)
            own = [x for x in (*self.links, *added["links"]) if x.contract is contract]
            added["links"].append(
                Subcontract(
                    contract=contract,
                    parent=self.pick([None, *own]),
                    contractor=self.pick(self.companies),
                    first_day=contract.first_day,
                    declared_relation=self.pick(list(ledger.Relation)),
                )
            )
        links = [*self.links, *added["links"]]
        for key in ("approvals", "notices", "flow-down", "disposals", "selections",
                    "confirmations", "decisions", "measures", "amendments"):  # fmt: skip
            for _ in range(self.random.randrange(4)):
                row = self.record(key, self.pick(contracts), self.pick([None, *links]))
                if row is not None:
                    added[key].append(row)
        for _ in range(self.random.randrange(3)):
            visit = ledger.Inspection(
                agency=self.agency, day=self.day(), method=self.pick(["on_site", "documents"])
            )
            for contract in self.random.sample(contracts, 2):
                added["inspections"].append(
                    ledger.InspectionTarget(
                        inspection=visit, contract=contract, covers_management=True
                    )
                )
        self.about_findings(added)
        added["disclosures"] = [
            Disclosure(
                agency=self.agency,
                recipient="試験大学",
                basis="item_4",
                purpose="統計",
                first_day=self.day(),
                terms_agreed_on=self.pick([None, self.day()]),
            )
            for _ in range(self.random.randrange(2))
        ]
        return plan_of(changes=self.changes(), **added)

    def record(self, key: str, contract, link):
        on_link = {
            "approvals": (ledger.Approval, {"decided_on": self.day(), "result": "approved"}),
            "notices": (ledger.Notification, {"received_on": self.day()}),
            "flow-down": (
                ledger.FlowDownRecord,
                {"items": ["capability"], "recorded_on": self.day()},
            ),
        }
        if key in on_link:
            model, values = on_link[key]
            return None if link is None else model(subcontract=link, **values)
        if key == "disposals":
            received = self.pick([None, self.day()])
            return ledger.Disposal(
                contract=link.contract if link else contract,
                subcontract=link,
                method="erased",
                done_on=self.day(),
                certificate_received_on=received,
            )
        if key == "amendments":
            effective = contract.first_day + timedelta(days=20)
            last = self.pick([None, contract.agreed_last_day + timedelta(days=200)])
            return ledger.Amendment(
                contract=contract, effective_on=effective, last_day=last, clause="forbidden"
            )
        model, values = {
            "selections": (ledger.CapabilityCheck, {"checked_on": self.day()}),
            "confirmations": (
                ledger.WrittenConfirmation,
                {"matters": [self.pick(list(ledger.Matter))], "confirmed_on": self.day()},
            ),
            "decisions": (
                ledger.AnonymizationDecision,
                {"decided_on": self.day(), "needed": self.pick([True, False])},
            ),
            "measures": (ledger.AnonymizationMeasure, {"done_on": self.day(), "method": "仮名"}),
        }[key]
        return model(contract=contract, **values)

    def about_findings(self, added) -> None:
        """Reasons and actions, about findings that there are."""
        known = list(Finding.objects.filter(contract__in=self.contracts).order_by("pk"))
        for row in self.random.sample(known, min(4, len(known))):
            contract = next(c for c in self.contracts if c.pk == row.contract_id)
            about = {"contract": contract, "rule": row.rule, "subject": row.subject}
            if self.random.random() < 0.5:
                added["corrections"].append(
                    CorrectiveAction(
                        **about,
                        first_day=row.since,
                        measure="guidance",
                        started_on=row.since,
                        closed_on=self.pick([None, row.since]),
                    )
                )
                if added["corrections"][-1].closed_on:
                    added["corrections"][-1].outcome = "済み"
            elif row.rule in ("unapproved-subcontract", "required-clause"):
                approved = self.pick([None, row.since])
                added["justifications"].append(
                    Justification(
                        **about,
                        first_day=row.since,
                        last_day=row.since,
                        reason="災害",
                        asked_by=make.recorder(),
                        asked_on=row.since,
                        approved_by=make.user() if approved else None,
                        approved_on=approved,
                    )
                )

    # --- What is changed ---------------------------------------------------------------------

    def changes(self) -> dict[str, list]:
        found: dict[str, list] = {}
        contract = self.pick(self.contracts)
        found["contracts"] = [
            (
                contract,
                self.pick(
                    [
                        {"clause": "prior_notice"},
                        {"items": {}, "title": "改めた件名"},
                        {"agreed_last_day": contract.agreed_last_day + timedelta(days=90)},
                        {"terminated_on": contract.agreed_last_day - timedelta(days=9),
                         "termination_reason": "合意"},
                        {"contractor": self.companies[1]},
                        {"work": "staff_health_check"},
                    ]
                ),
            )
        ]  # fmt: skip
        if self.links:
            link = self.pick(self.links)
            changed = self.pick(
                [
                    {"contractor": self.companies[4]},
                    {"handles_information": False},
                    {"first_day": link.first_day + timedelta(days=3)},
                    {"declared_relation": "subsidiary"},
                ]
            )
            found["links"] = [(link, changed)]
        if row := ledger.Approval.objects.order_by("?").first():
            found["approvals"] = [(row, {"decided_on": self.pick([None, self.day()])})]
        if target := ledger.InspectionTarget.objects.first():
            found["inspections"] = [
                (
                    target,
                    self.pick(
                        [
                            {"day": target.inspection.day + timedelta(days=40)},
                            {"method": "documents", "not_on_site_reason": ""},
                            {"covers_management": True, "covers_work": True},
                        ]
                    ),
                )
            ]
        found["disclosures"] = [(self.disclosures[0], {"terms_agreed_on": self.day()})]
        if self.random.random() < 0.4:
            found["companies"] = [(self.companies[4], {"dissolved_on": D(2017, 9, 1)})]
        if self.random.random() < 0.4:
            found["holdings"] = [
                (ledger.Shareholding.objects.get(), {"share": 40, "last_day": D(2018, 1, 1)})
            ]
        return found


@pytest.mark.parametrize("seed", range(40))
def test_what_is_expected_of_any_plan_comes_true(seed):
    came_true(Office(seed).plan())


def test_among_such_plans_findings_appear_change_and_clear():
    happened = [came_true(Office(seed).plan()) for seed in (1, 2, 3)]
    assert all(map(any, zip(*happened, strict=True)))


class TestWords:
    def test_name_the_row_of_the_file_and_what_the_file_calls_a_new_contract(self):
        agency = make.agency()
        contract = make.unsaved_contract(agency=agency, contractor=make.contractor())
        link = Subcontract(contract=contract, contractor=make.contractor(), first_day=make.FIRST)
        expectation = expect(plan_of(contracts=[contract], links=[link]))
        told = next(t for t in expectation.appear.told if t.rule == "unapproved-subcontract")
        assert (told.of, told.sheet, told.number) == ("新1", "契約", 3)
        assert (told.subject, told.severity) == ("再委託1", Severity.BREACH)
        assert (told.since, told.last_day) == (make.FIRST, make.LAST)

    def test_name_a_recorded_contract_by_its_code_and_the_row_that_bears_on_it(self):
        link = make.link(contract=make.contract())
        approval = ledger.Approval(subcontract=link, decided_on=D(2017, 5, 1), result="approved")
        expectation = expect(plan_of(approvals=[approval]))
        (told,) = expectation.change.told
        assert (told.of, told.sheet, told.number) == (link.contract.code, "承認", 3)
        assert told.last_day == D(2017, 4, 30)

    def test_the_worst_come_first_and_all_are_counted(self):
        agency, company = make.agency(), make.contractor()
        new = [make.unsaved_contract(agency=agency, contractor=company) for _ in range(3)]
        link = Subcontract(contract=new[2], contractor=make.contractor(), first_day=make.FIRST)
        expectation = expect(plan_of(contracts=new, links=[link]), most=2)
        assert expectation.appear.told[0].severity == Severity.BREACH
        assert len(expectation.appear.told) == 2
        assert expectation.appear.by_severity["breach"] == 1
        assert expectation.appear.total > 10
