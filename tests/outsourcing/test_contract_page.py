"""The page of a contract that exists: all that is recorded, as of the day asked for, and who is
led to its forms."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from outsourcing import plausibility
from outsourcing.actions import contracts, records
from outsourcing.models import (
    AnonymizationDecision,
    CapabilityCheck,
    Contract,
    Disposal,
    FlowDownRecord,
    PlannedInspection,
    WrittenConfirmation,
)
from outsourcing.scope import Scope
from outsourcing.trees import holdings_of
from tests import factories as make
from tests.contract_pages import at, send
from tests.pages import client_of, links, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make.agency(code="A01")


@pytest.fixture
def officer(agency):
    return client_of(make.officer(agency))


@pytest.fixture
def contract(agency):
    return make.contract(
        agency=agency,
        title="健康診断業務",
        items={"8-4(1)": {"article": "第5条", "quote": "秘密を守る"}},
    )


class TestThePage:
    def test_shows_everything_that_is_recorded(self, officer, contract):
        link = make.link(contract=contract, contractor=make.contractor(name="乙川分析"))
        by = make.recorder()
        for row in (
            CapabilityCheck(contract=contract, checked_on=date(2017, 3, 1), method="登録証の写し"),
            WrittenConfirmation(
                contract=contract, matters=["management"], confirmed_on=date(2017, 4, 2)
            ),
            AnonymizationDecision(
                contract=contract, decided_on=date(2017, 4, 3), needed=False, reason="氏名が要る"
            ),
            Disposal(
                contract=contract, subcontract=link, method="erased", done_on=date(2018, 4, 9)
            ),
            FlowDownRecord(
                subcontract=link, items=["capability", "8-4(3)"], recorded_on=date(2017, 4, 4)
            ),
        ):
            records.record(row, by=by)
        make.inspection(contract=contract, link=link)
        PlannedInspection.objects.create(
            contract=contract, agency=contract.agency, planned_on=date(2018, 2, 1), recorded_by=by
        )
        page = text(officer.get(at(contract), {"as_of": "2018-03-31"}))
        for words in (
            "第5条", "秘密を守る", "不記載", "登録証の写し", "管理体制", "不要：氏名が要る",
            "情報の消去", "再委託1　乙川分析", "再委託先の選定の確認、第8-4(3)の記載",
            "2018年2月1日", "使用しない", "原則禁止・承認があれば可",
        ):  # fmt: skip
            assert words in page, words

    def test_items_are_those_of_the_text_in_force_on_the_day(self, officer, contract):
        contracts.amend(
            contract, by=make.recorder(), effective_on=date(2017, 10, 1),
            items={"8-4(1)": None, "8-4(3)": {"article": "第7条"}}, clause="forbidden",
        )  # fmt: skip
        for day, said in (("2017-09-30", True), ("2017-10-01", False), ("2017-10-02", False)):
            page = officer.get(at(contract), {"as_of": day})
            assert ("秘密を守る" in text(page)) == said, day
            assert page.context["terms"].clause == ("prior_approval" if said else "forbidden")

    @pytest.mark.parametrize("role", [Role.CHIEF, Role.AUDITOR, Role.READER, Role.SURVEY_OFFICE])
    def test_leads_to_no_form_who_may_not_write(self, agency, contract, role):
        make.approval(link=make.link(contract=contract))
        page = text(client_of(make.user(role=role, agency=agency)).get(at(contract)))
        assert "data-inplace" not in page
        assert not [link for link in links(page) if "/new/" in link or link.endswith("/void/")]

    def test_leads_to_none_where_another_section_writes(self, agency):
        own, other = (make.section(agency=agency) for _ in range(2))
        client = client_of(make.user(role=Role.OFFICER, agency=agency, section=own))
        for section, writes in ((own, True), (other, False)):
            contract = make.contract(agency=agency, section=section)
            page = client.get(at(contract))
            assert page.context["writes"] is writes
            assert ("data-inplace" in text(page)) is writes
            status = 200 if writes else 403
            for rest in ("amend/", "links/new/", "records/fault/new/", "void/"):
                assert client.get(at(contract, rest)).status_code == status

    def test_a_link_renewed_waits_until_something_is_decided(self, officer, contract, agency):
        before = make.link(contract=make.contract(agency=agency))
        link = make.link(contract=contract, renews=before)
        assert "再承認待ち" in text(officer.get(at(contract)))
        make.approval(link=link, decided_on=None)
        assert "再承認待ち" in text(officer.get(at(contract)))
        make.approval(link=link, result="rejected")
        assert "再承認待ち" not in text(officer.get(at(contract)))

    def test_a_proof_is_a_page_of_its_own(self, officer, contract):
        make.link(contract=contract)
        page = text(officer.get(at(contract)))
        proofs = sorted(link for link in links(page) if link.startswith(at(contract, "findings/")))
        assert len(proofs) == contract.findings.count()
        for address in proofs:
            assert "もとになった記録" in text(officer.get(address))
        assert officer.get(proofs[0].replace("2017-04-01", "2017-04-02")).status_code == 404
        assert officer.get(proofs[0].replace("2017-04-01", "yesterday")).status_code == 404

    def test_marks_are_those_of_the_list_of_what_can_hardly_be(self, agency):
        prime = make.contractor(dissolved_on=date(2017, 3, 1))
        held = make.subsidiary(of=prime)
        make.holding(holder=make.contractor(), held=held, share=1)
        plain = make.contract(agency=agency)
        odd = make.contract(agency=agency, contractor=prime, concluded_on=date(2017, 5, 1))
        first = make.link(contract=odd, contractor=held, declared_relation="subsidiary",
                          last_day=date(2017, 9, 30))  # fmt: skip
        make.link(contract=odd, contractor=prime, parent=first, last_day=date(2018, 5, 1))
        make.approval(link=first, applied_on=date(2017, 4, 2))
        make.approval(link=first, result="withdrawn")
        make.approval(link=first, decided_on=None)
        contracts.terminate(odd, by=make.recorder(), on=date(2018, 9, 1), reason="誤り")
        for contract, expected in ((plain, 0), (odd, len(plausibility.CHECKS))):
            found = Contract.objects.with_chain().get(pk=contract.pk)
            marks = plausibility.marks_of(found, holdings_of(found))
            stored = [
                check
                for check in plausibility.CHECKS
                if check.marks(Scope.of([agency.pk])).filter(pk=contract.pk).exists()
            ]
            assert marks == stored
            assert len(marks) == expected


def test_no_form_asks_more_often_because_the_chain_is_longer(agency, officer):
    def asked(depth: int) -> list[tuple[str, int]]:
        contract = make.contract(agency=agency)
        for link in make.chain(contract=contract, depth=depth):
            make.approval(link=link)
            make.inspection(contract=contract, link=link)
        numbers = []
        proof = "findings/yearly-inspection/contract/2018-03-31/"
        for rest in (
            "",
            proof,
            "links/1/",
            "links/1/move/",
            "links/1/records/approval/new/",
            "amend/",
        ):
            with CaptureQueriesContext(connection) as page:
                officer.get(at(contract, rest))
            numbers.append((rest, _of_the_ledger(page)))
        with CaptureQueriesContext(connection) as check:
            send(officer, at(contract, "links/1/end/"), last_day="2017-12-31", check="1")
        return [*numbers, ("check", _of_the_ledger(check))]

    few = asked(1)
    assert asked(12) == few
    assert max(number for _, number in few) <= 40


def _of_the_ledger(asked) -> int:
    """Seals are made from time to time, whatever page is asked for."""
    return sum("outsourcing_" in query["sql"] for query in asked.captured_queries)
