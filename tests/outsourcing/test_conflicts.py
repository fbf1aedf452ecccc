"""Two save the same row: the second is told what differs, and loses nothing that was typed."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.actions import memberships, people
from accounts.models import Role
from outsourcing.actions import agencies, contracts, sections
from outsourcing.conflicts import Difference
from outsourcing.models import AgencyKind, Contract, Section
from tests import factories as make
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db

KEPT = 'value="{}"'


@pytest.fixture
def section():
    return make.section(agency=make.agency(code="A01"), code="001", name="総務課")


@pytest.fixture
def client(section):
    return client_of(make.user(role=Role.CHIEF, agency=section.agency))


ADDRESS = ("section", ("A01", "001"))
TYPED = {"name": "庶務課", "kana": "ショムカ", "first_day": "平成29年4月1日", "last_day": ""}


def save(client, version, **typed):
    name, args = ADDRESS
    return client.post(reverse(name, args=args), TYPED | typed | {"version": version})


def somebody_renames(section, name="企画課") -> None:
    sections.correct_section(Section.objects.get(pk=section.pk), by=make.recorder(), name=name)


def test_who_saves_first_is_not_bothered(client, section):
    assert save(client, 1).status_code == 302
    assert Section.objects.get(pk=section.pk).name == "庶務課"


def test_who_saves_second_is_told_field_by_field_and_nothing_is_saved(client, section):
    somebody_renames(section)
    response = save(client, 1)
    assert response.status_code == 409
    assert response.context["form"].conflict == [
        Difference("課室名", "企画課", "庶務課", True),
        Difference("よみ", "—", "ショムカ", True),
        Difference("設置日", "—", "2017年4月1日（平成29年4月1日）", True),
        Difference("廃止日", "—", "—", False),
    ]
    assert Section.objects.get(pk=section.pk).name == "企画課"


def test_all_that_was_typed_is_kept_as_it_was_typed(client, section):
    somebody_renames(section)
    page = text(save(client, 1))
    for typed in ("庶務課", "ショムカ", "平成29年4月1日"):
        assert KEPT.format(typed) in page


def test_sent_again_it_is_saved_on_top(client, section):
    somebody_renames(section)
    page = text(save(client, 1))
    assert '<input type="hidden" name="version" value="2"' in page
    assert "この内容で上書きする" in page
    assert save(client, 2).status_code == 302
    assert Section.objects.get(pk=section.pk).name == "庶務課"


def test_a_double_click_is_nothing_to_tell(client, section):
    """The second comes with the version that the first has seen, and asks for what now stands."""
    assert [save(client, 1).status_code for _ in range(2)] == [302, 302]
    row = Section.objects.get(pk=section.pk)
    assert (row.name, row.version) == ("庶務課", 2)


def test_what_differs_in_one_field_alone_is_told(client, section):
    save(client, 1)
    response = save(client, 1, kana="ショム")
    assert response.status_code == 409
    assert [row.differs for row in response.context["form"].conflict] == [False, True, False, False]


def test_a_form_of_which_the_row_does_not_hold_everything_is_told(client):
    """Two do the same: the second has not done it, and a form of no field says nothing."""
    agency = make.agency()
    first, second = (make.user(role=Role.CHIEF, agency=agency) for _ in range(2))
    row = make.proposal(agency=agency, first_day=date(2099, 4, 1))
    memberships.confirm(row, by=first, on=date(2018, 4, 1), version=1)
    address = reverse("membership-confirm", args=[row.public_id])
    assert client_of(second).post(address, {"version": 1}).status_code != 302


def test_one_more_in_between_is_told_again(client, section):
    somebody_renames(section)
    save(client, 1)
    somebody_renames(section, "監査課")
    response = save(client, 2)
    assert response.status_code == 409
    assert response.context["form"].conflict[0].saved == "監査課"


@pytest.mark.parametrize("version", ["", "x", "0", "99", "-1"])
def test_a_version_that_nobody_was_shown_saves_nothing(client, section, version):
    assert save(client, version).status_code in (400, 409)
    assert Section.objects.get(pk=section.pk).name == "総務課"


def test_what_is_typed_wrong_is_an_error_before_it_is_a_conflict(client, section):
    somebody_renames(section)
    response = save(client, 1, first_day="昨日")
    assert response.status_code == 400
    assert KEPT.format("庶務課") in text(response)


def test_what_another_field_of_the_row_became_is_a_conflict_without_a_difference():
    agency = make.agency(code="A01")
    row, officer = make.contract(agency=agency), make.officer(agency)
    contracts.correct(Contract.objects.get(pk=row.pk), by=make.recorder(), title="別の件名")
    client = client_of(make.user(role=Role.CHIEF, agency=agency))
    address = reverse("contract-officer", args=[row.code])
    response = client.post(address, {"officer": officer.username, "version": 1})
    assert response.status_code == 409
    assert "別の件名" in text(response)
    assert client.post(address, {"officer": officer.username, "version": 2}).status_code == 302
    assert Contract.objects.get(pk=row.pk).officer == officer


def test_a_role_that_was_confirmed_meanwhile_is_shown_as_it_is():
    agency = make.agency()
    first, second = (make.user(role=Role.CHIEF, agency=agency) for _ in range(2))
    row = make.proposal(agency=agency, first_day=date(2099, 4, 1))
    address = reverse("membership-void", args=[row.public_id])
    memberships.confirm(row, by=first, on=date(2018, 4, 1), version=1)
    response = client_of(second).post(address, {"void_reason": "誤り", "version": 1})
    assert response.status_code == 409
    assert str(first) in text(response)
    assert KEPT.format("誤り") in text(response)


def test_an_account_and_a_supervisor_are_guarded_alike():
    admin, office = make.user(role=Role.SYSTEM_ADMIN), make.user(role=Role.SURVEY_OFFICE)
    user = make.user(name="hana")
    people.correct(user, by=admin, on=date(2018, 4, 1), version=1, full_name="山田 花")
    sent = {"full_name": "鈴木 花", "last_day": "", "version": 1}
    answer = client_of(admin).post(reverse("person-edit", args=["hana"]), sent)
    assert (answer.status_code, answer.context["form"].conflict[0].saved) == (409, "山田 花")
    body, one, two = make.agency(kind=AgencyKind.INDEPENDENT), make.agency(), make.agency()
    agencies.supervise(body, by=office, supervisor=one)
    sent = {"supervisor": two.code, "version": 1}
    answer = client_of(office).post(reverse("supervisor", args=[body.code]), sent)
    assert answer.context["form"].conflict == [Difference("所管府省", str(one), str(two), True)]
