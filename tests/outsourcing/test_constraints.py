"""What must hold is held by the database itself, also against writes that pass the actions by."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F

from outsourcing.actions import agencies, contractors, contracts, records, subcontracts
from outsourcing.actions.base import insert
from outsourcing.models import (
    Agency,
    AgencyName,
    Amendment,
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    CapabilityCheck,
    Contract,
    Contractor,
    ContractorReport,
    Disclosure,
    Disposal,
    Draft,
    Evidence,
    FlowDownRecord,
    Handover,
    Incident,
    Inspection,
    InspectionTarget,
    ManagementFault,
    Notification,
    PlannedInspection,
    Section,
    SectionTransfer,
    Shareholding,
    Subcontract,
    WrittenConfirmation,
)
from outsourcing.models.base import LedgerRow, Row
from tests import factories as make

ROWS = [
    model for model in apps.get_app_config("outsourcing").get_models() if issubclass(model, Row)
]
LEDGER = [model for model in ROWS if issubclass(model, LedgerRow)]
DAY = date(2017, 4, 1)
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")

# Masters common to all agencies: not of one agency's ledger.
COMMON = {Agency, AgencyName, Contractor, Shareholding}

# No record of anything: which forms were sent, where numbering goes on; and what follows from the
# rows of others.
NO_ROWS = {"Submission", "ReservedSerial", "NamePart"}

# What tells two rows apart is a key the database keeps, for all but records of things that may
# well happen twice on one day.
MAY_REPEAT = {
    AgencyName,
    Amendment,
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    CapabilityCheck,
    ContractorReport,
    Disposal,
    FlowDownRecord,
    Handover,
    Incident,
    ManagementFault,
    Notification,
    SectionTransfer,
    WrittenConfirmation,
}


def test_the_models_are_found():
    assert len(ROWS) >= 22
    assert set(ROWS) - set(LEDGER) == COMMON
    models_ = {model.__name__ for model in apps.get_app_config("outsourcing").get_models()}
    assert models_ - {model.__name__ for model in ROWS} <= NO_ROWS


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
class TestEveryModel:
    def test_is_versioned_voided_signed_and_marked_if_synthetic(self, model):
        fields = {field.name: field for field in model._meta.local_fields}
        assert {"version", "voided_on", "void_reason", "recorded_by", "recorded_at"} < set(fields)
        assert fields["synthetic"].default is False
        assert not fields["recorded_by"].null

    def test_belongs_to_an_agency_unless_it_is_common_to_all(self, model):
        if model in COMMON:
            assert not issubclass(model, LedgerRow)
        else:
            assert not model._meta.get_field("agency").null

    def test_has_a_constraint_that_voiding_has_its_reason(self, model):
        name = f"outsourcing_{model.__name__.lower()}_voided_with_reason"
        assert name in {constraint.name for constraint in model._meta.constraints}

    def test_says_in_japanese_what_its_constraints_ask(self, model):
        for constraint in model._meta.constraints:
            assert constraint.name
            assert JAPANESE.search(str(constraint.violation_error_message)), constraint.name
            assert constraint.violation_error_message != constraint.default_violation_error_message

    def test_is_never_deleted_along_with_another_row(self, model):
        for field in model._meta.local_fields:
            if field.is_relation:
                assert field.remote_field.on_delete is models.PROTECT, field

    def test_is_unique_in_something_or_may_repeat(self, model):
        by_constraint = [
            constraint
            for constraint in model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint)
        ]
        by_field = [
            field for field in model._meta.local_fields if field.unique and not field.primary_key
        ]
        assert bool(by_constraint or by_field) == (model not in MAY_REPEAT)

    def test_is_read_as_far_as_a_reader_may_see_it(self, model):
        if model not in COMMON:
            assert hasattr(model.objects.all(), "visible_to")
        assert hasattr(model.objects.all(), "valid")


def test_names_of_constraints_are_unique_in_the_whole_project():
    names = [
        constraint.name for model in apps.get_models() for constraint in model._meta.constraints
    ]
    assert len(names) == len(set(names))


class Violation(NamedTuple):
    """``constraint`` is broken by setting ``values`` on the one row of ``model``."""

    constraint: str
    model: type[models.Model]
    values: dict


WITHOUT_REASON = [
    Violation(f"outsourcing_{m.__name__.lower()}_voided_with_reason", m, {"voided_on": DAY})
    for m in ROWS
]
REASON_WITHOUT_DAY = [v._replace(values={"void_reason": "理由だけ"}) for v in WITHOUT_REASON]
BEFORE = date(1990, 1, 1)

VIOLATIONS = [
    *WITHOUT_REASON,
    *REASON_WITHOUT_DAY,
    Violation("agency_kind_known", Agency, {"kind": "company"}),
    Violation("agency_successor_only_when_abolished", Agency, {"successor": F("id")}),
    Violation("agencyname_days_in_order", AgencyName, {"first_day": DAY, "last_day": BEFORE}),
    Violation("handover_to_another", Handover, {"from_officer": F("to_officer")}),
    Violation("section_days_in_order", Section, {"first_day": DAY, "last_day": BEFORE}),
    Violation("contractor_no_number_reason_known", Contractor, {"no_number_reason": "lost"}),
    Violation("contractor_number_or_reason", Contractor, {"no_number_reason": "overseas"}),
    Violation("contractor_number_or_reason", Contractor, {"corporate_number": None}),
    Violation("contractor_number_thirteen_digits", Contractor, {"corporate_number": "123"}),
    Violation("shareholding_days_in_order", Shareholding, {"last_day": BEFORE}),
    Violation("shareholding_share_0_to_100", Shareholding, {"share": "100.0001"}),
    Violation("shareholding_share_0_to_100", Shareholding, {"share": "-0.0001"}),
    Violation("shareholding_not_of_itself", Shareholding, {"holder": F("held")}),
    Violation("contract_term_in_order", Contract, {"agreed_last_day": BEFORE}),
    Violation("contract_termination_with_reason", Contract, {"termination_reason": "解散"}),
    Violation(
        "contract_cut_on_termination",
        Contract,
        {"terminated_on": date(2017, 6, 1), "termination_reason": "解散"},
    ),
    Violation("contract_serial_from_1", Contract, {"serial": 0}),
    Violation("contract_serial_from_1", Contract, {"fiscal_year": 1899}),
    Violation("contract_clause_known", Contract, {"clause": ""}),
    Violation("amendment_clause_known", Amendment, {"clause": "maybe"}),
    Violation("subcontract_number_from_1", Subcontract, {"number": 0}),
    Violation("subcontract_not_its_own_parent", Subcontract, {"parent": F("id")}),
    Violation("subcontract_days_in_order", Subcontract, {"last_day": BEFORE}),
    Violation("subcontract_relation_known", Subcontract, {"declared_relation": ""}),
    Violation("approval_days_in_order", Approval, {"first_day": DAY, "last_day": BEFORE}),
    Violation("approval_result_known", Approval, {"result": "perhaps"}),
    Violation("inspection_method_known", Inspection, {"method": "by_ear"}),
    Violation("inspectiontarget_result_known", InspectionTarget, {"result": "so-so"}),
    Violation("inspectiontarget_covers_something", InspectionTarget, {"covers_handling": False}),
    Violation("plannedinspection_method_known", PlannedInspection, {"method": "by_ear"}),
    Violation("disposal_method_known", Disposal, {"method": "burnt"}),
    Violation("contractorreport_kind_known", ContractorReport, {"kind": "rumour"}),
    Violation("contractorreport_due_or_received", ContractorReport, {"due_on": None}),
    Violation("incident_kind_known", Incident, {"kind": "theft"}),
    Violation("disclosure_days_in_order", Disclosure, {"last_day": BEFORE}),
    Violation("disclosure_basis_known", Disclosure, {"basis": "whim"}),
    *(
        Violation(f"disclosure_{what}_decision_whole", Disclosure, {f"{what}_needed": True})
        for what in ("survey", "measures", "anonymization")
    ),
]

# A second row that is the same in what must be unique, and otherwise as the first.
TWICE = {
    "section_code_unique_in_agency": (Section, {}),
    "contract_code_unique": (Contract, {}),
    "subcontract_number_unique": (Subcontract, {}),
    "inspection_code_unique": (Inspection, {}),
    "disclosure_code_unique": (Disclosure, {}),
    "inspectiontarget_link_once": (InspectionTarget, {}),
    "inspectiontarget_contract_once": (InspectionTarget, {"subcontract": None}),
}


@pytest.fixture
def one_of_each(db):
    """A ledger with exactly one row of each model that VIOLATIONS change."""
    by = make.recorder()
    agency = make.agency(code="A01")
    section = agencies.open_section(by=by, agency=agency, code="001", name="総務課")
    prime, daughter = make.contractor(), make.contractor()
    contract = make.contract(agency=agency, contractor=prime)
    link = make.link(contract=contract, contractor=daughter)
    for action in (
        lambda: make.holding(holder=prime, held=daughter),
        lambda: contracts.amend(contract, by=by, effective_on=DAY, clause="forbidden"),
        lambda: contracts.transfer(contract, by=by, to=section, on=DAY),
        lambda: make.approval(link=link),
        lambda: subcontracts.notify(link, by=by, received_on=DAY),
        lambda: make.inspection(contract=contract, link=link),
        lambda: make.disclosure(agency=agency),
    ):
        action()
    passed = {"from_officer": make.user(), "to_officer": make.user(), "day": DAY, "number": 1}
    insert(Handover(agency=agency, **passed), by=by)
    insert(Draft(agency=agency, typed={"title": ["下書き"]}), by=by)
    insert(PlannedInspection(agency=agency, contract=contract, planned_on=DAY), by=by)
    paper = {"name": "a.pdf", "kind": "application/pdf", "size": 8, "sha256": "0" * 64}
    visit = Inspection.objects.get()
    insert(Evidence(agency=agency, inspection=visit, content=b"%PDF-1.7", **paper), by=by)
    for row in (
        FlowDownRecord(subcontract=link, items=["8-4(1)"], recorded_on=DAY),
        CapabilityCheck(contract=contract, checked_on=DAY),
        WrittenConfirmation(contract=contract, matters=["management"], confirmed_on=DAY),
        AnonymizationDecision(contract=contract, decided_on=DAY, needed=True),
        AnonymizationMeasure(contract=contract, done_on=DAY, method="番号に置き換えた"),
        Disposal(contract=contract, method="erased", done_on=DAY),
        ContractorReport(contract=contract, kind="periodic", due_on=DAY),
        ManagementFault(contract=contract, found_on=DAY, content="名簿の置き忘れ"),
        Incident(contract=contract, kind="loss", noticed_on=DAY, content="媒体の紛失"),
    ):
        records.record(row, by=by)


def first(model):
    return model.objects.order_by("pk").first()


def test_every_constraint_of_the_ledger_is_tried_here():
    tried = {violation.constraint for violation in VIOLATIONS} | set(TWICE)
    assert tried == {constraint.name for model in ROWS for constraint in model._meta.constraints}


def test_each_model_has_a_row_to_try_it_on(one_of_each):
    assert [model.__name__ for model in ROWS if not model.objects.exists()] == []


def refusal(violation) -> str:
    """What the database says to the violation; nothing if it takes it."""
    row = violation.model.objects.filter(pk=first(violation.model).pk)
    before = row.values().get()
    try:
        with transaction.atomic():
            row.update(**violation.values)
    except IntegrityError as error:
        assert row.values().get() == before
        return str(error)
    return ""


def test_the_database_refuses_what_each_constraint_forbids(one_of_each):
    """In one test, as the ledger takes longer to make than to try."""
    wrong = [
        (violation, said)
        for violation in VIOLATIONS
        if violation.constraint not in (said := refusal(violation))
    ]
    assert wrong == []


def test_the_database_refuses_the_same_row_twice(one_of_each):
    for model, values in TWICE.values():
        row = first(model)
        model.objects.filter(pk=row.pk).update(**values)
        twin = model.objects.get(pk=row.pk)
        twin.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.bulk_create([twin])


def test_a_number_belongs_to_one_contractor_and_any_number_may_lack_one(one_of_each):
    twin = Contractor(corporate_number=first(Contractor).corporate_number, name="別の会社")
    twin.recorded_by = make.recorder()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contractor.objects.bulk_create([twin])
    for name in ("甲", "乙"):
        contractors.add(by=make.recorder(), name=name, no_number_reason="individual")
    assert Contractor.objects.filter(corporate_number=None).count() == 2


def test_an_agency_code_belongs_to_one_agency(one_of_each):
    twin = Agency(code="A01", kind="organ", name="別の機関", recorded_by=make.recorder())
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.bulk_create([twin])


def test_a_voided_target_may_be_looked_at_anew(one_of_each):
    target = first(InspectionTarget)
    records.void_record(target, by=make.recorder(), on=DAY, reason="対象の取り違え")
    again = InspectionTarget(
        inspection=target.inspection, contract=target.contract, subcontract=target.subcontract
    )
    records.record(again, by=make.recorder())
    assert InspectionTarget.objects.valid().get() == again
