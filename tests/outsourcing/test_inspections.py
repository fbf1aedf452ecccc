"""Inspections are recorded with plans and evidence, corrected, cleared and taken back."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.models import Finding
from outsourcing.actions import inspections
from outsourcing.actions.base import Conflict
from outsourcing.evidence_files import File
from outsourcing.models import Evidence, Inspection, InspectionTarget, PlannedInspection
from outsourcing.targets import Target
from tests import factories as make
from tests.snapshots import refused, signals, snapshot

pytestmark = pytest.mark.django_db

D = date
DAY = D(2017, 11, 1)


class Office:
    def __init__(self):
        self.agency = make.agency(code="A01")
        self.contract = make.contract(agency=self.agency)
        self.link = make.link(contract=self.contract)
        self.by = make.recorder()

    def record(self, *targets: Target, **more) -> Inspection:
        targets = targets or (Target(self.contract, None),)
        visit = Inspection(agency=self.agency, day=DAY, method="on_site")
        rows = [InspectionTarget(contract=t.contract, subcontract=t.link) for t in targets]
        return inspections.record_visit(visit, rows, by=self.by, **more)

    def findings(self, rule: str) -> int:
        return Finding.objects.filter(contract=self.contract, rule=rule).count()


@pytest.fixture
def office():
    return Office()


def file(name="検査.pdf", content=b"%PDF-1.7") -> File:
    return File(name, "application/pdf", content)


def again(row):
    return type(row).objects.get(pk=row.pk)


class TestRecording:
    def test_marks_the_plans_done_and_keeps_the_evidence(self, office):
        plan = make.plan(contract=office.contract)
        other = make.plan(contract=office.contract, planned_on=D(2018, 2, 1))
        with signals() as sent:
            visit = office.record(plans=[plan], files=[file()])
        assert (again(plan).inspection, again(other).inspection) == (visit, None)
        kept = Evidence.objects.get()
        assert (kept.inspection, kept.size, bytes(kept.content)) == (visit, 8, b"%PDF-1.7")
        assert len(kept.sha256) == 64
        assert sent == [frozenset({office.contract.pk})]

    def test_is_one_whole(self, office):
        plan = make.plan(contract=office.contract, link=office.link)
        before = snapshot()
        with refused("この検査の対象のものではありません"):
            office.record(plans=[plan], files=[file()])
        with refused("同じ内容の書類「検査.pdf」"):
            office.record(files=[file(), file("もう一度.pdf")])
        assert snapshot() == before

    def test_clears_the_finding_that_no_inspection_was_made(self, office):
        assert (office.findings("yearly-inspection"), office.findings("link-inspection")) == (1, 1)
        office.record()
        assert (office.findings("yearly-inspection"), office.findings("link-inspection")) == (0, 1)
        office.record(Target(office.contract, office.link))
        assert office.findings("link-inspection") == 0


class TestCorrecting:
    def test_a_visit_judges_its_contracts_anew_and_keeps_its_code(self, office):
        visit = office.record()
        code = visit.code
        inspections.correct_visit(visit, by=office.by, version=1, day=D(2016, 11, 1))
        assert (again(visit).code, again(visit).version) == (code, 2)
        assert office.findings("yearly-inspection") == 1

    def test_a_target_judges_its_contract_anew(self, office):
        target = office.record().targets.get()
        with signals() as sent:
            inspections.correct_target(
                target, by=office.by, version=1, scopes=["management", "work"], result="bad",
                points="施錠がない", due_on=D(2017, 12, 1), cleared_on=None,
            )  # fmt: skip
        row = again(target)
        assert (row.scopes, row.result, row.waits) == (["management", "work"], "bad", True)
        assert sent == [frozenset({office.contract.pk})]

    def test_who_is_second_is_told(self, office):
        visit = office.record()
        target = visit.targets.get()
        inspections.correct_visit(visit, by=office.by, version=1, place="本社")
        with pytest.raises(Conflict):
            inspections.correct_visit(again(visit), by=office.by, version=1, place="支社")
        inspections.clear_points(target, by=office.by, version=1, cleared_on=D(2017, 12, 1))
        with pytest.raises(Conflict):
            inspections.clear_points(
                again(target), by=office.by, version=1, cleared_on=D(2017, 12, 2)
            )

    @pytest.mark.parametrize(
        ("day", "taken"), [(D(2017, 10, 31), False), (DAY, True), (D(2017, 11, 2), True)]
    )
    def test_what_was_put_right_was_not_before_the_visit(self, office, day, taken):
        target = office.record().targets.get()
        if taken:
            inspections.clear_points(target, by=office.by, cleared_on=day)
            assert again(target).cleared_on == day
        else:
            with refused("2017-10-31", "2017-11-01"):
                inspections.clear_points(target, by=office.by, cleared_on=day)

    def test_nothing_inspected_is_refused(self, office):
        with refused("検査した事項"):
            inspections.correct_target(office.record().targets.get(), by=office.by, scopes=[])


class TestTakingBack:
    def test_a_visit_takes_its_targets_and_opens_its_plans(self, office):
        plan = make.plan(contract=office.contract)
        visit = office.record(plans=[plan])
        with signals() as sent:
            inspections.void_visit(visit, by=office.by, on=DAY, reason="取り違え")
        assert not Inspection.objects.valid().exists()
        assert not InspectionTarget.objects.valid().exists()
        assert PlannedInspection.objects.open_on(DAY).get() == plan
        assert office.findings("yearly-inspection") == 1
        assert sent == [frozenset({office.contract.pk})]

    def test_one_target_opens_its_own_plan(self, office):
        plans = [
            make.plan(contract=office.contract),
            make.plan(contract=office.contract, link=office.link),
        ]
        both = Target(office.contract, None), Target(office.contract, office.link)
        visit = office.record(*both, plans=plans)
        target = visit.targets.get(subcontract=office.link)
        inspections.void_target(target, by=office.by, on=DAY, reason="見ていない")
        assert (again(plans[0]).inspection, again(plans[1]).inspection) == (visit, None)
        assert office.findings("link-inspection") == 1
        last = visit.targets.valid().get()
        with refused("ただ一つの対象", office.contract.code):
            inspections.void_target(last, by=office.by, on=DAY, reason="見ていない")

    def test_needs_a_reason(self, office):
        visit = office.record(files=[file()])
        before = snapshot()
        for act, row in (
            (inspections.void_visit, visit),
            (inspections.void_evidence, visit.evidence.get()),
        ):
            with refused("無効の理由"):
                act(row, by=office.by, on=DAY, reason=" ")
        assert snapshot() == before


class TestEvidence:
    def test_is_ten_files_at_most(self, office):
        visit = office.record(files=[file(content=b"%PDF-" + bytes([n])) for n in range(9)])
        inspections.add_evidence(visit, by=office.by, files=[file(content=b"%PDF-x")])
        before = snapshot()
        with refused("10個まで", "今ある10個に1個"):
            inspections.add_evidence(visit, by=office.by, files=[file(content=b"%PDF-y")])
        assert snapshot() == before

    def test_that_was_voided_may_come_again(self, office):
        visit = office.record(files=[file()])
        with refused("同じ内容"):
            inspections.add_evidence(visit, by=office.by, files=[file("別名.pdf")])
        inspections.void_evidence(visit.evidence.get(), by=office.by, on=DAY, reason="誤り")
        inspections.add_evidence(visit, by=office.by, files=[file("別名.pdf")])
        assert visit.evidence.valid().get().name == "別名.pdf"


class TestPlans:
    def test_are_of_the_contracts_officer_or_of_who_plans(self, office):
        officer = make.officer(office.agency)
        office.contract.officer = officer
        mine = make.contract(agency=office.agency)
        made = inspections.plan_many(
            [Target(office.contract, office.link), Target(mine, None)],
            by=office.by,
            planned_on=D(2017, 10, 2),
        )
        assert [row.officer for row in made] == [officer, office.by]
        assert [row.code for row in made] == [f"{office.contract.code}:link:1", mine.code]

    def test_that_are_done_are_not_changed(self, office):
        plan = make.plan(contract=office.contract)
        visit = office.record(plans=[plan])
        with refused(visit.code, "実施済み"):
            inspections.change_plan(again(plan), by=office.by, planned_on=DAY)

    def test_change_no_finding(self, office):
        with signals() as sent:
            plan = make.plan(contract=office.contract)
            inspections.change_plan(plan, by=office.by, planned_on=DAY)
            inspections.void_plan(plan, by=office.by, on=DAY, reason="契約の終了")
        assert sent == []
        assert not PlannedInspection.objects.open_on(DAY).exists()
