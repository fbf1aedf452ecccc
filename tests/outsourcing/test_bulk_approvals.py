"""One decision on many links: typed, shown with what it would do to each, recorded all or none."""

from __future__ import annotations

import re
import uuid
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.models import Role
from outsourcing.models import Approval, Contract, Notification, Subcontract
from tests import factories as make
from tests.pages import client_of

pytestmark = pytest.mark.django_db

TAG = re.compile(r"<[^>]+>")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def agency():
    return make.agency(code="A01")


@pytest.fixture
def officer(agency):
    return make.officer(agency)


@pytest.fixture
def client(officer):
    return client_of(officer)


def named(*links: Subcontract) -> list[str]:
    return [f"{link.contract.code}:link:{link.number}" for link in links]


def typed(*links: Subcontract, **more) -> dict:
    return {
        "targets": named(*links),
        "result": "approved",
        "decided_on": "平成29年10月1日",
        "once": str(uuid.uuid4()),
    } | more


def address(data: dict) -> str:
    return f"{reverse('approvals-bulk')}?{urlencode(data, doseq=True)}"


def seen(client, data: dict) -> str:
    """The confirming page as it reads."""
    response = client.get(address(data))
    assert response.status_code == 200
    page = unescape(TAG.sub(" ", response.content.decode()))
    return " ".join(page.split())


def one_each(agency, *, number: int, **fields) -> list[Subcontract]:
    made = (make.contract(agency=agency, **fields) for _ in range(number))
    return [make.link(contract=contract) for contract in made]


class TestTyping:
    def test_the_form_lists_what_was_ticked(self, agency, client):
        links = one_each(agency, number=3)
        response = client.get(address({"targets": named(*links[:2])}))
        assert [target.link for target in response.context["targets"]] == links[:2]

    def test_nothing_ticked_leads_back_to_the_list(self, client):
        response = client.get(reverse("approvals-bulk"))
        assert response.headers["Location"] == reverse("work-approvals")

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("result", "perhaps", "結果「perhaps」は選択肢にありません"),
            ("decided_on", "", "決定日を入力してください（例：2018-04-01"),
            ("decided_on", "平成29年2月30日", "「平成29年2月30日」"),
            ("last_day", "2017-09-30", "「2017-09-30」が決定日「2017-10-01」より前です"),
            ("document_number", "1" * 61, "60字までです（今は61字）"),
        ],
    )
    def test_each_error_says_what_was_typed_and_what_would_do(
        self, agency, client, field, value, said
    ):
        (link,) = one_each(agency, number=1)
        response = client.get(address(typed(link, **{field: value})))
        assert response.status_code == 400
        assert said in unescape(response.content.decode())

    def test_an_approval_may_end_on_the_day_it_was_decided(self, agency, client):
        (link,) = one_each(agency, number=1)
        assert client.get(address(typed(link, last_day="2017-10-01"))).status_code == 200

    def test_a_contract_is_no_link(self, agency, client):
        code = make.contract(agency=agency).code
        response = client.get(address(typed(targets=[code])))
        assert f"「{code}」は契約です" in unescape(response.content.decode())

    def test_gone_back_to_it_has_what_was_typed(self, agency, client):
        (link,) = one_each(agency, number=1)
        page = client.get(address(typed(link, authority="総務課長") | {"edit": "1"}))
        assert page.context["form"]["authority"].value() == "総務課長"
        assert page.templates[0].name == "outsourcing/approvals.html"


