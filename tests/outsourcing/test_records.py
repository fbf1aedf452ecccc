"""What happens along the way: inspections, safeguards, disposals, reports, incidents."""

from __future__ import annotations

from datetime import date

import pytest

from outsourcing.actions import records
from outsourcing.models import (
    ContractorReport,
    Disposal,
    FlowDownRecord,
    Incident,
    Inspection,
    InspectionTarget,
    ManagementFault,
    WrittenConfirmation,
)
from tests import factories as make
from tests.snapshots import refused, signals, snapshot

pytestmark = pytest.mark.django_db

D = date
DAY = D(2017, 6, 1)


def visit(agency, **fields):
    return Inspection(agency=agency, **{"day": DAY, "method": "on_site"} | fields)


class TestInspections:
    def test_are_numbered_within_agency_and_fiscal_year(self):
        ours, theirs = make.contract(), make.contract()
        days = [(ours, DAY), (theirs, DAY), (ours, D(2018, 3, 31)), (ours, D(2018, 4, 1))]
        serials = [make.inspection(contract=c, day=day).serial for c, day in days]
        assert serials == [1, 1, 2, 1]

    def test_look_at_many_contracts_and_links(self):
        agency = make.agency()
        first, second = make.contract(agency=agency), make.contract(agency=agency)
        link = make.link(contract=first)
        targets = [
            InspectionTarget(contract=first),
            InspectionTarget(contract=first, subcontract=link),
            InspectionTarget(contract=second),
        ]
        with signals() as sent:
            records.inspect(
                by=make.recorder(), agency=agency, targets=targets, day=DAY, method="on_site"
            )
        assert InspectionTarget.objects.filter(inspection__day=DAY).count() == 3
        assert sent == [frozenset({first.pk, second.pk})]

    def test_of_nothing_are_refused(self):
        agency, by = make.agency(), make.recorder()
        before = snapshot()
        with refused("対象"):
            records.inspect(by=by, agency=agency, targets=[], day=DAY, method="on_site")
        assert snapshot() == before

    def test_of_a_contract_of_another_agency_are_refused_with_its_name(self):
        agency, contract = make.agency(), make.contract()
        before = snapshot()
        with refused(str(contract)):
            records.inspect(
                by=make.recorder(),
                agency=agency,
                targets=[InspectionTarget(contract=contract)],
                day=DAY,
                method="on_site",
            )
        assert snapshot() == before

    def test_of_a_link_of_another_contract_are_refused(self):
        agency = make.agency()
        contract, other = make.contract(agency=agency), make.contract(agency=agency)
        link = make.link(contract=other)
        before = snapshot()
        with refused(str(link), "別の契約"):
            make.inspection(contract=contract, link=link)
        assert snapshot() == before

    def test_of_the_same_thing_twice_are_refused_with_all_that_came_with_them(self):
        contract = make.contract()
        sound = (visit(contract.agency), [InspectionTarget(contract=contract)])
        twice = (visit(contract.agency), [InspectionTarget(contract=contract) for _ in range(2)])
        before = snapshot()
        with refused("同じ検査に同じ対象"):
            records.inspect_many([sound, twice], by=make.recorder())
        assert snapshot() == before

    @pytest.mark.parametrize(
        ("values", "said"),
        [({"method": "by_ear"}, "by_ear"), ({"day": None}, "検査日")],
        ids=["method", "day"],
    )
    def test_that_cannot_be_are_refused(self, values, said):
        contract = make.contract()
        before = snapshot()
        with refused(said):
            records.inspect_many(
                [(visit(contract.agency, **values), [InspectionTarget(contract=contract)])],
                by=make.recorder(),
            )
        assert snapshot() == before

    def test_in_bulk_and_singly_give_the_same_rows(self):
        first, second = make.contract(), make.contract()
        make.inspection(contract=first, day=DAY)
        records.inspect_many(
            [(visit(second.agency), [InspectionTarget(contract=second)])], by=make.recorder()
        )
        own = ("id", "agency_id", "contract_id", "inspection_id", "recorded_at")
        for model in (Inspection, InspectionTarget):
            one, many = (
                {k: v for k, v in row.items() if k not in own}
                for row in model.objects.order_by("pk").values()
            )
            assert one == many


