"""Pages of 出資関係: recorded, corrected, ended and taken back by the survey office."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role
from guideline.models import Finding
from outsourcing.actions import contractors
from outsourcing.contractor_fields import as_typed
from outsourcing.models import Shareholding
from tests import factories as make
from tests.pages import client_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]

NEW = reverse("holding-new")


@pytest.fixture
def survey():
    return client_of(make.user(role=Role.SURVEY_OFFICE))


@pytest.fixture
def holder():
    return make.contractor(name="甲商会")


@pytest.fixture
def held():
    return make.contractor(name="乙商会")


def typed(by, of, **fields) -> dict:
    plain = {"holder": as_typed(by), "held": as_typed(of), "share": "60"}
    plain |= {"first_day": "平成22年4月1日", "last_day": "", "source": "", "once": uuid.uuid4()}
    return plain | fields


def page_of(row: Shareholding, verb: str) -> str:
    return reverse(f"holding-{verb}", args=[row.public_id])


class TestRecording:
    def test_makes_a_subsidiary_of_whom_is_held(self, survey, holder, held):
        link = make.link(contract=make.contract(contractor=holder), contractor=held)
        answer = survey.post(NEW, typed(holder, held, holder="甲商会", share="６０．５％"))
        assert answer.headers["Location"] == reverse("contractor", args=[held.public_id])
        row = Shareholding.objects.get()
        assert (row.holder, row.held, row.share) == (holder, held, Decimal("60.5"))
        assert (row.first_day, row.last_day) == (date(2010, 4, 1), None)
        finding = Finding.objects.get(contract=link.contract_id)
        assert [part["relation"] for part in finding.relations] == ["subsidiary"]

    def test_twice_counts_once(self, survey, holder, held):
        fields = typed(holder, held)
        for _ in range(2):
            assert survey.post(NEW, fields).status_code == 302
        assert Shareholding.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "field", "said"),
        [
            ({"holder": "ない会社"}, "holder", ["「ない会社」", "登録されていません", "例："]),
            ({"held": ""}, "held", ["被出資者", "例："]),
            ({"share": ""}, "share", ["議決権割合", "例：60"]),
            ({"share": "半分"}, "share", ["「半分」", "数として", "例：60"]),
            ({"share": "100.1"}, "share", ["「100.1」", "0から100", "例：60"]),
            ({"share": "-1"}, "share", ["「-1」", "0から100", "例：60"]),
            ({"share": "NaN"}, "share", ["「NaN」", "例：60"]),
            ({"share": "33.33333"}, "share", ["「33.33333」", "4桁", "例：60"]),
            ({"first_day": ""}, "first_day", ["保有開始日", "例："]),
            ({"first_day": "2018-02-30"}, "first_day", ["「2018-02-30」"]),
            ({"last_day": "2010-03-31"}, "last_day", ["2010-03-31", "2010-04-01"]),
        ],
    )
    def test_says_what_was_typed_and_why_not(self, survey, holder, held, fields, field, said):
        answer = survey.post(NEW, typed(holder, held, **fields))
        assert answer.status_code == 400
        (message,) = answer.context["form"].errors[field]
        assert [part for part in said if part not in message] == []

    @pytest.mark.parametrize("share", ["0", "100", "33.3333"])
    def test_takes_every_share_there_can_be(self, survey, holder, held, share):
        assert survey.post(NEW, typed(holder, held, share=share)).status_code == 302
        assert Shareholding.objects.get().share == Decimal(share)

    def test_of_itself_is_refused_with_the_name(self, survey, holder):
        answer = survey.post(NEW, typed(holder, holder))
        assert "甲商会" in answer.context["form"].errors["held"][0]

    def test_is_begun_on_the_page_of_a_company(self, survey, held):
        page = text(survey.get(reverse("contractor", args=[held.public_id])))
        assert f"{NEW}?held=" in page
        assert as_typed(held) in text(survey.get(NEW, {"held": as_typed(held)}))


class TestChanging:
    @pytest.fixture
    def row(self, holder, held):
        return make.holding(holder=holder, held=held, share=60)

    def test_a_correction(self, survey, row, holder, held):
        fields = typed(holder, held, share="100", version=row.version)
        survey.post(page_of(row, "correct"), fields)
        assert Shareholding.objects.get().share == 100

    def test_an_end_holds_on_its_day(self, survey, row, holder, held):
        link = make.link(contract=make.contract(contractor=holder), contractor=held)
        survey.post(page_of(row, "end"), {"last_day": "2017-09-30", "version": row.version})
        finding = Finding.objects.get(contract=link.contract_id)
        parts = [(part["since"], part["relation"]) for part in finding.relations]
        assert parts == [("2017-04-01", "subsidiary"), ("2017-10-01", "none")]

    def test_an_end_needs_its_day(self, survey, row):
        answer = survey.post(page_of(row, "end"), {"last_day": "", "version": row.version})
        assert "例：" in answer.context["form"].errors["last_day"][0]

    def test_taking_back_needs_its_reason_and_leaves_the_row(self, survey, row, held):
        answer = survey.post(page_of(row, "void"), {"void_reason": "", "version": row.version})
        assert answer.status_code == 400
        survey.post(page_of(row, "void"), {"void_reason": "別会社", "version": row.version})
        row.refresh_from_db()
        assert row.void_reason == "別会社"
        assert "甲商会" not in text(survey.get(reverse("contractor", args=[held.public_id])))
        assert survey.get(page_of(row, "correct")).status_code == 404

    @pytest.mark.parametrize("verb", ["correct", "end", "void"])
    def test_what_somebody_else_has_changed_is_shown_beside(self, survey, row, holder, held, verb):
        fields = typed(holder, held, share="70", last_day="2018-03-31", void_reason="誤り")
        fields["version"] = row.version
        contractors.correct_holding(row, by=make.recorder(), share=80)
        assert survey.post(page_of(row, verb), fields).status_code == 409
        row.refresh_from_db()
        assert (row.share, row.last_day, row.voided_on) == (80, None, None)


class TestList:
    def test_finds_either_company_in_every_spelling(self, survey):
        holder, held = make.contractor(name="ミドリ会社"), make.contractor(name="あおぞら会社")
        make.holding(holder=holder, held=held)
        make.holding(holder=make.contractor(name="別会社"), held=make.contractor())
        for query in ("みどり", "アオゾラ", holder.corporate_number, held.corporate_number):
            page = text(survey.get("/holdings/", {"q": query}))
            assert ("ミドリ会社" in page, "別会社" in page) == (True, False)

    def test_narrows_to_a_day(self, survey, holder, held):
        days = {"first_day": date(2017, 4, 1), "last_day": date(2018, 3, 31)}
        make.holding(holder=holder, held=held, **days)
        for on, there in (
            ("2017-03-31", False),
            ("2017-04-01", True),
            ("2018-03-31", True),
            ("2018-04-01", False),
        ):
            assert ("乙商会" in text(survey.get("/holdings/", {"on": on}))) is there, on

    def test_offers_changes_to_the_survey_office_alone(self, survey, holder, held):
        row = make.holding(holder=holder, held=held)
        officer = client_of(make.officer(make.agency()))
        assert page_of(row, "correct") in text(survey.get("/holdings/"))
        assert page_of(row, "correct") not in text(officer.get("/holdings/"))
