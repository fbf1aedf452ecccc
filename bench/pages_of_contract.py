"""The page of a contract whose chain has six links, from the request to the last byte."""

from __future__ import annotations

from datetime import date
from statistics import median

from django.contrib.auth import get_user_model
from django.db import transaction

from bench.measuring import Measure, seconds
from bench.people import client_of, officer_of
from outsourcing import corporate_numbers
from outsourcing.actions import contractors, contracts, records, subcontracts
from outsourcing.models import (
    Agency,
    Approval,
    CapabilityCheck,
    Clause,
    Contract,
    ContractorReport,
    FlowDownRecord,
    Inspection,
    InspectionTarget,
    WrittenConfirmation,
)

ROUNDS = 25
FIRST, LAST = date(2017, 4, 1), date(2018, 3, 31)


def pages_of_contract():
    """Median of 25, by an officer who may write there. Nothing is left in the ledger."""
    with transaction.atomic():
        contract = contract_with_chain()
        client = client_of(officer_of(contract.agency))
        address = f"/contracts/{contract.code}/?as_of=2018-03-31"

        def open_page():
            response = client.get(address)
            assert response.status_code == 200

        open_page()
        took = median(seconds(open_page) for _ in range(ROUNDS)) * 1000
        findings = contract.findings.count()
        transaction.set_rollback(True)
    yield Measure("page of a contract with six links", took, "ms", 60, note=f"{findings} findings")


def contract_with_chain() -> Contract:
    """Three links one below the other, twice; half of them approved, inspected and passed down."""
    by = get_user_model().objects.create_user("bench-recorder")
    agency = Agency.objects.order_by("pk").first()
    companies = [
        contractors.add(
            by=by,
            name=f"計測会社{n}",
            corporate_number=corporate_numbers.synthetic_number(7_000 + n),
        )
        for n in range(7)
    ]
    contractors.hold(by=by, holder=companies[0], held=companies[2], share=100, first_day=FIRST)
    contract = contracts.register(
        by=by,
        agency=agency,
        title="計測用の健康診断業務",
        contractor=companies[0],
        concluded_on=FIRST,
        first_day=FIRST,
        agreed_last_day=LAST,
        work=Contract.Work.STAFF_HEALTH_CHECK,
        information=Contract.Information.PERSONAL,
        clause=Clause.PRIOR_APPROVAL,
        items={"8-4(1)": {"article": "第5条", "quote": "秘密を保持する。"}},
    )
    links = []
    for number in range(6):
        parent = links[-1] if number % 3 else None
        links.append(
            subcontracts.pass_on(
                by=by, contract=contract, parent=parent, contractor=companies[number + 1],
                first_day=FIRST,
            )
        )  # fmt: skip
    checklist = ["capability", *(f"8-4({n})" for n in range(1, 7)), "written_confirmation"]
    for link in links[:3]:
        subcontracts.approve(link, by=by, result=Approval.Result.APPROVED, decided_on=FIRST)
        records.record(FlowDownRecord(subcontract=link, items=checklist, recorded_on=FIRST), by=by)
        inspect(contract, link, by=by)
    inspect(contract, None, by=by)
    for row in (
        CapabilityCheck(contract=contract, checked_on=FIRST, method="書面審査"),
        WrittenConfirmation(contract=contract, matters=["management"], confirmed_on=FIRST),
        ContractorReport(contract=contract, kind="periodic", received_on=date(2017, 10, 2)),
    ):
        records.record(row, by=by)
    return contract


def inspect(contract: Contract, link, *, by) -> None:
    records.inspect(
        by=by,
        agency=contract.agency,
        targets=[InspectionTarget(contract=contract, subcontract=link)],
        day=date(2017, 11, 1),
        method=Inspection.Method.ON_SITE,
    )
