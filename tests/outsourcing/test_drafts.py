"""A contract is entered: kept as typed, told what would be found, registered once."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Role
from guideline.models import Finding
from outsourcing.contractor_fields import as_typed
from outsourcing.models import Contract, Draft, Subcontract
from tests import factories as make
from tests.desk import Desk
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


def test_what_is_typed_is_kept_as_it_is_typed_however_wrong(desk):
    desk.typed |= {
        "first_day": "平成29年13月1日",
        "contractor": "どこにもない会社",
        "persons": "たくさん",
    }
    assert desk.send().status_code == 200
    page = text(desk.client.get(desk.address))
    for words in ("平成29年13月1日", "どこにもない会社", "たくさん", "職員の健康診断"):
        assert words in page
    assert "field__error" not in page


def test_a_draft_is_no_contract_and_nothing_is_found_in_it(desk):
    desk.link(0, desk.first)
    desk.send()
    assert (Contract.objects.count(), Subcontract.objects.count(), Finding.objects.count()) == (
        0,
    ) * 3


class TestRegistering:
    def test_makes_the_contract_with_all_that_was_typed(self, desk):
        desk.typed |= {
            "number": "契約第12号", "persons": "1万2,345人", "special_care": "on",
            "clause_article": "第8条", "clause_quote": "再委託は承認を要する。",
            "items-8-4(1)-article": "第5条", "items-8-4(3)-said": "said",
            "exempt-mailing": "第8条第3項", "uses_dispatched_workers": "on",
            "dispatch_article": "第3条", "checked_on": "2017-03-20", "check_method": "書面",
            "confirmations-0-matters": ["management", "inspection"],
            "confirmations-0-confirmed_on": "2017.4.3",
            "confirmations-0-document_number": "総第1号",
            "decided_on": "2017-04-02", "needed": "yes", "decision_reason": "要配慮",
            "measured_on": "2017-04-05", "measure_method": "番号に置き換え",
        }  # fmt: skip
        made = desk.register()
        assert (made.title, made.number, made.persons) == ("職員の健康診断", "契約第12号", 12345)
        assert (made.concluded_on, made.first_day, made.agreed_last_day, made.last_day) == (
            date(2017, 4, 1), date(2017, 4, 1), date(2018, 3, 31), date(2018, 3, 31),
        )  # fmt: skip
        assert (made.contractor, made.agency, made.officer) == (
            desk.prime,
            desk.agency,
            desk.officer,
        )
        assert (made.work, made.sensitivity, made.special_care) == (
            "staff_health_check",
            "high",
            True,
        )
        assert (made.clause, made.clause_article, made.clause_quote) == (
            "prior_approval", "第8条", "再委託は承認を要する。",
        )  # fmt: skip
        assert made.items == {"8-4(1)": {"article": "第5条"}, "8-4(3)": {}}
        assert made.exempt_work == {"mailing": "第8条第3項"}
        assert (made.uses_dispatched_workers, made.dispatch_article) == (True, "第3条")
        (check,), (paper,) = made.capability_checks.all(), made.written_confirmations.all()
        assert (check.checked_on, check.method) == (date(2017, 3, 20), "書面")
        assert (paper.matters, paper.confirmed_on) == (
            ["management", "inspection"],
            date(2017, 4, 3),
        )
        (decision,), (measure,) = (
            made.anonymization_decisions.all(),
            made.anonymization_measures.all(),
        )
        assert (decision.decided_on, decision.needed) == (date(2017, 4, 2), True)
        assert (measure.done_on, measure.method) == (date(2017, 4, 5), "番号に置き換え")
        assert {row.recorded_by for row in (made, check, paper, decision, measure)} == {
            desk.officer
        }

    def test_makes_the_chain_whatever_order_its_rows_stand_in(self, desk):
        desk.link(0, desk.second, under="3", approval_result="approved",
                  approval_decided_on="H29.5.1", approval_document_number="承認第2号",
                  notice_received_on="H29.4.20",
                  flow_down=["capability"], flow_down_on="H29.5.2")  # fmt: skip
        desk.link(3, desk.first, first_day="2017-05-01", last_day="2017-12-31")
        made = desk.register()
        above, below = made.subcontracts.order_by("number")
        assert (above.contractor, above.parent) == (desk.first, None)
        assert (above.first_day, above.last_day) == (date(2017, 5, 1), date(2017, 12, 31))
        assert (below.contractor, below.parent) == (desk.second, above)
        assert (below.first_day, below.last_day) == (date(2017, 4, 1), None)  # the contract's own
        (approval,), (notice,), (passed,) = (
            below.approvals.all(), below.notifications.all(), below.flow_down.all(),
        )  # fmt: skip
        assert (approval.result, approval.decided_on) == ("approved", date(2017, 5, 1))
        assert notice.received_on == date(2017, 4, 20)
        assert (passed.items, passed.recorded_on) == (["capability"], date(2017, 5, 2))

    def test_makes_one_visit_of_many_targets(self, desk):
        desk.link(0, desk.first)
        desk.visit(
            0, targets=["contract", "0"], points="名簿の施錠", due_on="2017-11-01", place="本社"
        )
        made = desk.register()
        on_prime, on_link = made.inspection_targets.order_by("pk")
        assert on_prime.inspection == on_link.inspection
        assert (on_prime.subcontract, on_link.subcontract) == (None, made.subcontracts.get())
        assert (on_link.points, on_link.due_on) == ("名簿の施錠", date(2017, 11, 1))
        assert on_link.inspection.place == "本社"

    def test_rows_that_were_left_blank_are_not_there(self, desk):
        desk.link(0, desk.first)
        desk.typed |= {
            "links-1-row": "1",
            "links-1-work": "core",
            "links-1-declared_relation": "unknown",
        }
        desk.typed |= {
            "visits-0-row": "1",
            "visits-0-method": "on_site",
            "visits-0-scopes": ["work"],
        }
        made = desk.register()
        assert (made.subcontracts.count(), made.inspection_targets.count()) == (1, 0)

    def test_twice_makes_one_contract(self, desk):
        sent = {"version": desk.draft.version, "act": "register"} | desk.typed
        first, second = (desk.client.post(desk.address, sent) for _ in range(2))
        assert first.headers["Location"] == second.headers["Location"]
        assert Contract.objects.count() == 1
        assert desk.client.get(desk.address).status_code == 302

    def test_what_is_wrong_is_told_by_field_and_nothing_is_lost_or_half_written(self, desk):
        desk.typed |= {
            "last_day": "平成28年3月31日",
            "persons": "たくさん",
            "decided_on": "2017-04-02",
        }
        desk.link(0, desk.first, under="9")
        desk.link(1, desk.second, approval_decided_on="2017-05-01", first_day="2017-02-30")
        response = desk.send("register")
        page = text(response)
        assert response.status_code == 400
        for words in (
            "末日「平成28年3月31日」が初日「平成29年4月1日」より前です。",
            "「たくさん」は数として読めません（例：12,345、5万）。",
            "「必要」か「不要」を選んでください。",
            "再委託元の行がありません。選び直してください。",
            "承認の結果を選んでください（例：承認）。",
            "「2017-02-30」：2017年2月に30日はありません。28日までです。",
        ):
            assert words in page
        assert not Contract.objects.exists()
        desk.draft.refresh_from_db()
        assert desk.draft.typed["persons"] == ["たくさん"]

    def test_a_chain_that_bites_its_tail_is_refused(self, desk):
        desk.link(0, desk.first, under="1")
        desk.link(1, desk.second, under="0")
        response = desk.send("register")
        assert response.status_code == 400
        assert (
            text(response).count("この再委託に戻ってしまいます") == 4
        )  # twice above, twice beside
        assert not Contract.objects.exists()

    def test_a_draft_of_a_renewal_names_what_it_goes_on_from(self, desk):
        old = make.contract(
            agency=desk.agency, first_day=date(2016, 4, 1), last_day=date(2017, 3, 31)
        )
        link = make.link(contract=old)
        Draft.objects.filter(pk=desk.draft.pk).update(renews=old)
        desk.link(0, link.contractor, renews=str(link.number))
        assert "再承認待ち" in text(desk.send())
        made = desk.register()
        assert (made.renews, made.subcontracts.get().renews) == (old, link)


class TestTwoTabs:
    def test_who_keeps_second_sees_both_and_loses_nothing(self, desk):
        seen = desk.draft.version
        desk.send(title="一つ目の画面")
        sent = {"version": seen, "act": "keep"} | desk.typed | {"title": "二つ目の画面"}
        response = desk.client.post(desk.address, sent)
        assert response.status_code == 409
        page = text(response)
        assert "一つ目の画面" in page
        assert 'value="二つ目の画面"' in page
        desk.draft.refresh_from_db()
        assert desk.draft.title == "一つ目の画面"
        sent["version"] = desk.draft.version
        assert desk.client.post(desk.address, sent).status_code == 200
        desk.draft.refresh_from_db()
        assert desk.draft.title == "二つ目の画面"

    def test_the_script_is_told_so_too(self, desk):
        seen = desk.draft.version
        desk.send(title="一つ目の画面")
        sent = {"version": seen, "act": "keep", "fragment": "1"} | desk.typed
        answer = desk.client.post(desk.address, sent)
        assert (answer.status_code, answer.json()) == (409, {"conflict": True, "version": seen + 1})

    def test_nothing_is_registered_over_what_another_tab_has_kept(self, desk):
        seen = desk.draft.version
        desk.send(title="一つ目の画面")
        sent = {"version": seen, "act": "register"} | desk.typed
        assert desk.client.post(desk.address, sent).status_code == 409
        assert not Contract.objects.exists()


class TestWithoutScripts:
    def test_a_button_adds_a_row_below_a_link_and_keeps_what_was_typed(self, desk):
        desk.link(0, desk.first)
        page = text(desk.send("add-links:0"))
        assert 'name="links-1-contractor"' in page
        assert re.search(r'name="links-1-under".*?<option value="0" selected>', page, re.DOTALL)
        assert as_typed(desk.first) in page

    def test_a_link_taken_out_leaves_what_hung_below_it(self, desk):
        desk.link(0, desk.first)
        desk.link(1, desk.second, under="0")
        page = text(desk.send("remove-links-0"))
        assert 'name="links-0-contractor"' not in page
        desk.draft.refresh_from_db()
        assert "links-1-under" not in desk.draft.typed  # at the top now
        assert desk.draft.typed["links-1-contractor"] == [as_typed(desk.second)]

    def test_the_check_is_a_button_and_saves_nothing(self, desk):
        desk.link(0, desk.first)
        response = desk.client.post(desk.address, desk.typed | {"check": "1"})
        assert "再委託1" in text(response)
        assert as_typed(desk.first) in text(response)
        desk.draft.refresh_from_db()
        assert desk.draft.typed == {}


class TestWhoMay:
    def test_another_agencys_draft_is_not_found_like_one_there_is_not(self, desk):
        stranger = client_of(make.user(role=Role.OFFICER, agency=make.agency()))
        for name in ("draft", "draft-discard"):
            for draft in (desk.draft.public_id, uuid4()):
                assert stranger.get(reverse(name, args=[draft])).status_code == 404

    def test_a_section_keeps_its_drafts_to_itself(self, desk):
        section, other = (make.section(agency=desk.agency) for _ in range(2))
        Draft.objects.filter(pk=desk.draft.pk).update(section=section)
        for own, status in ((section, 200), (other, 403)):
            user = make.user(role=Role.OFFICER, agency=desk.agency, section=own)
            assert client_of(user).get(desk.address).status_code == status

    def test_who_writes_for_a_section_starts_in_it_and_stays_in_it(self):
        agency = make.agency()
        section, other = (make.section(agency=agency) for _ in range(2))
        user = make.user(role=Role.OFFICER, agency=agency, section=section)
        client = client_of(user)
        response = client.post(reverse("draft-new"), {"once": uuid4()})
        draft = Draft.objects.get()
        assert response.headers["Location"] == reverse("draft", args=[draft.public_id])
        assert (draft.section, draft.officer) == (section, user)
        client.post(
            response.headers["Location"], {"version": 1, "section": other.code, "title": "あ"}
        )
        draft.refresh_from_db()
        assert draft.section == section

    def test_a_company_that_only_another_agency_knows_is_refused_like_none(self, desk):
        hidden = make.contractor(name="見本 太郎", no_number_reason="individual")
        type(hidden).objects.filter(pk=hidden.pk).update(agency=make.agency())
        for name in (as_typed(hidden), "見本 太郎", "いない 太郎"):
            desk.typed["contractor"] = name
            assert f"委託先「{name}」は登録されていません" in desk.check()


def test_a_draft_is_thrown_away_and_stays_voided(desk):
    response = desk.client.post(
        reverse("draft-discard", args=[desk.draft.public_id]), {"version": desk.draft.version}
    )
    assert response.status_code == 302
    desk.draft.refresh_from_db()
    assert desk.draft.void_reason == "下書きの破棄"
    assert desk.client.get(desk.address).status_code == 404


def test_what_the_own_script_has_kept_meanwhile_is_no_conflict(desk):
    seen = desk.draft.version
    desk.send()
    sent = {"version": seen, "act": "register"} | desk.typed
    response = desk.client.post(desk.address, sent)
    assert response.status_code == 302
    assert Contract.objects.count() == 1
