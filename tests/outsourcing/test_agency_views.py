"""Pages of the agencies: founded, renamed from a day on, abolished with who took over."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from outsourcing.actions import agencies
from outsourcing.models import Agency, AgencyKind
from tests import factories as make
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db

NEW = reverse("agency-new")


@pytest.fixture
def survey():
    return client_of(make.user(role=Role.SURVEY_OFFICE))


def typed(**fields) -> dict:
    plain = {"code": "A47", "kind": "organ", "name": "見本省", "kana": "みほんしょう"}
    return plain | {"since": "", "once": uuid.uuid4()} | fields


def message(answer, field: str) -> str:
    assert answer.status_code == 400
    return answer.context["form"].errors[field][0]


class TestFounding:
    @pytest.mark.parametrize("code", ["A47", "Ａ４７", "a47"])
    def test_an_agency_with_the_name_it_bears(self, survey, code):
        survey.post(NEW, typed(code=code, since="平成30年4月1日"))
        made = Agency.objects.get(code="A47")
        assert (made.kind, made.name, made.kana) == (AgencyKind.ORGAN, "見本省", "みほんしょう")
        assert made.names.get().first_day == date(2018, 4, 1)

    def test_twice_counts_once(self, survey):
        fields = typed()
        for _ in range(2):
            assert survey.post(NEW, fields).status_code == 302
        assert Agency.objects.filter(code="A47").count() == 1

    @pytest.mark.parametrize("code", ["47", "A4", "AB47", "A123456", "A47\n1", "あ47"])
    def test_a_code_of_another_form_is_refused_with_an_example(self, survey, code):
        said = message(survey.post(NEW, typed(code=code)), "code")
        assert "A47" in said or "6 文字" in said
        assert not Agency.objects.filter(name="見本省").exists()

    def test_a_code_that_is_taken_is_refused_with_it(self, survey):
        make.agency(code="A47")
        assert "A47" in message(survey.post(NEW, typed()), "code")

    @pytest.mark.parametrize(
        ("fields", "field", "said"),
        [
            ({"name": ""}, "name", "例：見本省"),
            ({"code": ""}, "code", "例：A47"),
            ({"kind": ""}, "kind", "例：行政機関"),
            ({"kind": "company"}, "kind", "「company」"),
            ({"since": "いつか"}, "since", "「いつか」"),
        ],
    )
    def test_says_what_was_typed_and_what_would_work(self, survey, fields, field, said):
        assert said in message(survey.post(NEW, typed(**fields)), field)


class TestRenaming:
    def test_begins_on_its_day_and_the_old_name_ends_the_day_before(self, survey):
        row = make.agency(code="A01", name="旧見本省")
        fields = {"name": "新見本省", "kana": "", "first_day": "2018-04-01", "version": row.version}
        survey.post("/agencies/A01/rename/", fields)
        days = {name.name: (name.first_day, name.last_day) for name in row.names.all()}
        assert days == {
            "旧見本省": (None, date(2018, 3, 31)),
            "新見本省": (date(2018, 4, 1), None),
        }
        page = text(survey.get("/agencies/"))
        assert "新見本省" in page
        assert "旧見本省（～2018-03-31）" in page

    def test_before_the_present_name_began_is_refused_with_both_days(self, survey):
        row = make.agency(code="A01", since=date(2018, 4, 1))
        fields = {"name": "新", "kana": "", "first_day": "2018-04-01", "version": row.version}
        said = message(survey.post("/agencies/A01/rename/", fields), "first_day")
        assert "2018-04-01" in said

    def test_what_somebody_else_has_changed_is_shown_beside(self, survey):
        row = make.agency(code="A01", name="元の省")
        fields = {"name": "後の省", "kana": "", "first_day": "2018-04-01", "version": row.version}
        agencies.rename(row, by=make.recorder(), name="先の省", on=date(2017, 4, 1))
        answer = survey.post("/agencies/A01/rename/", fields)
        assert answer.status_code == 409
        assert all(name in text(answer) for name in ("先の省", "後の省"))
        assert row.names.count() == 2


class TestAbolishing:
    def test_names_who_took_over_and_is_taken_back(self, survey):
        row, heir = make.agency(code="A01"), make.agency(code="A02", name="承継省")
        fields = {"abolished_on": "2018-03-31", "successor": "A02", "version": row.version}
        survey.post("/agencies/A01/abolish/", fields)
        row.refresh_from_db()
        assert (row.abolished_on, row.successor) == (date(2018, 3, 31), heir)
        fields = {"abolished_on": "", "successor": "", "version": row.version}
        survey.post("/agencies/A01/abolish/", fields)
        row.refresh_from_db()
        assert (row.abolished_on, row.successor) == (None, None)

    def test_who_took_over_needs_a_day(self, survey):
        row, _ = make.agency(code="A01"), make.agency(code="A02", name="承継省")
        fields = {"abolished_on": "", "successor": "A02", "version": row.version}
        said = message(survey.post("/agencies/A01/abolish/", fields), "abolished_on")
        assert "「承継省」" in said

    def test_nobody_succeeds_itself(self, survey):
        row = make.agency(code="A01")
        fields = {"abolished_on": "2018-03-31", "successor": "A01", "version": row.version}
        assert "「A01」" in message(survey.post("/agencies/A01/abolish/", fields), "successor")


def test_the_list_asks_no_more_often_because_there_are_more(survey, django_assert_max_num_queries):
    def fill(number: int) -> None:
        for _ in range(number):
            row = make.agency()
            agencies.rename(row, by=make.recorder(), name="新", on=date(2018, 4, 1))

    fill(2)
    survey.get("/agencies/")
    with django_assert_max_num_queries(20) as few:
        survey.get("/agencies/")
    fill(10)
    with django_assert_max_num_queries(len(few)):
        survey.get("/agencies/")


def test_the_part_of_management_leads_there(survey):
    page = text(survey.get("/manage/"))
    assert all(reverse(name) in page for name in ("agencies", "contractors", "holdings"))