class TestConfirming:
    def test_nothing_is_recorded_yet(self, agency, client):
        seen(client, typed(*one_each(agency, number=2)))
        assert not Approval.objects.exists()

    def test_the_page_sends_on_all_that_was_typed(self, agency, client):
        links = one_each(agency, number=2)
        data = typed(*links, authority="総務課長")
        page = client.get(address(data)).content.decode()
        sent = dict.fromkeys(data, ())
        for name, value in HIDDEN.findall(page):
            if name in data:
                sent[name] += (value,)
        assert sent == {n: tuple(v) if isinstance(v, list) else (v,) for n, v in data.items()}

    def test_every_target_stands_with_contractor_and_contract(self, agency, client):
        links = one_each(agency, number=2)
        page = seen(client, typed(*links))
        for link in links:
            for word in (link.contract.code, str(link.contractor), link.contract.title):
                assert word in page
            assert f"委託先 {link.contract.contractor}" in page

    def test_a_late_approval_clears_from_its_day_on(self, agency, client):
        (link,) = one_each(agency, number=1)
        page = seen(client, typed(link))
        assert "2017年4月1日から2018年3月31日まで この日から解消する" in (
            page.replace(" 今の所見", "")
        )
        assert "この日から解消する 2017年4月1日から2017年9月30日まで" in page

    def test_one_in_time_clears_all(self, agency, client):
        (link,) = one_each(agency, number=1)
        assert "すべて解消する" in seen(client, typed(link, decided_on="2017-04-01"))

    def test_one_that_lapses_leaves_the_rest(self, agency, client):
        (link,) = one_each(agency, number=1)
        page = seen(client, typed(link, last_day="2017-12-31"))
        assert "残る・生じる 2017年4月1日から2017年9月30日まで 2018年1月1日から" in page

    def test_a_rejection_changes_nothing(self, agency, client):
        (link,) = one_each(agency, number=1)
        assert "変わらない" in seen(client, typed(link, result="rejected"))

    def test_a_withdrawal_makes_a_finding(self, agency, client):
        (link,) = one_each(agency, number=1)
        make.approval(link=link)
        page = seen(client, typed(link, result="withdrawn"))
        assert "なし 残る・生じる 2017年10月1日から2018年3月31日まで" in page

    @pytest.mark.parametrize(
        ("clause", "result", "why"),
        [
            ("forbidden", "approved", "契約が再委託を禁止しているため、承認では解消しません"),
            ("prior_notice", "approved", "契約が求めているのは事前の届出です"),
            ("prior_approval", "notice", "契約が求めているのは事前の承認です"),
        ],
    )
    def test_what_does_not_help_says_why(self, agency, client, clause, result, why):
        (link,) = one_each(agency, number=1, clause=clause)
        page = seen(client, typed(link, result=result))
        assert "変わらない" in page
        assert why in page

    def test_links_below_and_beside_are_judged_by_themselves(self, agency, client):
        contract = make.contract(agency=agency)
        top, below = make.chain(contract=contract, depth=2)
        page = seen(client, typed(top, decided_on="2017-04-01"))
        assert f"{contract.code} 再委託1" in page
        assert f"{contract.code} 再委託2" not in page
        assert below.contract.findings.filter(subject="link:2").exists()

    def test_what_it_says_is_what_then_stands(self, agency, client):
        links = one_each(agency, number=2)
        make.approval(link=links[1], decided_on=date(2017, 6, 1), last_day=date(2017, 8, 31))
        data = typed(*links, last_day="2018-01-31")
        page = seen(client, data)
        client.post(reverse("approvals-bulk"), data)
        for link in links:
            rows = link.contract.findings.filter(rule="unapproved-subcontract").order_by("since")
            for row in rows:
                assert f"{row.since.year}年{row.since.month}月{row.since.day}日から" in page
            assert rows.count() == (2 if link == links[0] else 3)

    def test_thirty_ask_no_more_than_three(self, agency, client, django_assert_max_num_queries):
        for number in (3, 30):
            data = typed(*one_each(agency, number=number))
            with django_assert_max_num_queries(22):
                assert client.get(address(data)).status_code == 200


class TestRecording:
    def record(self, client, data: dict):
        return client.post(reverse("approvals-bulk"), data)

    def test_one_decision_on_each(self, agency, officer, client):
        links = one_each(agency, number=3)
        more = {
            "result": "conditional",
            "applied_on": "H29.9.20",
            "last_day": "2018-03-31",
            "conditions": "施錠",
            "authority": "総務課長",
            "document_number": "総務第298号",
        }
        response = self.record(client, typed(*links, **more))
        assert response.headers["Location"] == reverse("work-approvals")
        approvals = Approval.objects.order_by("subcontract")
        assert [row.subcontract for row in approvals] == links
        expected = ("conditional", date(2017, 9, 20), date(2017, 10, 1), date(2018, 3, 31))
        for row in approvals:
            assert (row.result, row.applied_on, row.decided_on, row.last_day) == expected
            assert (row.conditions, row.authority) == ("施錠", "総務課長")
            assert (row.document_number, row.recorded_by) == ("総務第298号", officer)
        until = Contract.objects.get(pk=links[0].contract_id).findings.get(
            rule="unapproved-subcontract"
        )
        assert until.until == date(2017, 10, 1)

    def test_a_notice_of_each(self, agency, client):
        links = one_each(agency, number=2, clause="prior_notice")
        self.record(client, typed(*links, result="notice", document_number="第1号"))
        notices = Notification.objects.order_by("subcontract")
        assert [row.subcontract for row in notices] == links
        assert {row.received_on for row in notices} == {date(2017, 10, 1)}

    def test_what_a_notice_does_not_have_is_refused_and_not_lost(self, agency, client):
        links = one_each(agency, number=1, clause="prior_notice")
        response = self.record(client, typed(*links, result="notice", authority="総務課長"))
        assert response.status_code == 400
        assert response.context["form"]["authority"].value() == "総務課長"
        assert not Notification.objects.exists()

    def test_sent_twice_it_counts_once(self, agency, client):
        data = typed(*one_each(agency, number=2))
        answers = [self.record(client, data) for _ in range(2)]
        assert {answer.headers["Location"] for answer in answers} == {reverse("work-approvals")}
        assert Approval.objects.count() == 2

    def test_all_or_none(self, agency, client):
        links = one_each(agency, number=2)
        for targets in (["A01-2017-00001:link:9"], [make.link(contract=make.contract())]):
            strange = [t if isinstance(t, str) else named(t)[0] for t in targets]
            data = typed() | {"targets": [*named(*links), *strange]}
            response = self.record(client, data)
            assert response.status_code == 400
            assert strange[0] in response.content.decode()
        assert not Approval.objects.exists()

    def test_another_section_s_links_are_refused_like_what_there_is_not(self, agency):
        section = make.section(agency=agency)
        client = client_of(make.user(role=Role.OFFICER, agency=agency, section=section))
        (own,) = one_each(agency, number=1, section=section)
        (strange,) = one_each(agency, number=1)
        (elsewhere,) = one_each(make.agency(), number=1)
        said = set()
        for target in (*named(strange, elsewhere), "A01-2017-99999:link:1"):
            response = self.record(client, typed() | {"targets": [*named(own), target]})
            assert response.status_code == 400
            (error,) = response.context["form"].errors["targets"]
            said.add(error.replace(target, "#"))
        assert len(said) == 1
        assert not Approval.objects.exists()
