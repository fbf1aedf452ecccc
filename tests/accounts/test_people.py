"""Accounts: opened with a password that must be changed, closed, and read from a CSV file."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import people_csv
from accounts.actions import people
from accounts.models import Membership, Role, User
from outsourcing.scope import Scope
from tests import factories as make
from tests.pages import client_of, text
from tests.snapshots import refused

pytestmark = pytest.mark.django_db

TODAY = date(2018, 3, 20)
HEADING = ",".join(people_csv.COLUMNS)
HANA = "hana,山田 花,保護担当者,A01,001,2018-04-01,平成31年3月31日"


@pytest.fixture
def admin():
    return make.user(role=Role.SYSTEM_ADMIN)


@pytest.fixture
def agency():
    made = make.agency(code="A01")
    make.section(agency=made, code="001")
    return made


def register(by, username="hana", full_name="山田 花"):
    return people.register(by=by, on=TODAY, username=username, full_name=full_name)


class TestAccounts:
    def test_one_is_opened_with_a_password_that_must_be_changed(self, admin):
        given = register(admin)
        user = User.objects.get(username="hana")
        assert user.check_password(given.password)
        assert user.must_change_password
        assert not user.memberships.exists()
        assert given.password != register(admin, "taro").password

    @pytest.mark.parametrize("name", ["hana", "Hana"])
    def test_a_username_is_given_once_in_whatever_capitals(self, admin, name):
        register(admin)
        with refused("hana"):
            register(admin, name)

    def test_it_is_a_system_administrator_who_does(self, admin):
        chief = make.user(role=Role.CHIEF, agency=make.agency())
        user = register(admin).user
        for act in (
            lambda: register(chief, "taro"),
            lambda: people.reset_password(user, by=chief, on=TODAY),
            lambda: people.reset_second_factor(user, by=chief, on=TODAY),
            lambda: people.close(user, by=chief, on=TODAY, last_day=TODAY, version=1),
        ):
            with refused(str(chief)):
                act()

    def test_it_is_closed_on_a_day_which_is_its_last(self, admin):
        user = register(admin).user
        people.close(user, by=admin, on=TODAY, last_day=date(2018, 3, 31), version=1)
        user.refresh_from_db()
        assert [user.has_ended(date(2018, m, d)) for m, d in ((3, 31), (4, 1))] == [False, True]

    def test_a_lost_password_is_replaced_but_never_ones_own(self, admin):
        user = register(admin).user
        given = people.reset_password(user, by=admin, on=TODAY)
        user.refresh_from_db()
        assert user.check_password(given.password)
        with refused(str(admin)):
            people.reset_password(admin, by=admin, on=TODAY)
        with refused(str(admin)):
            people.reset_second_factor(admin, by=admin, on=TODAY)

    def test_the_password_is_shown_once_and_not_kept_by_the_browser(self, admin):
        client = client_of(admin)
        values = {"username": "hana", "full_name": "山田 花"}
        response = client.post(reverse("person-new"), values)
        (given,) = response.context["given"]
        assert given.password in text(response)
        assert "no-store" in response.headers["Cache-Control"]
        assert given.password not in text(client.get(reverse("person", args=["hana"])))


def read(*lines: str, scope=None, encoding="utf-8"):
    content = "\r\n".join((HEADING, *lines)).encode(encoding)
    return people_csv.read(content, scope=scope or Scope.everything())


class TestFile:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
    def test_accounts_are_opened_and_their_roles_asked_for(self, admin, agency, encoding):
        lines, wrong = read(HANA, "taro,鈴木 太郎,調査担当,,,H30.4.1,", encoding=encoding)
        assert wrong == []
        given = people.register_many(lines, by=admin, on=TODAY)
        assert [one.user.username for one in given] == ["hana", "taro"]
        assert all(one.user.must_change_password for one in given)
        found = Membership.objects.proposed().order_by("pk")
        said = list(found.values_list("user__username", "role", "section__code", "last_day"))
        assert said == [
            ("hana", "officer", "001", date(2019, 3, 31)),
            ("taro", "survey_office", None, None),
        ]
        assert {row.proposed_by for row in found} == {admin}
        assert not Membership.objects.in_force(date(2018, 4, 1)).filter(user__username="hana")

    def test_one_person_has_several_lines_for_several_roles(self, admin, agency):
        lines, wrong = read(HANA, HANA.replace("保護担当者", "監査責任者").replace(",001,", ",,"))
        assert wrong == []
        (given,) = people.register_many(lines, by=admin, on=TODAY)
        assert given.user.memberships.count() == 2

    def test_everything_that_is_wrong_is_told_with_row_column_and_value(self, agency):
        make.user(name="taken")
        _, wrong = read(
            "taken,,部長,A99,001,昨日,",
            "jiro,山田 次郎,保護担当者,,,2018-04-01,2018-02-30",
            "saburo,山田 三郎,保護担当者,A01,999,2018-04-01,",
        )
        assert [(w.line, w.column, w.value) for w in wrong] == [
            (2, "ユーザー名", "taken"),
            (2, "氏名", ""),
            (2, "役割", "部長"),
            (2, "機関コード", "A99"),
            (2, "課室コード", "001"),
            (2, "開始日", "昨日"),
            (3, "機関コード", ""),
            (3, "終了日", "2018-02-30"),
            (4, "課室コード", "999"),
        ]
        assert all(w.value in w.message for w in wrong)

    def test_lines_that_repeat_or_contradict_each_other_are_refused(self, agency):
        other_name = HANA.replace("山田 花", "山田 華").replace("A01,001", "A01,")
        _, wrong = read(HANA, HANA, other_name)
        assert [(w.line, w.column) for w in wrong] == [(3, "ユーザー名"), (4, "氏名")]

    def test_what_another_agency_has_is_refused_like_what_there_is_not(self, agency):
        other = make.agency(code="A02")
        make.section(agency=other, code="222")
        own = Scope.of([agency.pk])

        def says(cell, at):
            row = HANA.split(",")
            row[at] = cell
            (wrong,) = (w for w in read(",".join(row), scope=own)[1] if w.value == cell)
            return wrong.message.replace(cell, "#")

        assert says("A02", 3) == says("A99", 3)
        assert says("222", 4) == says("999", 4)

    def test_all_or_none_also_where_a_role_is_refused(self, admin, agency):
        lines, wrong = read(HANA, "jiro,山田 次郎,総括保護管理者,A01,001,2018-04-01,")
        assert wrong == []
        with pytest.raises(people.RefusedLines) as refusal:
            people.register_many(lines, by=admin, on=TODAY)
        (wrong,) = refusal.value.wrong
        assert (wrong.line, wrong.value) == (3, "総括保護管理者")
        assert not User.objects.filter(username__in=["hana", "jiro"]).exists()

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "見出し"),
            ("名前\r\nhana".encode(), "見出し"),
            (HEADING.encode(), "行がありません"),
            (f"{HEADING}\r\nhana,1".encode(), "2行目"),
            (f'{HEADING}\r\n"hana'.encode(), "CSVとして"),
            (HEADING.encode("utf-16"), "文字コード"),
            (b"a" * (people_csv.MOST_BYTES + 1), "500,001"),
            ("\r\n".join([HEADING] + [HANA] * 501).encode(), "501"),
        ],
    )
    def test_a_file_that_cannot_be_read_says_why(self, content, said):
        with pytest.raises(people_csv.UnreadableFile, match=said):
            people_csv.read(content, scope=Scope.everything())

    def test_as_many_lines_as_are_let_are_read(self):
        assert len(read(*[HANA] * 500)[1]) >= 500

    def test_on_the_page_errors_stand_in_a_table_and_nothing_is_written(self, admin, agency):
        client, address = client_of(admin), reverse("people-csv")

        def send(*lines):
            content = "\r\n".join((HEADING, *lines)).encode()
            return client.post(address, {"file": SimpleUploadedFile("people.csv", content)})

        response = send(HANA.replace("A01", "A99"))
        assert response.status_code == 400
        assert "機関コード「A99」は選べません。" in text(response)
        assert not User.objects.filter(username="hana").exists()
        response = send(HANA)
        assert response.context["given"][0].password in text(response)
        assert User.objects.get(username="hana").memberships.proposed().count() == 1
        assert "「hana」は既に使われています。" in text(send(HANA))
