"""The forms that a contract's page leads to: what the parties changed, what was recorded, also in
error; and its chain."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from outsourcing.actions import contracts, subcontracts
from outsourcing.record_kinds import KINDS
from tests import factories as make
from tests.contract_pages import again, at, send
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


class TestWhatThePartiesChanged:
    def test_an_amendment_takes_effect_on_its_day_and_overwrites_nothing(self, officer, contract):
        answer = send(
            officer, at(contract, "amend/"), effective_on="H29.10.1", last_day="平成30年6月30日",
            clause="forbidden", clause_article="第8条", number="第2号", reason="延長",
            **{"items-8-4(1)-said": "out", "items-8-4(3)-said": "said",
               "items-8-4(3)-article": "第7条", "exempt_work-printing": "第9条"},
        )  # fmt: skip
        assert answer.status_code == 302
        row = contract.amendments.get()
        assert (row.last_day, row.clause, row.number) == (date(2018, 6, 30), "forbidden", "第2号")
        assert row.items == {"8-4(1)": None, "8-4(3)": {"article": "第7条"}}
        assert row.exempt_work == {"printing": "第9条"}
        found = again(contract)
        assert (found.last_day, found.agreed_last_day) == (date(2018, 6, 30), date(2018, 3, 31))
        assert (found.clause, found.items) == (contract.clause, contract.items)

    @pytest.mark.parametrize(
        ("day", "status"), [("2018-03-31", 302), ("2018-04-01", 302), ("2018-04-02", 400)]
    )
    def test_one_that_prolongs_takes_effect_by_the_day_after_the_end(
        self, officer, contract, day, status
    ):
        answer = send(officer, at(contract, "amend/"), effective_on=day, last_day="2018-09-30")
        assert answer.status_code == status
        assert contract.amendments.exists() == (status == 302)

    def test_what_is_typed_without_what_it_belongs_to_is_told(self, officer, contract):
        answer = send(
            officer, at(contract, "amend/"), effective_on="2017-10-01", clause_article="第8条",
            **{"items-8-4(1)-article": "第5条"},
        )  # fmt: skip
        assert answer.status_code == 400
        page = text(answer)
        assert "変更後の再委託の条項が「変更なし」です" in page
        assert "第8-4(1)：条番号か文言「第5条」がありますが、「明記する」が選ばれていません" in page
        assert 'value="第5条"' in page

    def test_a_termination_and_its_taking_back(self, officer, contract):
        typed = {"terminated_on": "2017-12-31", "termination_reason": "管理体制が不適切なため"}
        assert send(officer, at(contract, "terminate/"), **typed).status_code == 302
        assert again(contract).last_day == date(2017, 12, 31)
        assert "解除を取り消す" in text(officer.get(at(contract)))
        assert send(officer, at(contract, "terminate/back/")).status_code == 302
        found = again(contract)
        assert (found.terminated_on, found.last_day) == (None, date(2018, 3, 31))

    def test_an_amendment_taken_back_gives_the_end_back(self, officer, contract):
        contracts.amend(
            contract, by=make.recorder(), effective_on=date(2018, 1, 1), last_day=date(2018, 9, 30)
        )
        answer = send(officer, at(contract, "records/amendment/1/void/"), reason="誤り")
        assert answer.status_code == 302
        assert again(contract).last_day == date(2018, 3, 31)
        # Going back and sending it once more does nothing.
        assert officer.post(at(contract, "records/amendment/1/void/")).status_code == 302

    def test_a_correction_says_what_is_none_and_keeps_what_was_typed_by_two(
        self, officer, contract
    ):
        page = officer.get(at(contract, "correct/"))
        assert "「変更契約の記録」から入力してください" in text(page)
        form = page.context["form"]
        typed = {
            field.name: field.value()
            for field in form
            if field.name not in ("items", "exempt_work")
        }
        typed = {name: value for name, value in typed.items() if value not in (None, False)}
        typed |= {
            "contractor": contract.contractor.corporate_number, "title": "訂正した件名",
            "items-8-4(1)-said": "said", "items-8-4(1)-article": "第6条",
        }  # fmt: skip
        contracts.correct(contract, by=make.recorder(), title="先に直した件名")
        answer = officer.post(at(contract, "correct/"), typed)
        assert answer.status_code == 409
        assert "先に直した件名" in text(answer)
        assert 'value="訂正した件名"' in text(answer)
        typed["version"] = answer.context["form"].data["version"]
        assert officer.post(at(contract, "correct/"), typed).status_code == 302
        found = again(contract)
        assert (found.title, found.items) == ("訂正した件名", {"8-4(1)": {"article": "第6条"}})

    def test_a_contract_taken_back_is_not_there_any_more(self, officer, contract):
        assert send(officer, at(contract, "void/")).status_code == 400
        assert send(officer, at(contract, "void/"), reason="誤って登録した").status_code == 302
        assert officer.get(at(contract)).status_code == 404
        assert contract.findings.count() == 0


class TestRecords:
    TYPED = {
        "selection": {"checked_on": "2017-03-31"},
        "confirmation": {"matters": ["management", "inspection"], "confirmed_on": "2017-04-01"},
        "anonymization": {"decided_on": "2017-04-01", "needed": "no"},
        "measure": {"done_on": "2017-04-01", "method": "番号に置き換え"},
        "disposal": {"method": "erased", "done_on": "2018-04-02", "subcontract": "1"},
        "report": {"kind": "periodic", "received_on": "2017-10-01"},
        "fault": {"found_on": "2017-10-01", "content": "責任者の不在"},
        "incident": {
            "kind": "leak",
            "noticed_on": "2017-10-01",
            "content": "誤送付",
            "persons": "5千",
        },
        "approval": {
            "result": "conditional",
            "decided_on": "2017-04-01",
            "conditions": "複製しない",
        },
        "notice": {"received_on": "2017-04-01"},
        "flow-down": {"items": ["capability", "8-4(1)"], "recorded_on": "2017-04-01"},
    }

    def test_every_kind_is_tried_here(self):
        assert set(self.TYPED) == {code for code, kind in KINDS.items() if kind.form}

    @pytest.mark.parametrize("code", TYPED)
    def test_of_each_kind_one_is_recorded_once_and_taken_back(self, officer, contract, code):
        link, kind = make.link(contract=contract), KINDS[code]
        of, where = (link, "links/1/records") if kind.is_of_link else (contract, "records")
        address = at(contract, f"{where}/{code}/new/")
        typed = self.TYPED[code] | {"once": uuid4()}
        for _ in range(2):  # a double click
            assert officer.post(address, typed).status_code == 302
        row = kind.rows(of).get()
        assert row.recorded_by.username != make.recorder().username
        if code == "disposal":
            assert row.subcontract == link
        taken = at(contract, f"{where}/{code}/1/void/")
        assert taken in links(text(officer.get(at(contract))))
        assert send(officer, taken).status_code == 400
        assert send(officer, taken, reason="誤り").status_code == 302
        row.refresh_from_db()
        assert row.void_reason == "誤り"
        assert taken not in links(text(officer.get(at(contract))))

    @pytest.mark.parametrize("code", TYPED)
    def test_what_cannot_be_read_is_told_with_an_example_that_works(self, officer, contract, code):
        make.link(contract=contract)
        where = "links/1/records" if KINDS[code].is_of_link else "records"
        address = at(contract, f"{where}/{code}/new/")
        day = next(name for name, value in self.TYPED[code].items() if str(value).startswith("201"))
        answer = send(officer, address, **self.TYPED[code] | {day: "きのう"})
        assert answer.status_code == 400
        assert "「きのう」" in text(answer)
        assert "例：" in "".join(answer.context["form"].errors[day])
        assert KINDS[code].model.objects.count() == 0

    @pytest.mark.parametrize(
        "rest",
        [
            "records/nothing/new/", "records/approval/new/", "links/1/records/fault/new/",
            "links/9/records/approval/new/", "records/amendment/new/", "records/fault/0/void/",
            "records/fault/2/void/", "links/9/", "links/9/move/",
        ],
    )  # fmt: skip
    def test_what_there_is_not_is_not_found(self, officer, contract, rest):
        make.link(contract=contract)
        make.fault(contract=contract)
        assert officer.get(at(contract, rest)).status_code == 404

    def test_a_page_that_shows_another_row_takes_nothing_back(self, officer, contract):
        make.fault(contract=contract)
        typed = {"reason": "誤り", "version": 1, "recorded": "2017-04-01T00:00:00+00:00"}
        answer = officer.post(at(contract, "records/fault/1/void/"), typed)
        assert answer.status_code == 400
        assert contract.managementfaults.get().voided_on is None


class TestTheChain:
    def link_fields(self, **more):
        return {
            "contractor": make.contractor().corporate_number, "work": "core",
            "first_day": "2017-04-01", "declared_relation": "unknown",
        } | more  # fmt: skip

    def test_links_are_added_at_the_top_and_below(self, officer, contract):
        assert send(officer, at(contract, "links/new/"), **self.link_fields()).status_code == 302
        answer = send(
            officer, at(contract, "links/1/new/") + "?as_of=2017-10-01", **self.link_fields()
        )
        assert answer.headers["Location"] == at(contract) + "?as_of=2017-10-01#link-2"
        first, second = contract.subcontracts.order_by("number")
        assert (first.parent, second.parent) == (None, first)
        assert not first.handles_information  # its box was not ticked

    def test_one_is_corrected_ended_moved_and_taken_back(self, officer, contract):
        first, second, third = make.chain(contract=contract, depth=3)
        fields = self.link_fields(place="港区", last_day="2018-01-31", handles_information="on")
        assert send(officer, at(contract, "links/3/"), **fields).status_code == 302
        assert send(officer, at(contract, "links/2/end/"), last_day="H29.12.31").status_code == 302
        assert send(officer, at(contract, "links/3/move/"), parent="1").status_code == 302
        for link in (first, second, third):
            link.refresh_from_db()
        assert (third.place, third.last_day) == ("港区", date(2018, 1, 31))
        assert (second.last_day, third.parent) == (date(2017, 12, 31), first)
        refused = send(officer, at(contract, "links/1/move/"), parent="2")
        assert refused.status_code == 400
        assert "循環します" in text(refused)
        refused = send(officer, at(contract, "links/1/void/"), reason="誤り")
        assert "再委託2、再委託3があります" in text(refused)
        assert send(officer, at(contract, "links/3/void/"), reason="誤り").status_code == 302
        assert officer.post(at(contract, "links/3/void/"), {}).status_code == 302

    @pytest.mark.parametrize(
        ("day", "status"), [("2017-03-31", 400), ("2017-04-01", 302), ("2017-04-02", 302)]
    )
    def test_a_link_ends_on_its_first_day_at_the_earliest(self, officer, contract, day, status):
        make.link(contract=contract)
        assert send(officer, at(contract, "links/1/end/"), last_day=day).status_code == status

    def test_two_tabs(self, officer, contract):
        link, _ = make.link(contract=contract), make.link(contract=contract)
        for rest, typed in (
            ("end/", {"last_day": "2017-12-31"}),
            ("move/", {"parent": "2"}),
            ("void/", {"reason": "誤り"}),
        ):
            address = at(contract, f"links/1/{rest}")
            form = officer.get(address).context["form"]
            carried = {field.name: field.value() for field in form.hidden_fields()}
            link.refresh_from_db()
            subcontracts.correct(link, by=make.recorder(), place=f"前{rest}")
            answer = officer.post(address, carried | typed)
            assert answer.status_code == 409, rest
            assert "ほかの人が先に保存しました" in text(answer)

    @pytest.mark.parametrize(
        ("decided", "cleared"), [("2017-03-31", True), ("2017-04-01", True), ("2017-04-02", False)]
    )
    def test_it_is_told_before_whether_an_approval_is_in_time(
        self, officer, contract, decided, cleared
    ):
        make.link(contract=contract)
        typed = {"result": "approved", "decided_on": decided, "check": "1", "fragment": "1"}
        page = text(send(officer, at(contract, "links/1/records/approval/new/"), **typed))
        assert ("解消する所見" in page) is cleared
        assert ("2017年4月1日（平成29年4月1日）まで" in page) is not cleared
        assert not contract.subcontracts.get().approvals.exists()


def test_what_another_agency_has_is_not_found(agency, officer):
    theirs = make.contract(agency=make.agency(code="A02"))
    make.approval(link=make.link(contract=theirs))
    for rest in ("amend/", "links/new/", "links/1/", "links/1/records/approval/1/void/",
                 "records/fault/new/"):  # fmt: skip
        assert officer.get(at(theirs, rest)).status_code == 404
        assert officer.post(at(theirs, rest), {}).status_code == 404
    assert reverse("contract", args=[theirs.code]) == at(theirs)