class TestRecords:
    def test_belong_to_the_agency_of_their_contract(self):
        contract = make.contract()
        row = make.fault(contract=contract)
        assert (row.agency_id, row.synthetic) == (contract.agency_id, False)

    def test_hang_on_a_link_of_the_same_contract(self):
        contract, link = make.contract(), make.link(contract=make.contract())
        row = Disposal(contract=contract, subcontract=link, method="erased", done_on=DAY)
        before = snapshot()
        with refused(str(link), "別の契約"):
            records.record(row, by=make.recorder())
        with refused(str(link), "別の契約"):
            records.record_many([row], by=make.recorder())
        assert snapshot() == before

    def test_of_what_a_subcontractor_was_asked_find_their_contract_through_the_link(self):
        link = make.link(contract=make.contract())
        with signals() as sent:
            records.record(
                FlowDownRecord(subcontract=link, items=["8-4(1)"], recorded_on=DAY),
                by=make.recorder(),
            )
        assert sent == [frozenset({link.contract_id})]

    @pytest.mark.parametrize(
        ("model", "fields", "said"),
        [
            (Disposal, {"method": "burnt", "done_on": DAY}, "burnt"),
            (Disposal, {"method": "erased", "done_on": None}, "返却・消去の日"),
            (Incident, {"kind": "theft", "noticed_on": DAY, "content": "盗難"}, "theft"),
            (Incident, {"kind": "leak", "noticed_on": DAY, "content": ""}, "事案の内容"),
            (
                Incident,
                {"kind": "leak", "noticed_on": DAY, "content": "漏えい", "persons": -1},
                "本人の数",
            ),
            (ManagementFault, {"found_on": DAY, "content": "長" * 2001}, "2000"),
            (WrittenConfirmation, {"confirmed_on": DAY, "matters": []}, "確認した事項"),
            (WrittenConfirmation, {"confirmed_on": DAY, "matters": "management"}, "management"),
            (WrittenConfirmation, {"confirmed_on": DAY, "matters": ["a", "a"]}, "重なり"),
            (ContractorReport, {"kind": "periodic"}, "提出期限"),
        ],
        ids=[
            "choice",
            "day",
            "kind",
            "blank",
            "number",
            "length",
            "none",
            "word",
            "twice",
            "neither",
        ],
    )
    def test_that_cannot_be_are_refused_alike_singly_and_in_bulk(self, model, fields, said):
        contract, by = make.contract(), make.recorder()
        before = snapshot()
        with refused() as single:
            records.record(model(contract=contract, **fields), by=by)
        with refused(said):
            records.record_many([model(contract=contract, **fields)], by=by)
        assert snapshot() == before
        field = next(iter(getattr(single.value, "error_dict", {})), None)
        assert said in str(single.value) or said in str(model._meta.get_field(field).verbose_name)

    def test_in_bulk_send_the_signal_once(self):
        ledger = [make.contract() for _ in range(3)]
        rows = [ManagementFault(contract=c, found_on=DAY, content="不備") for c in ledger]
        with signals() as sent:
            records.record_many(rows, by=make.recorder())
        assert sent == [frozenset(contract.pk for contract in ledger)]

    def test_are_taken_back_with_a_reason(self):
        fault, by = make.fault(contract=make.contract()), make.recorder()
        with refused("無効の理由"):
            records.void_record(fault, by=by, on=DAY, reason="")
        fault.refresh_from_db()
        records.void_record(fault, by=by, on=DAY, reason="別の契約のこと")
        assert not ManagementFault.objects.valid().exists()
