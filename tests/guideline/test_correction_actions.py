"""What is done about findings: begun, corrected, closed, opened again, taken back, shown by files;
and the state of each finding that follows from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guideline import correction_actions as actions
from guideline.correction_targets import Target
from guideline.corrections import State, needs_none, state_of
from guideline.models import CorrectionEvidence, CorrectiveAction, Finding
from outsourcing import evidence_files
from outsourcing.actions import contracts, disclosures, subcontracts
from outsourcing.actions.base import Conflict
from tests import factories as make
from tests.properties import fewer
from tests.snapshots import refused, signals, snapshot
from trail.models import Change

pytestmark = pytest.mark.django_db

NEVER = date.max
DAY = timedelta(days=1)
START, DUE, CLOSED = date(2018, 6, 1), date(2018, 8, 31), date(2018, 9, 14)
BREACH = "unapproved-subcontract"


def breach(**fields) -> Finding:
    """A link without approval, all through fiscal 2017."""
    contract = make.contract(**fields)
    make.link(contract=contract)
    return contract.findings.get(rule=BREACH)


def anew(finding: Finding) -> Finding:
    """As it is stored now: what changes is written anew under its own key."""
    return Finding.objects.get(
        contract=finding.contract_id,
        disclosure=finding.disclosure_id,
        rule=finding.rule,
        subject=finding.subject,
        since=finding.since,
    )


def carried(finding: Finding) -> tuple[date, date, date]:
    now = anew(finding)
    return now.acted_on, now.settled_on, now.leaves_on


def state(finding: Finding, on: date) -> State:
    return state_of(anew(finding), CorrectiveAction.objects.valid(), on)


def close(row, closed_on=CLOSED, outcome="報告書を受領"):
    return actions.close(row, by=make.recorder(), closed_on=closed_on, outcome=outcome)


class TestBeginning:
    def test_says_whose_finding_it_is_about_and_its_days(self):
        finding = breach()
        row = make.corrective_action(finding=finding, due_on=DUE)
        assert (row.contract, row.disclosure) == (finding.contract, None)
        assert (row.agency, row.rule, row.subject) == (finding.agency, BREACH, "link:1")
        assert (row.first_day, row.last_day) == (date(2017, 4, 1), date(2018, 3, 31))
        assert (row.started_on, row.due_on, row.closed_on) == (START, DUE, None)

    def test_of_a_provision_of_information(self):
        finding = make.disclosure().findings.get(rule="provision-terms")
        row = make.corrective_action(finding=finding, measure="recorded")
        assert (row.contract, row.disclosure) == (None, finding.disclosure)
        assert carried(finding)[0] == START

    def test_a_finding_without_an_end_leaves_the_last_day_open(self):
        contract = make.contract()
        finding = contract.findings.get(rule="disposal-proof")
        assert finding.until is None
        assert make.corrective_action(finding=finding, measure="recorded").last_day is None

    def test_the_officer_of_the_contract_is_in_charge_else_who_records(self):
        with_officer, without = breach(), breach()
        officer = make.officer(with_officer.agency)
        contracts.put_in_charge(with_officer.contract, by=officer, officer=officer)
        assert make.corrective_action(finding=anew(with_officer)).officer == officer
        assert make.corrective_action(finding=without).officer == make.recorder()
        other = make.user()
        assert make.corrective_action(finding=without, officer=other).officer == other

    def test_the_same_for_many_is_an_action_each_and_one_signal(self):
        found = [breach(), breach(), make.disclosure().findings.get(rule="provision-terms")]
        targets = [Target(f.contract or f.disclosure, f) for f in found]
        with signals() as sent:
            rows = actions.begin(targets, by=make.recorder(), measure="guidance", started_on=START)
        assert [(r.contract_id, r.disclosure_id) for r in rows] == [
            (f.contract_id, f.disclosure_id) for f in found
        ]
        assert len(sent) == 1
        assert {anew(finding).acted_on for finding in found} == {START}

    def test_all_or_none(self):
        found = [breach(), breach()]
        targets = [Target(f.contract, f) for f in found]
        before = snapshot()
        with pytest.raises(ValidationError):
            actions.begin(
                targets, by=make.recorder(), measure="guidance", started_on=START,
                due_on=START - DAY,
            )  # fmt: skip
        assert snapshot() == before

    def test_a_synthetic_contract_makes_it_synthetic(self):
        assert make.corrective_action(finding=breach(synthetic=True)).synthetic
        assert not make.corrective_action(finding=breach()).synthetic


class TestRefusals:
    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("due_on", START - DAY, ("期限「2018-05-31」", "着手日「2018-06-01」")),
            ("closed_on", START - DAY, ("完了日「2018-05-31」", "着手日「2018-06-01」")),
            ("closed_on", CLOSED, ("完了の内容", "2018-09-14")),
            ("outcome", "改善を確かめた", ("完了日", "改善を確かめた")),
            ("measure", "other", ("その他", "措置の内容")),
            ("measure", "reward", ("reward",)),
        ],
    )
    def test_names_field_and_value_and_writes_nothing(self, field, value, words):
        finding = breach()
        fields = {field: value}
        if field == "closed_on" and value < START:
            fields["outcome"] = "済み"
        before = snapshot()
        with pytest.raises(ValidationError) as error:
            make.corrective_action(finding=finding, **fields)
        assert all(word in "".join(error.value.messages) for word in words)
        assert snapshot() == before

    @pytest.mark.parametrize("day", [START, START + DAY])
    def test_due_and_done_on_the_day_it_began_or_after(self, day):
        row = make.corrective_action(
            finding=breach(), due_on=day, closed_on=day, outcome="その日に済んだ"
        )
        assert row.closed_on == day

    def test_what_is_done_is_not_done_again(self):
        row = close(make.corrective_action(finding=breach()))
        with refused("2018-09-14"):
            close(row)

    def test_what_is_not_done_is_not_opened_again(self):
        row = make.corrective_action(finding=breach())
        with refused("まだ完了していません"):
            actions.reopen(row, by=make.recorder(), reason="続いていた")

    def test_a_second_writer_is_told(self):
        row = make.corrective_action(finding=breach())
        seen = row.version
        actions.correct(row, by=make.recorder(), due_on=DUE)
        with pytest.raises(Conflict):
            actions.close(
                CorrectiveAction.objects.get(pk=row.pk), by=make.recorder(), version=seen,
                closed_on=CLOSED, outcome="済み",
            )  # fmt: skip


class TestState:
    """The day before, the day, the day after."""

    def test_begins_on_the_day_it_is_begun(self):
        finding = breach()
        make.corrective_action(finding=finding)
        assert state(finding, START - DAY) == State.NONE
        assert state(finding, START) == State.OPEN
        assert state(finding, START + DAY) == State.OPEN

    def test_is_overdue_from_the_day_after_it_is_due(self):
        finding = breach()
        make.corrective_action(finding=finding, due_on=DUE)
        assert state(finding, DUE - DAY) == State.OPEN
        assert state(finding, DUE) == State.OPEN
        assert state(finding, DUE + DAY) == State.OVERDUE

    def test_is_settled_on_the_day_it_is_closed(self):
        finding = breach()
        close(make.corrective_action(finding=finding, due_on=DUE))
        assert state(finding, CLOSED - DAY) == State.OVERDUE
        assert state(finding, CLOSED) == State.SETTLED
        assert state(finding, CLOSED + DAY) == State.SETTLED
        assert carried(finding) == (START, CLOSED, CLOSED)

    def test_closed_within_the_fiscal_year_it_stays_on_the_list_till_its_end(self):
        finding = breach()
        make.corrective_action(
            finding=finding, started_on=date(2017, 6, 1), closed_on=date(2017, 7, 1),
            outcome="済み",
        )  # fmt: skip
        assert carried(finding) == (date(2017, 6, 1), date(2017, 7, 1), date(2018, 4, 1))

    def test_waits_for_the_last_of_several(self):
        finding = breach()
        close(make.corrective_action(finding=finding))
        second = make.corrective_action(finding=finding, measure="prevention")
        assert state(finding, CLOSED) == State.OPEN
        close(second, CLOSED + DAY)
        assert state(finding, CLOSED) == State.OPEN
        assert state(finding, CLOSED + DAY) == State.SETTLED

    def test_opened_again_and_taken_back(self):
        finding = breach()
        row = close(make.corrective_action(finding=finding))
        actions.reopen(row, by=make.recorder(), reason="再委託が続いていた")
        assert (row.closed_on, row.outcome) == (None, "")
        assert carried(finding) == (START, NEVER, NEVER)
        assert Change.objects.order_by("-pk").first().reason == "再委託が続いていた"
        actions.void_action(row, by=make.recorder(), on=CLOSED, reason="取り違え")
        assert carried(finding) == (NEVER, NEVER, NEVER)
        assert state(finding, CLOSED) == State.NONE

    def test_nothing_is_needed_for_a_mark(self):
        contract = make.contract(
            work="staff_health_check", first_day=date(2018, 4, 1), last_day=date(2019, 3, 31)
        )
        finding = contract.findings.get(rule="medical-attention")
        assert needs_none(finding)
        assert state(finding, finding.since) == State.UNNEEDED

    def test_of_another_link_or_rule_nothing_is_said(self):
        finding = breach()
        make.link(contract=finding.contract)
        make.corrective_action(finding=finding)
        other = finding.contract.findings.get(rule=BREACH, subject="link:2")
        assert carried(other) == (NEVER, NEVER, NEVER)

    def test_it_stays_when_the_finding_vanishes_and_answers_one_that_comes_back(self):
        finding = breach()
        row = make.corrective_action(finding=finding)
        link = finding.contract.subcontracts.get()
        late = make.approval(link=link)
        assert not finding.contract.findings.filter(rule=BREACH).exists()
        assert CorrectiveAction.objects.valid().get() == row
        subcontracts.void_record(late, by=make.recorder(), on=CLOSED, reason="取り違え")
        assert carried(finding)[0] == START

    def test_a_provision_of_information_that_is_put_right_keeps_its_measure(self):
        disclosure = make.disclosure()
        row = make.corrective_action(finding=disclosure.findings.get(rule="provision-terms"))
        disclosures.correct(
            disclosure, by=make.recorder(), terms_agreed_on=date(2017, 4, 1), terms_document="1"
        )
        assert CorrectiveAction.objects.valid().get() == row


days = st.dates(date(2017, 5, 1), date(2018, 12, 31))
measures = st.lists(st.tuples(days, st.none() | st.integers(0, 200)), max_size=4)


class TestSettled(TestCase):
    @fewer(10)
    @given(made=measures, on=days)
    def test_a_finding_is_settled_once_all_its_measures_are_closed_and_not_before(self, made, on):
        finding = breach()
        for start, lasts in made:
            end = {} if lasts is None else {"closed_on": start + lasts * DAY, "outcome": "済み"}
            make.corrective_action(finding=finding, started_on=start, **end)
        closed = [lasts is not None and start + lasts * DAY <= on for start, lasts in made]
        assert (state(finding, on) == State.SETTLED) == (bool(made) and all(closed))
        begun = any(start <= on for start, _ in made)
        if not (made and all(closed)):
            assert state(finding, on) == (State.OPEN if begun else State.NONE)


class TestEvidence:
    def test_is_kept_as_it_came_and_recorded_by_its_digest(self):
        row = make.corrective_action(finding=breach())
        kept = make.correction_evidence(action=row, content=b"%PDF-1.7 kept")
        assert bytes(CorrectionEvidence.objects.get(pk=kept.pk).content) == b"%PDF-1.7 kept"
        change = Change.objects.filter(table="guideline_correctionevidence").get()
        assert "content" not in change.after
        assert change.after["sha256"] == kept.sha256

    def test_the_same_file_twice_and_too_many_are_refused(self):
        row = make.corrective_action(finding=breach())
        make.correction_evidence(action=row, name="報告.pdf")
        with refused("報告2.pdf", "同じ内容の書類「報告.pdf」"):
            make.correction_evidence(action=row, name="報告2.pdf")
        for number in range(9):
            make.correction_evidence(action=row, content=b"%PDF-" + bytes([number]))
        with refused("一つの措置に10個まで"):
            make.correction_evidence(action=row, content=b"%PDF-eleventh")

    def test_of_many_each_has_its_own(self):
        found = [breach(), breach()]
        file = evidence_files.File("指導.pdf", "application/pdf", b"%PDF-1.7")
        rows = actions.begin(
            [Target(f.contract, f) for f in found], by=make.recorder(), measure="guidance",
            started_on=START, files=[file],
        )  # fmt: skip
        assert [row.evidence.get().sha256 for row in rows] == [file.sha256] * 2

    def test_more_than_a_database_should_take_at_once_is_refused(self, monkeypatch):
        monkeypatch.setattr(actions, "MOST_BYTES_AT_ONCE", 10)
        file = evidence_files.File("指導.pdf", "application/pdf", b"%PDF-1")
        found = [breach(), breach()]
        with refused("2件に添えると12バイト"):
            actions.begin(
                [Target(f.contract, f) for f in found], by=make.recorder(), measure="guidance",
                started_on=START, files=[file],
            )  # fmt: skip
        assert not CorrectiveAction.objects.exists()

    def test_one_added_in_error_is_taken_back(self):
        row = make.corrective_action(finding=breach())
        kept = make.correction_evidence(action=row)
        actions.void_evidence(kept, by=make.recorder(), on=CLOSED, reason="取り違え")
        assert not row.evidence.valid().exists()
        make.correction_evidence(action=row)  # the same can come again
