"""The history of a contract, as an auditor reads it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from outsourcing import history
from outsourcing.actions import contracts, subcontracts
from outsourcing.models import Contract, Section
from tests import factories as make
from tests.pages import client_of, text
from trail.context import acting

pytestmark = pytest.mark.django_db


def told(contract) -> list[history.Entry]:
    return history.entries(list(history.changes(contract)))


def last(contract) -> list[str]:
    return told(contract)[-1].sentences


def test_an_old_and_a_new_day_stand_in_one_sentence():
    contract = make.contract(last_day=date(2018, 3, 31))
    with acting(user="山田", reason="変更契約による"):
        Contract.objects.filter(pk=contract.pk).update(last_day=date(2018, 6, 30))
    entry = told(contract)[-1]
    assert entry.sentences == ["契約期間の末日を「2018年3月31日」から「2018年6月30日」に改めた"]
    assert (entry.who, entry.reason) == ("山田", "変更契約による")


def test_choices_references_and_answers_are_told_in_words():
    contract = make.contract(clause="prior_approval")
    company = make.contractor(name="あけぼの社")
    section = Section.objects.create(
        agency=contract.agency, code="1", name="総務課", recorded_by=make.recorder()
    )
    before = contract.contractor.name
    Contract.objects.filter(pk=contract.pk).update(
        clause="forbidden", contractor=company, section=section, special_care=True
    )
    assert last(contract) == [
        "課室を「総務課」とした",
        f"委託先を「{before}」から「あけぼの社」に改めた",
        "要配慮個人情報を含むを「いいえ」から「はい」に改めた",
        "再委託の条項を「事前承認」から「禁止」に改めた",
    ]


def test_a_record_that_is_new_tells_what_it_says():
    contract = make.contract(last_day=date(2018, 3, 31))
    contracts.amend(
        contract, by=make.recorder(), number="変1", effective_on=date(2018, 2, 1),
        last_day=date(2018, 6, 30), reason="延長",
    )  # fmt: skip
    sentences = [sentence for entry in told(contract) for sentence in entry.sentences]
    assert (
        "変更契約を記録した（変更契約番号「変1」、変更の効力が生じる日「2018年2月1日」、"
        "変更後の契約期間の末日「2018年6月30日」、変更の理由「延長」）"
    ) in sentences
    assert "契約期間の末日を「2018年3月31日」から「2018年6月30日」に改めた" in sentences


def test_what_is_emptied_is_told():
    contract = make.contract(number="第1号")
    Contract.objects.filter(pk=contract.pk).update(number="")
    assert last(contract) == ["契約番号「第1号」を消した"]


def test_what_hangs_on_the_contract_is_part_of_its_history_and_nothing_else_is():
    contract, other = make.contract(), make.contract()
    make.link(contract=other)
    link = make.link(contract=contract, contractor=make.contractor(name="あけぼの社"))
    make.approval(link=link)
    make.inspection(contract=contract, link=link)
    make.fault(contract=contract)
    subcontracts.void_link(link, by=make.recorder(), on=date(2018, 1, 9), reason="誤り")
    entries = told(contract)
    kinds = [sentence.partition("を記録した")[0] for e in entries for sentence in e.sentences]
    assert kinds == [
        "委託契約", "再委託", "再委託の承認", "取扱状況の検査", "検査の対象", "管理体制の不適切",
        "再委託「再委託1 あけぼの社」の無効とした日を「2018年1月9日」とした",
        "再委託「再委託1 あけぼの社」の無効の理由を「誤り」とした",
    ]  # fmt: skip


class TestPage:
    def get(self, contract, **query):
        client = client_of(make.user(role=Role.AUDITOR, agency=contract.agency))
        return client.get(reverse("contract-history", args=[contract.code]), query)

    def test_it_is_linked_from_the_contract_for_who_may_read_it(self):
        contract = make.contract()
        address = reverse("contract-history", args=[contract.code])
        for role, linked in ((Role.AUDITOR, True), (Role.READER, False)):
            client = client_of(make.user(role=role, agency=contract.agency))
            page = text(client.get(reverse("contract", args=[contract.code])))
            assert (address in page) == linked

    def test_it_says_when_who_and_why(self):
        contract = make.contract()
        with acting(user="山田", request="f" * 32, reason="書類の訂正"):
            contracts.correct(contract, by=make.recorder(), title="改めた件名")
        page = text(self.get(contract))
        assert "「改めた件名」に改めた" in page
        for part in ("山田", "書類の訂正", "f" * 32):
            assert part in page

    def test_a_voided_contract_keeps_its_history(self):
        contract = make.contract()
        contracts.void_contract(
            contract, by=make.recorder(), on=date(2018, 1, 1), reason="誤って登録した"
        )
        page = self.get(contract)
        assert page.status_code == 200
        assert "無効の理由を「誤って登録した」とした" in text(page)

    def test_a_long_history_comes_in_pages(self):
        contract = make.contract()
        for n in range(60):
            Contract.objects.filter(pk=contract.pk).update(persons=n)
        first, second = text(self.get(contract)), text(self.get(contract, page=2))
        assert "（61件）" in first
        assert "本人の数（人）を「47」から「48」に改めた" in first  # the 50th
        assert "本人の数（人）を「47」から「48」に改めた" not in second
        assert "本人の数（人）を「48」から「49」に改めた" in second
