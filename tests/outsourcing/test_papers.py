"""Papers: what is recorded stands on them, with 文書番号 and 決裁欄, and nothing that is voided."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from outsourcing.actions import contracts, records, subcontracts
from outsourcing.models import (
    AnonymizationDecision,
    AnonymizationMeasure,
    CapabilityCheck,
    ContractorReport,
    Disposal,
    Incident,
    WrittenConfirmation,
)
from tests import factories as make
from tests.pages import client_of, links, text

pytestmark = pytest.mark.django_db
ON = {"as_of": "2018-03-31"}


@pytest.fixture
def agency():
    return make.agency(code="A01", name="あおぞら省")


@pytest.fixture
def client(agency):
    return client_of(make.officer(agency))


def sheet(response) -> str:
    """What is on the paper, without what is typed above it."""
    assert response.status_code == 200
    page = text(response)
    article = page[page.index("<article") : page.index("</article>")]
    article = re.sub(r"</?(time|span|strong)[^>]*>", "", article)
    return unescape(re.sub(r"<[^>]+>", " ", article))


def papers_of(contract) -> list[str]:
    return [reverse(name, args=[contract.code]) for name in ("contract-paper", "structure-paper")]


class TestTheLedgerSheet:
    def test_holds_everything_that_is_recorded_of_a_contract(self, agency, client):
        section = make.section(agency=agency, name="情報総務課")
        contract = make.contract(
            agency=agency, section=section, title="健康診断業務", number="第298号", persons=12345,
            information_detail="氏名と検査の結果", special_care=True, clause_article="第8条",
            clause_quote="あらかじめ甲の承認を受けること。", exempt_work={"printing": "第9条"},
            items={"8-4(1)": {"article": "第5条", "quote": "秘密を守らなければならない。"}},
            uses_dispatched_workers=True, dispatch_article="第12条",
            contractor=make.contractor(name="架空健診センター", address="東京都千代田区"),
        )  # fmt: skip
        link = make.link(
            contract=contract, place="大阪市北区", contractor=make.contractor(name="架空検査所")
        )
        make.approval(link=link, document_number="情総第12号", conditions="立会いのこと")
        subcontracts.notify(link, by=make.recorder(), received_on=date(2017, 4, 3))
        make.inspection(contract=contract, link=link, method="remote", not_on_site_reason="遠隔地")
        make.fault(contract=contract, content="名簿の置き忘れ")
        day = date(2017, 4, 5)
        for row in (
            CapabilityCheck(checked_on=day, method="認証の確認"),
            WrittenConfirmation(
                confirmed_on=day, matters=["responsible_person"], document_number="情総第3号"
            ),
            AnonymizationDecision(decided_on=day, needed=True, reason="統計にのみ使うため"),
            AnonymizationMeasure(done_on=day, method="氏名の番号化"),
            Disposal(done_on=day, method="erased", certificate_received_on=day),
            ContractorReport(kind="periodic", received_on=day, content="異常なし"),
            Incident(kind="loss", noticed_on=day, content="封筒の紛失"),
        ):
            row.contract = contract
            records.record(row, by=make.recorder())
        contracts.amend(
            contract, by=make.recorder(), effective_on=date(2018, 1, 10), number="変第1号",
            last_day=date(2018, 4, 30), reason="納期の延期",
            items={"8-4(3)": {"article": "第6条", "quote": "複製してはならない。"}},
        )  # fmt: skip
        paper = sheet(client.get(reverse("contract-paper", args=[contract.code]), ON))
        for words in (
            *(contract.code, "あおぞら省", "情報総務課", "健康診断業務", "第298号", "12,345人"),
            *("氏名と検査の結果", "含む", "事前承認（第8条）", "印刷・製本（第9条）", "第12条"),
            *("架空健診センター", "東京都千代田区", "第5条", "秘密を守らなければならない。"),
            *("あらかじめ甲の承認を受けること。", "架空検査所", "大阪市北区", "情総第12号"),
            *("立会いのこと", "届出受理", "2017-04-03", "遠隔地", "名簿の置き忘れ", "認証の確認"),
            *("責任者", "情総第3号", "統計にのみ使うため", "氏名の番号化", "情報の消去"),
            *("異常なし", "封筒の紛失", "変第1号", "納期の延期", "第6条", "複製してはならない。"),
            "2018年4月30日（平成30年4月30日）",
            "2018年3月31日（平成30年3月31日）現在",
        ):
            assert words in paper, words

    def test_ticks_each_item_that_the_guideline_asks_for(self, agency, client):
        said = {"8-4(1)": {"article": "第5条"}, "8-4(5)": {"article": "第7条"}}
        contract = make.contract(agency=agency, items=said)
        paper = sheet(client.get(reverse("contract-paper", args=[contract.code]), ON))
        # Items (1) to (6), of which (2) is the clause on subcontracting, which there is.
        assert (paper.count("☑ あり"), paper.count("☐ なし")) == (3, 3)

    def test_has_nothing_that_was_taken_back(self, agency, client):
        contract = make.contract(agency=agency)
        link = make.link(contract=contract)
        gone = make.approval(link=link, document_number="誤第1号")
        subcontracts.void_record(gone, by=make.recorder(), on=date(2018, 1, 1), reason="誤り")
        fault = make.fault(contract=contract, content="取り違え")
        records.void_record(fault, by=make.recorder(), on=date(2018, 1, 1), reason="誤り")
        for address in papers_of(contract):
            paper = sheet(client.get(address, ON))
            assert "誤第1号" not in paper
            assert "取り違え" not in paper
            assert "記録なし" in paper


class TestTheStructure:
    def test_draws_the_chain_from_the_agency_down(self, agency, client):
        contract = make.contract(agency=agency)
        chain = make.chain(contract=contract, depth=4)
        make.approval(link=chain[0], document_number="情総第12号")
        own = make.link(
            contract=contract, contractor=make.subsidiary(of=contract.contractor),
            handles_information=False,
        )  # fmt: skip
        paper = sheet(client.get(reverse("structure-paper", args=[contract.code]), ON))
        names = [f"委託元：{agency}", f"委託先：{contract.contractor}"]
        names += [f"再委託{link.number}：{link.contractor}" for link in [*chain, own]]
        places = [paper.index(name) for name in names]
        assert places == sorted(places)
        assert "再々委託以降（第4層）" in paper
        assert "情総第12号" in paper
        assert paper.count("委託先の100%子会社") == 1
        assert (paper.count("取り扱わない"), paper.count("取り扱う")) == (1, 4)

    def test_says_where_nothing_was_passed_on(self, agency, client):
        contract = make.contract(agency=agency)
        address = reverse("structure-paper", args=[contract.code])
        assert "再委託はありません" in sheet(client.get(address, ON))


class TestNumberAndSeals:
    def test_are_blank_until_something_is_typed_which_is_kept_nowhere(self, agency, client):
        contract = make.contract(agency=agency)
        for address in papers_of(contract):
            blank = sheet(client.get(address))
            for seal in ("総括保護管理者", "保護管理者", "保護担当者", "文書番号", "決裁日"):
                assert seal in blank
            assert "年　　月　　日" in blank
            typed = {"document_number": "情総第12号", "decided_on": "H30.4.2"}
            filled = sheet(client.get(address, typed))
            assert "情総第12号" in filled
            assert "2018年4月2日（平成30年4月2日）" in filled
            assert "年　　月　　日" not in filled
            assert "情総第12号" not in sheet(client.get(address))

    def test_a_day_that_cannot_be_read_is_told_and_the_paper_stays(self, agency, client):
        contract = make.contract(agency=agency)
        for address in papers_of(contract):
            response = client.get(address, {"decided_on": "2018-02-30"})
            assert "<title>エラー：" in text(response)
            assert "「2018-02-30」" in text(response)
            assert contract.code in sheet(response)


class TestThePlan:
    def address(self, year=2017) -> str:
        return reverse("inspection-plan-paper", args=[year])

    def test_is_of_the_days_of_one_fiscal_year_in_their_order(self, agency, client):
        contract = make.contract(agency=agency)
        days = [date(2018, 4, 1), date(2018, 3, 31), date(2017, 4, 1), date(2017, 3, 31)]
        for day in days:
            make.plan(contract=contract, planned_on=day)
        paper = sheet(client.get(self.address()))
        assert "平成29年度" in paper
        assert "計画 2件" in " ".join(paper.split())
        assert paper.index("2017年4月1日") < paper.index("2018年3月31日")
        assert "2018年4月1日" not in paper
        assert "2017年3月31日" not in paper

    def test_is_narrowed_to_a_section_or_an_officer(self, agency, client):
        section = make.section(agency=agency, code="111", name="情報総務課")
        ours = make.contract(agency=agency, section=section, title="当課の契約")
        theirs = make.contract(agency=agency, title="他課の契約")
        officer = make.officer(agency)
        make.plan(contract=ours)
        make.plan(contract=theirs, officer=officer)

        def told(**asked) -> tuple[bool, bool]:
            paper = sheet(client.get(self.address(), asked))
            return "当課の契約" in paper, "他課の契約" in paper

        assert told() == (True, True)
        assert told(section="111") == (True, False)
        assert told(officer=officer.username) == (False, True)
        assert told(section="111", officer=officer.username) == (False, False)
        assert told(section="999") == (False, False)

    def test_says_what_was_done_and_has_nothing_of_another_agency(self, agency, client):
        contract = make.contract(agency=agency)
        plan = make.plan(contract=contract, inspectors="監査室")
        plan.inspection = make.inspection(contract=contract, day=date(2017, 11, 1))
        plan.save()
        other = make.plan(contract=make.contract(title="よその契約"))
        paper = sheet(client.get(self.address()))
        assert "監査室" in paper
        assert plan.inspection.code in paper
        assert "よその契約" not in paper
        asked = {"agency": other.agency.code}
        assert "よその契約" not in text(client.get(self.address(), asked))

    def test_who_sees_several_agencies_chooses_one(self, agency):
        make.plan(contract=make.contract(agency=agency, title="当方の契約"))
        make.plan(contract=make.contract(title="他方の契約"))
        office = client_of(make.user(role=Role.SURVEY_OFFICE))
        assert "機関を選んでください" in sheet(office.get(self.address()))
        paper = sheet(office.get(self.address(), {"agency": "A01"}))
        assert "当方の契約" in paper
        assert "他方の契約" not in paper

    @pytest.mark.parametrize(
        ("year", "status"), [(1899, 404), (1900, 200), (2100, 200), (2101, 404)]
    )
    def test_years_that_nobody_plans_for_are_not_found(self, client, year, status):
        assert client.get(self.address(year)).status_code == status


class TestTheRecord:
    def test_holds_the_visit_what_it_found_and_what_shows_it(self, agency, client):
        contract = make.contract(agency=agency, title="健康診断業務")
        link = make.link(contract=contract)
        visit = make.inspection(
            contract=contract, link=link, day=date(2018, 2, 20), method="documents",
            not_on_site_reason="遠隔地のため", place="千代田区", inspectors="総務課 試験太郎",
        )  # fmt: skip
        target = visit.targets.get()
        target.result, target.points = "points", "記入漏れ"
        target.due_on, target.cleared_on = date(2018, 3, 10), date(2018, 3, 8)
        target.save()
        make.evidence(inspection=visit, name="写真.pdf")
        paper = sheet(client.get(reverse("inspection-paper", args=[visit.code])))
        for words in (
            *(visit.code, "2018年2月20日（平成30年2月20日）", "書面", "遠隔地のため", "千代田区"),
            *("総務課 試験太郎", contract.code, "再委託1", link.contractor.name, "健康診断業務"),
            *("個人情報の管理の状況", "指摘あり", "記入漏れ", "2018-03-10", "2018-03-08"),
            "写真.pdf",
        ):
            assert words in paper, words

    @pytest.mark.parametrize("code", ["A01-2017-K99999", "A01-2017-00001", "K1", "a01-2017-K00001"])
    def test_what_is_no_visit_is_not_found(self, client, code):
        assert client.get(reverse("inspection-paper", args=[code])).status_code == 404


def test_pages_lead_to_their_papers(agency, client):
    contract = make.contract(agency=agency)
    visit = make.inspection(contract=contract)
    page = links(text(client.get(reverse("contract", args=[contract.code]))))
    assert {*papers_of(contract), reverse("contract-timeline", args=[contract.code])} <= page
    page = links(text(client.get(reverse("inspection", args=[visit.code]))))
    assert reverse("inspection-paper", args=[visit.code]) in page
    page = links(text(client.get(reverse("inspection-calendar"), {"year": "2017"})))
    paper = reverse("inspection-plan-paper", args=[2017])
    assert [address for address in page if address.partition("?")[0] == paper]


def test_papers_ask_no_more_for_a_long_chain_and_many_targets(agency, client):
    def asked(depth: int) -> list[int]:
        contract = make.contract(agency=agency)
        for link in make.chain(contract=contract, depth=depth):
            make.approval(link=link)
            make.plan(contract=contract, link=link)
            visit = make.inspection(contract=contract, link=link)
            make.fault(contract=contract)
        found = []
        addresses = [
            *papers_of(contract),
            reverse("inspection-paper", args=[visit.code]),
            reverse("inspection-plan-paper", args=[2017]),
        ]
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    assert asked(2) == asked(12)
